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

    /// <summary>The actors that wait for each other in a circle, each for what the next one has; empty where they do not, as when all wait for an event that nobody sets.</summary>
    internal static IReadOnlyList<RaceWait> Ring(IReadOnlyList<RaceWait> waits)
    {
        foreach (var start in waits)
        {
            var ring = new List<RaceWait>();
            var at = start;
            while (at is { HeldBy: { } holder } && !ring.Contains(at))
            {
                ring.Add(at);
                at = waits.FirstOrDefault(w => w.Actor == holder);
            }

            if (at == start && ring.Count > 1) return ring;
        }

        return [];
    }

    /// <summary>A circle of waiting actors in a line: <c>A ─ y ─▶ B ─ x ─▶ A</c>.</summary>
    internal static string RingText(IReadOnlyList<RaceWait> ring, bool ascii) =>
        string.Concat(ring.Select(w => $"{Schedule.Letter(w.Actor)} {(ascii ? "-" : "─")} {w.For} {(ascii ? "->" : "─▶")} ")) + Schedule.Letter(ring[0].Actor);

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
