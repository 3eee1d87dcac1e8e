namespace GuardedMaps.Lab;

/// <summary>A violation that ended an operation in a schedule: what it was and where both sides stood.</summary>
public sealed record RaceViolation
{
    /// <summary>The kind of violation; the words of <see cref="MapViolationKind"/> for a map, free words for other models.</summary>
    public required string Kind { get; init; }

    /// <summary>The whole message, as the one who was refused got it.</summary>
    public required string Message { get; init; }

    /// <summary>Who was refused.</summary>
    public required RaceSide Current { get; init; }

    /// <summary>Who was there already; null when nobody is to be named.</summary>
    public RaceSide? Previous { get; init; }
}

/// <summary>One side of a violation.</summary>
/// <param name="Actor">The actor, from 0.</param>
/// <param name="Operation">What it was doing.</param>
/// <param name="Step">The number of the step it had come to; 0 before its first.</param>
/// <param name="Stack">The methods it stood in, the innermost first; empty where there is no code to show.</param>
public sealed record RaceSide(int Actor, string Operation, int Step, IReadOnlyList<string> Stack)
{
    /// <summary>The stack of the user's script, where the actor is a script block.</summary>
    public string? ScriptStack { get; init; }
}
