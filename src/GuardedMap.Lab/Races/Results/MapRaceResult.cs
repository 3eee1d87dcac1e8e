using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>
/// What came of racing one scenario on one target: every trial in exactly one of five outcomes, and what was
/// found in them. <c>Trials = Clean + Detected + SilentlyWrong + Hung + Crashed</c>.
/// </summary>
public sealed record MapRaceResult
{
    /// <summary>The scenario's name.</summary>
    public required string Scenario { get; init; }

    /// <summary>The target's name.</summary>
    public required string Target { get; init; }

    /// <summary>How the actors were interleaved.</summary>
    public MapRaceMode Mode { get; init; } = MapRaceMode.Free;

    /// <summary>The seed of the actors' work; see <see cref="MapRaceOptions.Seed"/> for what it cannot fix.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How much each actor did in one trial.</summary>
    public required int Operations { get; init; }

    /// <summary>Trials run.</summary>
    public required int Trials { get; init; }

    /// <summary>Trials without error and without damage.</summary>
    public required int Clean { get; init; }

    /// <summary>Trials in which the map raised an error and holds what it acknowledged.</summary>
    public required int Detected { get; init; }

    /// <summary>Trials that left damage no exception had announced.</summary>
    public required int SilentlyWrong { get; init; }

    /// <summary>Trials that never ended and were killed.</summary>
    public required int Hung { get; init; }

    /// <summary>Trials in which the process died by itself.</summary>
    public required int Crashed { get; init; }

    /// <summary>For each kind of damage, how many trials showed it. A trial may show several.</summary>
    public required IReadOnlyDictionary<ScheduleOutcomeKind, int> Damage { get; init; }

    /// <summary>For each kind of damage, how many entries were hit, over all trials.</summary>
    public required IReadOnlyDictionary<ScheduleOutcomeKind, long> DamagedEntries { get; init; }

    /// <summary>How many operations raised what: by violation kind for this project's maps, else by the exception's type.</summary>
    public required IReadOnlyDictionary<string, long> Errors { get; init; }

    /// <summary>Racing time up to the end of the first damaged trial, without the start of child processes; null when none was damaged.</summary>
    public TimeSpan? FirstDamageAfter { get; init; }

    /// <summary>The number of the first damaged trial, counted from 1.</summary>
    public int? FirstDamageTrial { get; init; }

    /// <summary>The first damage, in one sentence.</summary>
    public string? Example { get; init; }

    /// <summary>The first error raised, with its full message.</summary>
    public string? FirstError { get; init; }

    /// <summary>The first hang or crash, in one sentence: which trial, and what the actors were doing.</summary>
    public string? FirstHang { get; init; }

    /// <summary>Time from start to end, child processes and waiting for hung ones included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>True when the race was stopped before its planned end; the figures are those of the trials finished until then.</summary>
    public bool Cancelled { get; init; }

    /// <summary>The .NET the race ran on.</summary>
    public required string Runtime { get; init; }

    /// <summary>True when the race ran in a process of its own, so that a hang could be ended.</summary>
    public required bool InChildProcess { get; init; }

    /// <summary>How many child processes were needed: one, and another after each hang or crash.</summary>
    public int ChildProcesses { get; init; }

    /// <summary>The damage in one line, for a table: <c>LostEntry 12, WrongCount 3</c> (trials).</summary>
    public string DamageText => string.Join(", ", Damage.Select(d => string.Create(CultureInfo.InvariantCulture, $"{d.Key} {d.Value}")));

    /// <summary>The errors in one line, for a table: <c>ConcurrentWrites 4711</c> (operations).</summary>
    public string ErrorText => string.Join(", ", Errors.OrderByDescending(e => e.Value).Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Key} {e.Value}")));

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Scenario} on {Target}: {Trials} trials, {Clean} clean, {Detected} detected, {SilentlyWrong} silently wrong, {Hung} hung{(Crashed > 0 ? $", {Crashed} crashed" : "")}");
}
