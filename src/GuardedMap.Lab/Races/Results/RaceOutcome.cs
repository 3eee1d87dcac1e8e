namespace GuardedMaps.Lab;

/// <summary>How one trial ended. Every trial ends in exactly one of these ways.</summary>
public enum RaceOutcome
{
    /// <summary>Nothing raised an error, and the map holds what was acknowledged.</summary>
    Clean,

    /// <summary>At least one operation raised an error, and apart from those operations the map holds what was acknowledged.</summary>
    Detected,

    /// <summary>Something is wrong that no exception announced, whether or not other operations raised errors.</summary>
    SilentlyWrong,

    /// <summary>No actor made a step any more; the process was killed.</summary>
    Hung,

    /// <summary>The process the race ran in ended by itself in the middle of the trial.</summary>
    Crashed,
}
