namespace GuardedMaps.Lab;

/// <summary>One actor of a deadlock: what it has, where it waits, for what, and who has that.</summary>
public sealed record RaceWait
{
    /// <summary>The actor, from 0; its letter is <see cref="Schedule.Letter"/>.</summary>
    public required int Actor { get; init; }

    /// <summary>The statement or call at which it waits; of an actor that has ended, the last it came to.</summary>
    public required string At { get; init; }

    /// <summary>What it waits for, as it was written where it was taken, or by its type; null where that cannot be seen.</summary>
    public string? For { get; init; }

    /// <summary>The actor that has it; null when none of them has.</summary>
    public int? HeldBy { get; init; }

    /// <summary>The locks it has taken and not given back.</summary>
    public required IReadOnlyList<string> Holds { get; init; }

    /// <summary>True when the actor has come to its end and still has what it took.</summary>
    public bool HasEnded { get; init; }

    /// <summary>True when it sits in a wait that the lab cannot look into.</summary>
    public bool IsUnseen { get; init; }

    /// <summary>In a sentence: <c>A has x and waits for y, which B has (line 3: lock y)</c>.</summary>
    public override string ToString()
    {
        char letter = Schedule.Letter(Actor);
        string has = Holds.Count > 0 ? $"has {string.Join(" and ", Holds)}" : "";
        if (HasEnded) return $"{letter} has ended and still {has}";
        string whose = HeldBy is { } holder ? $", which {Schedule.Letter(holder)} has" : "";
        string waits = IsUnseen ? $"waits for something that cannot be seen (after {At})" : $"waits{(For is null ? "" : $" for {For}")}{whose} ({At})";
        return $"{letter} {has}{(has.Length > 0 ? " and " : "")}{waits}";
    }
}
