using System.Globalization;
using System.Numerics;

namespace GuardedMaps.Lab;

/// <summary>Why a search ended.</summary>
public enum ExploreEnd
{
    /// <summary>It had run what it set out to run.</summary>
    Finished,

    /// <summary>The limit of schedules was reached.</summary>
    Count,

    /// <summary>The limit of time was reached.</summary>
    Time,

    /// <summary>It was cancelled.</summary>
    Cancelled,

    /// <summary>The outcome it looked for was found.</summary>
    Found,

    /// <summary>Actors that cannot be suspended did not come to their end, again and again; the search cannot get on.</summary>
    Endless,

    /// <summary>The actors did not do what they did when the same steps were made before; the search cannot get on.</summary>
    Diverged,
}

/// <summary>One way in which schedules ended.</summary>
public sealed record ExploredOutcome
{
    /// <summary>The outcome.</summary>
    public required ScheduleOutcome Outcome { get; init; }

    /// <summary>How many of the schedules that were run ended so; for <see cref="ExploreMode.Merged"/>, of those within <see cref="ExploreOptions.MaxPreemptions"/>.</summary>
    public required long Count { get; init; }

    /// <summary>How many of all schedules end so, of which most were never run; only for <see cref="ExploreMode.Merged"/>.</summary>
    public BigInteger? OfAll { get; init; }

    /// <summary>Their share of the schedules counted. What those are, <see cref="ExploreResult.Shares"/> says.</summary>
    public required ExactFraction Share { get; init; }

    /// <summary>What <see cref="Share"/> is a share of: that of the result this is an outcome of.</summary>
    public ShareMeaning Shares { get; init; } = ShareMeaning.ThoseRun;

    /// <summary>The share in percent, for a table that says below what it is a share of: in brackets where it is one of those run, after ~ where it is an estimate.</summary>
    public string MarkedPercent => SearchCoverage.Mark(string.Create(CultureInfo.InvariantCulture, $"{Share.ToDouble():P2}"), Shares);

    /// <summary>The share in percent with what it is a share of: <c>9.5 % of all</c>.</summary>
    public string ShareText => SearchCoverage.Text(this);

    /// <summary>The chance that a walk with a fair die at each step ends so, as far as the schedules that were run tell; null where schedules were drawn.</summary>
    public required ExactFraction? WalkChance { get; init; }

    /// <summary>The token of the first schedule that ended so.</summary>
    public required ScheduleToken FirstToken { get; init; }

    /// <summary>The token of the first of the schedules with the fewest preemptions that ended so.</summary>
    public required ScheduleToken SimplestToken { get; init; }

    /// <summary>The fewest preemptions of a schedule that ended so.</summary>
    public required int FewestPreemptions { get; init; }
}

/// <summary>What a search found.</summary>
public sealed record ExploreResult
{
    /// <summary>The model's scenario.</summary>
    public required string Scenario { get; init; }

    /// <summary>What the scenario was run on.</summary>
    public required string Target { get; init; }

    /// <summary>How small the steps were.</summary>
    public RaceGrain Grain { get; init; } = RaceGrain.Operation;

    /// <summary>How schedules were chosen.</summary>
    public required ExploreMode Mode { get; init; }

    /// <summary>The seed, where schedules were drawn.</summary>
    public ulong? Seed { get; init; }

    /// <summary>How many schedules were run and judged; for <see cref="ExploreMode.Merged"/>, how many there are within <see cref="ExploreOptions.MaxPreemptions"/>.</summary>
    public required long Schedules { get; init; }

    /// <summary>How many schedules there are; only for <see cref="ExploreMode.Merged"/>, which counts them, and only if it came to its end.</summary>
    public BigInteger? AllSchedules { get; init; }

    /// <summary>How many different situations those go through; only for <see cref="ExploreMode.Merged"/>.</summary>
    public int? Situations { get; init; }

    /// <summary>How many the formula says there are; null where there is none.</summary>
    public BigInteger? Predicted { get; init; }

    /// <summary>
    /// True when every schedule was run, and the <see cref="Certificate"/> proves it; or when every schedule was counted by
    /// <see cref="ExploreMode.Merged"/>, and the <see cref="Account"/> proves it. A schedule ended by the limit of steps is one of them: its outcome is <see cref="ScheduleOutcomeKind.Livelock"/>.
    /// False for <see cref="ExploreMode.Sleep"/>, which leaves schedules out: see <see cref="EveryOutcomeFound"/>.
    /// </summary>
    public bool Exhaustive => EveryOutcomeFound && Mode != ExploreMode.Sleep;

