using System.Collections;

namespace GuardedMaps.Lab.Tests.Own;

/// <summary>Programs over every container there is, a point before each call on it.</summary>
public sealed class OwnContainerTests
{
    // All but the one whose business it is.
    public static TheoryData<string> Containers => [.. RaceCatalogue.Targets.Where(t => t.IsContainer).Select(t => t.Name).Where(n => n is not "GuardedMapDetecting")];

    [Fact]
    public void A_map_that_detects_lost_updates_refuses_each_of_them()
    {
        var result = OwnExplorer.Run(Counters("GuardedMapDetecting"));

        Assert.Equal((6, 2, true), (result.Schedules, Assert.Single(result.Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Clean).Count, result.Exhaustive));
        Assert.All(result.Outcomes.Where(o => o.Outcome.Kind != ScheduleOutcomeKind.Clean), o => Assert.Contains("got StaleWrite", o.Outcome.Text, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Containers))]
    public void Counting_by_get_and_set_loses_an_increment_in_4_of_6_schedules(string container)
    {
        var race = Counters(container);
        var result = OwnExplorer.Run(race);

        Assert.Equal((6, true), (result.Schedules, result.Exhaustive));
        Assert.Equal((2, 0), (Clean(result).Count, Clean(result).FewestPreemptions));
        var lost = Assert.Single(result.Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.NotLinearizable);
        Assert.Equal((4, 1), (lost.Count, lost.FewestPreemptions));
        Assert.Contains("n=1", lost.Outcome.Text, StringComparison.Ordinal);

        using var crew = new OwnCrew(race);
        var replay = OwnReplay.Of(crew, ScheduleToken.Parse(lost.SimplestToken.ToString()));
        Assert.Equal("get n = 0; get n = 0; set n = 1; set n = 1", string.Join("; ", replay.Steps.Select(s => s.Describe())));
        Assert.Equal("; ; the map holds n=1; ", string.Join("; ", replay.Steps.Select(s => s.Note)));
        Assert.Equal([null, null, 1, 3], replay.Steps.Select(s => s.ConflictsWith));
        Assert.Equal([false, true, false, false], replay.Steps.Select(s => s.Preempted));
        Assert.Equal([false, false, true, true], replay.Steps.Select(s => s.Ends));
    }

    [Fact]
    public void An_iteration_interrupted_by_a_write_is_an_error_on_a_Hashtable_and_none_on_a_ConcurrentDictionary()
    {
        Assert.Contains(OwnExplorer.Run(WalkAndWrite("Hashtable", "a")).Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Failed && o.Outcome.Text.Contains("A got InvalidOperationException", StringComparison.Ordinal));
        Assert.DoesNotContain(OwnExplorer.Run(WalkAndWrite("ConcurrentDictionary", "a")).Outcomes, o => o.Outcome.Kind is ScheduleOutcomeKind.Failed or ScheduleOutcomeKind.Violation);
        Assert.Contains(OwnExplorer.Run(WalkAndWrite("GuardedMap", "a")).Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Violation && o.Outcome.Text.Contains("A got ConcurrentIterationAndWrite", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lease_of_a_guarded_map_refuses_the_write_that_comes_inside_it()
    {
        var result = OwnExplorer.Run(Race(
            "GuardedMap",
            static map => map["a"] = 0,
            static map =>
            {
                using var it = ((IGuardedMap)map).Iterate();
                while (it.MoveNext()) it.Entry.Value = 1;
            },
            static map => map["new"] = 1));

        var refused = Assert.Single(result.Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Violation);
        Assert.StartsWith("B got ConcurrentIterationAndWrite; the map holds a=1", refused.Outcome.Text, StringComparison.Ordinal);
        Assert.Equal(2, result.Outcomes.Where(o => o.Outcome.Kind == ScheduleOutcomeKind.Clean).Sum(o => o.Count));
    }

    [Fact]
    public void A_container_that_is_not_there_is_refused_with_those_that_are() =>
        Assert.Contains("Hashtable", Assert.Throws<ArgumentException>(() => SharedContainers.Create("Tree")).Message, StringComparison.Ordinal);

    [Fact]
    public void The_progress_grows_and_ends_at_one()
    {
        var fractions = new List<double>();
        int runs = 0;
        OwnExplorer.Run(
            Race("Hashtable", map => { if (++runs == 2) Thread.Sleep(110); map["n"] = 0L; }, static map => map["n"] = 1, static map => { map["n"] = 2; map["n"] = 3; }),
            progress: new Recorder(p => fractions.Add(p.Fraction)));

        Assert.True(fractions.Count > 1);
        Assert.Equal(fractions.Order(), fractions);
        Assert.Equal(1, fractions[^1]);
        Assert.InRange(fractions[0], 0.01, 0.99);
    }

    /// <summary>One actor iterates, another adds a key.</summary>
    internal static OwnRace WalkAndWrite(string container, string key) => Race(
        container,
        map => map[key] = map["b"] = 0,
        static map =>
        {
            foreach (DictionaryEntry entry in map) _ = entry.Key;
        },
        static map => map["new"] = 1);

    /// <summary>A replay on threads of its own.</summary>
    internal static RaceTimeline Replay(OwnRace race, ScheduleToken token)
    {
        using var crew = new OwnCrew(race);
        return OwnReplay.Of(crew, token);
    }

    private static ExploredOutcome Clean(ExploreResult result) => Assert.Single(result.Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Clean);

    private static OwnRace Counters(string container) => Race(container, static map => map["n"] = 0L, Count, Count);

    private static void Count(IDictionary map) => map["n"] = (long)map["n"]! + 1;

    private static OwnRace Race(string container, Action<IDictionary> setup, params Action<IDictionary>[] actors) => new()
    {
        Scenario = OwnRace.Delegates,
        Container = container,
        Create = () =>
        {
            var map = SharedContainers.Create(container);
            setup(map);
            return SharedMap.Of(map, OwnMapGate.For(map));
        },
        Actors = [.. actors.Select((a, i) => new OwnActorCode(i == 0 ? "iterator" : "writer", state =>
        {
            a((IDictionary)state);
            return OperationReport.Quiet;
        }))],
        Text = "test",
    };

    private sealed class Recorder(Action<ExploreProgress> record) : IProgress<ExploreProgress>
    {
        public void Report(ExploreProgress value) => record(value);
    }
}
