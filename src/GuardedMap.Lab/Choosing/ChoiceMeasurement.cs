using System.Diagnostics;
using System.Globalization;
using System.IO.Enumeration;
using System.Reflection;

namespace GuardedMaps.Lab.Choosing;

// Which map suits a load? All are given the same, in turns:
//
//   round 1   Guarded  Synchronized  Snapshot  Sync  ...  Hashtable        each for a slice of its time
//   round 2   Synchronized  Snapshot  Sync  ...  Hashtable  Guarded        the order turns
//   ...
//
// A machine that is busy with something else is so for all of them, and what is compared are rounds, not sums.

/// <summary>How a choice is measured.</summary>
public sealed record ChoiceOptions
{
    /// <summary>For how long each map is under the load.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Into how many rounds that is divided.</summary>
    public int Rounds { get; init; } = 10;

    /// <summary>The maps; wildcards are allowed.</summary>
    public IReadOnlyList<string> Maps { get; init; } = ["*"];

    /// <summary>Whether a map that refuses overlapping operations may be recommended.</summary>
    public bool WantsRefusals { get; init; }
}

/// <summary>Plays a load on each map, and chooses.</summary>
public static class ChoiceMeasurement
{
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_longestWarmUp = TimeSpan.FromMilliseconds(250);

    /// <summary>The maps there are to choose from.</summary>
    public static IReadOnlyList<string> Maps => ChoiceMaps.Names;

    /// <summary>Measures and chooses. Blocks for a little more than the duration times the number of maps.</summary>
    /// <param name="load">The load.</param>
    /// <param name="options">How to measure.</param>
    /// <param name="progress">Told how much is done, from 0 to 1, and what is being done. May be null.</param>
    /// <param name="cancellation">Ends it between two slices.</param>
    /// <exception cref="MapLoadException">The load or the options are not possible; the message says why.</exception>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static MapChoice Run(MapLoad load, ChoiceOptions options, Action<double, string>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(load);
        ArgumentNullException.ThrowIfNull(options);
        load.Validate();
        if (options.Duration <= TimeSpan.Zero) throw new MapLoadException("Each map must be under the load for some time: say more than 0 seconds.");
        if (options.Rounds < 1) throw new MapLoadException("It takes at least one round.");
        string[] maps = [.. Find(options.Maps)];
        var figures = load.NumericKeys && load.Recorded is null
            ? Measure(load, options, maps, static number => number, progress, cancellation)
            : Measure(load, options, maps, LoadSequence.Text, progress, cancellation);
        string basis = string.Create(
            CultureInfo.InvariantCulture,
            $"Measured here: {Environment.ProcessorCount} processors, .NET {Environment.Version}, each map for {options.Duration.TotalSeconds:0.###} s in {options.Rounds} rounds, in turns; one operation in eight was timed, and the time includes that of asking for it. Other machines and other loads differ.");
        return ChoiceAdvice.Choose(load, figures, options.WantsRefusals, basis) with { Warning = WarningFor(options, maps) };
    }

    // The framework's maps are always compiled with optimisation.
    private static string? WarningFor(ChoiceOptions options, string[] maps)
    {
        bool isDebug = typeof(MapKind).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true };
        if (isDebug && maps.Length > 1) return "This is a build of GuardedMap without optimisation, so its maps are several times slower here than they are. Measure with a Release build.";
        return options.Duration < s_shortest ? "Each map was under the load for so short a time that the figures say little. Give them a second." : null;
    }

    /// <summary>The maps of some names, with wildcards.</summary>
    /// <exception cref="MapLoadException">A name fits none; the message says which there are.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> patterns)
    {
        var found = patterns.SelectMany(static pattern =>
        {
            string[] fits = [.. Maps.Where(name => FileSystemName.MatchesSimpleExpression(pattern, name))];
            return fits.Length > 0 ? fits : throw new UnknownChoiceException(pattern, isLoad: false, Maps);
        }).ToHashSet(StringComparer.Ordinal);
        return [.. Maps.Where(found.Contains)];
    }

    private static List<ChoiceFigures> Measure<TKey>(MapLoad load, ChoiceOptions options, string[] maps, Func<int, TKey> make, Action<double, string>? progress, CancellationToken cancellation)
        where TKey : notnull
    {
        var sequence = LoadSequence.Of(load);
        var keys = typeof(TKey) == typeof(string) ? (TKey[])(object)sequence.Texts : [.. Enumerable.Range(0, load.Entries).Select(make)];
        var newKeys = LoadPlayer<TKey>.NewKeys(load, keys.Length, make);
        var players = new List<LoadPlayer<TKey>>();
        foreach (string map in maps)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Invoke(0, $"filling {map}");
            players.Add(new LoadPlayer<TKey>(map, load, sequence, keys, newKeys));
        }

        var slice = options.Duration / options.Rounds;
        var warmUp = slice < s_longestWarmUp ? slice : s_longestWarmUp;
        foreach (var player in players) player.Play(warmUp);
        var slices = players.Select(_ => new List<LoadSlice>()).ToArray();
        for (int round = 0; round < options.Rounds; round++)
        {
            for (int turn = 0; turn < players.Count; turn++)
            {
                cancellation.ThrowIfCancellationRequested();
                int who = (turn + round) % players.Count;
                progress?.Invoke(((double)round * players.Count + turn) / (options.Rounds * players.Count), players[who].Name);
                slices[who].Add(players[who].Play(slice));
            }
        }

        return [.. players.Select((player, i) => Sum(player.Name, player.BytesPerEntry, slices[i]))];
    }

    private static ChoiceFigures Sum(string map, double bytesPerEntry, List<LoadSlice> slices)
    {
        var latencies = new LatencyHistogram();
        foreach (var slice in slices) latencies.Add(slice.Latencies);
        return new ChoiceFigures
        {
            Map = map,
            Rounds = [.. slices.Select(s => (s.Operations - s.Refused) / s.Duration.TotalSeconds)],
            P50 = latencies.Percentile(0.5),
            P99 = latencies.Percentile(0.99),
            P999 = latencies.Percentile(0.999),
            PausedShare = slices.Sum(s => s.Paused.TotalSeconds) / slices.Sum(s => s.Duration.TotalSeconds),
            BytesPerEntry = bytesPerEntry,
            Operations = slices.Sum(s => s.Operations),
            Refused = slices.Sum(s => s.Refused),
        };
    }
}
