namespace GuardedMaps;

// Which keys are asked for most: a sampler (Observation/HotKeySampler.cs) that is armed by a field that every operation looks at.
public abstract partial class MapBase<TKey, TValue>
{
    private HotKeySampler<TKey>? _hotKeys;
    private bool _isSampled;

    /// <summary>What hashes and compares keys where they are counted.</summary>
    private protected abstract IEqualityComparer<TKey> KeyEquality { get; }

    /// <summary>Whether the next operations' keys are counted.</summary>
    private protected bool IsSampled => _isSampled;

    /// <inheritdoc/>
    public void StartHotKeys(int counters = 1000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(counters);
        var sampler = new HotKeySampler<TKey>(Name, KeyEquality, counters, () => Volatile.Write(ref _isSampled, true));
        Interlocked.Exchange(ref _hotKeys, sampler)?.Stop();
        SamplingClock.Add(sampler);
    }

    /// <inheritdoc/>
    public void StopHotKeys()
    {
        if (Volatile.Read(ref _hotKeys) is not { } sampler) return;
        sampler.Stop();
        SamplingClock.Remove(sampler);
        Volatile.Write(ref _isSampled, false);
    }

    /// <inheritdoc/>
    public HotKeyReport? GetHotKeys(int count = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return Volatile.Read(ref _hotKeys)?.Report(count);
    }

    /// <summary>Counts a key, if it is one.</summary>
    private protected void SampleKey(TKey key)
    {
        if (key is null) return; // The operation itself says what is wrong with that.
        if (Volatile.Read(ref _hotKeys) is not { } sampler || !sampler.Take(key)) Volatile.Write(ref _isSampled, false);
    }

    /// <summary>Warns if the calling thread's write has made a chain longer than chance allows.</summary>
    private protected void TellChain()
    {
        int entries = ChainWatch.TakeNoted();
        if (entries == 0) return;
        Observer?.Record(ProbePoint.ChainTooLong, -1, -1, (ulong)entries);
        MapTelemetry.Log.ReportChain(Name, entries, Count);
    }
}
