using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace GuardedMaps;

// A map for keys that are written once and read for ever.
//
//     read    { fig ▶ e1, pear ▶ e2 }           never changed once it is published; looked up without any lock
//     dirty   { fig ▶ e1, pear ▶ e2, plum ▶ e3 }   under the lock; has all live keys of read, and the new ones
//                   └── the same entries ──┘
//
// A key that read knows is read, overwritten and removed through its entry, by one atomic step, without the map's lock. A key it does not know is
// looked for in dirty, under the lock; that is a miss, and counted. When the misses have cost as much as copying dirty would, dirty
// becomes read, as it is, and the next new key makes a new dirty by copying the entries. So where no new keys come, everything ends in read.
//
// An entry (Sync/SyncEntry.cs, ValueCell.cs) is what its key's value is:
//
//     a value   there
//     removed   not there; still in read, and in dirty if there is one
//     expunged  removed, and left out when dirty was made: who stores it again must put it into dirty first, under the lock
//
// The rule is that of Go's sync.Map before Go 1.24 (src/sync/map.go, Go 1.23). There Clear replaces both parts; here it also expunges the entries, so that a
// store that still holds one does not lose its value, and the number of entries stays right.

/// <summary>
/// The map itself: everything that <see cref="SyncMap{TKey, TValue}"/>, a C# user's map, and <see cref="SyncMap"/>, a shell user's, have in common.
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>
/// <para>
/// Thread-safe: any number of threads may read, iterate and write at once. Operations on one key are atomic and linearizable. An iteration is weakly
/// consistent: it shows each key at most once, a key that is there from beginning to end exactly once, and of a key that is written
/// meanwhile the old or the new.
/// </para>
/// <para>
/// Lookups O(1) and lock-free for keys of the read part; the first lookups of new keys take the lock. A store of a new key O(1)
/// amortised, O(n) when it makes a dirty part. Choose it where keys come once and are read often, or where threads work on keys of their own; where
/// new keys come all the time, a <c>ConcurrentDictionary</c> is faster.
/// </para>
/// </remarks>
[DebuggerDisplay("Count = {Count}")]
[DebuggerTypeProxy(typeof(MapDebugView<,>))]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A map is what the field and the shell's users call it.")]
public abstract partial class SyncMapBase<TKey, TValue> : MapBase<TKey, TValue>
    where TKey : notnull
{
    // What every map begins with: nothing is ever stored in a read part.
    private static readonly ReadPart s_nothing = new(SyncTable<TKey, TValue>.Empty(), count: 0, isAmended: false);

    private readonly object _lock = new();
    private readonly SyncKeys<TKey> _keys;
    private readonly SyncRoom _room; // Under the lock.
    private ReadPart _read;
    private SyncTable<TKey, TValue>? _dirty; // Changed under the lock; null when read knows all there is.
    private int _misses; // Under the lock.
    private bool _isBusy; // Under the lock: the comparer is at work.
    private int _count;

    private protected SyncMapBase(SyncMapOptions<TKey> options)
        : base(options)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(options.Capacity, nameof(options));
        _keys = new SyncKeys<TKey>(options.Comparer, options.HashSeed);
        _room = new SyncRoom { Entries = options.Capacity };
        _read = s_nothing;
    }

    /// <summary>The number of entries. O(1); exact when nobody is writing.</summary>
    public override int Count => Volatile.Read(ref _count);

    /// <summary>What hashes and compares the keys.</summary>
    public IEqualityComparer<TKey> Comparer => _keys.Comparer;

    private ReadPart Read
    {
        get => Volatile.Read(ref _read);
        set => Volatile.Write(ref _read, value);
    }

    /// <inheritdoc/>
    public override bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (!typeof(TKey).IsValueType) ThrowIfNull(key);
        // Written so that the calls, if any, are the last thing done: then the hot path has nothing to save from them.
        var read = Read;
        if (!_keys.IsDirect || IsSampled) return TryGetOtherwise(read, key, out value);
        var entry = _keys.FindDirectly(read.Slots, key);
        return entry is not null ? entry.TryGet(out value) : TryGetMissing(read, key, out value);
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        NoteOwnWrite();
        using var held = Hold();
        var before = Read;
        var dirty = _dirty;
        Read = s_nothing;
        (_dirty, _misses) = (null, 0);
        // Whoever still holds one of the old entries finds it expunged, and comes to the lock.
        Expunge(before.Slots.Entries);
        Expunge(dirty?.Slots.Entries ?? []);
        Observer?.Record(ProbePoint.Cleared, -1, -1, 0);

        void Expunge(SyncEntry<TKey, TValue>?[] entries)
        {
            foreach (var entry in entries)
            {
                if (entry is not null && entry.Expunge()) Interlocked.Decrement(ref _count);
            }
        }
    }

    /// <summary>Checks that the parts are whole. For tests and tools, while nobody writes.</summary>
    /// <exception cref="InvalidOperationException">An invariant is broken; the message says which.</exception>
    public override void CheckInvariants()
    {
        using var held = Hold();
        var read = Read;
        Require(read.IsAmended == (_dirty is not null), "the read part says it is amended and there is no dirty part, or the other way round");
        var live = new HashSet<SyncEntry<TKey, TValue>>();
        var ofDirty = new HashSet<SyncEntry<TKey, TValue>>();
        if (_dirty is not null) ofDirty.UnionWith(_dirty.Slots.Entries.OfType<SyncEntry<TKey, TValue>>());
        Check(read.Slots, read.Count, "read", entry =>
        {
            bool isDirty = ofDirty.Contains(entry);
            Require(_dirty is null || isDirty != entry.IsExpunged, $"the key '{entry.Key}' of the read part is {(isDirty ? "expunged and in the dirty part" : "in no dirty part and not expunged")}");
        });
        if (_dirty is not null) Check(_dirty.Slots, _dirty.Count, "dirty", entry => Require(!entry.IsExpunged, $"the key '{entry.Key}' of the dirty part is expunged"));
        Require(live.Count == _count, string.Create(CultureInfo.InvariantCulture, $"Count is {_count} and there are {live.Count} entries"));
        Require(_dirty is not null || _misses == 0, "misses are counted and there is no dirty part");

        void Check(SyncSlots<TKey, TValue> slots, int count, string part, Action<SyncEntry<TKey, TValue>> check)
        {
            for (int i = 0; i < slots.Entries.Length; i++)
            {
                byte tag = slots.Entries[i] is { } there ? SyncSlots.Tag(there.Hash) : (byte)0;
                Require(slots.Tags[i] == tag && (i >= SyncSlots.Window || slots.Tags[slots.Entries.Length + i] == tag), $"slot {i} of the {part} part has another tag than its entry");
            }

            var entries = slots.Entries.OfType<SyncEntry<TKey, TValue>>().ToList();
            foreach (var entry in entries)
            {
                Require(_keys.Hash(entry.Key) == entry.Hash, $"the key '{entry.Key}' of the {part} part has another hash");
                // A key that is not equal to itself is never found, and stays where it is.
                Require(ReferenceEquals(_keys.Find(slots, entry.Key), entry) || !Comparer.Equals(entry.Key, entry.Key), $"the key '{entry.Key}' of the {part} part is not found where it is");
                if (entry.TryGet(out _)) live.Add(entry);
                check(entry);
            }

            Require(
                entries.Count == count && SyncTable<TKey, TValue>.Fits(count, slots.Entries.Length),
                string.Create(CultureInfo.InvariantCulture, $"the {part} part has {entries.Count} keys in {slots.Entries.Length} slots, and says {count}"));
        }

        static void Require(bool holds, string otherwise)
        {
            if (!holds) throw new InvalidOperationException(SafeText.Message($"Invariant broken: {otherwise}."));
        }
    }

    private protected override bool Remove(TKey key, bool hasComparison, TValue? comparison, [MaybeNullWhen(false)] out TValue value)
    {
        ThrowIfNull(key);
        var read = Read;
        var entry = _keys.Find(read.Slots, key);
        if (entry is null && read.IsAmended)
        {
            using var held = Hold();
            read = Read;
            entry = _keys.Find(read.Slots, key);
            if (entry is null && read.IsAmended)
            {
                entry = _keys.Find(_dirty!.Slots, key);
                // The value goes first, which may ask its equality, foreign code; then nothing fails. The entry is in the dirty part alone, where nobody
                // changes it without the lock, so nobody sees it between the two.
                bool isRemoved = TryRemove(entry, hasComparison, comparison, out value);
                if (isRemoved) _dirty.Remove(entry!);
                CountMiss();
                return isRemoved;
            }
        }

        return TryRemove(entry, hasComparison, comparison, out value);
    }

    private bool TryRemove(SyncEntry<TKey, TValue>? entry, bool hasComparison, TValue? comparison, [MaybeNullWhen(false)] out TValue value)
    {
        value = default;
        if (entry is null || !entry.Remove(hasComparison, comparison, out value)) return false;
        Interlocked.Decrement(ref _count);
        return true;
    }

    private protected override (TValue Value, bool Stored) Change<TChange>(TKey key, ref TChange change)
    {
        ThrowIfNull(key);
        while (true)
        {
            if (_keys.Find(Read.Slots, key) is { } entry && TryChange(entry, ref change, out var result)) return result;
            if (ChangeUnderLock(key, ref change) is { } stored) return stored;
        }
    }

    private protected override IEnumerable<KeyValuePair<TKey, TValue>> Entries()
    {
        var read = Read;
        if (read.IsAmended)
        {
            using var held = Hold();
            if (Read.IsAmended) Promote();
            read = Read;
        }

        return Live(read.Slots.Entries);

        static IEnumerable<KeyValuePair<TKey, TValue>> Live(SyncEntry<TKey, TValue>?[] entries)
        {
            foreach (var entry in entries)
            {
                if (entry is not null && entry.TryGet(out var value)) yield return new KeyValuePair<TKey, TValue>(entry.Key, value);
            }
        }
    }

    private bool TryChange<TChange>(SyncEntry<TKey, TValue> entry, ref TChange change, out (TValue Value, bool Stored) result)
        where TChange : struct, IValueChange<TValue>
    {
        bool done = entry.TryChange(ref change, out bool added, out result);
        if (added) Interlocked.Increment(ref _count);
        return done;
    }

    private bool TryGetOtherwise(ReadPart read, TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (IsSampled) SampleKey(key);
        return _keys.Find(read.Slots, key) is { } entry ? entry.TryGet(out value) : TryGetMissing(read, key, out value);
    }

    private bool TryGetMissing(ReadPart read, TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (read.IsAmended) return TryGetDirty(key, out value);
        value = default;
        return false;
    }

    private bool TryGetDirty(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        SyncEntry<TKey, TValue>? entry;
        using (Hold())
        {
            // It may have been promoted while this thread waited.
            var read = Read;
            entry = _keys.Find(read.Slots, key);
            if (entry is null && read.IsAmended)
            {
                entry = _keys.Find(_dirty!.Slots, key);
                CountMiss();
            }
        }

        if (entry is not null) return entry.TryGet(out value);
        value = default;
        return false;
    }

    // Null when the entry was removed and left out meanwhile: look again.
    private (TValue Value, bool Stored)? ChangeUnderLock<TChange>(TKey key, ref TChange change)
        where TChange : struct, IValueChange<TValue>
    {
        using var held = Hold();
        var read = Read;
        if (_keys.Find(read.Slots, key) is { } known)
        {
            if (known.IsExpunged)
            {
                // It is in no dirty part; it must be, before it lives again.
                _dirty ??= MakeDirty(read);
                _dirty.Add(known);
                known.Revive();
            }

            return TryChange(known, ref change, out var result) ? result : null;
        }

        if (_dirty is not null && _keys.Find(_dirty.Slots, key) is { } entry)
        {
            return TryChange(entry, ref change, out var result) ? result : null;
        }

        if (!change.Decide(exists: false, default, out var value)) return (value, false);
        uint hash = _keys.Hash(key);
        _dirty ??= MakeDirty(read);
        _dirty.Add(new SyncEntry<TKey, TValue>(key, hash, value));
        Interlocked.Increment(ref _count);
        return (value, true);
    }

    private SyncTable<TKey, TValue> MakeDirty(ReadPart read)
    {
        var dirty = new SyncTable<TKey, TValue>(Math.Max(read.Count + 1, _room.Entries));
        foreach (var entry in read.Slots.Entries)
        {
            if (entry is not null && !entry.ExpungeIfRemoved()) dirty.Add(entry);
        }

        Read = new ReadPart(read.Slots, read.Count, isAmended: true);
        Observer?.Record(ProbePoint.DirtyMade, 0, 0, (ulong)dirty.Count);
        return dirty;
    }

    private void CountMiss()
    {
        _misses++;
        Observer?.Record(ProbePoint.MissCounted, 0, 0, (ulong)_misses);
        if (_misses >= _dirty!.Count) Promote();
    }

    private void Promote()
    {
        if (_dirty is null) return;
        Observer?.Record(ProbePoint.DirtyPromoted, 0, 0, (ulong)_dirty.Count);
        Read = new ReadPart(_dirty.Slots, _dirty.Count, isAmended: false);
        (_dirty, _misses) = (null, 0);
    }

    private Held Hold()
    {
        Monitor.Enter(_lock);
        if (!_isBusy)
        {
            _isBusy = true;
            return new Held(this);
        }

        Monitor.Exit(_lock);
        throw new InvalidOperationException(SafeText.Message($"The comparer of the map '{Name}' has used the map, on the same thread, while the map was asking it. Let the comparer look at the keys only."));
    }

    private readonly ref struct Held(SyncMapBase<TKey, TValue> map)
    {
        public void Dispose()
        {
            map._isBusy = false;
            Monitor.Exit(map._lock);
        }
    }

    private sealed class ReadPart(SyncSlots<TKey, TValue> slots, int count, bool isAmended)
    {
        // Fields: a lookup goes through here.
        public readonly SyncSlots<TKey, TValue> Slots = slots;
        public readonly int Count = count;

        // Whether the dirty part knows keys that this one does not.
        public readonly bool IsAmended = isAmended;
    }
}
