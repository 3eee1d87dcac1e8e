namespace GuardedMaps;

// Which keys are asked for most: a sampler (Observation/HotKeySampler.cs) that is armed by a bit of the guard's words. The fast paths look at their
// bits anyway, and send an operation that finds this one to the careful path, where its key is counted.
//
// Reads look at the version word only. The clock sets the bit there by compare-and-swap, beside writers who change the word with plain stores. They
// may wipe it out, which costs a sample; it can never undo what they stored, since the swap succeeds only on the very word it has seen. A
// thread that does nothing but write would wipe it out every time, and never see it, since it reads its own last store back. So the bit is set in
// the access word, too, which an owner never stores to.
public abstract partial class GuardedMapBase<TKey, TValue>
{
    private const int SetAttempts = 8;

    private HotKeySwitch<TKey>? _hotKeys;

    private HotKeySwitch<TKey> HotKeys =>
        Volatile.Read(ref _hotKeys) ?? Interlocked.CompareExchange(ref _hotKeys, new HotKeySwitch<TKey>(SetSampled, ClearSampled), null) ?? _hotKeys;

    /// <inheritdoc/>
    public void StartHotKeys(int counters = 1000) => HotKeys.Start(Name, Comparer, counters);

    /// <inheritdoc/>
    public void StopHotKeys() => HotKeys.Stop();

    /// <inheritdoc/>
    public HotKeyReport? GetHotKeys(int count = 10) => HotKeys.Report(count);

    /// <summary>Where every operation on a key comes by that does not go the fast path.</summary>
    private void SampleKey(TKey key)
    {
        if ((Volatile.Read(ref _version) & VersionWord.Sampled) == 0 && (Volatile.Read(ref _access) & AccessWord.Sampled) == 0) return;
        HotKeys.Take(key);
    }

    private void SetSampled()
    {
        Interlocked.Or(ref _access, AccessWord.Sampled);
        for (int attempt = 0; attempt < SetAttempts; attempt++)
        {
            long version = Volatile.Read(ref _version);
            if ((version & VersionWord.Sampled) != 0) return;
            if (Interlocked.CompareExchange(ref _version, version | VersionWord.Sampled, version) != version) continue;
            // A writer that read the word before stores it without the bit.
            Thread.SpinWait(20);
        }
    }

    private void ClearSampled()
    {
        Interlocked.And(ref _access, ~AccessWord.Sampled);
        while (true)
        {
            long version = Volatile.Read(ref _version);
            if ((version & VersionWord.Sampled) == 0 || Interlocked.CompareExchange(ref _version, version & ~VersionWord.Sampled, version) == version) return;
        }
    }

    /// <summary>Warns if the calling thread's write has made a chain longer than chance allows. After the map has been let go: listeners are foreign code.</summary>
    private void TellChain()
    {
        int entries = ChainWatch.TakeNoted();
        if (entries == 0) return;
        Observer?.Record(ProbePoint.ChainTooLong, -1, -1, (ulong)entries);
        MapTelemetry.Log.ReportChain(Name, entries, _table.Current.Count);
    }
}
