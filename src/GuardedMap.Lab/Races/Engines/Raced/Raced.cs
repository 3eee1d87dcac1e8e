using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GuardedMaps.Lab;

// What the raced maps call where the source touches memory that others may touch. Outside of a race, in a setup or an oracle, each is the plain
// access. In a race the thread stops first, until the schedule lets it go on:
//
//     node.IsMarked = true            Raced.Write(ref node.IsMarked, node, true, 7)
//
//     thread of A   ── ... ──┤ stops: "point 7, write, in node 12"      ├── stores, and runs on to the next access
//     the search             └── runs B meanwhile, or lets A go on ─────┘
//
// The access is the beginning of the step, and what the thread does with it, up to the next access, is the rest: as with the steppers of
// the guarded map. Here the code runs as it is, on a thread of its own, since it hands references about in ways that no method that can be
// suspended may.

/// <summary>Accesses to memory that actors share.</summary>
internal static class Raced
{
    /// <summary>Stands for a random hash seed.</summary>
    public const ulong Seed = RacedWorld.HashSeed;

    public static T Read<T>(ref T location, object owner, int point)
    {
        if (RacedActor.Running is not { } actor) return location;
        if (actor.Stops(owner)) actor.Stop(new Footprint(point, AccessKind.Read, RacedWorld.PlaceOf(owner, ref location)));
        T value = location;
        actor.Saw(RacedFold.Bits(value));
        return value;
    }

    public static T Write<T>(ref T location, object owner, T value, int point)
    {
        if (RacedActor.Running is not { } actor)
        {
            location = value;
            return value;
        }

        bool isShared = actor.Stops(owner);
        if (isShared) actor.Stop(new Footprint(point, AccessKind.Write, RacedWorld.PlaceOf(owner, ref location)));
        Store(ref location, owner, value, actor, isShared);
        return value;
    }

    /// <summary>A store that is no step, since it is made under a lock or before anybody can see it; but what is there is part of the situation.</summary>
    public static T Note<T>(ref T location, object owner, T value)
    {
        if (RacedActor.Running is { } actor) actor.Note(RacedWorld.ByteOf(owner, ref location), RacedFold.Bits(location), RacedFold.Bits(value));
        return location = value;
    }

    /// <summary>A reference to memory that the method it is handed to reads at once.</summary>
    public static ref T Peek<T>(ref T location, object owner, int point)
    {
        if (RacedActor.Running is { } actor)
        {
            if (actor.Stops(owner)) actor.Stop(new Footprint(point, AccessKind.Read, RacedWorld.PlaceOf(owner, ref location)));
            actor.Saw(RacedFold.Bits(location));
        }

        return ref location;
    }

    public static T CompareExchange<T>(ref T location, object owner, T value, T comparand, int point)
    {
        var actor = RacedActor.Running;
        bool isShared = actor is not null && actor.Stops(owner);
        if (isShared) actor!.Stop(new Footprint(point, AccessKind.Write, RacedWorld.PlaceOf(owner, ref location)));
        T before = location;
        actor?.Saw(RacedFold.Bits(before));
        bool isSame = typeof(T).IsValueType ? EqualityComparer<T>.Default.Equals(before, comparand) : ReferenceEquals(before, comparand);
        if (isSame) Store(ref location, owner, value, actor, isShared);
        return before;
    }

    public static T Exchange<T>(ref T location, object owner, T value, int point)
    {
        var actor = RacedActor.Running;
        bool isShared = actor is not null && actor.Stops(owner);
        if (isShared) actor!.Stop(new Footprint(point, AccessKind.Write, RacedWorld.PlaceOf(owner, ref location)));
        T before = location;
        actor?.Saw(RacedFold.Bits(before));
        Store(ref location, owner, value, actor, isShared);
        return before;
    }

    public static int Increment(ref int location, object owner, int point) => Add(ref location, owner, 1, point);

    public static long Increment(ref long location, object owner, int point) => Add(ref location, owner, 1, point);

