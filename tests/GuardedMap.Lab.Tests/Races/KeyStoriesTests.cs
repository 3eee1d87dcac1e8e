namespace GuardedMaps.Lab.Tests.Races;

/// <summary>The rules S1 to S5 by which the judge knows what a key may hold, each on a history made by hand.</summary>
public sealed class KeyStoriesTests
{
    private const StepAnswer Ok = StepAnswer.Acknowledged;
    private const StepAnswer Raised = StepAnswer.Raised;

    [Fact]
    public void The_last_acknowledged_write_of_an_actor_wipes_out_its_earlier_ones()
    {
        var story = Story(start: null, leavesNoTrace: false, [(Set(1), Ok), (Set(2), Raised), (Set(3), Ok)]);
        Assert.True(story.Allows(3));
        Assert.False(story.Allows(1));
        Assert.False(story.Allows(2));
        Assert.False(story.MayBeAbsent);
    }

    [Fact]
    public void A_write_that_threw_may_have_happened_or_not()
    {
        var story = Story(start: null, leavesNoTrace: false, [(Set(1), Ok), (Set(2), Raised)]);
        Assert.True(story.Allows(1));
        Assert.True(story.Allows(2));
        Assert.False(story.MayBeAbsent);
    }

    [Fact]
    public void A_write_that_threw_has_not_happened_where_that_is_promised()
    {
        var story = Story(start: null, leavesNoTrace: true, [(Set(1), Ok), (Set(2), Raised)]);
        Assert.True(story.Allows(1));
        Assert.False(story.Allows(2));
    }

    [Fact]
    public void Either_of_two_actors_may_have_been_the_last()
    {
        var story = Story(start: 9, leavesNoTrace: false, [(Set(1), Ok)], [(Set(2), Ok), (Remove, Ok)]);
        Assert.True(story.Allows(1));
        Assert.False(story.Allows(2));
        Assert.True(story.MayBeAbsent);
        Assert.False(story.Allows(9));
    }

    [Fact]
    public void The_start_counts_only_while_no_write_was_acknowledged()
    {
        Assert.True(Story(start: 9, leavesNoTrace: false, [(Set(1), Raised)]).Allows(9));
        Assert.True(Story(start: 9, leavesNoTrace: true, [(Set(1), Raised)], [(Remove, Raised)]).Allows(9));
        Assert.False(Story(start: 9, leavesNoTrace: true, [(Set(1), Raised)], [(Remove, Raised)]).MayBeAbsent);
        Assert.True(Story(start: null, leavesNoTrace: true, [(Set(1), Raised)]).MayBeAbsent);
        Assert.False(Story(start: 9, leavesNoTrace: false, [(Set(1), Raised)], [(Set(2), Ok)]).Allows(9));
    }

    [Fact]
    public void Additions_all_count_and_those_that_threw_are_in_doubt()
    {
        Operation add = new(Verb.SetRead, 0, 5);
        Assert.Equal((110, 115), Range(leavesNoTrace: false, (add, Ok), (add, Ok), (add, Raised)));
        Assert.Equal((110, 110), Range(leavesNoTrace: true, (add, Ok), (add, Ok), (add, Raised)));
    }

    [Fact]
    public void A_plan_that_could_not_be_judged_is_refused()
    {
        var steps = new RaceActor[] { new("a", [Set(1)]), new("b", [new(Verb.SetRead, 0, 1)]) };
        var error = Assert.Throws<ArgumentException>(() => new RacePlan(KeyTable.Numbered(1), [], steps));
        Assert.StartsWith("Key 'k0' is both replaced and counted up", error.Message, StringComparison.Ordinal);

        error = Assert.Throws<ArgumentException>(() => new RacePlan(KeyTable.Numbered(1), [], [new("a", [new(Verb.Set, 7, 1)])]));
        Assert.StartsWith("Actor 'a' has a Set step for key number 7, but the plan has 1 keys.", error.Message, StringComparison.Ordinal);
    }

    private static Operation Remove => new(Verb.Remove, 0, 0);

    private static Operation Set(long value) => new(Verb.Set, 0, value);

    private static LegalStates Story(long? start, bool leavesNoTrace, params (Operation Step, StepAnswer Answer)[][] actors) =>
        Stories(start, leavesNoTrace, actors).Legal(0);

    private static (long Lowest, long Highest) Range(bool leavesNoTrace, params (Operation Step, StepAnswer Answer)[] steps) =>
        Stories(100, leavesNoTrace, [steps]).CounterRange(0);

    private static KeyStories Stories(long? start, bool leavesNoTrace, (Operation Step, StepAnswer Answer)[][] actors)
    {
        var logs = new List<ActorLog>();
        foreach (var steps in actors)
        {
            var log = new ActorLog(new RaceActor("actor", [.. steps.Select(s => s.Step)]));
            for (int i = 0; i < steps.Length; i++) log.Answers[i] = steps[i].Answer;
            logs.Add(log);
        }

        KeyValuePair<int, long>[] setup = start is { } value ? [new(0, value)] : [];
        return new KeyStories(new RacePlan(KeyTable.Numbered(1), setup, [.. logs.Select(log => log.Actor)]), logs, leavesNoTrace);
    }
}
