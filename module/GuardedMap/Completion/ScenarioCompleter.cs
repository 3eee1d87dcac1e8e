using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

/// <summary>Completes names of race scenarios, raced and explored.</summary>
public sealed class ScenarioCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Description)> Names => ScenarioOverview.All.Select(s => (s.Name, s.Description));
}
