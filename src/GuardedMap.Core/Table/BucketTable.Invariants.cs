using System.Globalization;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>The table broke one of its own rules: a bug in the map, or the damage that a race did to a map without protection.</summary>
public sealed class MapInvariantException : Exception
{
    /// <summary>Makes the exception for a broken invariant.</summary>
    /// <param name="invariant">The invariant's number in the essay of BucketTable.cs, such as <c>I3</c>.</param>
    /// <param name="detail">What was found and what was expected.</param>
    public MapInvariantException(string invariant, string detail)
        : base($"Invariant {invariant} is broken: {detail}")
    {
        Invariant = invariant;
    }

    /// <summary>The invariant's number, such as <c>I3</c>.</summary>
    public string Invariant { get; }
}

// The invariants of the essay in BucketTable.cs, as code.
internal partial struct BucketTable<TKey, TValue>
{
    /// <summary>Checks every invariant. O(n). Needs the table to itself, or at least nobody writing.</summary>
    /// <exception cref="MapInvariantException">One does not hold.</exception>
    public readonly void CheckInvariants<TOps>(TOps ops)
        where TOps : struct, IKeyOps
    {
        CheckRoom();
        var seen = new bool[_top];
        int live = CheckIndex(_current, isOld: false, seen, ops);
        if (_old is { } old)
        {
            live += CheckIndex(old, isOld: true, seen, ops);
            CheckGrowth(old);
        }
        else if (_evacuationMark != 0)
        {
            Fail("I7", $"there are no old buckets, but the evacuation mark is {_evacuationMark}");
        }

        if (live != _count) Fail("I3", $"Count is {_count}, but {live} cards are live");
        if (!ReferenceEquals(_cards, _current.Cards)) Fail("I1", "the lookup's cards are not those of the current generation");
        if (_holes is { } holes) CheckHoles(holes, seen);
    }

    private readonly void CheckRoom()
    {
        int room = _segments is null ? _entries.Length : _segments.Sum(static segment => segment.Entries.Length);
        if (room != _room) Fail("I9", $"there is room for {room} entries, but it is said to be for {_room}");
        if (_segments is not null && _entries.Length != 0) Fail("I9", "entries lie in segments and in one array");
        if (_top > _room || _top > _cards.Length) Fail("I9", $"the top is {_top}, the room {_room}, and a card has room for numbers below {_cards.Length}");
        if (_count > _top) Fail("I9", $"Count is {_count}, the top {_top}");
        if (_count == 0 && _top != 0) Fail("I9", $"the map is empty, but the top is {_top}");
        if (_newBelow != NewBelow && _newBelow > NewBelow) Fail("I9", $"new numbers are given out below {_newBelow}, and only those below {NewBelow} may be");
    }

    private readonly void CheckHoles(ulong[] holes, bool[] seen)
    {
        if (_count == _top) Fail("I9", "there is no hole, and holes are kept");
        for (int number = 0; number < holes.Length * 64; number++)
        {
            bool isHole = (holes[number >> 6] >> number & 1) != 0;
            if (isHole != (number < _top && !seen[number])) Fail("I9", $"number {number} is {(isHole ? "" : "not ")}kept as a hole; the top is {_top}");
        }
    }

