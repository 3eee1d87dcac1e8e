using GuardedMaps.Lab.Choosing;

namespace GuardedMaps.Shell;

/// <summary>Completes names of typical loads.</summary>
public sealed class LoadCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Description)> Names => TypicalLoads.All.Select(l => (l.Load.Name, l.Description));
}

/// <summary>Completes names of maps to choose from.</summary>
public sealed class ChoiceCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Description)> Names => ChoiceMeasurement.Maps.Select(name => (name, name));
}
