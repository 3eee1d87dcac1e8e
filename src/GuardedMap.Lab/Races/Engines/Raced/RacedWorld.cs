using System.Runtime.CompilerServices;

namespace GuardedMaps.Lab;

/// <summary>What the actors of one raced map share beside the map: who holds which lock, and what has been written.</summary>
internal sealed class RacedWorld
{
    /// <summary>The hash seed of all raced maps.</summary>
    public const ulong HashSeed = 1;

    private const int ActorShift = 24;
    private const int PlaceShift = 12;
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<Type, bool> s_readTogether = new();

    // Arrays and other objects that cannot bear a number themselves.
    private static readonly ConditionalWeakTable<object, Identity> s_identities = [];

    [ThreadStatic]
    private static long t_setupObjects;

    private readonly Dictionary<long, (int Actor, int Depth)> _locks = [];

    /// <summary>Passed to the search when it is its turn again.</summary>
    public Baton Back { get; } = new();

    /// <summary>Who comes next before the search does, and for how many steps.</summary>
    public Queue<(RacedActor Actor, int Steps)> Legs { get; } = new();


    /// <summary>How many writes there have been: what a waiting actor waits for.</summary>
    public long Writes { get; private set; }

    /// <summary>What has been written to shared memory since the setup, folded.</summary>
    public UInt128 Content { get; private set; }

    public bool IsAnyLockHeld => _locks.Count > 0;

    /// <summary>Before the setup of a schedule, on the thread that makes it.</summary>
    public void Begin()
    {
        t_setupObjects = 0;
        (Writes, Content) = (0, 0);
        _locks.Clear();
        Legs.Clear();
    }

    public void Wrote(long location, ulong before, ulong after)
    {
        Writes++;
        Noted(location, before, after);
    }

    public void Noted(long location, ulong before, ulong after)
    {
        Content ^= StepFold.Of((ulong)location, before) ^ StepFold.Of((ulong)location, after);
    }

    /// <summary>Who holds a lock; -1 for nobody.</summary>
    public int HolderOf(long gate) => _locks.TryGetValue(gate, out var held) ? held.Actor : -1;

    public void Take(object gate, int actor)
    {
        long id = IdOf(gate);
        if (id == 0) throw new RaceModelException($"A lock on {gate.GetType()} has no identity. That is a bug in the generator of the raced maps.");
        _locks[id] = (actor, _locks.TryGetValue(id, out var held) ? held.Depth + 1 : 1);
        Wrote(id << PlaceShift, 0, (ulong)actor + 1);
    }

    public void Release(object gate, int actor)
    {
        long id = IdOf(gate);
        if (!_locks.TryGetValue(id, out var held) || held.Actor != actor) throw new SynchronizationLockException($"Actor {Schedule.Letter(actor)} lets a lock go that it does not hold.");
        if (held.Depth == 1) _locks.Remove(id);
        else _locks[id] = (actor, held.Depth - 1);
        Wrote(id << PlaceShift, (ulong)actor + 1, 0);
    }

    /// <summary>An object's number.</summary>
    public static long IdOf(object item) => item is RacedObject made ? made.Id : s_identities.TryGetValue(item, out var known) ? known.Id : 0;

    /// <summary>The number of a place in an object, to the byte.</summary>
    public static long ByteOf<T>(object owner, ref T location) =>
        (IdOf(owner) << PlaceShift) + (long)Unsafe.ByteOffset(ref RacedObject.FirstOf(owner), ref Unsafe.As<T, byte>(ref location));

    /// <summary>The number of a place, as it is compared with others: of an object whose parts are read together it is the whole object.</summary>
    public static long PlaceOf<T>(object owner, ref T location) => IsReadTogether(owner) ? IdOf(owner) << PlaceShift : ByteOf(owner, ref location);

    public static long OwnerOf(object item) => item is RacedObject made ? made.Owner : s_identities.TryGetValue(item, out var known) ? known.Owner : 0;

    public static void Admit(object item)
    {
        var (id, owner) = RacedObject.NextOwn();
        s_identities.AddOrUpdate(item, new Identity(id, owner));
    }

    public static long NextOfSetup() => ++t_setupObjects;

    public static long IdFor(int actor, long number) => ((long)(actor + 1) << ActorShift) | number;

    // Vectors: one load reads what others store byte by byte.
    private static bool IsReadTogether(object owner) => s_readTogether.GetOrAdd(owner.GetType(), static type =>
        type.GetFields(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic).Any(f => f.FieldType.Name.StartsWith("Vector", StringComparison.Ordinal)));

    private sealed record Identity(long Id, long Owner);
}
