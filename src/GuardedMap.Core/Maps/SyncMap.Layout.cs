namespace GuardedMaps;

// What a SyncMap shows of its parts.
public abstract partial class SyncMapBase<TKey, TValue>
{
    /// <summary>Copies what the parts look like now. O(n); whoever needs the lock waits meanwhile.</summary>
    public SyncLayout GetLayout()
    {
        using var held = Hold();
        var read = Read;
        var entries = new List<SyncEntryLayout>();
        var ofDirty = _dirty is null ? [] : new HashSet<SyncEntry<TKey, TValue>>(_dirty.Slots.Entries.OfType<SyncEntry<TKey, TValue>>(), ReferenceEqualityComparer.Instance);
        foreach (var entry in read.Slots.Entries)
        {
            if (entry is not null) entries.Add(Describe(entry, isInRead: true, isInDirty: ofDirty.Remove(entry)));
        }

        foreach (var entry in _dirty?.Slots.Entries ?? [])
        {
            if (entry is not null && ofDirty.Contains(entry)) entries.Add(Describe(entry, isInRead: false, isInDirty: true));
        }

        return new SyncLayout { Name = Name, Count = Count, HasDirty = _dirty is not null, Misses = _misses, PromotedAt = _dirty?.Count ?? 0, Entries = entries };
    }

    private protected override bool AreOne(TKey a, TKey b) => Comparer.Equals(a, b);

    private protected override IMapLayout DescribeLayout() => GetLayout();

    private static SyncEntryLayout Describe(SyncEntry<TKey, TValue> entry, bool isInRead, bool isInDirty)
    {
        // Others write to the entries without the lock: the value is asked for once, and what it says holds.
        bool isThere = entry.TryGet(out var value);
        return new SyncEntryLayout(entry.Key, isThere ? value : null, isThere ? SyncEntryState.Live : entry.IsExpunged ? SyncEntryState.Expunged : SyncEntryState.Removed, isInRead, isInDirty);
    }
}
