using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

/// <summary>Completes names of what scenarios are run on.</summary>
public sealed class TargetCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Description)> Names => RaceCatalogue.Targets.Select(t => (t.Name, t.Description));
}
