using System.Management.Automation;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Lists the scenarios of the race lab: what the actors do, what goes wrong, and what they can be run on.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "MapScenario")]
[OutputType(typeof(Scenario))]
public sealed class GetMapScenarioCommand : PSCmdlet
{
    /// <summary>Which scenarios; wildcards are allowed. Without it, all.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ScenarioCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string pattern in Name)
        {
            WildcardPattern wildcard = NamePattern.Of(pattern);
            Scenario[] found = [.. RaceCatalogue.Scenarios.Where(s => wildcard.IsMatch(s.Name))];
            if (found.Length == 0) WriteError(Errors.UnknownName("Name", pattern, new UnknownRaceException("Scenario", pattern, RacePairs.ScenarioNames), RacePairs.ScenarioNames));
            WriteObject(found, enumerateCollection: true);
        }
    }
}
