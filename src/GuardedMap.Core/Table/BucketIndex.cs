using System.Numerics;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>
/// One generation of the index: the buckets that are allocated together and replaced together. It knows cards, and no keys.
/// </summary>
/// <remarks>
/// <code>
///  bucket id     0          1                 n-1     | n            n+1       (ids from n on are overflow buckets)
///  Cards      [8 cards] [8 cards]  ...     [8 cards]  | [8 cards]  [8 cards]
///  link       [  id   ] [   0   ]  ...                | [   id  ]  [   0   ]   the chain's next bucket, 0 = none (First and Next below)
/// </code>
/// Invariants:
/// <list type="number">
/// <item>The number of primary buckets is a power of two and never changes: so the length of <see cref="Cards"/> says which bits of a hash choose the bucket, and no reader can
/// see the one without the other.</item>
/// <item>A link leads to a higher id than its own, so every walk along a chain ends, also one that races with a writer.</item>
/// <item>The primary cards are never replaced; the overflow arrays are only replaced by longer copies of themselves.</item>
/// </list>
/// Overflow buckets live in arrays of their own, which grow by doubling: at the load limit few buckets have one.
/// </remarks>
internal sealed class BucketIndex
{
    private const int FirstOverflowCapacity = 2;

    /// <summary>The index of a map that has never held an entry: one bucket. Shared, never written.</summary>
    public static readonly BucketIndex Unallocated = new(new uint[Card.PerBucket]);

    public readonly uint[] Cards;

    // Made with the first overflow bucket.
    private OverflowArea? _overflow;

    private BucketIndex(uint[] cards)
    {
        Cards = cards;
    }

    public bool IsUnallocated => ReferenceEquals(this, Unallocated);

    /// <summary>The number of primary buckets.</summary>
    public int Count => Cards.Length / Card.PerBucket;

    /// <summary>The bits of a card that are its entry's number.</summary>
    public uint Numbers => (uint)Cards.Length - 1;

    /// <summary>The cards of the overflow buckets.</summary>
    public uint[] OverflowCards => _overflow?.Cards ?? [];

    /// <summary>The number of overflow buckets handed out.</summary>
    public int OverflowCount => _overflow?.Count ?? 0;

    /// <summary>Allocates <paramref name="buckets"/> buckets (a power of two).</summary>
    public static BucketIndex Allocate(int buckets) => new(new uint[checked(buckets * Card.PerBucket)]);

    /// <summary>The number of buckets that holds <paramref name="entries"/> within the load factor.</summary>
    public static int BucketsFor(int entries)
    {
        int buckets = 1;
        while (buckets < (1 << 27) && entries > LoadLimit(buckets)) buckets *= 2;
        return buckets;
    }

    /// <summary>How many entries the load factor allows: 5 per bucket, and 8 in a single bucket. Go allows 6.5 (runtime/map_noswiss.go, loadFactorNum).</summary>
    /// <remarks>
    /// Ours is lower because at 6.5 one bucket in five has an overflow bucket when the table doubles, at 5 one in fifteen, and each insert that meets one goes the slow way.
    /// An insert costs two thirds at 5 (bench/README.md). Only the index is the larger for it, 4 bytes a card; the entries lie close together either way.
    /// </remarks>
    public static int LoadLimit(int buckets) => Math.Max(Card.PerBucket, 5 * buckets);

    public bool IsPrimary(int id) => (uint)id < (uint)Count;

    /// <summary>True if the bucket has no overflow bucket: the common case, cheaper to ask than <see cref="Next"/>.</summary>
    public bool IsAlone(int bucket) => _overflow is not { } overflow || overflow.First[bucket] == 0;

    /// <summary>The id of the next bucket in the chain, or 0 at its end (0 is a primary bucket and never a link's target).</summary>
    public int Next(int id)
    {
        if (_overflow is not { } overflow) return 0;
        return IsPrimary(id) ? overflow.First[id] : overflow.Next[id - Count];
    }

    /// <summary><see cref="Next"/> for a search that may race with a writer: an id beyond the array it reads is the chain's end.</summary>
    public int NextOrEnd(int id)
    {
        if (_overflow is not { } overflow) return 0;
        int[] next = overflow.Next;
        int number = id - Count;
        return (uint)number < (uint)next.Length ? next[number] : 0;
    }

