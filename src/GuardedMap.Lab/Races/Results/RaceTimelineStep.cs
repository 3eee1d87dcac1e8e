namespace GuardedMaps.Lab;

/// <summary>One step of a schedule, told so that it can be drawn: who did what to which memory, and what it changed.</summary>
public sealed record RaceTimelineStep
{
    /// <summary>The class of memory of a step that is a whole call or statement: its point's name says what it does.</summary>
    internal const string WholeStep = "map";

    /// <summary>Its number, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Which actor made it, from 0; its letter is <see cref="Schedule.Letter"/>.</summary>
    public required int Actor { get; init; }

    /// <summary>The operation the actor was in, such as <c>Set(10, 100)</c>.</summary>
    public required string Operation { get; init; }

    /// <summary>The yield point the step began at: its name, the class of memory and whether it reads or writes.</summary>
    public required YieldPoint Point { get; init; }

    /// <summary>Whether the step read or wrote; the same as the point's.</summary>
    public AccessKind Access => Point.Kind;

    /// <summary>The memory it touched, in words, such as <c>bucket 0 slot 1 key</c>.</summary>
    public required string Location { get; init; }

    /// <summary>What was there before the step; null where there is nothing to show.</summary>
    public string? Before { get; init; }

    /// <summary>What was there after the step; equal to <see cref="Before"/> for a read.</summary>
    public string? After { get; init; }

    /// <summary>True when another actor, which was not finished, was interrupted by this step.</summary>
    public required bool Preempted { get; init; }

    /// <summary>True when it was the actor's last step.</summary>
    public required bool Ends { get; init; }

    /// <summary>The locks that its actor had after it, by the names they were taken by; empty where the lab knows of none.</summary>
    public IReadOnlyList<string> Held { get; init; } = [];

    /// <summary>What the reader should know about this step: the error it raised, the answer an operation gave; null for most steps.</summary>
    public string? Note { get; init; }

    /// <summary>
    /// The number of an earlier step of another actor that touched the same memory, one of the two writing; null when there
    /// is none. These are the pairs whose order matters.
    /// </summary>
    public int? ConflictsWith { get; init; }

    /// <summary>The method the actor stood in, the innermost first; empty where the model has no code to show.</summary>
    public IReadOnlyList<string> Stack { get; init; } = [];

    /// <summary>All buckets after the step, current ones first, then old ones; empty where the model has no table.</summary>
    public IReadOnlyList<BucketLayout> Buckets { get; init; } = [];

    /// <summary>What the table did in this step, as a traced map tells it; empty for most steps.</summary>
    public IReadOnlyList<MapEvent> Events { get; init; } = [];

    /// <summary>What it did, in a few words: <c>write bucket 0 slot 1 key: 10 → 11</c>; of a whole operation <c>set n = 1</c>.</summary>
    public string Describe(string arrow = "→")
    {
        string what = Access switch
        {
            _ when Point.LocationClass == WholeStep => Point.Name,
            AccessKind.Read => "read",
            AccessKind.Write => "write",
            _ => Point.Name,
        };
        string value = this switch
        {
            { Before: null, After: null } => "",
            { Access: AccessKind.Write } when !string.Equals(Before, After, StringComparison.Ordinal) => $": {Before ?? "nothing"} {arrow} {After ?? "nothing"}",
            _ => $" = {After ?? Before}",
        };
        return Location.Length == 0 ? $"{what}{value}" : $"{what} {Location}{value}";
    }
}
