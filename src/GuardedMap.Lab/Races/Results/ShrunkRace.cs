namespace GuardedMaps.Lab;

/// <summary>A race made as small as it can be: its schedule, and where it is one over the map, the scenario too.</summary>
/// <param name="Schedule">The schedule with the fewest preemptions, of the whole scenario.</param>
/// <param name="Scenario">The smallest scenario; null for a race whose parts cannot be left out.</param>
public sealed record ShrunkRace(ShrunkSchedule Schedule, ShrunkScenario? Scenario)
{
    /// <summary>The token to show: that of the smallest race.</summary>
    public ScheduleToken Token => Scenario?.Token ?? Schedule.Token;

    /// <summary>Shrinks the race of a token.</summary>
    /// <param name="token">The token of any schedule, however tangled.</param>
    /// <param name="limits">The limits of the proofs: of time for each of the two, and of steps; null for none. Its mode does not matter.</param>
    /// <param name="cancellationToken">Cuts the proofs short; what was found until then is given.</param>
    /// <exception cref="ScheduleTokenException">The token is stale or fits no model.</exception>
    public static ShrunkRace Of(ScheduleToken token, ExploreOptions? limits = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(token);
        limits ??= new ExploreOptions();
        var model = RaceModels.For(token);
        var schedule = ScheduleShrinker.Shrink(model, token, limits, cancellationToken);
        return new ShrunkRace(schedule, model is SteppedModel map ? ScenarioShrinker.Shrink(map, schedule, limits, cancellationToken) : null);
    }

    /// <inheritdoc/>
    public override string ToString() => Scenario?.ToString() ?? Schedule.Token.ToString();
}
