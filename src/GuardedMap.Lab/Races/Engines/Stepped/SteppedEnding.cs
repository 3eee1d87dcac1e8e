namespace GuardedMaps.Lab;

/// <summary>How one schedule of the stepped map ended.</summary>
internal sealed class SteppedEnding(SteppedMap map, IReadOnlyList<RaceHand> hands, IReadOnlyDictionary<int, long> initial) : RaceEnding(hands, initial)
{
    private readonly List<(int Key, long Value, bool IsFindable)> _entries = [];

    private int _count;
    private string? _stuck;

    public override IReadOnlyList<(int Key, long Value, bool IsFindable)> Entries => _entries;

    public override int Count => _count;

    public override string? Stuck => _stuck;

    public override bool IsAtRest => map.IsAtRest;

    public override long? Find(int key)
    {
        foreach (var (found, value, isFindable) in _entries)
        {
            if (found == key && isFindable) return value;
        }

        return null;
    }

    /// <summary>Looks at the map as it is now. Nothing stops meanwhile.</summary>
    public void Look(bool isStuck)
    {
        _entries.Clear();
        _stuck = isStuck ? "the actors wait for each other" : null;
        var table = map._table;
        _count = table._count.Value;
        var current = table._current.Value;
        if (current.Slots.Length != 0) Collect(current);
        if (table._old.Value is { } old) Collect(old);
    }

    private void Collect(SteppedArray array)
    {
        for (int bucket = 0; bucket < array.Count; bucket++)
        {
            for (int id = bucket, last = -1; id > last;)
            {
                ulong word = ControlOf(array, id);
                for (uint live = Tophash.Live(word); live != 0; live &= live - 1)
                {
                    int slot = System.Numerics.BitOperations.TrailingZeroCount(live);
                    var (slots, index) = SlotOf(array, id, slot);
                    int key = slots.Keys[index];
                    var found = Lookup(key);
                    _entries.Add((key, slots.Values[index], !found.IsNull && ReferenceEquals(found.Slots, slots) && found.Index == index));
                }

                last = id;
                id = array.Next(id).Now();
                if (id == 0) break;
            }
        }
    }

    private SlotRef Lookup(int key)
    {
        var ops = new StepOps(map._table.Seed);
        return map._table.FindGrowing(key, ops.Hash(key), ops, StepWorld.Current.Probe).Now();
    }

    private static ulong ControlOf(SteppedArray array, int id) =>
        array.IsPrimary(id) ? array.Control[id] : array._overflow.Value!.Control[id - array.Count];

    private static (SlotCells Slots, int Index) SlotOf(SteppedArray array, int id, int slot) => array.IsPrimary(id)
        ? (array.Slots, (id * Tophash.SlotsPerBucket) + slot)
        : (array._overflow.Value!.Slots, ((id - array.Count) * Tophash.SlotsPerBucket) + slot);
}
