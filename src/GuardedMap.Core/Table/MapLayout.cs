
namespace GuardedMaps;

/// <summary>What a map's table looks like at one moment: a copy, safe to keep. For pictures, lessons and diagnosis.</summary>
public sealed record MapLayout : IMapLayout
{
    /// <summary>The map's name.</summary>
    public required string Name { get; init; }

    /// <summary>Always <see cref="MapKind.Guarded"/>.</summary>
    public MapKind Kind => MapKind.Guarded;

    /// <summary>The number of entries.</summary>
    public required int Count { get; init; }

    /// <summary>The map's version: the number of writes completed so far.</summary>
    public required long Version { get; init; }

    /// <summary>The current buckets, by number.</summary>
    public required IReadOnlyList<BucketLayout> Buckets { get; init; }

    /// <summary>The old buckets while the table grows, else empty.</summary>
    public required IReadOnlyList<BucketLayout> OldBuckets { get; init; }

    /// <summary>How many overflow buckets the current array has handed out.</summary>
    public required int OverflowBuckets { get; init; }

    /// <summary>Why the table is growing, or <see cref="GuardedMaps.GrowReason.None"/>.</summary>
    public required GrowReason GrowReason { get; init; }

    /// <summary>Old buckets below this number are evacuated.</summary>
    public required int EvacuationMark { get; init; }

    /// <summary>How many entries fit before the table doubles.</summary>
    public required int Capacity { get; init; }

    /// <summary>True while old buckets remain.</summary>
    public bool IsGrowing => OldBuckets.Count > 0;

    /// <summary>Entries per bucket; the table doubles before it would pass 5 (8 in a single bucket). Go: 6.5.</summary>
    public double LoadFactor => (double)Count / Math.Max(1, Buckets.Count);
}

/// <summary>One bucket and its overflow chain.</summary>
/// <param name="Number">The bucket's number in its array.</param>
/// <param name="IsOld">True for a bucket of the old array.</param>
/// <param name="IsEvacuated">True if its cards have moved to the new array.</param>
/// <param name="Chain">The slots of the bucket and of each overflow bucket behind it, eight to a part. A slot shows the entry that its card leads to.</param>
public sealed record BucketLayout(int Number, bool IsOld, bool IsEvacuated, IReadOnlyList<IReadOnlyList<SlotLayout>> Chain)
{
    /// <summary>The number of live entries in the chain.</summary>
    public int Live => Chain.Sum(part => part.Count(slot => slot.IsLive));

    /// <summary>The number of overflow buckets in the chain.</summary>
    public int Overflow => Chain.Count - 1;
}

/// <summary>One slot of a bucket: the place of a card.</summary>
/// <param name="Tophash">The byte that pictures show of the card: bits 20 to 27 of the key's hash, or a marker.</param>
/// <param name="Key">The key, or null where the slot is not live.</param>
/// <param name="Value">The value, or null where the slot is not live.</param>
public sealed record SlotLayout(byte Tophash, object? Key, object? Value)
{
    /// <summary>The number of the entry that the card leads to: how manieth it came, as long as nothing is removed. -1 where the slot is not live.</summary>
    public int Number { get; init; } = -1;

    /// <summary>True if the slot's card leads to an entry.</summary>
    public bool IsLive => Tophash >= GuardedMaps.Tophash.MinLive;

    /// <summary>The tophash in hexadecimal, or the marker's name.</summary>
    public string State => GuardedMaps.Tophash.Name(Tophash);
}

internal partial struct BucketTable<TKey, TValue>
{
    /// <summary>Copies the layout. O(buckets).</summary>
    public readonly MapLayout Layout(string name, long version) => new()
    {
        Name = name,
        Version = version,
        Count = _count,
        Buckets = Describe(_current, isOld: false),
        OldBuckets = _old is null ? [] : Describe(_old, isOld: true),
        OverflowBuckets = _current.OverflowCount,
        GrowReason = _growReason,
        EvacuationMark = _evacuationMark,
        Capacity = Capacity,
    };

    /// <summary>Copies the buckets of one index. O(buckets).</summary>
    private readonly BucketLayout[] Describe(BucketIndex index, bool isOld)
    {
        if (index.IsUnallocated) return [];
        var buckets = new BucketLayout[index.Count];
        for (int bucket = 0; bucket < buckets.Length; bucket++)
        {
            var chain = new List<IReadOnlyList<SlotLayout>>(1);
            for (int id = bucket, next; ; id = next)
            {
                ReadOnlySpan<uint> cards = index.CardsOf(id);
                var slots = new SlotLayout[Card.PerBucket];
                for (int slot = 0; slot < slots.Length; slot++)
                {
                    uint card = cards[slot];
                    if (!Card.IsLive(card))
                    {
                        slots[slot] = new SlotLayout(Card.Top(card), null, null);
                        continue;
                    }

                    int number = (int)(card & index.Numbers);
                    ref Slot<TKey, TValue> entry = ref EntryOf(number);
                    slots[slot] = new SlotLayout(Card.Top(card), entry.Key, entry.Value) { Number = number };
                }

                chain.Add(slots);
                next = index.Next(id);
                if (next == 0) break;
            }

            buckets[bucket] = new BucketLayout(bucket, isOld, index.IsEvacuated(bucket), chain);
        }

        return buckets;
    }

    /// <summary>Copies the entries, eight to a stretch, as a walk goes over them. O(n).</summary>
    /// <param name="walk">The walk. Entries that it does not go to are left out.</param>
    public readonly IReadOnlyList<BucketLayout> DescribeEntries(EntryWalk<TKey, TValue> walk)
    {
        var stretches = new SlotLayout[walk.Buckets][];
        for (int i = 0; i < stretches.Length; i++) stretches[i] = [.. Enumerable.Repeat(new SlotLayout(Tophash.EmptyRest, null, null), Card.PerBucket)];
        Place(_current, this);
        if (_old is not null) Place(_old, this);
        return [.. stretches.Select(static (stretch, number) => new BucketLayout(number, IsOld: false, IsEvacuated: false, [stretch]))];

        void Place(BucketIndex index, in BucketTable<TKey, TValue> table)
        {
            foreach (uint card in index.Cards.Concat(index.OverflowCards))
            {
                int number = (int)(card & index.Numbers);
                if (!Card.IsLive(card) || !walk.IsToVisit(number, table.Clears)) continue;
                ref Slot<TKey, TValue> entry = ref table.EntryOf(number);
                stretches[number / Card.PerBucket][number % Card.PerBucket] = new SlotLayout(Card.Top(card), entry.Key, entry.Value) { Number = number };
            }
        }
    }
}
