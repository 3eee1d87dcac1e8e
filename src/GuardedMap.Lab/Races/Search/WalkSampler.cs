using System.Numerics;

namespace GuardedMaps.Lab;

/// <summary>A fair die at each step.</summary>
internal sealed class WalkSampler(RaceModel model, ExploreOptions options) : Sampler(model, options)
{
    public override MissStatement Miss(long schedules) =>
        ByShare("every outcome, by its chance in the walk", "a chance", schedules);

    protected override int Pick(uint enabled, int step)
    {
        int skip = Random.Next(BitOperations.PopCount(enabled));
        for (; skip > 0; skip--) enabled &= enabled - 1;
        return BitOperations.TrailingZeroCount(enabled);
    }
}
