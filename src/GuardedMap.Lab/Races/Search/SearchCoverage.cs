using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>What the shares of a search are shares of. Never a probability: a scheduler does not draw lots among schedules.</summary>
public enum ShareMeaning
{
    /// <summary>Of all schedules there are.</summary>
    All,

    /// <summary>Of all schedules with at most <see cref="ExploreResult.PreemptionsCovered"/> preemptions.</summary>
    AllWithinBound,

    /// <summary>An estimate of the share of all schedules: those run were drawn, each schedule as likely as any other.</summary>
    Estimate,

    /// <summary>Of the schedules that were run, or counted, and of nothing else: some were left out, for a reason that has to do with how they end.</summary>
    ThoseRun,
}

/// <summary>Says in words what a search has covered, and what its shares are shares of. Every table, picture and page takes it from here.</summary>
internal static class SearchCoverage
{
    /// <summary>What the shares of a result mean.</summary>
    public static ShareMeaning Shares(ExploreResult result) => result switch
    {
        { Doubt: not null } => ShareMeaning.ThoseRun,
        { Exhaustive: true } => ShareMeaning.All,
        { End: ExploreEnd.Finished, PreemptionsCovered: >= 0 } => ShareMeaning.AllWithinBound,
        { Mode: ExploreMode.Uniform } => ShareMeaning.Estimate,
        _ => ShareMeaning.ThoseRun,
    };

    /// <summary>What was covered, as the rest of a sentence that begins with the race.</summary>
    public static string Of(ExploreResult result) => $"{Covered(result)}{(result.SharesNothing ? "; no object was touched by two actors, so their order cannot matter" : "")}";

    private static string Covered(ExploreResult result) => result switch
    {
        { Doubt: { } doubt } => Invariant($"{result.Schedules:N0} schedules run{(result.End == ExploreEnd.Finished ? "" : $", when the search was ended ({Why(result.End)})")}, and nothing is said of others: {doubt}"),
        { Mode: ExploreMode.Sleep, EveryOutcomeFound: true } => Invariant($"{result.Schedules:N0} schedules run; every other differs from one of them only in the order of steps that do not conflict, and ends the same way (figures are of those run, not of all)"),
        { Mode: ExploreMode.Merged, Exhaustive: true } => Invariant($"all {result.AllSchedules:N0} schedules, counted in {result.Situations:N0} situations"),
        { Exhaustive: true } => Invariant($"all {result.Schedules:N0} schedules, each run once"),
        { Mode: ExploreMode.Merged, End: ExploreEnd.Finished, PreemptionsCovered: >= 0 } => Invariant($"all {result.Schedules:N0} schedules with at most {Preemptions(result)}, counted in {result.Situations:N0} situations"),
        { End: ExploreEnd.Finished, PreemptionsCovered: >= 0 } => Invariant($"all {result.Schedules:N0} schedules with at most {Preemptions(result)}"),
        { Miss: { } miss } => Invariant($"{result.Schedules:N0} schedules drawn ({result.Mode}, seed {result.Seed}): {miss.Text.TrimEnd('.')}"),
        { Mode: ExploreMode.Merged, End: not ExploreEnd.Finished } => Invariant($"a part: counting was ended ({Why(result.End)}) after {result.Situations:N0} situations (figures are of what was counted until then)"),
        { End: ExploreEnd.Finished } => $"not everything: {Objection(result)}",
        { PreemptionsCovered: >= 0 } => Invariant($"all schedules with at most {Preemptions(result)}, and a part of those with one more; {result.Schedules:N0} were run when the search was ended ({Why(result.End)})"),
        { Certificate: { } certificate } => Invariant($"a part: {result.Schedules:N0} schedules, {certificate.Total.ToDouble():P2} of the tree by weight, when the search was ended ({Why(result.End)})"),
        _ => Invariant($"a part: {result.Schedules:N0} schedules, when the search was ended ({Why(result.End)})"),
    };

    /// <summary>What was covered, in a word: all, ≤2 (all with at most 2 preemptions), drawn, pruned, part.</summary>
    public static string Short(ExploreResult result) => (result.Mode, result.Shares) switch
    {
        (_, ShareMeaning.All) => "all",
        (_, ShareMeaning.AllWithinBound) => Invariant($"≤{result.PreemptionsCovered}"),
        (ExploreMode.Sleep, _) when result.EveryOutcomeFound => "pruned",
        (ExploreMode.Uniform or ExploreMode.Walk or ExploreMode.Pct, _) => "drawn",
        _ => "part",
    };

    /// <summary>A figure in percent with a mark for what it is a share of: none for all, brackets for those run, a wave for an estimate.</summary>
    public static string Mark(string figures, ShareMeaning shares) => shares switch
    {
        ShareMeaning.Estimate => "~" + figures,
        ShareMeaning.ThoseRun => $"({figures})",
        _ => figures,
    };

    /// <summary>An outcome's share, with what it is a share of.</summary>
    public static string Text(ExploredOutcome outcome)
    {
        string percent = DetectionCell.Percent(outcome.Share) + " %";
        return outcome.Shares switch
        {
            ShareMeaning.All => $"{percent} of all",
            ShareMeaning.AllWithinBound => $"{percent} of those within the bound",
            ShareMeaning.Estimate => $"about {percent} of all",
            _ => $"{percent} of those run",
        };
    }

    /// <summary>The result with each outcome told what its share is a share of.</summary>
    public static ExploreResult Marked(ExploreResult result)
    {
        var shares = Shares(result);
        return result with { Outcomes = [.. result.Outcomes.Select(o => o with { Shares = shares })] };
    }

    private static string Preemptions(ExploreResult result) => result.PreemptionsCovered == 1 ? "1 preemption" : Invariant($"{result.PreemptionsCovered} preemptions");

    private static string? Objection(ExploreResult result) => result.Certificate?.Objection ?? result.Account?.Objection;

    private static string Why(ExploreEnd end) => end switch
    {
        ExploreEnd.Count => "limit of schedules",
        ExploreEnd.Time => "limit of time",
        ExploreEnd.Cancelled => "cancelled",
        ExploreEnd.Found => "what was looked for was found",
        ExploreEnd.Endless => "actors did not come to their end",
        ExploreEnd.Diverged => "the actors do not repeat themselves",
        _ => "finished",
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
