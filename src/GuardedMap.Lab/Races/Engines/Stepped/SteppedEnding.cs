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
        if (!current.IsUnallocated) Collect(current);
        if (table._old.Value is { } old) Collect(old);
    }

    private void Collect(SteppedIndex index)
    {
        for (int bucket = 0; bucket < index.Count; bucket++)
        {
            for (int id = bucket, last = -1; id > last;)
            {
                for (int place = 0; place < Card.PerBucket; place++)
                {
                    uint card = index.CardAt(id, place);
                    if (!Card.IsLive(card)) continue;
                    var entry = map._table.EntryOrNull((int)(card & index.Numbers)).Now();
                    if (entry.IsNull) continue;
                    int key = entry.Slots.Keys[entry.Index];
                    var found = Lookup(key);
                    _entries.Add((key, entry.Slots.Values[entry.Index], !found.IsNull && ReferenceEquals(found.Slots, entry.Slots) && found.Index == entry.Index));
                }

                last = id;
                id = index.Next(id).Now();
                if (id == 0) break;
            }
        }
    }

    private SlotRef Lookup(int key)
    {
        var ops = new StepOps(map._table.Seed);
        return map._table.FindGrowing(key, ops.Hash(key), ops, StepWorld.Current.Probe).Now();
    }
}
