using GuardedMaps.Lab.Choosing;

namespace GuardedMaps.Lab.Tests.Choosing;

/// <summary>What is recommended for which figures.</summary>
public sealed class ChoiceAdviceTests
{
    private static readonly MapLoad s_load = new();

    [Fact]
    public void The_one_that_is_ahead_in_every_round_is_taken_and_the_reason_says_by_how_much()
    {
        var choice = ChoiceAdvice.Choose(s_load, [Map("SyncMap", [20, 22, 18, 21]), Map("ConcurrentDictionary", [10, 11, 9, 10])]);
        Assert.Equal(("SyncMap", ChoiceSureness.Clear), (choice.Recommended, choice.Sureness));
        Assert.Equal("SyncMap did 20.5 M operations per second, 2.05 times as many as ConcurrentDictionary, which comes next. It was ahead in 4 of 4 rounds.", choice.Reasons[0]);
        Assert.Contains("Take SyncMap.", choice.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_smaller_than_what_differs_from_round_to_round_is_none()
    {
        var choice = ChoiceAdvice.Choose(
            s_load,
            [Map("SyncMap", [20, 12, 20, 12, 20], bytes: 60), Map("ConcurrentDictionary", [12, 20, 12, 20, 12], bytes: 50), Map("OrderedMap", [3, 3, 3, 3, 3])]);
        Assert.Equal(("ConcurrentDictionary", ChoiceSureness.Open), (choice.Recommended, choice.Sureness));
        Assert.StartsWith("SyncMap and ConcurrentDictionary are equally fast, as far as these rounds can tell", choice.Reasons[0], StringComparison.Ordinal);
        Assert.Equal("ConcurrentDictionary is the smallest of them: 50 bytes for each entry.", choice.Reasons[1]);
        Assert.Contains("Take ConcurrentDictionary, or one that did as well.", choice.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Always_ahead_by_next_to_nothing_is_as_good_as_equal()
    {
        var choice = ChoiceAdvice.Choose(s_load, [Map("SyncMap", [10.2, 10.2, 10.2], p99: 900, bytes: 10), Map("SnapshotMap", [10, 10, 10], p99: 200, bytes: 90)]);
        Assert.Equal(("SnapshotMap", ChoiceSureness.Open), (choice.Recommended, choice.Sureness));
        Assert.Equal("SnapshotMap has the shortest slow operations of them: 99 % took less than 200 ns.", choice.Reasons[1]);
    }

    [Fact]
    public void A_map_that_refuses_is_out_unless_that_is_wanted()
    {
        ChoiceFigures[] figures = [Map("GuardedMap", [30, 30]) with { Operations = 1_000, Refused = 25 }, Map("SyncMap", [10, 10])];
        var choice = ChoiceAdvice.Choose(s_load, figures);
        Assert.Equal(("SyncMap", ChoiceSureness.Only), (choice.Recommended, choice.Sureness));
        Assert.Contains("GuardedMap is out: it refuses operations that overlap, and refused 25 of 1,000 (2.5 %). Take it to be told of a race, not to live with one.", choice.Reasons, StringComparer.Ordinal);
        Assert.Equal("GuardedMap", ChoiceAdvice.Choose(s_load, figures, wantsRefusals: true).Recommended);
        var none = ChoiceAdvice.Choose(s_load, figures[..1]);
        Assert.Null(none.Recommended);
        Assert.Contains("Take none of these.", none.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Luck_does_not_let_the_guarded_map_in_but_a_single_thread_does()
    {
        ChoiceFigures[] figures = [Map("GuardedMap", [30, 30]), Map("SyncMap", [10, 10])];
        Assert.Equal("SyncMap", ChoiceAdvice.Choose(s_load, figures).Recommended);
        Assert.Equal("GuardedMap", ChoiceAdvice.Choose(s_load with { Threads = 1 }, figures).Recommended);
        Assert.Equal("GuardedMap", ChoiceAdvice.Choose(s_load with { Writes = 0 }, figures).Recommended);
    }

    [Fact]
    public void What_the_figures_do_not_show_is_said()
    {
        var iterating = ChoiceAdvice.Choose(s_load with { Iterations = 1 }, [Map("SyncMap", [2, 2]), Map("SnapshotMap", [1, 1])]);
        Assert.Contains(iterating.Reasons, r => r.StartsWith("An iteration of SyncMap shows what is written meanwhile, or not.", StringComparison.Ordinal));
        var whole = ChoiceAdvice.Choose(s_load with { Iterations = 1 }, [Map("SyncMap", [1, 1]), Map("SnapshotMap", [2, 2])]);
        Assert.DoesNotContain(whole.Reasons, r => r.Contains("An iteration of", StringComparison.Ordinal));
        Assert.Throws<ArgumentException>(() => ChoiceAdvice.Choose(s_load, []));
    }

    private static ChoiceFigures Map(string name, double[] millions, double p99 = 500, double bytes = 50) => new()
    {
        Map = name,
        Rounds = [.. millions.Select(m => m * 1e6)],
        P50 = 50,
        P99 = p99,
        P999 = 2 * p99,
        BytesPerEntry = bytes,
        Operations = 1_000,
    };
}
