using System.Runtime.CompilerServices;

namespace GuardedMaps.Lab;

/// <summary>
/// An object of a raced map: it has an identity that is the same in every run of a schedule, and is its maker's own until somebody else can
/// find it.
/// </summary>
internal class RacedObject
{
    private static long s_statics;

    public RacedObject() => Renew();

    /// <summary>A number that tells it from everything else there is. Whoever makes the same in the same order gives the same numbers.</summary>
    public long Id { get; private set; }

    /// <summary>Whose own it is; see <see cref="RacedActor.Mark"/>. 0 for what everybody can touch.</summary>
    public long Owner { get; private set; }

    /// <summary>One that is there before every race, and in all of them.</summary>
    public static RacedObject ForAll()
    {
        var made = new RacedObject();
        made.BecomeOfAll();
        return made;
    }

    public void BecomeOfAll() => (Id, Owner) = (-Interlocked.Increment(ref s_statics), 0);

    /// <summary>A copy is an object of its own.</summary>
    public void Renew() => (Id, Owner) = RacedActor.Running is { } actor ? actor.NextObject() : (RacedWorld.NextOfSetup(), 0);

    /// <summary>The first byte of an object's fields, or of an array's, against which places in it are numbered.</summary>
    public static ref byte FirstOf(object owner) => ref Unsafe.As<Anything>(owner).First;

    private sealed class Anything
    {
        public byte First;
    }
}
