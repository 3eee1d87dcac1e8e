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
        int live = CheckArray(_current, isOld: false, ops);
        if (_old is { } old)
        {
            live += CheckArray(old, isOld: true, ops);
            CheckGrowth(old);
        }
        else if (_evacuationMark != 0)
        {
            Fail("I7", $"there are no old buckets, but the evacuation mark is {_evacuationMark}");
        }

        if (live != _count) Fail("I3", $"Count is {_count}, but {live} slots are live");
        if (!ReferenceEquals(_control, _current.Control) || !ReferenceEquals(_slots, _current.Slots))
            Fail("I1", "the lookup's arrays are not those of the current generation");
    }

    private readonly int CheckArray<TOps>(BucketArray<TKey, TValue> array, bool isOld, TOps ops)
        where TOps : struct, IKeyOps
    {
        int live = 0;
        var inChain = new bool[array.OverflowCount];
        for (int bucket = 0; bucket < array.Count; bucket++)
        {
            bool evacuated = Tophash.IsEvacuated(array.Control[bucket]);
            if (evacuated && !isOld) Fail("I5", $"bucket {bucket} of the current array is marked as evacuated");
            bool restIsEmpty = false;
            for (int id = bucket, next; ; id = next)
            {
                ulong word = array.ControlOf(id);
                for (int slot = 0; slot < Tophash.SlotsPerBucket; slot++)
                {
                    byte top = Tophash.At(word, slot);
                    bool marker = top is Tophash.EvacuatedX or Tophash.EvacuatedY or Tophash.EvacuatedEmpty;
                    if (marker != evacuated) Fail("I5", $"{Where(array, id, slot)} is {Tophash.Name(top)} in a chain that is {(evacuated ? "" : "not ")}evacuated");
                    if (marker) continue;
                    if (restIsEmpty && top != Tophash.EmptyRest) Fail("I4", $"{Where(array, id, slot)} is {Tophash.Name(top)} behind an emptyRest");
                    restIsEmpty |= top == Tophash.EmptyRest;
                    if (top < Tophash.MinLive) continue;
                    live++;
                    CheckEntry(array, bucket, id, slot, top, ops);
                }

                next = array.Next(id);
                if (next == 0) break;
                if (next <= id || next >= array.Count + array.OverflowCount) Fail("I8", $"bucket {id} is linked to {next}");
                if (inChain[next - array.Count]) Fail("I8", $"overflow bucket {next} is in two chains");
                inChain[next - array.Count] = true;
            }
        }

        int lost = Array.IndexOf(inChain, false);
        if (lost >= 0) Fail("I8", $"overflow bucket {array.Count + lost} is in no chain");
        return live;
    }

    private readonly void CheckEntry<TOps>(BucketArray<TKey, TValue> array, int bucket, int id, int slot, byte top, TOps ops)
        where TOps : struct, IKeyOps
    {
        ref Slot<TKey, TValue> entry = ref array.SlotOf(id, slot);
        ulong hash;
        if (_storeHashes)
        {
            hash = array.HashOf(id, slot) | ((ulong)top << 56);
        }
        else
        {
            hash = ops.Hash(ref Unsafe.As<TKey, byte>(ref entry.Key));
            if (Tophash.Of(hash) != top) Fail("I1", $"{Where(array, id, slot)} has tophash {Tophash.Name(top)}, its key's is {Tophash.Name(Tophash.Of(hash))}");
        }

        int home = (int)hash & (array.Count - 1);
        if (home != bucket) Fail("I1", $"{Where(array, id, slot)} is in the chain of bucket {bucket}, its hash chooses {home}");

        // A key that is not equal to itself (NaN under a comparer that says so) is never found, and may be there many times.
        if (!ops.Equals(ref Unsafe.As<TKey, byte>(ref entry.Key), ref Unsafe.As<TKey, byte>(ref entry.Key))) return;
        ref Slot<TKey, TValue> found = ref FindGrowing(entry.Key, hash, ops, default(NoProbe));
        if (Unsafe.IsNullRef(ref found)) Fail("I1", $"the key at {Where(array, id, slot)} is not found by a lookup");
        if (!Unsafe.AreSame(ref found, ref entry)) Fail("I2", $"the key at {Where(array, id, slot)} is there twice: a lookup finds another slot");
    }

    private readonly void CheckGrowth(BucketArray<TKey, TValue> old)
    {
        if (_evacuationMark >= old.Count) Fail("I7", $"all {old.Count} old buckets are evacuated, but they are still there");
        for (int bucket = 0; bucket < old.Count; bucket++)
        {
            if (Tophash.IsEvacuated(old.Control[bucket])) continue;
            if (bucket < _evacuationMark) Fail("I7", $"old bucket {bucket} is below the evacuation mark {_evacuationMark}, but not evacuated");
            if (_current.Control[bucket] != 0 || (_current.Count != old.Count && _current.Control[bucket + old.Count] != 0))
                Fail("I6", $"old bucket {bucket} is not evacuated, but a new bucket it feeds is not empty");
        }
    }

    private static string Where(BucketArray<TKey, TValue> array, int id, int slot) => array.IsPrimary(id)
        ? string.Create(CultureInfo.InvariantCulture, $"bucket {id} slot {slot}")
        : string.Create(CultureInfo.InvariantCulture, $"overflow bucket {id - array.Count} slot {slot}");

    private static void Fail(string invariant, FormattableString detail) =>
        throw new MapInvariantException(invariant, detail.ToString(CultureInfo.InvariantCulture));

    private static void Fail(string invariant, string detail) => throw new MapInvariantException(invariant, detail);
}
