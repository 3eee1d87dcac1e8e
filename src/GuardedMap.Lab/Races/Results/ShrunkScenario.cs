using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>The smallest part found of a scenario that still ends the same way.</summary>
public sealed record ShrunkScenario
{
    /// <summary>A schedule of it, with the fewest preemptions. Its variant says what is left out, so it replays as any token does.</summary>
    public required ScheduleToken Token { get; init; }

    /// <summary>How that schedule ends: as the whole scenario's did, perhaps with another key.</summary>
    public required ScheduleOutcome Outcome { get; init; }

    /// <summary>Its preemptions.</summary>
    public required int Preemptions { get; init; }

    /// <summary>The operations that are left, each with its actor and number.</summary>
    public required IReadOnlyList<string> Operations { get; init; }

    /// <summary>The keys in the map at the beginning that are left.</summary>
    public required IReadOnlyList<string> Keys { get; init; }

    /// <summary>How many operations there were.</summary>
    public required int OperationsBefore { get; init; }

    /// <summary>How many keys there were.</summary>
    public required int KeysBefore { get; init; }

    /// <summary>
    /// True when of what is left nothing can be left out by itself: each operation and each key was tried, and every schedule without it
    /// within <see cref="Preemptions"/> ends another way. False when time ran out.
    /// </summary>
    public required bool MinimalProven { get; init; }

    /// <summary>Searches made.</summary>
    public required int Searches { get; init; }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Operations.Count} of {OperationsBefore} operations, {Keys.Count} of {KeysBefore} keys: {Token}");
}
