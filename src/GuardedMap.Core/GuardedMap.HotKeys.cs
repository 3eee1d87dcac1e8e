namespace GuardedMaps;

// Which keys are asked for most: a sampler (Observation/HotKeySampler.cs) that is armed by a bit of the version word. The fast paths look at that word's
// bits anyway, and send an operation that finds this one to the careful path, where its key is counted.
//
// The clock sets the bit by compare-and-swap, beside writers who change the word with plain stores. They may wipe it out, which costs
// a sample; it can never undo what they stored, since the swap succeeds only on the very word it has seen.
public abstract partial class GuardedMapBase<TKey, TValue>
{
    private const int SetAttempts = 8;

    private HotKeySampler<TKey>? _hotKeys;

    /// <inheritdoc/>
    public void StartHotKeys(int counters = 1000)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(counters);
        var sampler = new HotKeySampler<TKey>(Name, Comparer, counters, SetSampled);
        Interlocked.Exchange(ref _hotKeys, sampler)?.Stop();
        SamplingClock.Add(sampler);
    }

    /// <inheritdoc/>
    public void StopHotKeys()
    {
        if (Volatile.Read(ref _hotKeys) is not { } sampler) return;
        sampler.Stop();
        SamplingClock.Remove(sampler);
        ClearSampled();
    }

    /// <inheritdoc/>
    public HotKeyReport? GetHotKeys(int count = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        return Volatile.Read(ref _hotKeys)?.Report(count);
    }

    /// <summary>Where every operation on a key comes by that does not go the fast path.</summary>
    private void SampleKey(TKey key)
    {
        if ((Volatile.Read(ref _version) & VersionWord.Sampled) == 0) return;
        if (Volatile.Read(ref _hotKeys) is not { } sampler || !sampler.Take(key)) ClearSampled();
    }

    private void SetSampled()
    {
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
