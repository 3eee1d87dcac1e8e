using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>What the memory and the methods of a stepped map are called, and what lies where, for people.</summary>
internal sealed class StepNames(StepWorld world, SteppedMap map)
{
    /// <summary>A location in words.</summary>
    public string NameOf(Footprint footprint, YieldPoint point)
    {
        if (footprint.Kind == AccessKind.None) return "nothing (waits)";
        if (footprint.Location == Footprint.Anywhere) return $"{point.LocationClass} (all of it)";
        if (world.MemoryAt(footprint.Location) is { } memory && memory.Name != "array") return Plain(memory.Name);
        return Place(footprint.Location)?.Name ?? $"{point.LocationClass} of a replaced array";
    }

    /// <summary>What lies there.</summary>
    public string? ValueAt(Footprint footprint)
    {
        if (footprint.Kind == AccessKind.None || footprint.Location == Footprint.Anywhere) return null;
        if (world.MemoryAt(footprint.Location) is { } memory && memory.Name != "array") return Text(memory.Name, memory.Show((int)(footprint.Location - memory.Location)));
        return Place(footprint.Location) is var (name, value) ? Text(name, value) : null;
    }

    /// <summary>A stack of stopped methods, the innermost first.</summary>
    public static IReadOnlyList<string> Stack(StepBox? box)
    {
        var methods = new List<string>();
        for (; box is not null; box = box.Caller)
        {
            if (MethodName(box.Method) is { } name) methods.Add(name);
        }

        return methods;
    }

    /// <summary>The table as pictures show it.</summary>
    public static IReadOnlyList<BucketLayout> Layout(SteppedMap map)
    {
        var buckets = new List<BucketLayout>();
        Add(map._table._current.Value, isOld: false);
        if (map._table._old.Value is { } old) Add(old, isOld: true);
        return buckets;

        void Add(SteppedIndex index, bool isOld)
        {
            if (index.IsUnallocated) return;
            for (int bucket = 0; bucket < index.Count; bucket++)
            {
                var chain = new List<IReadOnlyList<SlotLayout>>();
                for (int id = bucket, last = -1; id > last;)
                {
                    chain.Add(Slots(map, index, id));
                    last = id;
                    id = index.Next(id).Now();
                    if (id == 0) break;
                }

                buckets.Add(new BucketLayout(bucket, isOld, Card.IsEvacuated(index.Cards[bucket * Card.PerBucket]), chain));
            }
        }
    }

    private static SlotLayout[] Slots(SteppedMap map, SteppedIndex index, int id)
    {
        return [.. Enumerable.Range(0, Card.PerBucket).Select(place =>
        {
            uint card = index.CardAt(id, place);
            var entry = Card.IsLive(card) ? map._table.EntryOrNull((int)(card & index.Numbers)).Now() : default;
            int key = entry.IsNull ? 0 : entry.Slots.Keys[entry.Index];
            return new SlotLayout(Card.Top(card), key == 0 ? null : key, key == 0 ? null : entry.Slots.Values[entry.Index]);
        })];
    }

    private static string? MethodName(Type machine)
    {
        // The compiler's state machine of an asynchronous method: <Name>d__5.
        int end = machine.Name.IndexOf(">d", StringComparison.Ordinal);
        if (end < 0 || machine.Name[0] != '<' || machine.DeclaringType is not { } type || type == typeof(SlotRef) || type == typeof(StepLock)) return null;
        string method = machine.Name[1..end];
        if (type == typeof(RaceHand) && method is "Do" or "ActWithin" or "Enter" or "Leave") return null; // How a program is read, and a flag raised, says nothing about the race.
        string name = method.Replace("Get_", "", StringComparison.Ordinal);
        return $"{Plain(type.Name)}.{name}";
    }

    // The steppers' names are the source's, but for the types.
    private static string Plain(string name) => name switch
    {
        nameof(SteppedMap) => "GuardedMapBase",
        nameof(SteppedTable) => "BucketTable",
        nameof(SteppedIndex) => "BucketIndex",
        nameof(SteppedCard) => "Card",
        nameof(SteppedReborn) => "Reborn",
        nameof(SteppedIterator) => "MapIterator",
        nameof(SteppedWalk) => "EntryWalk",
        nameof(RaceHand) => "actor",
        _ when name.Contains('.', StringComparison.Ordinal) => name[(name.LastIndexOf('.') + 1)..],
        _ => name,
    };

