using System.Runtime.CompilerServices;

namespace GuardedMaps.Lab;

/// <summary>
/// An object of a raced map: it has an identity that is the same in every run of a schedule, and is its maker's own until somebody else can
/// find it.
/// </summary>
internal class RacedObject
{
    private static long s_statics;

    [ThreadStatic]
    private static bool t_isMakingForAll;

    public RacedObject() => Renew();

    private RacedObject(long id) => Id = id;

    /// <summary>A number that tells it from everything else there is. Whoever makes the same in the same order gives the same numbers.</summary>
    public long Id { get; private set; }

    /// <summary>Whose own it is; see <see cref="RacedActor.Mark"/>. 0 for what everybody can touch.</summary>
    public long Owner { get; private set; }

    /// <summary>
    /// One that is there in all races. It is made when somebody first asks for it, which may be an actor in the middle of the first schedule: so it takes none of the actor's
    /// numbers, or that schedule's objects would have others than those of all schedules after it.
    /// </summary>
    public static RacedObject ForAll() => new(NextOfAll());

    /// <summary>Makes something that is there in all races, with all that it is made of.</summary>
    public static T MakeForAll<T>(Func<T> make)
    {
        bool isWithin = t_isMakingForAll;
        t_isMakingForAll = true;
        try
        {
            return make();
        }
        finally
        {
            t_isMakingForAll = isWithin;
        }
    }

    /// <summary>The number and the owner of something that is being made.</summary>
    public static (long Id, long Owner) NextOwn() =>
        t_isMakingForAll ? (NextOfAll(), 0) : RacedActor.Running is { } actor ? actor.NextObject() : (RacedWorld.NextOfSetup(), 0);

    /// <summary>A copy is an object of its own.</summary>
    public void Renew() => (Id, Owner) = NextOwn();

    /// <summary>The first byte of an object's fields, or of an array's, against which places in it are numbered.</summary>
    public static ref byte FirstOf(object owner) => ref Unsafe.As<Anything>(owner).First;

    private static long NextOfAll() => -Interlocked.Increment(ref s_statics);

    private sealed class Anything
    {
        public byte First;
    }
}
