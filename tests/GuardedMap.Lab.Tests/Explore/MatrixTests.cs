namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>The detection matrix.</summary>
public sealed class MatrixTests
{
    [Fact]
    public void The_three_shares_of_a_cell_are_those_of_the_search_and_add_up_to_one()
    {
        var matrix = DetectionMatrix.Compute(RaceModels.Of("WriterFlag"), new() { Mode = ExploreMode.Exhaustive });
        var row = Assert.Single(matrix.Rows);
        Assert.Equal(["SetAndClear", "Xor", "CompareAndSwap"], matrix.Targets, StringComparer.Ordinal);

        // 3,700 of 6,878 schedules are missed by set and clear, 24 of 1,886 by XOR, none of 14 by compare-and-swap; 2 do not overlap.
        Assert.Equal([new(3_700, 6_878), new(24, 1_886), new(0, 1)], row.Cells.Select(c => c.SilentlyWrong));
        Assert.Equal([new(2, 6_878), new(2, 1_886), new(2, 14)], row.Cells.Select(c => c.Clean));
        Assert.All(row.Cells, c => Assert.Equal(ExactFraction.One, c.Detected + c.SilentlyWrong + c.Clean));
        Assert.Equal("85.7 / 0 / 14.3", row.Cell("compareandswap")!.ToString());
        Assert.Equal("98.6 / 1.3 / 0.1", row.Cell("Xor")!.ToString());
    }

    [Theory]
    [InlineData(0, 1, "0")]
    [InlineData(1, 1, "100")]
    [InlineData(1, 3, "33.3")]
    [InlineData(1, 2_000, "0.05")]
    [InlineData(1, 1_000_000, "<0.01")]
    [InlineData(1_999, 2_000, "99.95")]
    [InlineData(999_999, 1_000_000, ">99.99")]
    public void A_share_never_shows_as_nothing_or_all_unless_it_is(int numerator, int denominator, string expected) =>
        Assert.Equal(expected, DetectionCell.Percent(new ExactFraction(numerator, denominator)));
}
