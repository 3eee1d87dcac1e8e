namespace GuardedMaps.Lab;

/// <summary>How one schedule of a map scenario ended: what the actors got and what is left.</summary>
internal sealed class MapEnding(SteppedMap map, IReadOnlyList<RaceHand> hands, IReadOnlyDictionary<int, long> initial)
{
    private readonly List<(int Key, long Value, bool IsFindable)> _entries = [];

    public SteppedMap Map => map;

    public IReadOnlyList<RaceHand> Hands => hands;

    public IReadOnlyDictionary<int, long> Initial => initial;

    /// <summary>The live entries, in the table's order, and whether a lookup finds each where it lies.</summary>
    public IReadOnlyList<(int Key, long Value, bool IsFindable)> Entries => _entries;

    /// <summary>What the map says of their number.</summary>
    public int Count { get; private set; }

    /// <summary>True when actors are waiting for each other.</summary>
    public bool IsStuck { get; private set; }

    /// <summary>What a lookup of a key finds now.</summary>
    public long? Find(int key)
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
        IsStuck = isStuck;
        var table = map._table;
        Count = table._count.Value;
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
