namespace GuardedMaps.Lab;

/// <summary>
/// What can be wrong with a map after a race although no exception said so. The order is the order in which an
/// example is chosen when one trial shows several kinds: what a user would miss first stands first.
/// </summary>
public enum RaceDamageKind
{
    /// <summary>A key whose write was acknowledged cannot be looked up, or is not enumerated.</summary>
    LostEntry,

    /// <summary>A counter shows fewer increments than were acknowledged.</summary>
    LostUpdate,

    /// <summary>A key holds a value that nobody stored under it.</summary>
    TornValue,

    /// <summary>A key holds a value that a later acknowledged write had replaced.</summary>
    StaleValue,

    /// <summary>A key is there that nobody wrote, whose write was rejected, or whose removal was acknowledged.</summary>
    GhostEntry,

    /// <summary>An enumeration shows one key twice.</summary>
    DuplicateEntry,

    /// <summary>An iteration ended normally without showing a key that was there from its beginning to its end.</summary>
    MissedEntry,

    /// <summary>An iteration ended normally and showed what the map held at no one moment, though its target promises that.</summary>
    MixedMoments,

    /// <summary><c>Count</c> differs from the number of entries an enumeration yields.</summary>
    WrongCount,

    /// <summary>Reading the map after the race, with no other thread near it, throws or finds a broken invariant.</summary>
    BrokenTable,
}
