using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

/// <summary>Completes names of what scenarios are run on: the maps, and the variants of explored scenarios.</summary>
public sealed class TargetCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Description)> Names =>
    [
        .. RaceCatalogue.Targets.Select(t => (t.Name, t.Description)),
        .. RaceModels.All
            .GroupBy(m => m.Variant, StringComparer.OrdinalIgnoreCase)
            .Where(g => !RaceCatalogue.Targets.Any(t => string.Equals(t.Name, g.Key, StringComparison.OrdinalIgnoreCase)))
            .Select(g => (g.Key, $"A variant of what is explored: {string.Join(", ", g.Select(m => m.Scenario))}")),
    ];
}
