using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GuardedMaps.Lab.Tests.Races.Recorded;

/// <summary>Memory returns to its level however often a map is filled and emptied, and what was removed is let go.</summary>
/// <remarks>
/// The size of a map is what can be reached from it, counted object by object (<see cref="ReachableBytes"/>). The size of the heap would not do: what
/// other tests of this process leave behind for their finalizers goes when it likes, and once gave a map of 20,000 entries less than nothing.
/// </remarks>
public sealed class ChurnMemoryTests
{
    private const int Entries = 20_000;
    private const int Rounds = 12;

    public static TheoryData<string> Kinds => ["SnapshotMap", "SyncMap", "OrderedMap"];

    private static IDictionary<int, object> Create(string kind) => kind switch
    {
        "SnapshotMap" => new SnapshotMap<int, object>(),
        "SyncMap" => new SyncMap<int, object>(),
        _ => new OrderedMap<int, object>(),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void After_many_rounds_a_map_needs_no_more_than_after_one(string kind)
    {
        var map = Create(kind);
        long empty = ReachableBytes(map);
        Fill(map, 0);
        long filled = ReachableBytes(map) - empty;
        Empty(map, 0);
        Fill(map, 1);
        Empty(map, 1);
        long after = ReachableBytes(map) - empty;
        for (int round = 2; round < Rounds; round++)
        {
            // Keys of their own each time, so that nothing of a round is used again by the next.
            Fill(map, round);
            Empty(map, round);
        }

        long later = ReachableBytes(map) - empty;
        Assert.Empty(map);
        Assert.True(filled > Entries * 24, $"{kind}: {filled} bytes for {Entries} entries; the measuring is at fault.");
        // A tenth of what is filled is what a runtime's own bookkeeping may come to; a leak would be ten times what is filled.
        Assert.True(later <= after + (filled / 10), $"{kind}: {filled} bytes filled, {after} after two rounds, {later} after {Rounds}");
        Assert.True(later < filled, $"{kind}: {filled} bytes filled, {later} when it is empty again");
        map.Clear();
        long cleared = ReachableBytes(map) - empty;
        Assert.True(cleared < filled / 10, $"{kind}: {filled} bytes filled, {cleared} after Clear");
        GC.KeepAlive(map);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_value_that_was_removed_replaced_or_cleared_is_let_go(string kind)
    {
        var map = Create(kind);
        Fill(map, 0, 200);
        var removed = Add(map, -1);
        var replaced = Add(map, -2);
        var cleared = Add(map, -3);
        var stays = Add(map, -4);
        Assert.True(map.Remove(-1));
        map[-2] = "another";
        Assert.True(map.ContainsKey(-3));
        Collect();
        Assert.False(removed.IsAlive, $"{kind} holds on to a value that was removed");
        Assert.False(replaced.IsAlive, $"{kind} holds on to a value that was replaced");
        Assert.True(cleared.IsAlive && stays.IsAlive);

        map.Clear();
        Collect();
        Assert.False(cleared.IsAlive, $"{kind} holds on to a value after Clear");
        GC.KeepAlive(map);
    }

    [Fact]
    public void A_snapshot_holds_on_to_what_it_shows_and_to_nothing_once_it_is_dropped()
    {
        var map = new SnapshotMap<int, object>();
        Fill(map, 0, 200);
        var value = Add(map, -1);
        AssertHeldBySnapshot(map, value);
        map[5] = "a write after the snapshot was dropped";
        Collect();
        Assert.False(value.IsAlive);
        GC.KeepAlive(map);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AssertHeldBySnapshot(SnapshotMap<int, object> map, WeakReference value)
    {
        var snapshot = map.GetSnapshot();
        Assert.True(map.Remove(-1));
        map[4] = "a write";
        Collect();
        Assert.True(value.IsAlive && snapshot.ContainsKey(-1) && !map.ContainsKey(-1));
        GC.KeepAlive(snapshot);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Add(IDictionary<int, object> map, int key)
    {
        object value = new();
        map[key] = value;
        return new WeakReference(value);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fill(IDictionary<int, object> map, int round, int entries = Entries)
    {
        for (int i = 0; i < entries; i++) map[(round * Entries) + i] = new byte[8];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Empty(IDictionary<int, object> map, int round)
    {
        for (int i = 0; i < Entries; i++) Assert.True(map.Remove((round * Entries) + i));
    }

    private static void Collect()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }
    }

    /// <summary>The bytes of every object that can be reached from <paramref name="root"/> by fields and elements, on a 64-bit runtime.</summary>
    /// <remarks>What describes code rather than data (types, delegates' methods, threads) is not followed: it is there once, whatever the map holds.</remarks>
    private static long ReachableBytes(object root)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance) { root };
        var left = new Stack<object>([root]);
        long bytes = 0;
        while (left.TryPop(out object? item))
        {
            bytes += 16 + Content(item);
        }

        return bytes;

        // What lies inside of an object or of a struct that is an element or a field of one, without the two words that each object begins with.
        long Content(object item)
        {
            var type = item.GetType();
            if (item is string text) return 4 + (2 * text.Length);
            if (item is Array array)
            {
                var element = type.GetElementType()!;
                if (element.IsPrimitive) return 8 + Buffer.ByteLength(array);
                long content = 8;
                foreach (object? part in array) content += Part(element, part);
                return content;
            }

            if (type.GetCustomAttribute<InlineArrayAttribute>() is { } inline)
            {
                // Reflection shows the first of its elements only.
                var first = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Single().FieldType;
                return Content(ElementsMethod.MakeGenericMethod(type, first).Invoke(null, [item, inline.Length])!) - 8;
            }

            long sum = 0;
            for (var at = type; at is not null; at = at.BaseType)
            {
                foreach (var field in at.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                {
                    sum += field.FieldType.IsPointer || field.FieldType.IsFunctionPointer ? 8 : Part(field.FieldType, field.GetValue(item));
                }
            }

            return sum;
        }

        long Part(Type declared, object? value)
        {
            if (declared.IsPrimitive) return declared == typeof(bool) ? 1 : Marshal.SizeOf(declared);
            if (declared.IsEnum) return Marshal.SizeOf(Enum.GetUnderlyingType(declared));
            if (declared.IsValueType) return value is null ? 0 : Content(value);
            if (value is not null and not (MemberInfo or Thread or Assembly or Module) && seen.Add(value)) left.Push(value);
            return 8;
        }
    }

    private static readonly MethodInfo ElementsMethod = typeof(ChurnMemoryTests).GetMethod(nameof(Elements), BindingFlags.Static | BindingFlags.NonPublic)!;

    private static TElement[] Elements<TBuffer, TElement>(object buffer, int length)
        where TBuffer : struct =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<TBuffer, TElement>(ref Unsafe.Unbox<TBuffer>(buffer)), length).ToArray();
}
