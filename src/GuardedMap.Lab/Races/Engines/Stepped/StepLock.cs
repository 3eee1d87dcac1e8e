namespace GuardedMaps.Lab;

/// <summary>A lock between actors: taking it is a step, and who finds it taken waits.</summary>
internal sealed class StepLock(string name)
{
    private readonly Cells<int> _holder = StepWorld.Field<int>(name);

    public bool IsHeld => _holder.Value != 0;

    public async Step<None> Enter(int point, int waitPoint)
    {
        CellRef<int> holder = _holder;
        while (await holder.CompareExchange(point, StepWorld.Current.MyThread, 0) != 0) await StepWorld.Spin(waitPoint);
        return default;
    }

    /// <summary>Takes it if it is free.</summary>
    public async Step<bool> TryEnter(int point)
    {
        CellRef<int> holder = _holder;
        return await holder.CompareExchange(point, StepWorld.Current.MyThread, 0) == 0;
    }

    public async Step<None> Exit(int point)
    {
        await _holder.Write(point, 0);
        return default;
    }
}
