namespace GuardedMaps.Lab.Tests.Docs;

/// <summary>The samples of docs/race-lab.md.</summary>
internal static class RaceLabSamples
{
    public static void TwoWriters()
    {
        // <sample>
        foreach (string target in new[] { "GuardedMapNone", "GuardedMap" })
        {
            ExploreResult result = Explorer.Automatic(RaceModels.Get("TwoWritersSameBucket", target));
            Print.Line($"{target}: {result.AllSchedules} schedules in {result.Situations} situations");
            foreach (ExploredOutcome outcome in result.Outcomes)
                Print.Line($"  {DetectionCell.Percent(outcome.Share),5} % {outcome.Outcome} (fewest preemptions: {outcome.FewestPreemptions})");
        }
        // </sample>
    }

    public static void OneSchedule()
    {
        // <sample>
        RaceModel model = RaceModels.Get("TwoWritersSameBucket", "GuardedMap");
        ExploredOutcome refused = Explorer.Automatic(model).Outcomes.First(o => o.Outcome.Text.StartsWith("B is refused", StringComparison.Ordinal));
        RaceTimeline timeline = RaceTimeline.Of(refused.SimplestToken);
        Print.Line(timeline.Violation!.Message);
        Print.Line($"B stood in {timeline.Violation.Current.Stack[0]}, A in {timeline.Violation.Previous!.Stack[1]}");
        Print.Line($"on threads: {ThreadReplay.Run(refused.SimplestToken).Outcome}");
        // </sample>
    }
}
