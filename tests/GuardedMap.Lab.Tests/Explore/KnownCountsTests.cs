using System.Globalization;
using System.Numerics;
using System.Text;

namespace GuardedMaps.Lab.Tests.Explore;

// How many schedules there are is what every figure of the lab rests on, and the lab counts them in clever ways: by situation, with whole squares of steps left out. So here they are
// counted once more in the plainest way there is. It shares no code with the lab's searches: no tree, no fold of 128 bits, no rule about steps that commute. It asks the engine for
// nothing but "set up", "make a step of this actor", and what lies in a piece of memory.

/// <summary>Numbers of schedules that are known, each counted by the lab and by a search that fits on a page.</summary>
public sealed class KnownCountsTests
{
    [Theory]
    [InlineData(6, 2, 2)]
    [InlineData(20, 3, 3)]
    [InlineData(70, 4, 4)]
    [InlineData(12_870, 8, 8)]
    public void Of_actors_that_make_so_many_steps(long expected, params int[] lengths)
    {
        RaceModel model = TestModels.Fixed(named: false, lengths);
        Assert.Equal(expected, OneByOne(model));
        Assert.Equal(expected, Explorer.Run(model).Schedules);
    }

    [Theory]
    [InlineData(6, "LostUpdate", "Hashtable")]
    [InlineData(6, "LostUpdate", "GuardedMap")]
    [InlineData(20, null, "GuardedMap")]
    public void Of_whole_operations(long expected, string? scenario, string target)
    {
        RaceModel model = scenario is not null
            ? RaceModels.Get(scenario, target, RaceGrain.Operation)
            : RaceModels.Make(ThreeEach, RaceCatalogue.GetTarget(target), RaceGrain.Operation);
        Assert.Equal(expected, OneByOne(model));
        Assert.Equal(expected, Explorer.Run(model).Schedules);
    }

    [Theory]
    [InlineData(2_336_379_328, "GuardedMapNone")]
    [InlineData(4_039_402, "GuardedMap")]
    public void Of_two_writers_into_one_bucket(long expected, string target)
    {
        RaceModel model = RaceModels.Get("TwoWritersSameBucket", target, RaceGrain.Access);
        Assert.Equal(expected, ByWhatWasSeen(model));
        Assert.Equal(expected, Explorer.Run(model, new() { Mode = ExploreMode.Merged }).AllSchedules);
    }

    private static Scenario ThreeEach => new("ThreeEach", "Three lookups each.")
    {
        Setup = [new(Verb.Set, 7, 70)],
        Programs = [[new(Verb.Get, 7), new(Verb.Get, 7), new(Verb.Get, 7)], [new(Verb.Get, 7), new(Verb.Get, 7), new(Verb.Get, 7)]],
    };

    // Each schedule from its beginning: the actor with the last choice is exchanged for the next one, as a number is counted up.
    private static long OneByOne(RaceModel model)
    {
        RaceRun run = model.CreateRun();
        var schedule = new List<int>();
        long count = 0;
        do
        {
            run.Restart();
            foreach (int actor in schedule) run.Step(actor);
            while (run.Enabled != 0) Go(0);
            count++;
        }
        while (Advance());
        return count;

        void Go(int from)
        {
            int actor = Enumerable.Range(from, model.Actors.Count - from).First(a => (run.Enabled & (1u << a)) != 0);
            run.Step(actor);
            schedule.Add(actor);
        }

        bool Advance()
        {
            while (schedule.Count > 0)
            {
                int last = schedule[^1];
                schedule.RemoveAt(schedule.Count - 1);
                run.Restart();
                foreach (int actor in schedule) run.Step(actor);
                if (Enumerable.Range(last + 1, model.Actors.Count - last - 1).FirstOrDefault(a => (run.Enabled & (1u << a)) != 0, -1) is var next and >= 0)
                {
                    schedule.Add(next);
                    return true;
                }
            }

            return false;
        }
    }

    // Actors do what they have read. So where each actor has touched the same places in the same order and found and left the same there, and the places hold the same, what can follow is
    // the same; and what is known by its text is not run again.
    private static BigInteger ByWhatWasSeen(RaceModel model)
    {
        var run = (SteppedRun)model.CreateRun();
        var known = new Dictionary<string, BigInteger>(StringComparer.Ordinal);
        return From([]);

        BigInteger From(List<int> schedule)
        {
            string situation = Run(schedule);
            if (known.TryGetValue(situation, out BigInteger count)) return count;
            int[] next = [.. Enumerable.Range(0, model.Actors.Count).Where(a => (run.Enabled & (1u << a)) != 0)];
            count = next.Length == 0 ? 1 : next.Aggregate(BigInteger.Zero, (sum, actor) => sum + From([.. schedule, actor]));
            known.Add(situation, count);
            return count;
        }

        string Run(List<int> schedule)
        {
            var seen = new StringBuilder[model.Actors.Count];
            for (int i = 0; i < seen.Length; i++) seen[i] = new StringBuilder();
            var memory = new SortedDictionary<long, string>();
            run.Restart();
            foreach (int actor in schedule)
            {
                Footprint footprint = run.Next(actor);
                seen[actor].Append(CultureInfo.InvariantCulture, $"{footprint.Point}:{footprint.Location}:{At(footprint.Location)}>");
                run.Step(actor);
                memory[footprint.Location] = At(footprint.Location);
                seen[actor].Append(At(footprint.Location)).Append(';');
            }

            return string.Create(CultureInfo.InvariantCulture, $"{run.Enabled}|{string.Join('|', (object[])seen)}|{string.Join(',', memory)}");
        }

        string At(long location)
        {
            if (run.World.MemoryAt(location) is not { } memory) return "";
            return memory.Show((int)(location - memory.Location)) switch
            {
                null => "null",
                IStepShared shared => string.Create(CultureInfo.InvariantCulture, $"@{shared.Identity}"),
                var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
            };
        }
    }
}