    public static int Decrement(ref int location, object owner, int point) => Add(ref location, owner, -1, point);

    public static int Add(ref int location, object owner, int value, int point)
    {
        var actor = RacedActor.Running;
        bool isShared = actor is not null && actor.Stops(owner);
        if (isShared) actor!.Stop(new Footprint(point, AccessKind.Write, RacedWorld.PlaceOf(owner, ref location)));
        int sum = location + value;
        actor?.Saw((uint)sum);
        Store(ref location, owner, sum, actor, isShared);
        return sum;
    }

    public static long Add(ref long location, object owner, long value, int point)
    {
        var actor = RacedActor.Running;
        bool isShared = actor is not null && actor.Stops(owner);
        if (isShared) actor!.Stop(new Footprint(point, AccessKind.Write, RacedWorld.PlaceOf(owner, ref location)));
        long sum = location + value;
        actor?.Saw((ulong)sum);
        Store(ref location, owner, sum, actor, isShared);
        return sum;
    }

    /// <summary>Takes a lock: a step, and whoever finds it taken waits for it.</summary>
    public static void Enter(object gate, int point) => RacedActor.Running?.Enter(gate, point);

    public static void Exit(object gate, int point) => RacedActor.Running?.Exit(gate, point);

    /// <summary>Waits, as a spinning thread does, until another actor has written something.</summary>
    public static void Spin(int point) => RacedActor.Running?.Spin(point);

    /// <summary>The answer of something that reads in one step; it becomes part of what the actor knows.</summary>
    public static T Saw<T>(T value)
    {
        RacedActor.Running?.Saw(RacedFold.Bits(value));
        return value;
    }

    /// <summary>An array that is read at one go: one that nobody changes any more, or that is changed under a lock which the reader holds.</summary>
    public static T[] All<T>(T[] array)
    {
        if (RacedActor.Running is not { } actor) return array;
        foreach (T item in array) actor.Saw(RacedFold.Bits(item));
        return array;
    }

    /// <summary>A new array: its maker's own until it is stored where others can find it.</summary>
    public static T[] Made<T>(T[] array)
    {
        RacedWorld.Admit(array);
        return array;
    }

    /// <summary>Stops before an object is copied as a whole.</summary>
    public static object Whole(object owner, int point)
    {
        if (RacedActor.Running is { } actor && actor.Stops(owner)) actor.Stop(new Footprint(point, AccessKind.Read, Footprint.Anywhere));
        return owner;
    }

    /// <summary>A copy is an object of its own, and has read all there was.</summary>
    public static object Cloned(object original, object copy)
    {
        ((RacedObject)copy).Renew();
        RacedActor.Running?.Saw(RacedFold.OfObject(original));
        return copy;
    }

    /// <summary>Something that is there before every race, and in all of them.</summary>
    public static T ForAll<T>(Func<T> make) => RacedObject.MakeForAll(make);

    public static T Hold<T>(T value, out T held) => held = value;

    /// <summary>Stands for a fence, which has nothing to do where steps are made one after the other.</summary>
    public static void Nothing()
    {
    }

    private static void Store<T>(ref T location, object owner, T value, RacedActor? actor, bool isShared)
    {
        if (actor is null || !isShared)
        {
            location = value;
            return;
        }

        actor.World.Wrote(RacedWorld.ByteOf(owner, ref location), RacedFold.Bits(location), RacedFold.Bits(value));
        location = value;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>()) actor.Publish(value);
    }
}

