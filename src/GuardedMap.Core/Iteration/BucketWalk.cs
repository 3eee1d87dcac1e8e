using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>What one step of a walk came to.</summary>
internal enum WalkStep
{
    /// <summary>The walk stands on an entry.</summary>
    Entry,

    /// <summary>A chain is walked to its end; the next step goes to another.</summary>
    ChainEnd,

    /// <summary>Every bucket has been walked.</summary>
    Done,
}

/// <summary>
/// The walk over a table: Go's iteration, which survives growth.
/// </summary>
/// <remarks>
/// <para>
/// The walk starts at a random bucket, goes round once, and takes the slots of every bucket from the same random offset. It holds on to
/// the array that was current when it began, and while the table changes under it (its own thread's writes under
/// <see cref="IterationContract.Tolerate"/>) it stays right by four rules (Go 1.24, runtime/map_noswiss.go, mapiternext):
/// </para>
/// <list type="number">
/// <item>
/// The walk's array is the current one and old buckets remain. Bucket b's entries may still lie in the old bucket that feeds
/// it: then walk the old bucket, but visit only entries that are going to land in b. The others are visited with their own bucket.
/// </item>
/// <item>
/// A slot of the walk's array is marked evacuated: its entry moved since the walk began. Its key, which is still there to read, is looked up
/// in the live table. Not found: it was deleted, skip it. Found: visit what is found, which may have been updated.
/// </item>
/// <item>
/// A key that is not equal to itself cannot be looked up, deleted or updated; it is visited from where it lay.
/// </item>
/// <item>
/// When the map has become empty since, nothing is left of what the walk was to visit. It gives up the chain it is in, whose
/// overflow buckets may belong to other chains by now, and goes on only if its array is still in use.
/// </item>
/// </list>
/// <code>
///   walk's array   [ 0 ][ 1 ][ 2 ][ 3 ]        offset 3: slots 3 4 5 6 7 0 1 2
///                              ▲ start
///                    └──▶ ends here, wrapped
/// </code>
/// <para>Invariant: a key present from the walk's start to its end is visited exactly once.</para>
/// </remarks>
internal struct BucketWalk<TKey, TValue>
{
    private BucketArray<TKey, TValue> _array;
    private BucketArray<TKey, TValue>? _feeding;
    private BucketArray<TKey, TValue> _walking;
    private int _nextBucket;
    private int _id;
    private int _index;
    private int _landing;
    private int _clears;
    private bool _inChain;

    /// <summary>The bucket the walk began with.</summary>
    public int StartBucket { get; private set; }

    /// <summary>The slot each bucket is begun with.</summary>
    public int Offset { get; private set; }

    /// <summary>True once the walk went past the last bucket and on from bucket 0.</summary>
    public bool Wrapped { get; private set; }

    /// <summary>The bucket the walk is in, or was in last.</summary>
    public int Bucket { get; private set; }

    /// <summary>True while the walk reads a bucket of the old array on behalf of <see cref="Bucket"/>.</summary>
    public readonly bool InOldBuckets => _inChain && !ReferenceEquals(_walking, _array);

    /// <summary>Where the entry the walk stands on lies.</summary>
    public SlotPlace<TKey, TValue> Place { get; private set; }

    public TKey Key { get; private set; }

    public TValue Value { get; set; }

    /// <summary>How many buckets the walk goes round: those of the array that was current when it began. 0 before it began.</summary>
    public readonly int Buckets => _array?.Count ?? 0;

    /// <summary>Go's checkBucket: only entries that will land in this bucket are visited now; -1 when all are.</summary>
    public readonly int CheckBucket => _inChain ? _landing : -1;

    /// <summary>Where in the chain the walk has come to: the link, and the slot looked at last.</summary>
    public readonly (int Link, int Slot) Position
    {
        get
        {
            if (!_inChain) return (0, -1);
            int head = ReferenceEquals(_walking, _array) ? Bucket : Bucket & (_walking.Count - 1);
            int link = 0;
            for (int id = head; id != _id; link++)
            {
                int next = _walking.Next(id);
                if (next <= id) break;
                id = next;
            }

            return (link, _index == 0 ? -1 : (_index - 1 + Offset) & (Tophash.SlotsPerBucket - 1));
        }
    }

    /// <summary>Copies the buckets that the walk goes round. O(buckets).</summary>
    public readonly IReadOnlyList<BucketLayout> Describe() => _array is null ? [] : BucketTable<TKey, TValue>.Describe(_array, isOld: false);

    /// <summary>Fixes where the walk begins. Looks at no entry.</summary>
    public void Start(in BucketTable<TKey, TValue> table, ulong random)
    {
        _array = table.Current;
        _feeding = table.Old;
        _walking = _array;
        _clears = table.Clears;
        StartBucket = (int)((uint)random & (uint)(_array.Count - 1));
        Offset = (int)(random >> 32) & (Tophash.SlotsPerBucket - 1);
        _nextBucket = StartBucket;
        Bucket = StartBucket;
        _landing = -1;
    }

