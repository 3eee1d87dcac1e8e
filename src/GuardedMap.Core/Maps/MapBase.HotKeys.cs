namespace GuardedMaps;

// Which keys are asked for most: a sampler (Observation/HotKeySampler.cs) that is armed by a field that every operation looks at.
public abstract partial class MapBase<TKey, TValue>
{
    // What looks at every lookup shares the one flag that a lookup looks at: a map that remembers what was read leaves it set for good.
    private readonly bool _notesReads;
    private HotKeySwitch<TKey>? _hotKeys;
    private bool _isSampled;

    private HotKeySwitch<TKey> HotKeys => Volatile.Read(ref _hotKeys)
        ?? Interlocked.CompareExchange(ref _hotKeys, new HotKeySwitch<TKey>(() => Volatile.Write(ref _isSampled, true), () => Volatile.Write(ref _isSampled, _notesReads)), null) ?? _hotKeys;

    /// <summary>What hashes and compares keys where they are counted.</summary>
    private protected abstract IEqualityComparer<TKey> KeyEquality { get; }

    /// <summary>Whether somebody looks at the next operations: their keys are counted, or, on a map that detects lost updates, what they read is remembered.</summary>
    private protected bool IsSampled => _isSampled;

    /// <inheritdoc/>
    public void StartHotKeys(int counters = 1000) => HotKeys.Start(Name, KeyEquality, counters);

    /// <inheritdoc/>
    public void StopHotKeys() => HotKeys.Stop();

    /// <inheritdoc/>
    public HotKeyReport? GetHotKeys(int count = 10) => HotKeys.Report(count);

    /// <summary>Counts a key, if it is one, and somebody has asked for hot keys.</summary>
    private protected void SampleKey(TKey key)
    {
        if (key is not null && _hotKeys is not null) HotKeys.Take(key); // The operation itself says what is wrong with null.
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