/// <summary>Values as numbers, by which equal situations are recognised.</summary>
internal static class RacedFold
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<Type, Func<object, ulong>> s_structs = new();

    /// <summary>Everything an object holds, in one number.</summary>
    public static ulong OfObject(object item)
    {
        ulong bits = 0;
        for (var type = item.GetType(); type is not null && type != typeof(RacedObject) && type != typeof(object); type = type.BaseType)
        {
            foreach (var field in type.GetFields(Fields))
            {
                object? value = field.GetValue(item);
                bits = (ulong)StepFold.Of(bits, value is ValueType ? OfStruct(value) : OfReference(value));
            }
        }

        return bits;
    }

    public static ulong Bits<T>(T value)
    {
        if (typeof(T) == typeof(Vector256<byte>))
        {
            var words = ((Vector256<byte>)(object)value!).AsUInt64();
            return (ulong)StepFold.Then(StepFold.Of(words[0], words[1]), words[2] ^ (words[3] * 0x9E37_79B9_7F4A_7C15));
        }

        if (typeof(T).IsValueType && !RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            return Unsafe.SizeOf<T>() switch
            {
                1 => Unsafe.As<T, byte>(ref value),
                2 => Unsafe.As<T, ushort>(ref value),
                4 => Unsafe.As<T, uint>(ref value),
                8 => Unsafe.As<T, ulong>(ref value),
                _ => OfBytes(ref value),
            };
        }

        return OfReference(value);
    }

    private static ulong OfBytes<T>(ref T value)
    {
        ulong bits = 0;
        ref byte first = ref Unsafe.As<T, byte>(ref value);
        for (int i = 0; i < Unsafe.SizeOf<T>(); i++) bits = (ulong)StepFold.Of(bits, Unsafe.Add(ref first, i));
        return bits;
    }

    private static ulong OfReference(object? value)
    {
        switch (value)
        {
            case null:
                return 0;
            case RacedObject or Array:
                return (ulong)RacedWorld.IdOf(value) + 1;
            case string text:
                return (ulong)text.Length + 7;
            case ValueType:
                return OfStruct(value);
            default:
                throw new RaceModelException($"A reference to {value.GetType()} has no identity by which situations could be compared.");
        }
    }

    private const System.Reflection.BindingFlags Fields = System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.DeclaredOnly;

    private static ulong OfStruct(object value) => s_structs.GetOrAdd(value.GetType(), static type =>
    {
        bool hasReferences = (bool)typeof(RuntimeHelpers).GetMethod(nameof(RuntimeHelpers.IsReferenceOrContainsReferences))!.MakeGenericMethod(type).Invoke(null, null)!;
        string way = hasReferences ? nameof(OfParts) : nameof(OfUnboxed);
        return typeof(RacedFold).GetMethod(way, System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!.MakeGenericMethod(type).CreateDelegate<Func<object, ulong>>();
    })(value);

    private static ulong OfUnboxed<T>(object value)
        where T : struct => OfBytes(ref Unsafe.Unbox<T>(value));

    private static ulong OfElements<T, TElement>(object value, int length)
        where T : struct
    {
        ulong bits = 0;
        ref var first = ref Unsafe.As<T, TElement>(ref Unsafe.Unbox<T>(value));
        for (int i = 0; i < length; i++) bits = (ulong)StepFold.Of(bits, Bits(Unsafe.Add(ref first, i)));
        return bits;
    }

    // A struct with references in it: its fields, or the elements of one that is an array.
    private static ulong OfParts<T>(object value)
        where T : struct
    {
        ulong bits = 0;
        if (typeof(T).GetCustomAttributes(typeof(InlineArrayAttribute), inherit: false) is [InlineArrayAttribute array])
        {
            var element = typeof(T).GetFields(Fields)[0].FieldType;
            if (element.IsValueType) return (ulong)typeof(RacedFold).GetMethod(nameof(OfElements), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!.MakeGenericMethod(typeof(T), element).Invoke(null, [value, array.Length])!;
            ref object? first = ref Unsafe.As<T, object?>(ref Unsafe.Unbox<T>(value));
            for (int i = 0; i < array.Length; i++) bits = (ulong)StepFold.Of(bits, OfReference(Unsafe.Add(ref first, i)));
            return bits;
        }

        foreach (var field in typeof(T).GetFields(Fields))
        {
            object? part = field.GetValue(value);
            bits = (ulong)StepFold.Of(bits, part is ValueType ? OfStruct(part) : OfReference(part));
        }

        return bits;
    }
}
