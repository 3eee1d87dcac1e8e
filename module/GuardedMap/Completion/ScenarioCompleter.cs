using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

/// <summary>Completes names of race scenarios.</summary>
public sealed class ScenarioCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Description)> Names => RaceCatalogue.Scenarios.Select(s => (s.Name, s.Description));
}
