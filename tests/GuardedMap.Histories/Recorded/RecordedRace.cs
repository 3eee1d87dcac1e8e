using System.Diagnostics;
using System.Globalization;
using GuardedMaps.Lab;

namespace GuardedMaps.Tests.Histories;

/// <summary>What came of recording histories on one map.</summary>
/// <param name="Rounds">How many histories were judged.</param>
/// <param name="Operations">Operations in them; what an iteration shows or leaves out of each key counts as one where it is one.</param>
/// <param name="Overlapping">How many of them were under way together with one of another thread; only they can be wrong in a way that luck decides.</param>
/// <param name="Elapsed">The time with judging.</param>
/// <param name="Fault">What the first history that has no explanation is; null if all have.</param>
internal sealed record RecordedRaceResult(int Rounds, long Operations, long Overlapping, TimeSpan Elapsed, string? Fault)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Rounds:N0} histories of {Operations:N0} operations ({100.0 * Overlapping / Operations:0} % overlap another) in {Elapsed.TotalSeconds:0.0} s, {(Fault is null ? "every one linearizable" : $"the last one is not: {Fault}")}");
}

/// <summary>
/// Races with real threads whose answers are recorded and judged: small rounds with everything a map can do, searched as a whole, and longer ones
/// that are judged key by key.
/// </summary>
internal static class RecordedRace
{
    // A map goes through several rounds, since what the ones before have left in it (a promoted part, removed nodes, old versions) is a part
    // of its state that no lookup shows.
    private const int RoundsOfOneMap = 50;

    private static readonly RecordedRound[] s_rounds =
    [
        new(threads: 2, keys: 2, operations: 24, ofAllKeys: true),
        new(threads: 4, keys: 3, operations: 40, ofAllKeys: true),
        new(threads: 3, keys: 1, operations: 40, ofAllKeys: false),
        new(threads: 4, keys: 6, operations: 160, ofAllKeys: false),
    ];

    /// <param name="create">Makes an empty map; every other time one that lingers in the middle of its operations.</param>
    /// <param name="rounds">How many histories to record.</param>
    /// <param name="seed">What the threads do.</param>
    public static RecordedRaceResult Run(Func<bool, MapFace<int>> create, int rounds, ulong seed)
    {
        var watch = Stopwatch.StartNew();
        var crews = new Dictionary<int, ActorCrew>();
        long operations = 0;
        long overlapping = 0;
        int done = 0;
        string? fault = null;
        try
        {
            while (done < rounds && fault is null)
            {
                var map = create(done / RoundsOfOneMap / s_rounds.Length % 2 == 1);
                var content = new Dictionary<int, long>();
                var round = s_rounds[done / RoundsOfOneMap % s_rounds.Length];
                if (!crews.TryGetValue(round.Threads, out var crew)) crews.Add(round.Threads, crew = new ActorCrew(round.Threads));
                for (int i = 0; i < RoundsOfOneMap && done < rounds && fault is null; i++)
                {
                    fault = round.Run(map, crew, RaceRandom.ForTrial(seed, done), ref content, out int recorded, out int overlapped);
                    operations += recorded;
                    overlapping += overlapped;
                    done++;
                }
            }
        }
        finally
        {
            foreach (var crew in crews.Values) crew.Dispose();
        }

        return new RecordedRaceResult(done, operations, overlapping, watch.Elapsed, fault);
    }
}
