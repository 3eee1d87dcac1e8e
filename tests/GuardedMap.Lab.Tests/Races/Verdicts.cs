namespace GuardedMaps.Lab.Tests.Races;

/// <summary>Runs fakes; the common part of the tests of the lab's verdicts.</summary>
internal static class Verdicts
{
    public static MapRaceResult Race<TTarget>(
        string scenario,
        bool inChild = false,
        bool leavesNoTrace = false,
        bool showsOneMoment = false,
        int trials = 3,
        int operations = 200,
        double stallSeconds = 20,
        CancellationToken cancellation = default)
        where TTarget : MapFace<string>
    {
        var target = RaceTarget.ForType(typeof(TTarget), typeof(TTarget).Name, inChild, leavesNoTrace, showsOneMoment);
        var options = new MapRaceOptions { Count = trials, Operations = operations, Seed = 11, StallLimit = TimeSpan.FromSeconds(stallSeconds) };
        return MapRace.Run(RaceCatalogue.GetScenario(scenario), target, options, progress: null, cancellation);
    }

    public static void AssertAddsUp(MapRaceResult result) =>
        Assert.Equal(result.Trials, result.Clean + result.Detected + result.SilentlyWrong + result.Hung + result.Crashed);
}
