namespace GuardedMaps.Lab.Tests.Races;

/// <summary>Runs fakes; the common part of the tests of the lab's verdicts.</summary>
internal static class Verdicts
{
    public static MapRaceResult Race<TTarget>(
        RaceScenario scenario,
        bool inChild = false,
        bool leavesNoTrace = false,
        bool showsOneMoment = false,
        int trials = 3,
        int operations = 200,
        double stallSeconds = 20,
        CancellationToken cancellation = default)
        where TTarget : IRaceTarget
    {
        var target = RaceTargetInfo.ForType(typeof(TTarget), typeof(TTarget).Name, inChild, hasAtomicIncrement: true, leavesNoTrace, showsOneMoment);
        var options = new MapRaceOptions { Count = trials, Operations = operations, Seed = 11, StallLimit = TimeSpan.FromSeconds(stallSeconds) };
        return MapRace.Run(scenario, target, options, progress: null, cancellation);
    }

    public static void AssertAddsUp(MapRaceResult result) =>
        Assert.Equal(result.Trials, result.Clean + result.Detected + result.SilentlyWrong + result.Hung + result.Crashed);
}
