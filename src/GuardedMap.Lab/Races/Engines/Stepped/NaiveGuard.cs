namespace GuardedMaps.Lab;

/// <summary>The ways to guard iterations that come to mind first, each with the fault that a scenario shows.</summary>
internal enum NaiveGuardKind
{
    /// <summary>Writers wait until the number of running iterations is 0. One that is never ended is counted for good.</summary>
    ReaderCount,

    /// <summary>Writers wait while a flag says that somebody iterates. The first iteration to end clears it for all.</summary>
    OneFlag,

    /// <summary>An iterator that is stepped after its end begins anew.</summary>
    Wraps,
}

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
