using System.Collections;
using System.Diagnostics.CodeAnalysis;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Lab.Tests.Own;

/// <summary>Delegates of C#, explored through what is public.</summary>
public sealed class CodeRaceTests
{
    private static readonly Action<IDictionary<string, int>> s_increment = static map => map["n"] = map["n"] + 1;

    [Fact]
    public void A_lost_update_is_found_told_shrunk_and_replayed()
    {
        var race = new CodeRace<IDictionary<string, int>> { Setup = Zero, Check = static map => map["n"] == 2, Actors = [s_increment, s_increment], Name = "Counter" };
        var result = race.Explore();

        Assert.Equal((6, 4, true), (result.Schedules, result.Wrong.Sum(o => o.Count), result.Explored.Exhaustive));
        var failure = Assert.Throws<RaceFoundException>(result.AssertClean);
        Assert.Contains("4 of 6 schedules", failure.Message, StringComparison.Ordinal);
        Assert.Contains("get n = 0", failure.Message, StringComparison.Ordinal);
        Assert.Contains("GMR2:Code:Counter:B1A2B1:", failure.Message, StringComparison.Ordinal);

        var shrunk = result.Shrink(result.Wrong[0].FirstToken);
        Assert.True(shrunk.MinimalProven);
        Assert.Equal(1, shrunk.Preemptions);

        // As in another process: nothing but the text of the token.
        var timeline = race.Replay(ScheduleToken.Parse(shrunk.Token.ToString()));
        Assert.Equal(result.Wrong[0].Outcome, timeline.Outcome);
        Assert.Equal(["get n = 0", "get n = 0", "set n = 1", "set n = 1"], timeline.Steps.Select(s => s.Describe()), StringComparer.Ordinal);
        Assert.Contains(timeline.Steps, s => s.Operation.StartsWith("CodeRaceTests.cs, line ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_map_of_this_library_is_shared_as_it_is()
    {
        var result = MapRace.Explore(
            static () => Race.ShareMap(new GuardedMap<string, int>(StringComparer.Ordinal) { ["n"] = 0 }),
            static map => map["n"] is 2,
            static map => map.Increment("n"),
            static map => map.Increment("n"));

        result.AssertClean();
        Assert.Equal((2, true, true), (result.Schedules, result.IsClean, result.Explored.Exhaustive));
    }

    [Fact]
    public void A_deadlock_shows_who_has_what_in_every_picture()
    {
        var result = MapRace.Explore(
            static () => (One: new object(), Two: new object()),
            static _ => true,
            static s =>
            {
                using (Race.Lock(s.One))
                using (Race.Lock(s.Two)) Race.Yield();
            },
            static s =>
            {
                using (Race.Lock(s.Two))
                using (Race.Lock(s.One)) Race.Yield();
            });

        var deadlock = Assert.Single(result.Wrong);
        Assert.Equal(ScheduleOutcomeKind.Deadlock, deadlock.Outcome.Kind);
        Assert.Contains("A has s.One and waits for s.Two, which B has (CodeRaceTests.cs, line ", deadlock.Outcome.Text, StringComparison.Ordinal);
        var timeline = result.Timeline();
        Assert.Equal(["s.One"], timeline.Steps.Single(s => s.Actor == 0).Held);
        var picture = new RacePicture(timeline);
        Assert.Contains("A ─ s.Two ─▶ B ─ s.One ─▶ A", picture.ToString(), StringComparison.Ordinal);
        Assert.Contains("▌", picture.ToString(), StringComparison.Ordinal);
        Assert.Contains("waits for s.Two", picture.ToSvg(), StringComparison.Ordinal);
        Assert.Contains("s.Two", picture.ToMermaid(), StringComparison.Ordinal);
        Assert.Contains("A ring: A ─ s.Two", new RaceReport { Explored = [result.Explored], Schedules = [timeline] }.ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void Locks_events_and_pulses_are_gates()
    {
        var result = MapRace.Explore(
            static () => (Gate: new object(), Items: Race.Share(new List<int>()), Taken: Race.Share(new List<int>()), Places: new SemaphoreSlim(0), Ready: new ManualResetEventSlim(), Both: new ReaderWriterLockSlim()),
            static s => s.Taken.Count == 1,
            static s =>
            {
                using (Race.Lock(s.Gate))
                {
                    while (s.Items.Count == 0) Race.WaitForPulse(s.Gate);
                    s.Taken.Add(s.Items[0]);
                }

                Race.Wait(s.Places);
                Race.Wait(s.Ready);
                using (Race.ReadLock(s.Both)) Race.Yield();
            },
            static s =>
            {
                using (Race.Lock(s.Gate))
                {
                    s.Items.Add(7);
                    Race.Pulse(s.Gate);
                }

                Race.Release(s.Places);
                Race.Step(s.Ready.Set);
                using (Race.WriteLock(s.Both)) Race.Yield();
            });

        result.AssertClean();
        Assert.True(result.Explored.Exhaustive);
        Assert.InRange(result.Schedules, 10, 10_000);
    }

    // Nobody sets the event. Its waiter is not offered as long as the other can go on, so there is one schedule.
    [Fact]
    public void A_timeout_runs_out_when_nobody_else_can_go_on()
    {
        var result = MapRace.Explore(
            static () => (Ready: new ManualResetEventSlim(), Seen: new List<bool>()),
            static s => s.Seen is [false],
            static s => s.Seen.Add(Race.Wait(s.Ready, milliseconds: 3_600_000)),
            static _ => Race.Yield());

        result.AssertClean();
        Assert.Equal(1, result.Schedules);
    }

    [Fact]
    public void Random_numbers_are_noticed_and_nothing_is_claimed()
    {
        var result = MapRace.Explore(Zero, static _ => true, static map => map["n"] = Random.Shared.Next() + (0 * map["n"]), s_increment);

        Assert.Contains("do not repeat themselves", result.Explored.Doubt, StringComparison.Ordinal);
        Assert.Equal((false, ShareMeaning.ThoseRun, "part"), (result.Explored.Exhaustive, result.Explored.Shares, result.Explored.Covered));
        Assert.Contains("that means little", Assert.Throws<RaceFoundException>(result.AssertClean).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Work_on_another_thread_is_noticed_by_its_points()
    {
        var result = MapRace.Explore(
            Zero,
            static _ => true,
            static map =>
            {
                Race.Yield();
                Task.Run(() => map["n"]).Wait();
            },
            s_increment);

        Assert.Contains("has work done by another thread", result.Explored.Doubt, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wait_that_cannot_be_seen_is_handed_over_and_said_so()
    {
        var result = MapRace.Explore(
            static () => (Gate: new SemaphoreSlim(1), Map: Zero()),
            static s => s.Map["n"] == 2,
            Hidden,
            Hidden);

        Assert.Empty(result.Wrong);
        Assert.Contains("waited for something that cannot be seen", result.Explored.Doubt, StringComparison.Ordinal);
        Assert.False(result.IsClean);

        static void Hidden((SemaphoreSlim Gate, IDictionary<string, int> Map) s)
        {
            Race.Yield();
            s.Gate.Wait();
            s.Map["n"] = s.Map["n"] + 1;
            s.Gate.Release();
        }
    }

    [Fact]
    public void An_actor_that_comes_to_no_point_is_named()
    {
        var result = MapRace.Explore(static () => new Dictionary<string, int>(StringComparer.Ordinal) { ["n"] = 0 }, static _ => true, static map => map["n"]++, static map => map["n"]++);

        Assert.StartsWith("A (actor 1) came to no point", result.Explored.Doubt, StringComparison.Ordinal);
        Assert.False(result.IsClean);
    }

    [Fact]
    public void An_error_of_an_actor_is_an_ending_with_its_type_message_and_place()
    {
        var result = MapRace.Explore(Zero, static _ => true, static map => map.Add("k", 1), static map => map.Add("k", 2));

        Assert.Equal(2, result.Wrong.Count);
        Assert.All(result.Wrong, o => Assert.Equal(ScheduleOutcomeKind.Failed, o.Outcome.Kind));
        Assert.Matches(@"B got ArgumentException at CodeRaceTests\.cs, line \d+: An item with the same key has already been added", result.Outcomes.Select(o => o.Outcome.Text).Single(t => t.StartsWith('B')));
        Assert.Equal("ArgumentException", result.Timeline().Violation!.Kind);
    }

    [Fact]
    public void Actors_that_share_nothing_are_told_so()
    {
        var result = MapRace.Explore(static () => (One: Zero(), Other: Zero()), static _ => true, static s => s_increment(s.One), static s => s_increment(s.Other));

        Assert.True(result.Explored.SharesNothing);
        Assert.Equal("all 6 schedules, each run once; no object was touched by two actors, so their order cannot matter", result.Explored.Coverage);
        Assert.False(MapRace.Explore(Zero, static _ => true, s_increment, s_increment).Explored.SharesNothing);
    }

    [Fact]
    public void A_check_may_be_an_assertion()
    {
        var result = MapRace.Explore(Zero, static map => Assert.Equal(2, map["n"]), s_increment, s_increment);

        Assert.Contains(result.Wrong, o => o.Outcome.Text.Contains("Expected: 2 Actual: 1", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_check_a_run_is_right_when_it_ends_like_an_uninterrupted_one()
    {
        var result = new CodeRace<IDictionary<string, int>> { Setup = Zero, Actors = [s_increment, s_increment], Describe = static map => $"n={map["n"]}" }.Explore();

        Assert.Equal(["no order of the actors explains the state holds n=1", "as if one after the other: the state holds n=2"], result.Outcomes.Select(o => o.Outcome.Text), StringComparer.Ordinal);
        Assert.Equal(result.Wrong[0].Outcome, result.Timeline(result.Wrong[0].FirstToken).Outcome);
    }

    [Fact]
    [SuppressMessage("Design", "MA0147:Avoid async void method for delegate", Justification = "That is what is refused.")]
    public void Bad_races_are_refused_in_words()
    {
        Assert.Contains("The race has 5 actors. Give 2 to 4", Refused(s_increment, s_increment, s_increment, s_increment, s_increment), StringComparison.Ordinal);
        Assert.Contains("The race has 1 actor, and it takes two", Refused(s_increment), StringComparison.Ordinal);
        Assert.Contains("Actor B is async", Refused(s_increment, async static map => await Task.Yield()), StringComparison.Ordinal);
        var setup = Assert.Throws<RaceModelException>(() => MapRace.Explore<IDictionary<string, int>>(static () => throw new IOException("no disk"), static _ => true, s_increment, s_increment));
        Assert.Contains("The setup of the race threw IOException: no disk", setup.Message, StringComparison.Ordinal);

        static string Refused(params Action<IDictionary<string, int>>[] actors) => Assert.Throws<ArgumentException>(() => MapRace.Explore(Zero, static _ => true, actors)).Message;
    }

    [Theory]
    [InlineData("GMR1:Script:Hashtable:s0:A1B2A1:0123", "earlier version")]
    [InlineData("GMR1:LostUpdate:Hashtable:s0:A1B2A1:0123", "scenario LostUpdate")]
    [InlineData("GMR2:Script:Hashtable:A1B2A1:89abcdef:0123", "of scripts, and these are delegates")]
    [InlineData("GMR2:Code:Other:A1B2A1:89abcdef:0123", "delegates on Other")]
    [InlineData("GMR2:Code:Counter:A1B2A1:89abcdef:0123", "does not fit these delegates")]
    public void A_token_of_something_else_is_refused_in_words(string token, string expected)
    {
        var race = new CodeRace<IDictionary<string, int>> { Setup = Zero, Check = static map => map["n"] == 2, Actors = [s_increment, s_increment], Name = "Counter" };

        Assert.Contains(expected, Assert.Throws<ScheduleTokenException>(() => race.Replay(ScheduleToken.Parse(token))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_does_not_fit_actors_that_read_another_value()
    {
        var token = Counter(0).Explore().Outcomes[0].FirstToken;

        Assert.Equal(ScheduleOutcomeKind.Unnoticed, Counter(0).Replay(token).Outcome.Kind);
        Assert.Contains("read another value", Assert.Throws<ScheduleTokenException>(() => Counter(1).Replay(token)).Message, StringComparison.Ordinal);

        static CodeRace<IDictionary<string, int>> Counter(int from) => new()
        {
            Setup = () => Race.Share(new Dictionary<string, int>(StringComparer.Ordinal) { ["n"] = from }),
            Check = map => map["n"] == from + 2,
            Actors = [s_increment, s_increment],
            Name = "Counter",
        };
    }

    [Fact]
    public void Shared_containers_are_the_containers_they_are()
    {
        var inner = new Dictionary<string, int>(StringComparer.Ordinal) { ["a"] = 1 };
        var map = Race.Share(inner);
        map.Add("b", 2);
        Assert.True(map.TryGetValue("b", out int two));
        Assert.True(map.Remove("a"));
        Assert.Equal((2, 1, "b", 2), (two, map.Count, map.Keys.Single(), map.Values.Single()));
        Assert.Equal([new KeyValuePair<string, int>("b", 2)], map);
        Assert.Equal(inner, map);

        var list = Race.Share(new List<int> { 1, 2 });
        list.Insert(1, 3);
        list.RemoveAt(0);
        Assert.Equal((2, 1, true), (list.Count, list.IndexOf(2), list.Contains(3)));
        Assert.Equal([3, 2], list);
        var table = Race.Share(new Hashtable { ["k"] = 1 });
        Assert.Equal(1, table["k"]);
    }

    [Fact]
    public async Task Two_explorations_at_a_time_do_not_disturb_each_other()
    {
        var both = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => MapRace.Explore(Zero, static map => map["n"] == 2, s_increment, s_increment))));

        Assert.All(both, result => Assert.Equal((6, 4, null), (result.Schedules, result.Wrong.Sum(o => o.Count), result.Explored.Doubt)));
    }

    private static IDictionary<string, int> Zero() => Race.Share(new Dictionary<string, int>(StringComparer.Ordinal) { ["n"] = 0 });
}
