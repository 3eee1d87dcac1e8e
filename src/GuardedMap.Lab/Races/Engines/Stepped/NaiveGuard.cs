namespace GuardedMaps.Lab;

/// <summary>A naive guard of one race: what an iteration does at its beginning and its end, and a writer before it writes.</summary>
internal sealed class NaiveGuard(NaiveGuardKind kind)
{
    private readonly Cells<int> _readers = StepWorld.Field<int>("readers");

    public NaiveGuardKind Kind => kind;

    public async Step<None> IterationBegins()
    {
        if (kind == NaiveGuardKind.ReaderCount) await _readers.Write(SteppedPoints.FlagWrite, await _readers.Read(SteppedPoints.FlagRead) + 1);
        else if (kind == NaiveGuardKind.OneFlag) await _readers.Write(SteppedPoints.FlagWrite, 1);
        return default;
    }

    public async Step<None> IterationEnds()
    {
        if (kind == NaiveGuardKind.ReaderCount) await _readers.Write(SteppedPoints.FlagWrite, await _readers.Read(SteppedPoints.FlagRead) - 1);
        else if (kind == NaiveGuardKind.OneFlag) await _readers.Write(SteppedPoints.FlagWrite, 0);
        return default;
    }

    public async Step<None> WriterComes()
    {
        if (kind == NaiveGuardKind.Wraps) return default;
        while (await _readers.Read(SteppedPoints.FlagLook) != 0) await StepWorld.Spin(SteppedPoints.FlagWait);
        return default;
    }
}