    /// <summary>
    /// True when no outcome can be missing: every schedule was run or counted, or was proven by pruning to end as one of those run does. What it says of outcomes it says
    /// of no figure: how many schedules end so, only an <see cref="Exhaustive"/> search knows.
    /// </summary>
    public bool EveryOutcomeFound => End == ExploreEnd.Finished && Doubt is null && (Certificate is { Holds: true, IsWholeTree: true } || Account is { Holds: true });

    /// <summary>The proof of what was covered; null where schedules were drawn or counted.</summary>
    public ExploreCertificate? Certificate { get; init; }

    /// <summary>The proof of what was counted; only for <see cref="ExploreMode.Merged"/> without a bound, and only if it came to its end.</summary>
    public MergedAccount? Account { get; init; }

    /// <summary>
    /// Why nothing is claimed beyond the schedules that were run, though the search came to an end of its own: programs that do not repeat themselves, waits that could not be seen,
    /// work on other threads. Null when nothing speaks against it.
    /// </summary>
    public string? Doubt { get; init; }

    /// <summary>True for own programs of which no two touched the same object: their order cannot matter, and what was explored is perhaps not what was meant.</summary>
    public bool SharesNothing { get; init; }

    /// <summary>The actors' threads that could not be stopped and still run, each with its number and the last place it was seen at; empty nearly always.</summary>
    public IReadOnlyList<string> LeftRunning { get; init; } = [];

    /// <summary>What was covered, in words: all schedules; all with at most so many preemptions; so many drawn, and what they may have missed.</summary>
    public string Coverage => SearchCoverage.Of(this);

    /// <summary>The same in a word, for a table: <c>all</c>, <c>≤2</c> (all with at most 2 preemptions), <c>drawn</c>, <c>pruned</c> or <c>part</c>.</summary>
    public string Covered => SearchCoverage.Short(this);

    /// <summary>What the shares of the outcomes are shares of.</summary>
    public ShareMeaning Shares => SearchCoverage.Shares(this);

    /// <summary>Bounded search, or merged one within a bound: everything up to this many preemptions was run; -1 for nothing. Null for other modes.</summary>
    public int? PreemptionsCovered { get; init; }

    /// <summary>How many schedules had 0, 1, 2 and so on preemptions.</summary>
    public required IReadOnlyList<long> ByPreemptions { get; init; }

    /// <summary>Each outcome, most frequent first.</summary>
    public required IReadOnlyList<ExploredOutcome> Outcomes { get; init; }

    /// <summary>
    /// The outcome most worth looking at: damage that nobody was told of before a schedule without end, that before an error, and
    /// of several the one that needs the fewest preemptions. Null when nothing was run.
    /// </summary>
    public ExploredOutcome? MostTelling => Outcomes
        .OrderBy(o => o.Outcome.Kind switch
        {
            ScheduleOutcomeKind.Clean => 3,
            ScheduleOutcomeKind.Violation or ScheduleOutcomeKind.Failed => 2,
            ScheduleOutcomeKind.Livelock or ScheduleOutcomeKind.Deadlock => 1,
            _ => 0,
        })
        .ThenBy(o => o.FewestPreemptions)
        .FirstOrDefault();

    /// <summary>What the drawn schedules may have missed; null where schedules were searched.</summary>
    public MissStatement? Miss { get; init; }

    /// <summary>Why the search ended.</summary>
    public required ExploreEnd End { get; init; }

    /// <summary>Time from start to end.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Steps made, those of repeated prefixes included.</summary>
    public required long Steps { get; init; }

    /// <summary>Schedules per second.</summary>
    public double Rate => Elapsed > TimeSpan.Zero ? Schedules / Elapsed.TotalSeconds : 0;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Scenario}:{Target}: {Coverage}; {Outcomes.Count} {(Outcomes.Count == 1 ? "outcome" : "outcomes")}");
}

/// <summary>How far a search has come. Reported on the searching thread, about ten times a second and once at the end.</summary>
/// <param name="Schedules">Schedules run so far.</param>
/// <param name="Fraction">
/// The share done, 0 to 1. In a search it is the weight of the finished part of the tree, which is exact and no guess at
/// its size; of the current round, when the search is bounded. When schedules are drawn it is the share of the budget.
/// </param>
/// <param name="Elapsed">Time since the start.</param>
public sealed record ExploreProgress(long Schedules, double Fraction, TimeSpan Elapsed);
