namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>The exact numbers of the models.</summary>
public sealed class ModelTests
{
    [Theory]
    [InlineData("SetAndClear", 6_876, 3_700, 3_176, 0)]
    [InlineData("Xor", 1_884, 24, 16, 1_844)]
    [InlineData("CompareAndSwap", 12, 0, 12, 0)]
    public void Of_the_overlaps_of_two_writers_so_many_are_missed(string way, long overlaps, long missed, long oneSide, long both)
    {
        var result = Explorer.Run(RaceModels.Get("WriterFlag", way));

        Assert.True(result.Exhaustive);
        Assert.Equal(2, Count(o => o.Kind == ScheduleOutcomeKind.Clean));
        Assert.Equal(missed, Count(o => o.Kind == ScheduleOutcomeKind.Unnoticed));
        Assert.Equal(both, Count(o => o.Text.StartsWith("both", StringComparison.Ordinal)));
        Assert.Equal(oneSide, Count(o => o.Text.Contains("knows nothing", StringComparison.Ordinal)));
        Assert.Equal(overlaps, result.Schedules - 2);
        Assert.Equal(overlaps, missed + oneSide + both);

        // The writers are alike, so A and B are caught equally often.
        Assert.Equal(oneSide / 2, Count(o => o.Text.StartsWith("writer A raised", StringComparison.Ordinal)));

        long Count(Func<ScheduleOutcome, bool> which) => result.Outcomes.Where(o => which(o.Outcome)).Sum(o => o.Count);
    }

    [Fact]
    public void One_preemption_is_enough_for_plain_set_and_xor_to_miss_an_overlap()
    {
        foreach (string way in (string[])["SetAndClear", "Xor"])
        {
            var missed = Assert.Single(Explorer.Run(RaceModels.Get("WriterFlag", way)).Outcomes, o => o.Outcome.Kind == ScheduleOutcomeKind.Unnoticed);
            Assert.Equal(1, missed.FewestPreemptions);
        }
    }

    public static TheoryData<string> ForgetfulTargets => [.. RaceCatalogue.Targets.Where(t => t.IsContainer && t.Name != "GuardedMapDetecting").Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(ForgetfulTargets))]
    public void Of_the_six_orders_of_two_gets_and_two_sets_four_lose_an_update_on_every_map_that_remembers_no_reads(string target)
    {
        var result = Explorer.Run(RaceModels.Get("LostUpdate", target, RaceGrain.Operation));

        Assert.True(result.Exhaustive);
        Assert.Equal(6, result.Schedules);
        Assert.Equal(2, result.Outcomes.Count);
        Assert.Equal((ScheduleOutcomeKind.StaleValue, 4L, 1), (result.Outcomes[0].Outcome.Kind, result.Outcomes[0].Count, result.Outcomes[0].FewestPreemptions));
        Assert.Equal(new ExactFraction(2, 3), result.Outcomes[0].Share);
        Assert.Equal((ScheduleOutcomeKind.Clean, 2L, 0), (result.Outcomes[1].Outcome.Kind, result.Outcomes[1].Count, result.Outcomes[1].FewestPreemptions));
    }

    [Fact]
    public void An_unknown_model_is_answered_with_the_names_there_are()
    {
        Assert.StartsWith("There is no race scenario 'Deadlock'. The scenarios are: WriteDuringIteration, ", Assert.Throws<ArgumentException>(() => RaceModels.Of("Deadlock")).Message, StringComparison.Ordinal);
        Assert.StartsWith("There is no race target 'Nand'. The targets are: GuardedMap, ", Assert.Throws<ArgumentException>(() => RaceModels.Get("writerflag", "Nand")).Message, StringComparison.Ordinal);
        Assert.StartsWith("The scenario WriterFlag cannot be explored on GuardedMap. It can on: SetAndClear, Xor, CompareAndSwap.", Assert.Throws<ArgumentException>(() => RaceModels.Get("writerflag", "guardedmap")).Message, StringComparison.Ordinal);
    }
}
