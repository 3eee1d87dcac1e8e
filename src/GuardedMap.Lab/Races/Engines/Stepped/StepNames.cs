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

        void Add(SteppedArray array, bool isOld)
        {
            if (array.Slots.Length == 0) return;
            for (int bucket = 0; bucket < array.Count; bucket++)
            {
                var chain = new List<IReadOnlyList<SlotLayout>>();
                for (int id = bucket, last = -1; id > last;)
                {
                    chain.Add(Slots(array, id));
                    last = id;
                    id = array.Next(id).Now();
                    if (id == 0) break;
                }

                buckets.Add(new BucketLayout(bucket, isOld, Tophash.IsEvacuated(array.Control[bucket]), chain));
            }
        }
    }

    private static SlotLayout[] Slots(SteppedArray array, int id)
    {
        bool isPrimary = array.IsPrimary(id);
        var overflow = array._overflow.Value;
        int number = isPrimary ? id : id - array.Count;
        ulong word = isPrimary ? array.Control[number] : overflow!.Control[number];
        var cells = isPrimary ? array.Slots : overflow!.Slots;
        return [.. Enumerable.Range(0, Tophash.SlotsPerBucket).Select(slot =>
        {
            byte top = Tophash.At(word, slot);
            int index = (number * Tophash.SlotsPerBucket) + slot;
            return new SlotLayout(top, cells.Keys[index] == 0 ? null : cells.Keys[index], cells.Keys[index] == 0 ? null : cells.Values[index]);
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
        nameof(SteppedArray) => "BucketArray",
        nameof(SteppedIterator) => "MapIterator",
        nameof(SteppedWalk) => "BucketWalk",
        nameof(RaceHand) => "actor",
        _ when name.Contains('.', StringComparison.Ordinal) => name[(name.LastIndexOf('.') + 1)..],
        _ => name,
    };

    private string? Text(string name, object? value) => value switch
    {
        null => "null",
        ulong word when name.EndsWith("control", StringComparison.Ordinal) => string.Join(' ', Enumerable.Range(0, Tophash.SlotsPerBucket).Select(slot => Tophash.At(word, slot).ToString("x2", CultureInfo.InvariantCulture))),
        long version when name.EndsWith("version", StringComparison.Ordinal) => Version(version),
        long access when name.EndsWith("access", StringComparison.Ordinal) => Access(access, map.OwningActor),
        ulong stamp when name.EndsWith("writer", StringComparison.Ordinal) => Stamp(stamp),
        SteppedArray array => array.Slots.Length == 0 ? "no buckets" : string.Create(CultureInfo.InvariantCulture, $"{array.Count} buckets"),
        Cells<ulong> control => string.Create(CultureInfo.InvariantCulture, $"{control.Length} control words"),
        SlotCells slots => string.Create(CultureInfo.InvariantCulture, $"{slots.Length} slots"),
        SteppedArray.OverflowArea => "overflow buckets",
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
        return In(table._current.Value, "", location) ?? (table._old.Value is { } old ? In(old, "old ", location) : null);
    }

    private static (string Name, object? Value)? In(SteppedArray array, string which, long location)
    {
        if (In(array.Control, array.Slots, 0, which, location) is { } place) return place;
        if (Has(array._overflow, location)) return ($"{which}overflow area", array._overflow.Value);
        if (array._overflow.Value is not { } area) return null;
        if (In(area.Control, area.Slots, array.Count, which, location) is { } behind) return behind;
        if (Has(area.First, location)) return Element(area.First, $"{which}bucket {{0}} link", 0);
        if (Has(area.Next, location)) return Element(area.Next, $"{which}bucket {{0}} link", array.Count);
        return Has(area.Count, location) ? ($"{which}overflow count", area.Count.Value) : null;

        (string Name, object? Value) Element(Cells<int> cells, string name, int from)
        {
            int index = (int)(location - cells.Location);
            return (string.Format(CultureInfo.InvariantCulture, name, index + from), cells[index]);
        }
    }

    private static (string Name, object? Value)? In(Cells<ulong> control, SlotCells slots, int from, string which, long location)
    {
        if (Has(control, location))
        {
            int bucket = (int)(location - control.Location);
            return (string.Create(CultureInfo.InvariantCulture, $"{which}bucket {bucket + from} control"), control[bucket]);
        }

        bool isKey = Has(slots.Keys, location);
        if (!isKey && !Has(slots.Values, location)) return null;
        int index = (int)(location - (isKey ? slots.Keys.Location : slots.Values.Location));
        string place = string.Create(CultureInfo.InvariantCulture, $"{which}bucket {(index / Tophash.SlotsPerBucket) + from} slot {index % Tophash.SlotsPerBucket}");
        return isKey ? ($"{place} key", slots.Keys[index]) : ($"{place} value", slots.Values[index]);
    }

    private static bool Has(StepMemory memory, long location) => location >= memory.Location && location < memory.Location + memory.Length;
}
