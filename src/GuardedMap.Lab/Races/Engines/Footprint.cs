namespace GuardedMaps.Lab;

/// <summary>
/// What an actor's next step will touch: the yield point it stands at, the memory location, and whether it reads or writes.
/// </summary>
/// <param name="Point">The number of the yield point in the model's <see cref="YieldPointCatalogue"/>.</param>
/// <param name="Kind">What the step does.</param>
/// <param name="Location">Which memory, as a number of the model's choosing; <see cref="Anywhere"/> when it is not known.</param>
internal readonly record struct Footprint(int Point, AccessKind Kind, long Location)
{
    /// <summary>A location that is not known before the step is made. It is taken to be every location.</summary>
    public const long Anywhere = -1;

    /// <summary>
    /// Whether the order of two steps of different actors can matter: same memory, and at least one writes. A footprint
    /// must say at least what its step touches. Saying more costs schedules; saying less makes pruning wrong.
    /// </summary>
    public bool ConflictsWith(Footprint other) =>
        Kind != AccessKind.None
        && other.Kind != AccessKind.None
        && (Kind == AccessKind.Write || other.Kind == AccessKind.Write)
        && (Location == other.Location || Location == Anywhere || other.Location == Anywhere);
}