    private readonly int CheckIndex<TOps>(BucketIndex index, bool isOld, bool[] seen, TOps ops)
        where TOps : struct, IKeyOps
    {
        int live = 0;
        var inChain = new bool[index.OverflowCount];
        for (int bucket = 0; bucket < index.Count; bucket++)
        {
            bool evacuated = index.IsEvacuated(bucket);
            if (evacuated && !isOld) Fail("I5", $"bucket {bucket} of the current index is marked as evacuated");
            bool restIsEmpty = false;
            for (int id = bucket, next; ; id = next)
            {
                Span<uint> cards = index.CardsOf(id);
                for (int place = 0; place < cards.Length; place++)
                {
                    uint card = cards[place];
                    bool marker = card is Card.EvacuatedX or Card.EvacuatedY or Card.EvacuatedEmpty;
                    if (marker != evacuated) Fail("I5", $"{Where(index, id, place)} is {Card.Name(card)} in a chain that is {(evacuated ? "" : "not ")}evacuated");
                    if (marker) continue;
                    if (!Card.IsLive(card))
                    {
                        if (card != Card.Empty) Fail("I4", $"{Where(index, id, place)} is neither live nor empty: {card:x8}");
                        restIsEmpty = true;
                        continue;
                    }

                    if (restIsEmpty) Fail("I4", $"{Where(index, id, place)} is live behind an empty one");
                    live++;
                    CheckEntry(index, bucket, id, place, seen, ops);
                }

                next = index.Next(id);
                if (next == 0) break;
                if (next <= id || next >= index.Count + index.OverflowCount) Fail("I8", $"bucket {id} is linked to {next}");
                if (inChain[next - index.Count]) Fail("I8", $"overflow bucket {next} is in two chains");
                inChain[next - index.Count] = true;
            }
        }

        int lost = Array.IndexOf(inChain, false);
        if (lost >= 0) Fail("I8", $"overflow bucket {index.Count + lost} is in no chain");
        return live;
    }

    private readonly void CheckEntry<TOps>(BucketIndex index, int bucket, int id, int place, bool[] seen, TOps ops)
        where TOps : struct, IKeyOps
    {
        uint card = index.CardsOf(id)[place];
        int number = (int)(card & index.Numbers);
        if (number >= _top) Fail("I9", $"{Where(index, id, place)} has number {number}, the top is {_top}");
        if (seen[number]) Fail("I2", $"number {number}, at {Where(index, id, place)}, is on two cards");
        seen[number] = true;
        ref Slot<TKey, TValue> entry = ref EntryOf(number);
        ulong hash = ops.Hash(ref Unsafe.As<TKey, byte>(ref entry.Key));
        uint kept = Card.HashOf(card, bucket, index.Numbers);
        if (((uint)hash & Card.HashBits) != kept) Fail("I1", $"{Where(index, id, place)} is that of a key with hash ..{kept:x7}, its key's is ..{(uint)hash & Card.HashBits:x7}");

        // A key that is not equal to itself (NaN under a comparer that says so) is never found, and may be there many times.
        if (!ops.Equals(ref Unsafe.As<TKey, byte>(ref entry.Key), ref Unsafe.As<TKey, byte>(ref entry.Key))) return;
        ref Slot<TKey, TValue> found = ref FindGrowing(entry.Key, hash, ops, default(NoProbe));
        if (Unsafe.IsNullRef(ref found)) Fail("I1", $"the key at {Where(index, id, place)} is not found by a lookup");
        if (!Unsafe.AreSame(ref found, ref entry)) Fail("I2", $"the key at {Where(index, id, place)} is there twice: a lookup finds another entry");
    }

    private readonly void CheckGrowth(BucketIndex old)
    {
        if (_evacuationMark >= old.Count) Fail("I7", $"all {old.Count} old buckets are evacuated, but they are still there");
        for (int bucket = 0; bucket < old.Count; bucket++)
        {
            if (old.IsEvacuated(bucket)) continue;
            if (bucket < _evacuationMark) Fail("I7", $"old bucket {bucket} is below the evacuation mark {_evacuationMark}, but not evacuated");
            if (_current.FirstCard(bucket) != 0 || (_current.Count != old.Count && _current.FirstCard(bucket + old.Count) != 0))
                Fail("I6", $"old bucket {bucket} is not evacuated, but a new bucket it feeds is not empty");
        }
    }

    private static string Where(BucketIndex index, int id, int place) => index.IsPrimary(id)
        ? string.Create(CultureInfo.InvariantCulture, $"bucket {id} card {place}")
        : string.Create(CultureInfo.InvariantCulture, $"overflow bucket {id - index.Count} card {place}");

    private static void Fail(string invariant, FormattableString detail) =>
        throw new MapInvariantException(invariant, detail.ToString(CultureInfo.InvariantCulture));

    private static void Fail(string invariant, string detail) => throw new MapInvariantException(invariant, detail);
}
