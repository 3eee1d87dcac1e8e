using System.Collections;
using System.Text;

namespace GuardedMaps.Lab.Tests.Operations;

/// <summary>Programs over one shared map, interleaved operation by operation on one thread.</summary>
public sealed class OperationTests
{
    // All but the one whose business it is.
    public static TheoryData<string> Containers => [.. RaceCatalogue.Targets.Where(t => t.IsContainer).Select(t => t.Name).Where(n => n is not "GuardedMapDetecting")];

    [Fact]
    public void A_map_that_detects_lost_updates_refuses_each_of_them()
    {
        var result = OperationExplorer.Run(Counters("GuardedMapDetecting", 2));
        Assert.Equal(4, result.Schedules);
        Assert.Equal(2, Assert.Single(result.Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Clean).Count);
        Assert.All(result.Outcomes.Where(o => o.Outcome.Kind != ScheduleOutcomeKind.Clean), o => Assert.Contains("got StaleWrite", o.Outcome.Text, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Containers))]
    public void Counting_by_get_and_set_loses_an_increment_wherever_one_counter_is_nested_in_the_other(string container)
    {
        var result = OperationExplorer.Run(Counters(container, 2));

        Assert.Equal(ExploreEnd.Finished, result.End);
        Assert.Equal(4, result.Schedules); // n + m.
        Assert.Equal(1, result.PreemptionsCovered);
        var right = Assert.Single(result.Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Clean);
        var lost = Assert.Single(result.Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.NotLinearizable);
        Assert.Equal(2, right.Count);
        Assert.Equal(0, right.FewestPreemptions);
        Assert.Equal(2, lost.Count);
        Assert.Equal(1, lost.FewestPreemptions);
        Assert.Contains("n=1", lost.Outcome.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 4)]
    public void Two_programs_of_n_and_m_operations_have_n_plus_m_schedules_each_once(int n, int m)
    {
        var (race, seen) = Logged(('A', n), ('B', m));

        var result = OperationExplorer.Run(race);

        Assert.Equal(n + m, result.Schedules);
        Assert.Equal(seen.Count, seen.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(2, result.ByPreemptions[0]);
    }

    [Fact]
    public void Three_programs_are_nested_in_every_way_there_is()
    {
        var (race, seen) = Logged(('A', 2), ('B', 2), ('C', 1));

        OperationExplorer.Run(race);

        // Every order of the five letters in which whoever is interrupted waits for those who interrupted it.
        var expected = Permutations("AABBC").Where(IsNested).Order(StringComparer.Ordinal);
        Assert.Equal(expected, seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_token_replays_to_its_outcome_and_a_changed_program_is_refused()
    {
        var race = Counters("Hashtable", 3);
        var result = OperationExplorer.Run(race);

        foreach (var outcome in result.Outcomes)
        {
            foreach (var token in (ScheduleToken[])[outcome.FirstToken, outcome.SimplestToken])
            {
                var replay = OperationReplay.Of(race, ScheduleToken.Parse(token.ToString()));
                Assert.Equal(outcome.Outcome, replay.Outcome);
                Assert.Equal(token.Schedule, Schedule.FromSteps([.. replay.Steps.Select(s => s.Actor)]));
            }
        }

        var stale = Assert.Throws<ScheduleTokenException>(() => OperationReplay.Of(race with { Text = "another program" }, result.Outcomes[0].FirstToken));
        Assert.Contains("not those it was made from", stale.Message, StringComparison.Ordinal);
        var foreign = Assert.Throws<ScheduleTokenException>(() => OperationReplay.Of(Counters("Dictionary", 3), result.Outcomes[0].FirstToken));
        Assert.Contains("container Hashtable", foreign.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_replay_knows_what_each_operation_answered_and_what_the_map_held()
    {
        var race = Counters("Hashtable", 2);
        var token = OperationExplorer.Run(race).Outcomes.Single(o => o.Outcome.Kind == ScheduleOutcomeKind.NotLinearizable).FirstToken;

        var replay = OperationReplay.Of(race, token);

        Assert.Equal("get n = 0; get n = 0; set n = 1; set n = 1", string.Join("; ", replay.Steps.Select(s => $"{s.Point.Name} {s.Location} = {s.After}")));
        Assert.Equal("; ; the map holds n=1; ", string.Join("; ", replay.Steps.Select(s => s.Note)));
        Assert.Equal([null, null, 1, 3], replay.Steps.Select(s => s.ConflictsWith));
        Assert.Equal([false, true, false, false], replay.Steps.Select(s => s.Preempted));
        Assert.Equal([false, false, true, true], replay.Steps.Select(s => s.Ends));
    }

    [Fact]
    public void An_iteration_interrupted_by_a_write_is_an_error_on_a_Hashtable_and_none_on_a_ConcurrentDictionary()
    {
        Assert.Contains(OperationExplorer.Run(WalkAndWrite("Hashtable", "a")).Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Violation && o.Outcome.Text.Contains("A got InvalidOperationException", StringComparison.Ordinal));
        Assert.DoesNotContain(OperationExplorer.Run(WalkAndWrite("ConcurrentDictionary", "a")).Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Violation);
        Assert.Contains(OperationExplorer.Run(WalkAndWrite("GuardedMap", "a")).Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Violation && o.Outcome.Text.Contains("A got ConcurrentIterationAndWrite", StringComparison.Ordinal));
    }

    [Fact]
    public void A_lease_of_a_guarded_map_refuses_the_write_that_comes_inside_it()
    {
        var race = Race(
            [
                new("iterator", map => Report(() =>
                {
                    using var it = ((IGuardedMap)map).Iterate();
                    while (it.MoveNext()) it.Entry.Value = 1;
                })),
                new("writer", map => Report(() => map["new"] = 1)),
            ],
            "GuardedMap") with
        { Setup = map => map["a"] = 0 };

        var result = OperationExplorer.Run(race);

        var refused = Assert.Single(result.Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Violation);
        Assert.StartsWith("B got ConcurrentIterationAndWrite; the map holds a=1", refused.Outcome.Text, StringComparison.Ordinal);
        Assert.Equal(2, result.Outcomes.Where(o => o.Outcome.Kind == ScheduleOutcomeKind.Clean).Sum(o => o.Count));
    }

    [Fact]
    public void An_actor_that_never_ends_is_stopped_by_its_number_of_operations_and_named()
    {
        var race = Race([Writer('A', 2), new("looper", map => Report(() => { while (true) map["x"] = 1; }))]) with { MaxOperations = 50 };

        var result = OperationExplorer.Run(race);

        var endless = Assert.Single(result.Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Livelock);
        Assert.Equal("actor B (looper) was still running after 50 operations", endless.Outcome.Text);
        Assert.Equal(ExploreEnd.Endless, result.End);
    }

    [Fact]
    public void An_actor_that_never_touches_the_map_again_is_stopped_by_the_clock()
    {
        using var interrupted = new ManualResetEventSlim();
        var idler = new OperationActor("idler", map =>
        {
            map["x"] = 1;
            Assert.True(interrupted.Wait(TimeSpan.FromSeconds(30)), "nobody interrupted the actor");
            return OperationReport.Quiet;
        })
        { Interrupt = interrupted.Set };

        var result = OperationExplorer.Run(Race([idler]) with { StallLimit = TimeSpan.FromSeconds(0.3) });

        var endless = Assert.Single(result.Outcomes);
        Assert.Equal("actor A (idler) was still running after 0.3 s without an operation", endless.Outcome.Text);
    }

    [Fact]
    public void Programs_that_do_not_repeat_themselves_are_told_so()
    {
        int runs = 0;
        var fickle = new OperationActor("fickle", map => Report(() =>
        {
            for (int i = runs++ % 3; i < 3; i++) map["x"] = i;
        }));

        var error = Assert.Throws<RaceModelException>(() => OperationExplorer.Run(Race([fickle, Writer('B', 2)]) with { Check = _ => new(true) }));
        Assert.Contains("do not do the same", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_and_cancelling_end_a_search_with_what_was_found()
    {
        var race = Race([Writer('A', 20), Writer('B', 20)]);
        var counted = OperationExplorer.Run(race, new ExploreOptions { MaxSchedules = 5 });
        Assert.Equal((5, ExploreEnd.Count), (counted.Schedules, counted.End));

        using var stop = new CancellationTokenSource();
        int runs = 0;
        var cancelled = OperationExplorer.Run(race with { Check = Counting }, null, null, stop.Token);
        Assert.Equal((7, ExploreEnd.Cancelled), (cancelled.Schedules, cancelled.End));

        CheckAnswer Counting(IDictionary map)
        {
            if (++runs == 7) stop.Cancel();
            return new(true, "fine");
        }
    }

    [Fact]
    public void The_progress_is_the_finished_part_of_the_tree_and_ends_at_one()
    {
        var fractions = new List<double>();
        var progress = new Recorder(p => fractions.Add(p.Fraction));
        OperationExplorer.Run(Race([Writer('A', 3), new("slow", map => { map["s"] = 1; Thread.Sleep(60); map["s"] = 2; return OperationReport.Quiet; })]), null, progress);

        Assert.True(fractions.Count > 1);
        Assert.Equal(fractions.Order(), fractions);
        Assert.Equal(1, fractions[^1]);
        Assert.InRange(fractions[0], 0.01, 0.99);
    }

    [Fact]
    public void A_failed_check_without_an_error_is_silent_damage_and_one_with_an_error_is_not()
    {
        var silent = OperationExplorer.Run(Counters("Hashtable", 2) with { Check = map => new((long)map["n"]! == 2, $"n is {map["n"]}") });
        var wrong = Assert.Single(silent.Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Unnoticed);
        Assert.Equal("the check failed: n is 1", wrong.Outcome.Text);
        Assert.Equal("n is 2", Assert.Single(silent.Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Clean).Outcome.Text);
    }

    [Fact]
    public void What_makes_no_race_is_refused()
    {
        Assert.Contains("0 actors", Assert.Throws<ArgumentException>(() => OperationExplorer.Run(Race([]))).Message, StringComparison.Ordinal);
        Assert.Contains("MaxOperations", Assert.Throws<ArgumentException>(() => OperationExplorer.Run(Race([Writer('A', 1)]) with { MaxOperations = 0 })).Message, StringComparison.Ordinal);
        Assert.Contains("Hashtable", Assert.Throws<ArgumentException>(() => SharedContainers.Create("Tree")).Message, StringComparison.Ordinal);
    }

    internal static OperationRace Counters(string container, int operations) => Race(
        [.. Enumerable.Range(0, 2).Select(i => new OperationActor($"counter {i + 1}", map => Report(() =>
        {
            long value = (long)map["n"]!;
            for (int k = 2; k < operations; k++) _ = map["n"];
            map["n"] = value + 1;
        })))],
        container) with
    { Setup = map => map["n"] = 0L };

    internal static OperationRace Race(OperationActor[] actors, string container = "Hashtable") => new()
    {
        Container = container,
        Create = () => SharedContainers.Create(container),
        Actors = actors,
        Text = string.Join('\n', actors.Select(a => a.Name)),
    };

    /// <summary>One actor iterates, another adds a key.</summary>
    internal static OperationRace WalkAndWrite(string container, string key) => Race(
        [
            new("iterator", map => Report(() =>
            {
                foreach (DictionaryEntry entry in map) _ = entry.Key;
            })),
            new("writer", map => Report(() => map["new"] = 1)),
        ],
        container) with
    { Setup = map => map[key] = map["b"] = 0 };

    private static OperationReport Report(Action program)
    {
        try
        {
            program();
            return OperationReport.Quiet;
        }
        catch (Exception error)
        {
            return new OperationReport(null, [OperationFault.Of(error)]);
        }
    }

    private static OperationActor Writer(char name, int operations, StringBuilder? log = null) => new($"writer {name}", map => Report(() =>
    {
        for (int i = 0; i < operations; i++)
        {
            map[name] = i;
            log?.Append(name);
        }
    }));

    // Programs that write their letter down after each operation, and the orders that came of it.
    private static (OperationRace Race, List<string> Seen) Logged(params (char Name, int Operations)[] programs)
    {
        var log = new StringBuilder();
        var seen = new List<string>();
        var race = Race([.. programs.Select(p => Writer(p.Name, p.Operations, log))]) with
        {
            Setup = _ => log.Clear(),
            Check = _ =>
            {
                seen.Add(log.ToString());
                return new CheckAnswer(true, "fine");
            },
        };
        return (race, seen);
    }

    // Whoever is interrupted waits until everybody who began meanwhile has ended.
    private static bool IsNested(string order)
    {
        var running = new Stack<char>();
        for (int i = 0; i < order.Length; i++)
        {
            if (order.IndexOf(order[i], StringComparison.Ordinal) == i) running.Push(order[i]);
            else if (running.Peek() != order[i]) return false;
            if (order.LastIndexOf(order[i]) == i) running.Pop();
        }

        return true;
    }

    private static IEnumerable<string> Permutations(string letters) =>
        letters.Length <= 1 ? [letters] : letters.Distinct().SelectMany(c => Permutations(letters.Remove(letters.IndexOf(c, StringComparison.Ordinal), 1)).Select(rest => c + rest));

    private sealed class Recorder(Action<ExploreProgress> record) : IProgress<ExploreProgress>
    {
        public void Report(ExploreProgress value) => record(value);
    }
}
