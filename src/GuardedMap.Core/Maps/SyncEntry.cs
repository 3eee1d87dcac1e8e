using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

/// <summary>A key's place in a <see cref="SyncMap{TKey, TValue}"/>: what both its parts share. Its value is swapped by one atomic instruction.</summary>
internal sealed class SyncEntry<TValue>(TValue value)
{
    private static readonly Box s_expunged = new(default!);

    // The value; null when it was removed; s_expunged when it was removed and left out of the dirty part.
    private Box? _box = new(value);

    public bool IsExpunged => ReferenceEquals(Volatile.Read(ref _box), s_expunged);

    public bool TryGet([MaybeNullWhen(false)] out TValue value)
    {
        var box = Volatile.Read(ref _box);
        if (box is null || ReferenceEquals(box, s_expunged))
        {
            value = default;
            return false;
        }

        value = box.Value;
        return true;
    }

    /// <summary>Makes a change. False if the entry is expunged: it can be changed under the map's lock only.</summary>
    /// <param name="change">What to make of the value.</param>
    /// <param name="count">The map's number of entries, of which this may become one.</param>
    /// <param name="result">The value that is there now, and whether it was stored by this.</param>
    public bool TryChange<TChange>(ref TChange change, ref int count, out (TValue Value, bool Stored) result)
        where TChange : struct, IValueChange<TValue>
    {
        while (true)
        {
            var box = Volatile.Read(ref _box);
            if (ReferenceEquals(box, s_expunged))
            {
                result = default;
                return false;
            }

            bool stores = change.Decide(box is not null, box is null ? default : box.Value, out var value);
            result = (value, stores);
            if (!stores) return true;
            if (!ReferenceEquals(Interlocked.CompareExchange(ref _box, new Box(value), box), box)) continue;
            if (box is null) Interlocked.Increment(ref count);
            return true;
        }
    }

    /// <summary>Takes the value away, if asked only while it is a certain one.</summary>
    public bool Remove(bool hasComparison, TValue? comparison, [MaybeNullWhen(false)] out TValue value)
    {
        while (true)
        {
            var box = Volatile.Read(ref _box);
            if (box is null || ReferenceEquals(box, s_expunged) || (hasComparison && !EqualityComparer<TValue>.Default.Equals(box.Value, comparison)))
            {
                value = default;
                return false;
            }

            if (!ReferenceEquals(Interlocked.CompareExchange(ref _box, null, box), box)) continue;
            value = box.Value;
            return true;
        }
    }

    /// <summary>Under the lock, as a dirty part is made: an entry that was removed is left out for good. True if it is.</summary>
    public bool ExpungeIfRemoved() => Interlocked.CompareExchange(ref _box, s_expunged, null) is null || IsExpunged;

    /// <summary>Under the lock, as the map is cleared. True if it had a value.</summary>
    public bool Expunge()
    {
        var box = Interlocked.Exchange(ref _box, s_expunged);
        return box is not null && !ReferenceEquals(box, s_expunged);
    }

    /// <summary>Under the lock, once it is in the dirty part: it is removed as any other, and can be stored again.</summary>
    public void Revive() => Interlocked.CompareExchange(ref _box, null, s_expunged);

    private sealed class Box(TValue value)
    {
        public TValue Value => value;
    }
}
