namespace GuardedMaps.Lab.Tests.Fuzz;

/// <summary>A short run of the fuzzer; the long one is <c>dotnet run --project tests/GuardedMap.Fuzz</c>.</summary>
public sealed class FuzzTests
{
    private const int Texts = 1500;

    public static TheoryData<string> Targets() => [.. FuzzTarget.All.Select(static t => t.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void No_text_gets_more_than_the_ordinary_error(string name)
    {
        FuzzTarget target = FuzzTarget.All.Single(t => t.Name == name);
        foreach (string good in target.Good) target.Take(good);
        var fault = FuzzRun.Find(target, seed: 1, Texts);
        Assert.True(fault is null, fault?.ToString());
    }

    [Fact]
    public void A_fault_is_found_made_again_from_its_seed_and_made_smaller()
    {
        var target = new FuzzTarget("sample", ["a long text with nothing wrong in it"], ["@"], static text =>
        {
            if (text.Contains('@', StringComparison.Ordinal)) throw new FormatException("@");
        });
        FuzzFault fault = Assert.IsType<FuzzFault>(FuzzRun.Find(target, seed: 3, 10_000));
        Assert.Equal("@", fault.Text);
        Assert.Contains('@', new FuzzText(target.Good, target.Pieces, fault.Seed).Next());
    }
}
