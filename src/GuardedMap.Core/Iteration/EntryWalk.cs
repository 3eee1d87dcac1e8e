using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>What one step of a walk came to.</summary>
internal enum WalkStep
{
    /// <summary>The walk stands on an entry.</summary>
    Entry,

    /// <summary>Eight entries are walked to their end; the next step goes to others.</summary>
    ChainEnd,

    /// <summary>Every entry has been walked.</summary>
    Done,
}

/// <summary>
/// The walk over a table: its entries by number, which is the order of insertion while nothing was removed. It survives growth, since entries do not move.
/// </summary>
/// <remarks>
/// <para>
/// Go walks over buckets, from a random one on. This walk goes over the entries from 0, or from a place that a seed chooses, and on from 0 when it comes to the end. What corresponds
/// to a bucket is a stretch of eight entries: the steps are the same, and the pictures.
/// </para>
/// <para>
/// It visits numbers that were an entry's when it began. While the table changes under it (its own thread's writes under <see cref="IterationContract.Tolerate"/>) it stays right by these rules:
/// </para>
/// <list type="number">
/// <item>A number that was a hole when the walk began, or was not given out yet, is passed over: what is there now is new.</item>
/// <item>A number that was given out again since (<see cref="Reborn"/>) is passed over, too: its new key may be one that was visited elsewhere before it was removed. So no key comes twice, wherever it is put.</item>
/// <item>If anything was removed since, an entry is visited only if some card has its number: it is alive. That asks nobody whether keys are equal, so it holds for a key that is not equal to itself as well.</item>
/// <item>When the map has become empty since, or its entries got other numbers, nothing is left of what the walk was to visit.</item>
/// </list>
/// <code>
///   entries   [ 0 1 2 3 4 5 6 7 ][ 8 9 10 . 12 . . . ]     top
///                    ▲ start                                ends before the start, wrapped
/// </code>
/// <para>Invariant: a key present from the walk's start to its end is visited exactly once, and no key twice.</para>
/// </remarks>
internal struct EntryWalk<TKey, TValue>
{
    private const int Stretch = Card.PerBucket;

    private ulong[]? _holes;
    private Reborn? _reborn;
    private int _end;
    private int _start;
    private int _next;
    private int _holeCount;
    private int _clears;
    private bool _inStretch;

    /// <summary>The stretch the walk began with.</summary>
    public readonly int StartBucket => _start / Stretch;

    /// <summary>The place in its stretch that the walk began with.</summary>
    public readonly int Offset => _start % Stretch;

    /// <summary>True once the walk went past the last entry and on from the first.</summary>
    public bool Wrapped { get; private set; }

    /// <summary>The stretch the walk is in, or was in last.</summary>
    public int Bucket { get; private set; }

    /// <summary>Where the entry the walk stands on lies.</summary>
    public EntryPlace Place { get; private set; }

    public TKey Key { get; private set; }

    public TValue Value { get; set; }

    /// <summary>How many stretches the walk goes round. 0 before it began.</summary>
    public readonly int Buckets => (_end + Stretch - 1) / Stretch;

    /// <summary>Fixes where the walk begins, and what it is going to visit. Looks at no entry. O(1), or O(n) if there are holes.</summary>
    /// <param name="table">The table.</param>
    /// <param name="random">Where to begin, if not with the first entry: any number.</param>
    /// <param name="notes">On numbers that are given out again, if somebody may write meanwhile.</param>
    public void Start(in BucketTable<TKey, TValue> table, ulong? random, Reborn? notes = null)
    {
        _reborn = notes;
        _clears = table.Clears;
        _end = table.Top;
        _holeCount = _end - table.Count;
        _holes = table.Holes();
        _start = random is { } number ? (int)((number >> 32) * (ulong)_end >> 32) : 0;
        _next = _start;
        _inStretch = false;
        Wrapped = false;
        Bucket = StartBucket;
    }

    /// <summary>Goes on to the next entry, or to the end of the stretch if there is none in it.</summary>
    public WalkStep Step<TOps, TProbe>(ref BucketTable<TKey, TValue> table, TOps ops, TProbe probe)
        where TOps : struct, IKeyOps
        where TProbe : struct, IProbe
    {
        _ = probe;
        if (_clears != table.Clears) _end = _start = _next = 0;
        int limit = Wrapped ? _start : _end;
        if (!_inStretch)
        {
            if (_next == limit)
            {
                if (Wrapped || _start == 0) return WalkStep.Done;
                Wrapped = true;
                _next = 0;
                limit = _start;
            }

            Bucket = _next / Stretch;
            _inStretch = true;
        }

        limit = Math.Min(limit, (Bucket + 1) * Stretch);
        while (_next < limit)
        {
            // Foreign code may throw in here; the entry is only counted as walked when it is done with.
            bool visit = Look(table, _next, ops);
            _next++;
            if (visit) return WalkStep.Entry;
        }

        _inStretch = false;
        return WalkStep.ChainEnd;
    }

    /// <summary>True for a number that the walk goes to, for pictures of it: an entry's when it began, and not given out again since.</summary>
    /// <param name="number">The number.</param>
    /// <param name="clears">The table's <see cref="BucketTable{TKey, TValue}.Clears"/> now.</param>
    public readonly bool IsToVisit(int number, int clears) =>
        clears == _clears && number < _end && (_holes is not { } holes || (holes[number >> 6] >> number & 1) == 0) && (_reborn is null || !_reborn.Has(number));

    /// <summary>Looks at one number and takes its entry if it is to be visited.</summary>
    private bool Look<TOps>(in BucketTable<TKey, TValue> table, int number, TOps ops)
        where TOps : struct, IKeyOps
    {
        if (_holes is { } holes && (holes[number >> 6] >> number & 1) != 0) return false;
        ref Slot<TKey, TValue> entry = ref table.EntryOf(number);
        TKey key = entry.Key;
        TValue value = entry.Value;
        if (table.Top - table.Count != _holeCount || (_reborn is not null && !_reborn.IsClean))
        {
            if (_reborn is not null && _reborn.Has(number)) return false;
            // What holds references is wiped out when it is removed.
            if (default(TKey) is null && key is null) return false;
            if (!table.PlaceOf(number, ops.Hash(ref Unsafe.As<TKey, byte>(ref key))).IsFound) return false;
        }

        Key = key;
        Value = value;
        Place = new EntryPlace(number, _clears, _reborn);
        return true;
    }
}

/// <summary>Where an entry lay when somebody came to it.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Clears">The table's <see cref="BucketTable{TKey, TValue}.Clears"/> at that time.</param>
/// <param name="Reborn">Which numbers were given out again since; null if nobody could have.</param>
internal readonly record struct EntryPlace(int Number, int Clears, Reborn? Reborn);
