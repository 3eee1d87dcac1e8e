namespace GuardedMaps.Lab.Tests.Races;

/// <summary>What the lab says about containers whose faults are known. Each runs in this process and, where it matters, in a child.</summary>
public sealed class JudgementTests
{
    public static TheoryData<string> AllScenarios => [.. RaceCatalogue.Scenarios.Where(FreePlan.IsPossible).Where(s => s.Targets is null).Select(s => s.Name)];

    [Theory]
    [MemberData(nameof(AllScenarios))]
    public void A_right_container_is_clean_in_every_scenario_that_is_not_itself_wrong(string name)
    {
        var result = Verdicts.Race<PerfectTarget>(name);

        Verdicts.AssertAddsUp(result);
        Assert.Equal(3, result.Trials);
        Assert.Equal(0, result.Hung + result.Crashed + result.Detected);
        if (name != "LostUpdate") // There the fault is the actors', and luck decides whether it shows.
            Assert.Equal(3, result.Clean);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_container_that_loses_an_acknowledged_write_is_silently_wrong(bool inChild)
    {
        var result = Verdicts.Race<LosingTarget>("TwoWriters", inChild);

        Verdicts.AssertAddsUp(result);
        Assert.Equal(3, result.SilentlyWrong);
        Assert.Equal(3, result.Damage[ScheduleOutcomeKind.LostEntry]);
        Assert.Equal(3, result.DamagedEntries[ScheduleOutcomeKind.LostEntry]);
        Assert.Equal("key 'k3' was acknowledged but is missing: Count says 399, enumeration yields 399", result.Example);
        Assert.Equal(1, result.FirstDamageTrial);
        Assert.True(result.FirstDamageAfter > TimeSpan.Zero);
        Assert.Equal(inChild, result.InChildProcess);
        Assert.Equal(inChild ? 1 : 0, result.ChildProcesses);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_container_that_raises_an_error_and_writes_nothing_has_detected_the_race(bool inChild)
    {
        var result = Verdicts.Race<RefusingTarget>("TwoWriters", inChild, leavesNoTrace: true);

        Verdicts.AssertAddsUp(result);
        Assert.Equal(3, result.Detected);
        Assert.Equal(0, result.SilentlyWrong);
        Assert.Equal(3, result.Errors["TimeoutException"]);
        Assert.Equal("TimeoutException: k3 is not to be written.", result.FirstError);
        Assert.Null(result.Example);
        Assert.Null(result.FirstDamageAfter);
    }

    [Fact]
    public void A_rejected_write_that_was_made_is_damage_where_the_container_promised_otherwise()
    {
        var promised = Verdicts.Race<HypocriticalTarget>("TwoWriters", leavesNoTrace: true);
        Assert.Equal(3, promised.SilentlyWrong);
        Assert.Equal(3, promised.Damage[ScheduleOutcomeKind.GhostEntry]);
        Assert.Equal("key 'k3' is there although its write was rejected", promised.Example);

        var notPromised = Verdicts.Race<HypocriticalTarget>("TwoWriters");
        Assert.Equal(3, notPromised.Detected);
    }

    [Fact]
    public void A_wrong_count_is_damage()
    {
        var result = Verdicts.Race<MiscountingTarget>("TwoWriters");
        Assert.Equal(3, result.Damage[ScheduleOutcomeKind.WrongCount]);
        Assert.Equal("Count says 401, enumeration yields 400", result.Example);
    }

    [Fact]
    public void A_key_shown_twice_is_damage_in_an_iteration_of_the_race_and_after_it()
    {
        var result = Verdicts.Race<DoublingTarget>("WriteDuringIteration", trials: 1);
        Assert.Equal(1, result.SilentlyWrong);
        Assert.Equal(ScheduleOutcomeKind.DuplicateEntry, Assert.Single(result.Damage).Key);
        Assert.Equal(7, result.DamagedEntries[ScheduleOutcomeKind.DuplicateEntry]); // six iterations of the race and one after it
        Assert.Equal("A was shown key 'k3' twice in one iteration", result.Example);
    }

    [Fact]
    public void A_key_left_out_is_damage()
    {
        var result = Verdicts.Race<SkippingTarget>("WriteDuringIteration", trials: 1);
        Assert.Equal(6, result.DamagedEntries[ScheduleOutcomeKind.MissedEntry]);
        Assert.Equal("key 'k3' can be looked up, but enumeration does not show it", result.Example);
    }

    [Fact]
    public void An_iteration_without_end_is_cut_off_and_is_damage()
    {
        var result = Verdicts.Race<EndlessTarget>("WriteDuringIteration", trials: 1, operations: 20);
        Assert.Equal(1, result.SilentlyWrong);
        Assert.Contains(ScheduleOutcomeKind.DuplicateEntry, result.Damage.Keys);
        Assert.Contains(ScheduleOutcomeKind.WrongCount, result.Damage.Keys);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_iteration_put_together_from_two_moments_is_damage_where_the_container_promised_one(bool inChild)
    {
        var promised = Verdicts.Race<PatchworkTarget>("ChangeDuringIteration", inChild, showsOneMoment: true, trials: 1);
        Assert.Equal(ScheduleOutcomeKind.MixedMoments, Assert.Single(promised.Damage).Key);
        Assert.EndsWith("entries that were in the map at no one moment: they are the state after no number of B's writes", promised.Example, StringComparison.Ordinal);

        Assert.Equal(1, Verdicts.Race<PatchworkTarget>("ChangeDuringIteration", inChild, trials: 1).Clean);
        Assert.Equal(1, Verdicts.Race<PerfectTarget>("WriteDuringIteration", inChild, showsOneMoment: true, trials: 1).Clean);
    }

    [Fact]
    public void An_iteration_that_shows_an_earlier_moment_than_the_one_before_it_is_damage()
    {
        var result = Verdicts.Race<GoingBackTarget>("DeleteTwoDuringIteration", showsOneMoment: true, trials: 1);
        Assert.Contains(ScheduleOutcomeKind.MixedMoments, result.Damage.Keys);
        Assert.EndsWith("an iteration before had shown later writes of B", result.Example, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_an_acknowledged_write_replaced_is_damage()
    {
        var result = Verdicts.Race<StaleTarget>("ChangeDuringIteration", trials: 1, operations: 40);
        Assert.Equal(ScheduleOutcomeKind.StaleValue, Assert.Single(result.Damage).Key);
        Assert.Equal(20, result.DamagedEntries[ScheduleOutcomeKind.StaleValue]); // half of the forty writes overwrite
    }

    [Fact]
    public void A_value_that_nobody_stored_is_damage()
    {
        var result = Verdicts.Race<TearingTarget>("TwoWriters");
        Assert.Equal(3, result.Damage[ScheduleOutcomeKind.TornValue]);
        Assert.Equal("key 'k3' holds -77, which nobody stored under it", result.Example);
    }

    [Fact]
    public void An_entry_whose_removal_was_acknowledged_is_damage_when_it_is_still_there()
    {
        var result = Verdicts.Race<HoardingTarget>("DeleteDuringIteration", trials: 1, operations: 30);
        Assert.Equal(15, result.DamagedEntries[ScheduleOutcomeKind.GhostEntry]); // half of the thirty operations remove
        Assert.EndsWith("is still there although its removal was acknowledged", result.Example, StringComparison.Ordinal);
    }

    [Fact]
    public void A_counter_short_of_its_acknowledged_increments_has_lost_updates()
    {
        var result = Verdicts.Race<ForgetfulCounterTarget>("AtomicUpdate", trials: 1, operations: 50);
        Assert.Equal(10, result.DamagedEntries[ScheduleOutcomeKind.LostUpdate]);
        Assert.EndsWith("shows 90, but 100 increments were acknowledged: 10 are lost", result.Example, StringComparison.Ordinal);
    }

    [Fact]
    public void A_map_that_throws_when_it_is_read_after_the_race_is_broken()
    {
        var result = Verdicts.Race<CollapsingTarget>("TwoWriters");
        Assert.Equal(3, result.SilentlyWrong);
        Assert.Equal("after the race, looking a key up throws IndexOutOfRangeException: the table is no more", result.Example);
    }
}
