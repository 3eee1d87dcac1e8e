using System.Diagnostics;
using System.Globalization;
using GuardedMaps.Lab;

namespace GuardedMaps.Bench;

/// <summary>How many schedules of a user's own delegates are explored in a second, and whether memory grows with them.</summary>
internal sealed class OwnRates(int rounds)
{
    private const long Most = 100_000;

    public void Run()
    {
        Console.WriteLine("actors x points   schedules   of them all   per second, median (least - most)   until the first, ms   memory after, MB   grown, MB");
        foreach (var (actors, points) in ((int, int)[])[(2, 4), (2, 10), (2, 50), (3, 4), (4, 3)]) Report(actors, points);
    }

    private void Report(int actors, int points)
    {
        var rates = new List<double>();
        var starts = new List<double>();
        long grown = 0;
        CodeRaceResult? result = null;
        for (int round = 0; round < Math.Max(1, rounds); round++)
        {
            double first = 0;
            long early = 0;
            long schedules = 0;
            long begun = Stopwatch.GetTimestamp();
            var race = new CodeRace<int[]>
            {
                Setup = () =>
                {
                    schedules++;
                    if (schedules == 2) first = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
                    if (schedules == Most / 10) early = GC.GetTotalMemory(forceFullCollection: true);
                    if (schedules == Most) grown = GC.GetTotalMemory(forceFullCollection: true) - early;
                    return new int[1];
                },
                Check = static _ => true,
                Actors = [.. Enumerable.Range(0, actors).Select(_ => (Action<int[]>)(state => Work(state, points)))],
            };
            // A short program is explored again and again, since one exploration is over before it has begun.
            long run = 0;
            var watch = Stopwatch.StartNew();
            do
            {
                result = race.Explore(new ExploreOptions { MaxSchedules = Most, MaxSteps = 5_000 });
                run += result.Schedules;
            }
            while (watch.ElapsedMilliseconds < 1_000);
            rates.Add(run / watch.Elapsed.TotalSeconds);
            starts.Add(first);
        }

        if (result!.Explored.Doubt is { } doubt) throw new InvalidOperationException(doubt);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{actors} x {points,-12} {result.Schedules,11:N0}   {(result.Explored.Exhaustive ? "all" : "part"),-11} {Ratios.Median([.. rates]),12:N0} ({rates.Min():N0} - {rates.Max():N0}) {Ratios.Median([.. starts]),20:F1} {GC.GetTotalMemory(forceFullCollection: true) / 1e6,18:F1} {(grown == 0 ? "" : $"{grown / 1e6:F1}"),11}"));
    }

    private static void Work(int[] state, int points)
    {
        for (int i = 0; i < points; i++)
        {
            Race.Yield();
            state[0]++;
        }
    }
}
