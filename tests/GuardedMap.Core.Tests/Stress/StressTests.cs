namespace GuardedMaps.Tests.Stress;

/// <summary>A few rounds of the stress on each variant. The long run is <c>tests/GuardedMap.Stress</c>.</summary>
public sealed class StressTests
{
    public static TheoryData<string> Targets => [.. StressVariants.All.Select(v => v.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Nothing_is_lost_torn_or_stuck_whatever_is_dropped_thrown_or_interrupted(string variant)
    {
        StressResult result = StressRun.Run(StressVariants.All.Single(v => v.Name == variant), TimeSpan.MaxValue, threads: 4, seed: 1, rounds: 6);
        Assert.True(result.Faults.IsEmpty, result.ToString());
        Assert.Equal(6, result.Rounds);
        Assert.True(result.Iterations > 0 && result.Abandoned > 0, result.ToString());
    }
}