    /// <summary>Goes on to the next entry, or to the end of the chain if there is none in it.</summary>
    public WalkStep Step<TOps, TProbe>(ref BucketTable<TKey, TValue> table, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        if (ReferenceEquals(_array, table.Current)) _feeding = table.Old;
        else Rebase(table);
        if (_clears != table.Clears && StartAfresh(table)) return WalkStep.ChainEnd;
        if (!_inChain && !TryEnterChain(table)) return WalkStep.Done;
        while (true)
        {
            while (_index < Tophash.SlotsPerBucket)
            {
                int slot = (_index + Offset) & (Tophash.SlotsPerBucket - 1);
                // Foreign code may throw in here; the slot is only counted as walked when it is done with.
                bool visit = Look(ref table, slot, ops, probe);
                _index++;
                if (visit) return WalkStep.Entry;
            }

            int next = _walking.Next(_id);
            if (next <= _id) break;
            _id = next;
            _index = 0;
        }

        _inChain = false;
        return WalkStep.ChainEnd;
    }

    /// <summary>A write that found the arrays frozen by a snapshot went on with copies: go on with them too.</summary>
    /// <remarks>
    /// If the copies have been replaced meanwhile, what is left are the arrays as they were when they were frozen: then the walk goes on
    /// over both of them, the current one of that time and the one that fed it, and looks every key up.
    /// </remarks>
    private void Rebase(in BucketTable<TKey, TValue> table)
    {
        _walking = Newest(_walking, table);
        _array = Newest(_array, table);
        if (ReferenceEquals(_array, table.Current)) _feeding = table.Old;
        else if (ReferenceEquals(_array, table.Old)) _feeding = null;

        static BucketArray<TKey, TValue> Newest(BucketArray<TKey, TValue> array, in BucketTable<TKey, TValue> table) =>
            array.IsSameGeneration(table.Current) ? table.Current
            : array.IsSameGeneration(table.Old) ? table.Old!
            : array;
    }

    /// <summary>The map was emptied: what it holds now is new, and may be visited once or not at all.</summary>
    /// <returns>True if that ended the chain the walk was in.</returns>
    private bool StartAfresh(in BucketTable<TKey, TValue> table)
    {
        bool wasInChain = _inChain;
        _clears = table.Clears;
        _inChain = false;
        if (ReferenceEquals(_array, table.Current) || ReferenceEquals(_array, table.Old)) return wasInChain;
        Wrapped = true;
        _nextBucket = StartBucket;
        return wasInChain;
    }

    private bool TryEnterChain(in BucketTable<TKey, TValue> table)
    {
        if ((_nextBucket == StartBucket && Wrapped) || _array.Slots.Length == 0) return false;
        Bucket = _nextBucket;
        _walking = _array;
        _id = Bucket;
        _landing = -1;
        if (_feeding is { } old)
        {
            int feeding = Bucket & (old.Count - 1);
            if (!Tophash.IsEvacuated(old.Control[feeding]))
            {
                _walking = old;
                _id = feeding;
                if (old.Count != _array.Count) _landing = Bucket;
            }
        }

        _nextBucket = Bucket + 1;
        if (_nextBucket == _array.Count)
        {
            _nextBucket = 0;
            Wrapped = true;
        }

        _index = 0;
        _inChain = true;
        return true;
    }

    /// <summary>Looks at one slot and takes its entry if it is to be visited.</summary>
    private bool Look<TOps, TProbe>(ref BucketTable<TKey, TValue> table, int slot, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        byte top = Tophash.At(_walking.ControlOf(_id), slot);
        if (top is Tophash.EmptyRest or Tophash.EmptyOne or Tophash.EvacuatedEmpty) return false;
        ref Slot<TKey, TValue> entry = ref _walking.SlotOf(_id, slot);
        TKey key = entry.Key;
        if (_landing >= 0)
        {
            uint hash = _walking.Hashes is not null ? _walking.HashOf(_id, slot) : (uint)ops.Hash(ref Unsafe.As<TKey, byte>(ref key));
            if ((hash & (uint)(_array.Count - 1)) != (uint)_landing) return false;
        }

        bool isHere = top >= Tophash.MinLive && (ReferenceEquals(_walking, table.Current) || ReferenceEquals(_walking, table.Old));
        if (isHere)
        {
            Take(key, entry.Value, new SlotPlace<TKey, TValue>(_walking, _id, slot));
            return true;
        }

        if (!ops.Equals(ref Unsafe.As<TKey, byte>(ref key), ref Unsafe.As<TKey, byte>(ref key)))
        {
            Take(key, entry.Value, default);
            return true;
        }

        ulong full = ops.Hash(ref Unsafe.As<TKey, byte>(ref key));
        ref Slot<TKey, TValue> moved = ref table.FindGrowing(key, full, ops, probe);
        if (Unsafe.IsNullRef(ref moved)) return false;
        BucketArray<TKey, TValue> home = table.HomeOf(full);
        (int id, int number) = BucketTable<TKey, TValue>.Locate(home, ref moved);
        Take(moved.Key, moved.Value, new SlotPlace<TKey, TValue>(home, id, number));
        return true;
    }

    private void Take(TKey key, TValue value, SlotPlace<TKey, TValue> place)
    {
        Key = key;
        Value = value;
        Place = place;
    }
}

/// <summary>Where an entry lies; <c>Array</c> is null for one that cannot be reached any more.</summary>
internal readonly record struct SlotPlace<TKey, TValue>(BucketArray<TKey, TValue>? Array, int Id, int Slot);
