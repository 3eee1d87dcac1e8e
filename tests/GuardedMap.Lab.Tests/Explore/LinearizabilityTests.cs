namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>Histories with a known answer.</summary>
public sealed class LinearizabilityTests
{
    [Fact]
    public void Overlapping_operations_may_take_either_order_and_separate_ones_may_not()
    {
        // Get sees nothing although Set overlaps it: Get came first.
        Assert.True(Check(Set(0, 1, 10, 1, 4), Get(1, 1, null, 2, 3)).Linearizable);
        Assert.True(Check(Set(0, 1, 10, 1, 4), Get(1, 1, 10, 2, 3)).Linearizable);

        // Get begins after Set has returned: it must see the value.
        Assert.True(Check(Set(0, 1, 10, 1, 2), Get(1, 1, 10, 3, 4)).Linearizable);
        Assert.False(Check(Set(0, 1, 10, 1, 2), Get(1, 1, null, 3, 4)).Linearizable);
    }

    [Fact]
    public void A_value_that_was_seen_cannot_be_unseen()
    {
        // While Set runs, one Get sees it and a later Get does not.
        Assert.False(Check(Set(0, 1, 10, 1, 10), Get(1, 1, 10, 2, 3), Get(1, 1, null, 4, 5)).Linearizable);
        Assert.True(Check(Set(0, 1, 10, 1, 10), Get(1, 1, null, 2, 3), Get(1, 1, 10, 4, 5)).Linearizable);
    }

    [Fact]
    public void A_lost_entry_and_a_resurrected_one_are_found()
    {
        var lost = Check(Set(0, 1, 10, 1, 4), Set(1, 2, 20, 2, 3), Get(0, 1, 10, 5, 6), Get(0, 2, null, 7, 8));
        Assert.False(lost.Linearizable);
        Assert.Equal("not linearizable: after [B: Set(2, 20)] none of [A: Get(2) = missing] can come next", lost.ToString());

        Assert.False(Check(Set(0, 1, 10, 1, 2), Remove(1, 1, true, 3, 4), Get(0, 1, 10, 5, 6)).Linearizable);
    }

    [Fact]
    public void A_key_cannot_be_removed_twice()
    {
        Assert.False(Check(Set(0, 1, 10, 1, 2), Remove(0, 1, true, 3, 6), Remove(1, 1, true, 4, 5)).Linearizable);
        Assert.True(Check(Set(0, 1, 10, 1, 2), Remove(0, 1, true, 3, 6), Remove(1, 1, false, 4, 5)).Linearizable);
    }

    [Fact]
    public void Count_ties_the_keys_together()
    {
        // Each key by itself is in order. But two Sets have returned, and Count says 1.
        Assert.False(Check(Set(0, 1, 10, 1, 2), Set(1, 2, 20, 3, 4), Count(0, 1, 5, 6)).Linearizable);
        Assert.True(Check(Set(0, 1, 10, 1, 2), Set(1, 2, 20, 3, 6), Count(0, 1, 4, 5)).Linearizable);
        Assert.True(Check(Set(0, 1, 10, 1, 2), Set(1, 2, 20, 3, 6), Count(0, 2, 4, 5)).Linearizable);
    }

    [Fact]
    public void What_the_map_held_before_counts()
    {
        var before = new Dictionary<int, long> { [1] = 10, [7] = 70 };
        Assert.True(Linearizability.Check([Get(0, 1, 10, 1, 2), Remove(0, 1, true, 3, 4), Count(0, 1, 5, 6)], before).Linearizable);
        Assert.False(Linearizability.Check([Get(0, 1, 10, 1, 2), Remove(0, 1, true, 3, 4), Count(0, 0, 5, 6)], before).Linearizable);
    }

    [Fact]
    public void An_operation_that_never_returned_may_have_happened_or_not()
    {
        var pending = new HistoryOperation(0, Verb.Set, 1, 10, null, 1, null);
        Assert.True(Check(pending, Get(1, 1, null, 2, 3)).Linearizable);
        Assert.True(Check(pending, Get(1, 1, 10, 2, 3)).Linearizable);
        Assert.True(Check(pending, Get(1, 1, null, 2, 3), Get(1, 1, 10, 4, 5)).Linearizable);
        Assert.False(Check(pending, Get(1, 1, 10, 2, 3), Get(1, 1, null, 4, 5)).Linearizable);
        Assert.False(Check(pending with { Invoked = 4 }, Get(1, 1, 10, 2, 3)).Linearizable);
    }

    [Fact]
    public void A_witness_is_an_order_that_a_dictionary_would_answer_alike()
    {
        var result = Check(Set(0, 1, 10, 1, 8), Get(1, 1, null, 2, 3), Get(1, 1, 10, 4, 5), Count(1, 1, 6, 7));
        Assert.Equal(
            ["B: Get(1) = missing", "A: Set(1, 10)", "B: Get(1) = 10", "B: Count = 1"],
            result.Witness.Select(o => o.ToString()),
            StringComparer.Ordinal);
    }

    [Fact]
    public void A_lost_update_is_linearizable_which_is_why_no_map_can_find_it()
    {
        // Get A, Get B, Set B, Set A: the program is wrong, every single answer is right.
        Assert.True(Linearizability.Check(
            [Get(0, 1, 0, 1, 2), Get(1, 1, 0, 3, 4), Set(1, 1, 1, 5, 6), Set(0, 1, 1, 7, 8), Get(0, 1, 1, 9, 10)],
            new Dictionary<int, long> { [1] = 0 }).Linearizable);
    }

    [Fact]
    public void The_memory_keeps_a_wrong_history_from_taking_for_ever()
    {
        // 12 overlapping Sets of 12 keys, and after them a Count that is wrong: 12! orders, but only 2^12 sets of Sets done.
        HistoryOperation[] history = [.. Enumerable.Range(0, 12).Select(i => Set(i % 8, i, 1, i + 1, 100 + i)), Count(0, 13, 200, 201)];
        var result = Check(history);
        Assert.False(result.Linearizable);
        Assert.Equal(1 << 12, result.Situations);
    }

    [Fact]
    public void Key_by_key_a_long_history_is_no_trouble()
    {
        HistoryOperation[] history = [.. Enumerable.Range(0, 500).SelectMany(i => (HistoryOperation[])[Set(0, i, i, 1, 3), Get(1, i, i, 2, 4)])];
        Assert.True(Check(history).Linearizable);

        var error = Assert.Throws<ArgumentException>(() => Check([.. history, Count(0, 500, 5, 6)]));
        Assert.StartsWith("The history has 1001 operations that must be ordered together, and 64 is the most", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_history_that_contradicts_itself_is_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => Check(Set(0, 1, 10, 5, 4)));
        Assert.StartsWith("The operation 'A: Set(1, 10)' returned before it was invoked.", error.Message, StringComparison.Ordinal);
    }

    private static LinearizabilityResult Check(params HistoryOperation[] history) => Linearizability.Check(history);

    private static HistoryOperation Set(int actor, int key, long value, long from, long to) => new(actor, Verb.Set, key, value, null, from, to);

    private static HistoryOperation Get(int actor, int key, long? result, long from, long to) => new(actor, Verb.Get, key, 0, result, from, to);

    private static HistoryOperation Remove(int actor, int key, bool removed, long from, long to) => new(actor, Verb.Remove, key, 0, removed ? 1 : 0, from, to);

    private static HistoryOperation Count(int actor, long result, long from, long to) => new(actor, Verb.Count, 0, 0, result, from, to);
}
