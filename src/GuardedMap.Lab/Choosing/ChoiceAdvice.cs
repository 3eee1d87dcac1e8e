using System.Globalization;

namespace GuardedMaps.Lab.Choosing;

// Figures in, a recommendation out. Nothing is measured here, so the same figures give the same advice.
//
//   1  A map that refuses overlapping operations is out where threads overlap and write, unless that is what is wanted.
//   2  Of the others the one with the most operations per second is ahead.
//   3  Who is not clearly behind it is as good: the rounds were taken in turns, so each round compares the two on the machine as it was then. Behind is who
//      was behind in at least four of five rounds, and by more than 5 % in the middle.
//   4  Among the equally fast the one whose slowest operations are shortest is taken (the 99th percentile, if it differs by a quarter), else the smallest.

/// <summary>Chooses by figures.</summary>
internal static class ChoiceAdvice
{
    private const double Ahead = 1.05;
    private const double InRounds = 0.8;
    private const double ShorterBy = 0.8;

    /// <summary>Chooses a map.</summary>
    /// <param name="load">The load.</param>
    /// <param name="figures">What each map did under it. All have the same rounds.</param>
    /// <param name="wantsRefusals">Whether a map that refuses overlapping operations, and so tells of a race, may be recommended.</param>
    /// <param name="basis">What the figures rest on.</param>
    /// <exception cref="ArgumentException">There are no figures.</exception>
    public static MapChoice Choose(MapLoad load, IEnumerable<ChoiceFigures> figures, bool wantsRefusals = false, string basis = "")
    {
        ArgumentNullException.ThrowIfNull(load);
        ChoiceFigures[] all = [.. figures.OrderByDescending(f => f.Throughput)];
        if (all.Length == 0) throw new ArgumentException("There are no figures to choose by.", nameof(figures));
        var reasons = new List<string>();
        ChoiceFigures[] able = [.. all.Where(f => wantsRefusals || !Refuses(load, f))];
        foreach (var refusing in all.Except(able)) reasons.Add(WhyOut(refusing));
        if (able.Length == 0)
        {
            reasons.Insert(0, "None of the maps measured can be recommended. Measure others as well.");
            return new MapChoice { Load = load, Recommended = null, Sureness = ChoiceSureness.Only, Reasons = reasons, Figures = all, Basis = basis };
        }

        var best = able[0];
        ChoiceFigures[] equals = [.. able.Where(f => ReferenceEquals(f, best) || !IsBehind(f, best))];
        var chosen = equals.Length == 1 ? best : Preferred(equals);
        var sureness = able.Length == 1 ? ChoiceSureness.Only : equals.Length == 1 ? ChoiceSureness.Clear : ChoiceSureness.Open;
        reasons.InsertRange(0, WhyIn(chosen, equals, able));
        reasons.AddRange(Remarks(load, chosen));
        return new MapChoice { Load = load, Recommended = chosen.Map, Sureness = sureness, Reasons = reasons, Figures = all, Basis = basis };
    }

    private static bool Refuses(MapLoad load, ChoiceFigures figures) => figures.Refused > 0 || (figures.Map == "GuardedMap" && load.Threads > 1 && load.Changes);

    private static bool IsBehind(ChoiceFigures one, ChoiceFigures best)
    {
        double[] quotients = [.. best.Rounds.Zip(one.Rounds, static (b, o) => b / o)];
        return ChoiceFigures.Median(quotients) >= Ahead && quotients.Count(static q => q > 1) >= InRounds * quotients.Length;
    }

    private static ChoiceFigures Preferred(ChoiceFigures[] equals)
    {
        var shortest = equals.OrderBy(f => f.P99 ?? double.MaxValue).ToArray();
        bool isShorter = shortest[0].P99 is { } first && shortest[1].P99 is { } second && first <= second * ShorterBy;
        return isShorter ? shortest[0] : equals.OrderBy(f => f.BytesPerEntry).First();
    }

    private static IEnumerable<string> WhyIn(ChoiceFigures chosen, ChoiceFigures[] equals, ChoiceFigures[] able)
    {
        if (able.Length == 1)
        {
            yield return $"{chosen.Map} is the only one of those measured that does the load: {ChoiceText.Rate(chosen.Throughput)}.";
            yield break;
        }

        if (equals.Length == 1)
        {
            var next = able[1];
            int ahead = chosen.Rounds.Zip(next.Rounds).Count(static r => r.First > r.Second);
            yield return Invariant($"{chosen.Map} did {ChoiceText.Rate(chosen.Throughput)}, {chosen.Throughput / next.Throughput:0.0#} times as many as {next.Map}, which comes next. It was ahead in {ahead} of {chosen.Rounds.Count} rounds.");
            yield break;
        }

        var others = equals.Where(f => !ReferenceEquals(f, chosen)).ToArray();
        yield return $"{string.Join(" and ", equals.Select(f => f.Map))} are equally fast, as far as these rounds can tell: what differs between them is less than what differs from round to round. Any of them will do.";
        bool byTime = chosen.P99 < others.Min(f => f.P99);
        bool bySize = chosen.BytesPerEntry <= others.Min(f => f.BytesPerEntry);
        yield return bySize && !(byTime && chosen.P99 <= others.Min(f => f.P99) * ShorterBy)
            ? Invariant($"{chosen.Map} is the smallest of them: {chosen.BytesPerEntry:0} bytes for each entry.")
            : $"{chosen.Map} has the shortest slow operations of them: 99 % took less than {ChoiceText.Time(chosen.P99)}.";
    }

    private static string WhyOut(ChoiceFigures figures) => figures.Refused > 0
        ? Invariant($"{figures.Map} is out: it refuses operations that overlap, and refused {figures.Refused:N0} of {figures.Operations:N0} ({ChoiceText.Share(figures.Refused, figures.Operations)}). Take it to be told of a race, not to live with one.")
        : $"{figures.Map} is out: it refuses operations that overlap, and with several threads of which some write they do sooner or later, though not in this run.";

    private static IEnumerable<string> Remarks(MapLoad load, ChoiceFigures chosen)
    {
        bool isOneMoment = chosen.Map is "SnapshotMap" or "GuardedMap" or "GuardedMapSynchronized" or "SynchronizedHashtable";
        if (load.ShareOf(LoadOperationKind.Iterate) > 0 && load.Changes && !isOneMoment)
            yield return $"An iteration of {chosen.Map} shows what is written meanwhile, or not. Where it must show one moment, take the fastest of SnapshotMap and GuardedMapSynchronized.";
        if (load.ShareOf(LoadOperationKind.Range) > 0 && chosen.Map == "OrderedMap") yield return "The other maps have no order: for a range they look at every entry, and sort what they find.";
        if (load.ShareOf(LoadOperationKind.Increment) > 0 && chosen.Map == "SynchronizedHashtable") yield return "To count up, hold its SyncRoot while reading and writing: $t[$k]++ alone loses updates.";
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
