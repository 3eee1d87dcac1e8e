using System.Numerics;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>What a search says that it has covered is what it has covered, and what it shows as a share is one.</summary>
public sealed class CoverageTests
{
    private static readonly RaceModel s_xor = RaceModels.Get("WriterFlag", "Xor");
    private static readonly RaceModel s_twoGets = RaceModels.Get("LostUpdate", "GuardedMap");

    [Fact]
    public void Shares_of_a_pruned_search_are_marked_wherever_they_are_shown()
    {
        var all = Explorer.Run(s_xor);
        var pruned = Explorer.Run(s_xor, new() { Mode = ExploreMode.Sleep });

        // The same outcomes; of 42 schedules 4 are silently wrong, of all 1,886 one in 78.
        Assert.Equal(ShareMeaning.All, all.Shares);
        Assert.Equal("1.3", DetectionCell.Percent(DetectionMatrix.Cell(all).SilentlyWrong));
        Assert.Equal(ShareMeaning.ThoseRun, pruned.Shares);
        Assert.Equal("9.5", DetectionCell.Percent(DetectionMatrix.Cell(pruned).SilentlyWrong));

        Assert.StartsWith("all 1,886 schedules, each run once", all.Coverage, StringComparison.Ordinal);
        Assert.StartsWith("42 schedules run; every other differs from one of them only in the order of steps that do not conflict", pruned.Coverage, StringComparison.Ordinal);
        Assert.Contains("of those run, not of all", pruned.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("exhaustive", pruned.ToString(), StringComparison.Ordinal);
        Assert.Matches(@"^\(.* / 9\.5 / .*\)$", DetectionMatrix.Cell(pruned).ToString());
        Assert.Contains("(9.5)", ResultsPicture.Of([pruned]).ToString(), StringComparison.Ordinal);
        Assert.Contains("42 schedules run", new RaceReport { Explored = [pruned] }.ToHtml(), StringComparison.Ordinal);
        Assert.All(pruned.Outcomes, o => Assert.EndsWith("% of those run", o.ShareText, StringComparison.Ordinal));
        Assert.All(all.Outcomes, o => Assert.EndsWith("% of all", o.ShareText, StringComparison.Ordinal));
    }

    [Fact]
    public void A_page_says_how_many_schedules_there_are_and_not_how_many_have_few_preemptions()
    {
        var result = Explorer.Automatic(RaceModels.Get("TwoWritersSameBucket", "GuardedMapNone"));
        Assert.Equal(2_336_379_328, result.AllSchedules);
        string page = new RaceReport { Explored = [result] }.ToHtml();
        Assert.Contains("all 2,336,379,328 schedules, counted in 1,134 situations", page, StringComparison.Ordinal);
        Assert.DoesNotContain("2,970", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_cut_short_is_told_as_a_part_and_has_no_total()
    {
        var model = RaceModels.Get("WriteDuringIteration", "GuardedMapNone");
        var some = Explorer.Run(model, new() { Mode = ExploreMode.Merged, MaxSchedules = 200 });
        Assert.Null(some.AllSchedules);
        Assert.Null(some.Account);
        Assert.False(some.Exhaustive);
        Assert.StartsWith("a part: counting was ended (limit of schedules) after ", some.Coverage, StringComparison.Ordinal);
        Assert.Equal(("part", ShareMeaning.ThoseRun), (some.Covered, some.Shares));
    }

    [Fact]
    public void Each_way_of_searching_says_what_it_has_covered()
    {
        Assert.StartsWith("all 6,878 schedules", Explorer.Run(RaceModels.Get("WriterFlag", "SetAndClear")).Coverage, StringComparison.Ordinal);
        Assert.StartsWith("all ", Explorer.Run(s_xor, new() { Mode = ExploreMode.Bounded, MaxPreemptions = 2 }).Coverage, StringComparison.Ordinal);
        Assert.EndsWith(" schedules with at most 2 preemptions", Explorer.Run(s_xor, new() { Mode = ExploreMode.Bounded, MaxPreemptions = 2 }).Coverage, StringComparison.Ordinal);
        Assert.EndsWith(" schedules with at most 1 preemption", Explorer.Run(s_xor, new() { Mode = ExploreMode.Bounded, MaxPreemptions = 1 }).Coverage, StringComparison.Ordinal);
        Assert.Contains(" schedules with at most 2 preemptions, counted in ", Explorer.Run(RaceModels.Get("TwoWritersSameKey", "GuardedMapNone"), new() { Mode = ExploreMode.Merged, Within = 2 }).Coverage, StringComparison.Ordinal);
        Assert.StartsWith("100 schedules drawn (Uniform, seed 7): ", Explorer.Run(s_twoGets, new() { Mode = ExploreMode.Uniform, MaxSchedules = 100, Seed = 7 }).Coverage, StringComparison.Ordinal);
        Assert.Contains("% of the tree by weight, when the search was ended (limit of schedules)", Explorer.Run(s_xor, new() { MaxSchedules = 100 }).Coverage, StringComparison.Ordinal);

        Assert.Equal(ShareMeaning.AllWithinBound, Explorer.Run(s_xor, new() { Mode = ExploreMode.Bounded, MaxPreemptions = 2 }).Shares);
        Assert.Equal(ShareMeaning.Estimate, Explorer.Run(s_twoGets, new() { Mode = ExploreMode.Uniform, MaxSchedules = 100 }).Shares);
        Assert.Equal(ShareMeaning.ThoseRun, Explorer.Run(s_xor, new() { Mode = ExploreMode.Walk, MaxSchedules = 100 }).Shares);
        Assert.Equal(ShareMeaning.ThoseRun, Explorer.Run(s_xor, new() { MaxSchedules = 100 }).Shares);
    }

    [Fact]
    public void What_was_counted_is_counted_once_more_from_the_other_end_and_some_of_it_made_on_foot()
    {
        var result = Explorer.Automatic(RaceModels.Get("TwoWritersSameBucket", "GuardedMap"));
        Assert.True(result.Exhaustive);
        MergedAccount account = result.Account!;
        Assert.Equal(4_039_402, account.Counted);
        Assert.Equal(account.Counted, account.CountedForwards);
        Assert.Equal((0, 32), (account.Incomplete, account.Walked));
        Assert.Null(account.Objection);
    }

    // Of the situation's number only some bits are kept, and the number of steps: then situations that are not the same are taken for one.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Situations_taken_for_one_that_are_two_are_found_out(int bits)
    {
        var forgetful = new ForgetfulModel(RaceModels.Get("TwoWritersSameBucket", "GuardedMapNone"), bits, countsSteps: true);
        ExploreResult result;
        try
        {
            result = Explorer.Run(forgetful, new() { Mode = ExploreMode.Merged });
        }
        catch (RaceModelException e)
        {
            // Found out even earlier: a schedule that it says there is cannot be run.
            Assert.Contains("two situations were taken for one", e.Message, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(ExploreEnd.Finished, result.End);
        Assert.False(result.Exhaustive);
        Assert.NotNull(result.Account!.Objection);
        Assert.StartsWith("not everything: ", result.Coverage, StringComparison.Ordinal);
        Assert.Equal(ShareMeaning.ThoseRun, result.Shares);
    }

    [Fact]
    public void Situations_that_lead_back_to_themselves_are_an_error()
    {
        var forgetful = new ForgetfulModel(RaceModels.Get("TwoWritersSameBucket", "GuardedMapNone"), bits: 4, countsSteps: false);
        var error = Assert.Throws<RaceModelException>(() => Explorer.Run(forgetful, new() { Mode = ExploreMode.Merged }));
        Assert.Contains("two situations were taken for one", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_account_that_does_not_agree_is_an_objection()
    {
        var right = new MergedAccount(6, 6, 0, 32, null, 6);
        Assert.True(right.Holds);
        Assert.Equal("6 schedules were counted from the ends to the beginning, and 7 the other way", (right with { CountedForwards = 7 }).Objection);
        Assert.Equal("2 situations do not have one way on for each actor that can move", (right with { Incomplete = 2 }).Objection);
        Assert.Equal("6 schedules were counted where the formula says 10: the lengths the model states are wrong", (right with { Predicted = new BigInteger(10) }).Objection);
        Assert.Equal("gone", (right with { Astray = "gone" }).Objection);
    }

    private sealed class ForgetfulModel(RaceModel model, int bits, bool countsSteps) : RaceModel(model.Scenario, model.Target, model.Grain, model.Version, model.Seed, model.Points, model.Actors, model.Lengths)
    {
        internal override RaceRun CreateRun() => new Run(model.CreateRun(), bits, countsSteps);

        private sealed class Run(RaceRun run, int bits, bool countsSteps) : RaceRun
        {
            public override UInt128? Situation => run.Situation is { } situation ? (situation & ((UInt128.One << bits) - 1)) | ((UInt128)(countsSteps ? Steps : 0) << bits) : null;

            public override Footprint Next(int actor) => run.Next(actor);

            public override void Restart()
            {
                run.Restart();
                Follow();
            }

            public override void Step(int actor)
            {
                run.Step(actor);
                Follow();
            }

            public override ScheduleOutcome Judge() => run.Judge();

            public override string NameOf(Footprint footprint) => run.NameOf(footprint);

            private void Follow() => (Enabled, Steps) = (run.Enabled, run.Steps);
        }
    }
}
