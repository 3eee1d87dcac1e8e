using System.Globalization;

namespace GuardedMaps.Lab.Lessons;

/// <summary>The maps that exercises ask about, made as New-GuardedMap makes them, and questions to their layout.</summary>
internal static class ExerciseMaps
{
    /// <summary>As <c>New-GuardedMap -HashSeed n</c>: keys of any kind, strings without regard to case.</summary>
    public static GuardedMap OfAny(ulong seed, int capacity = 0, bool trace = false, int traceCapacity = 4096) =>
        new(new MapOptions<object> { HashSeed = seed, Capacity = capacity, Trace = trace, TraceCapacity = traceCapacity });

    /// <summary>As <c>New-GuardedMap -KeyType int -HashSeed n</c>, with the keys from 1 to <paramref name="count"/>.</summary>
    public static GuardedMap<int, object?> OfInts(ulong seed, int count = 0, int capacity = 0, bool trace = false, int traceCapacity = 4096)
    {
        var map = new GuardedMap<int, object?>(new MapOptions<int> { HashSeed = seed, Capacity = capacity, Trace = trace, TraceCapacity = traceCapacity, ForShell = true });
        for (int key = 1; key <= count; key++) map[key] = key;
        return map;
    }

    /// <summary>The bucket a key lies in, and its tophash.</summary>
    public static (int Bucket, byte Tophash) PlaceOf(IGuardedMap map, object key)
    {
        var layout = map.GetLayout();
        foreach (var bucket in layout.Buckets.Concat(layout.OldBuckets))
        {
            foreach (var slot in bucket.Chain.SelectMany(part => part))
            {
                if (slot.IsLive && KeysEqual(slot.Key, key)) return (bucket.Number, slot.Tophash);
            }
        }

        throw new ArgumentException($"The key '{key}' is not in the map.", nameof(key));
    }

    /// <summary>The events that something makes a traced map record.</summary>
    public static IReadOnlyList<MapEvent> EventsOf(IGuardedMap map, Action act)
    {
        long before = map.GetEvents() is { Count: > 0 } recorded ? recorded[^1].Sequence : 0;
        act();
        return [.. map.GetEvents().Where(e => e.Sequence > before)];
    }

    /// <summary>A tophash as pictures show it.</summary>
    public static string Hex(byte tophash) => tophash.ToString("x2", CultureInfo.InvariantCulture);

    private static bool KeysEqual(object? a, object? b) =>
        a is string x && b is string y ? string.Equals(x, y, StringComparison.OrdinalIgnoreCase) : Equals(a, b);
}