    private string? Text(string name, object? value) => value switch
    {
        null => "null",
        // In an old bucket a number has fewer bits, and what is above them is the hash's.
        uint card when Card.IsLive(card) => string.Create(
            CultureInfo.InvariantCulture,
            $"{Card.Name(card)} -> entry {card & (name.StartsWith("old ", StringComparison.Ordinal) && map._table._old.Value is { } old ? old : map._table._current.Value).Numbers}"),
        uint card => Card.Name(card),
        long version when name.EndsWith("version", StringComparison.Ordinal) => Version(version),
        long access when name.EndsWith("access", StringComparison.Ordinal) => Access(access, map.OwningActor),
        ulong stamp when name.EndsWith("writer", StringComparison.Ordinal) => Stamp(stamp),
        SteppedIndex index => index.IsUnallocated ? "no buckets" : string.Create(CultureInfo.InvariantCulture, $"{index.Count} buckets"),
        Cells<uint> cards => string.Create(CultureInfo.InvariantCulture, $"{cards.Length} cards"),
        Cells<ulong> holes => string.Create(CultureInfo.InvariantCulture, $"holes among {holes.Length * 64} numbers"),
        SlotCells entries => string.Create(CultureInfo.InvariantCulture, $"room for {entries.Length} entries"),
        SteppedIndex.OverflowArea => "overflow buckets",
        SteppedReborn => "notes of numbers given out again",
        Lease => "a lease",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private static string Version(long word) => string.Create(
        CultureInfo.InvariantCulture,
        $"{VersionWord.Number(word)}{((word & VersionWord.Writing) != 0 ? ", writing" : "")}{(VersionWord.Signature(word) is not MapOperation.None and var operation ? $", signed by the owner in {operation}" : "")}{((word & VersionWord.Growing) != 0 ? ", growing" : "")}{((word & VersionWord.Unguarded) != 0 ? ", unguarded" : "")}");

    private static string Access(long word, int owner)
    {
        string whose = (word & AccessWord.Shared) != 0 ? "shared" : $"of {(owner < 0 ? "the setup" : Schedule.Letter(owner).ToString())}";
        string held = (word & AccessWord.Held) != 0 ? ", held" : "";
        string leases = (word & AccessWord.Registered) != 0 ? ", leased" : "";
        string handover = (word & AccessWord.Handover) != 0 ? ", being handed over" : "";
        return whose + held + leases + handover + ((word & AccessWord.Frozen) != 0 ? ", frozen" : "");
    }

    private static string Stamp(ulong stamp) => WriterStamp.Operation(stamp) == MapOperation.None
        ? "nobody"
        : string.Create(CultureInfo.InvariantCulture, $"{Actor(WriterStamp.Thread(stamp))} in {WriterStamp.Operation(stamp)}");

    private static string Actor(int thread) => thread < StepActor.FirstThread ? "the setup" : Schedule.Letter(thread - StepActor.FirstThread).ToString();

    private (string Name, object? Value)? Place(long location)
    {
        var table = map._table;
        if (In(table._entries.Value, location) is { } entry) return entry;
        if (table._holes.Value is { } holes && Has(holes, location)) return ("holes", holes[(int)(location - holes.Location)]);
        return In(table._current.Value, "", location) ?? (table._old.Value is { } old ? In(old, "old ", location) : null);
    }

    private static (string Name, object? Value)? In(SteppedIndex index, string which, long location)
    {
        if (In(index.Cards, 0, which, location) is { } place) return place;
        if (Has(index._overflow, location)) return ($"{which}overflow area", index._overflow.Value);
        if (index._overflow.Value is not { } area) return null;
        if (In(area.Cards, index.Count, which, location) is { } behind) return behind;
        if (Has(area.First, location)) return Element(area.First, $"{which}bucket {{0}} link", 0);
        if (Has(area.Next, location)) return Element(area.Next, $"{which}bucket {{0}} link", index.Count);
        return Has(area.Count, location) ? ($"{which}overflow count", area.Count.Value) : null;

        (string Name, object? Value) Element(Cells<int> cells, string name, int from)
        {
            int at = (int)(location - cells.Location);
            return (string.Format(CultureInfo.InvariantCulture, name, at + from), cells[at]);
        }
    }

    private static (string Name, object? Value)? In(Cells<uint> cards, int from, string which, long location)
    {
        if (!Has(cards, location)) return null;
        int at = (int)(location - cards.Location);
        return (string.Create(CultureInfo.InvariantCulture, $"{which}bucket {(at / Card.PerBucket) + from} card {at % Card.PerBucket}"), cards[at]);
    }

    private static (string Name, object? Value)? In(SlotCells entries, long location)
    {
        bool isKey = Has(entries.Keys, location);
        if (!isKey && !Has(entries.Values, location)) return null;
        int number = (int)(location - (isKey ? entries.Keys.Location : entries.Values.Location));
        string place = string.Create(CultureInfo.InvariantCulture, $"entry {number}");
        return isKey ? ($"{place} key", entries.Keys[number]) : ($"{place} value", entries.Values[number]);
    }

    private static bool Has(StepMemory memory, long location) => location >= memory.Location && location < memory.Location + memory.Length;
}
