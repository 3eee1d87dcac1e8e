namespace GuardedMaps;

/// <summary>A map's sampler of hot keys, which is there once somebody has asked for it.</summary>
/// <param name="setFlag">Makes the map's next operations give their keys to <see cref="Take"/>.</param>
/// <param name="clearFlag">Makes them stop.</param>
internal sealed class HotKeySwitch<TKey>(Action setFlag, Action clearFlag)
    where TKey : notnull
{
    private HotKeySampler<TKey>? _sampler;

    public void Start(string mapName, IEqualityComparer<TKey> comparer, int counters)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(counters);
        var sampler = new HotKeySampler<TKey>(mapName, comparer, counters, setFlag);
        Interlocked.Exchange(ref _sampler, sampler)?.Stop();
        SamplingClock.Add(sampler);
    }

    public void Stop()
    {
        if (Volatile.Read(ref _sampler) is not { } sampler) return;
        sampler.Stop();
        SamplingClock.Remove(sampler);
        clearFlag();
    }

    public HotKeyReport? Report(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return Volatile.Read(ref _sampler)?.Report(count);
    }

    /// <summary>Counts the key of an operation that found the flag.</summary>
    public void Take(TKey key)
    {
        if (Volatile.Read(ref _sampler) is not { } sampler || !sampler.Take(key)) clearFlag();
    }
}