    /// <summary>The first card of a bucket.</summary>
    public ref uint FirstCard(int id) => ref IsPrimary(id) ? ref Cards[id * Card.PerBucket] : ref _overflow!.Cards[(id - Count) * Card.PerBucket];

    /// <summary>The cards of a bucket.</summary>
    public Span<uint> CardsOf(int id) => IsPrimary(id)
        ? Cards.AsSpan(id * Card.PerBucket, Card.PerBucket)
        : _overflow!.Cards.AsSpan((id - Count) * Card.PerBucket, Card.PerBucket);

    public bool IsEvacuated(int bucket) => Card.IsEvacuated(Cards[bucket * Card.PerBucket]);

    /// <summary>Makes sure that <paramref name="more"/> overflow buckets can be added without allocating. Changes nothing else.</summary>
    public void ReserveOverflow(int more)
    {
        int used = OverflowCount;
        int needed = checked(used + more);
        if (_overflow is { } present && needed <= present.Next.Length) return;
        int capacity = Math.Max(FirstOverflowCapacity, (int)BitOperations.RoundUpToPowerOf2((uint)needed));
        var area = new OverflowArea
        {
            First = _overflow?.First ?? new int[Count],
            Cards = new uint[checked(capacity * Card.PerBucket)],
            Next = new int[capacity],
            Count = used,
        };
        if (_overflow is { } old)
        {
            old.Cards.AsSpan().CopyTo(area.Cards);
            old.Next.AsSpan().CopyTo(area.Next);
        }

        _overflow = area;
    }

    /// <summary>Links a new, empty overflow bucket behind <paramref name="tail"/>. The room must have been reserved.</summary>
    /// <returns>The new bucket's id.</returns>
    public int AddOverflow(int tail)
    {
        OverflowArea area = _overflow!;
        int id = Count + area.Count++;
        if (IsPrimary(tail)) area.First[tail] = id;
        else area.Next[tail - Count] = id;
        return id;
    }

    /// <summary>Empties every bucket and forgets the overflow buckets. O(buckets).</summary>
    public void Clear()
    {
        Cards.AsSpan().Clear();
        if (_overflow is not { } area) return;
        int used = area.Count;
        area.Count = 0;
        area.First.AsSpan().Clear();
        area.Cards.AsSpan(0, used * Card.PerBucket).Clear();
        area.Next.AsSpan(0, used).Clear();
    }

    /// <summary>A copy that shares nothing with this one. O(buckets).</summary>
    public BucketIndex Copy()
    {
        if (IsUnallocated) return this;
        return new BucketIndex(Copy(Cards))
        {
            _overflow = _overflow is not { } area ? null : new OverflowArea
            {
                First = Copy(area.First),
                Cards = Copy(area.Cards),
                Next = Copy(area.Next),
                Count = area.Count,
            },
        };
    }

    /// <summary>A copy of an array. No cast: it may have been made by another of the types that the table is seen by.</summary>
    public static T[] Copy<T>(T[] source) => source.Length == 0 ? source : Unsafe.As<T[]>(source.Clone());

    /// <summary>The overflow buckets. Replaced as a whole when it grows, so that a racing search always sees arrays that belong together.</summary>
    private sealed class OverflowArea
    {
        /// <summary>By primary bucket: the id of its first overflow bucket, or 0.</summary>
        public required int[] First { get; init; }

        public required uint[] Cards { get; init; }

        /// <summary>By overflow bucket: the id of the next one, or 0.</summary>
        public required int[] Next { get; init; }

        /// <summary>How many have been handed out.</summary>
        public int Count { get; set; }
    }
}

/// <summary>Where a card lies.</summary>
/// <param name="Index">The index it is in; null if there is none.</param>
/// <param name="Head">The primary bucket of its chain.</param>
/// <param name="Id">Its bucket.</param>
/// <param name="Place">Its place there.</param>
/// <param name="Number">The number of its entry.</param>
internal readonly record struct CardPlace(BucketIndex? Index, int Head, int Id, int Place, int Number)
{
    public bool IsFound => Index is not null;
}
