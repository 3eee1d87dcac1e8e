namespace GuardedMaps.Lab;

/// <summary>A new key while somebody iterates.</summary>
internal sealed class WriteDuringIterationRace : MapScenario
{
    public override string Name => "WriteDuringIteration";

    public override string Story =>
        "One actor iterates, another inserts. Without protection the loop sees the new key or does not, as it happens; the table itself survives. Go stops the "
        + "whole program with 'concurrent map iteration and map write', Java and .NET raise an error at the next step if they notice, Rust does not compile it.";

    public override IReadOnlyList<string> Actors => ["iterate", "Set 13"];

    public override IReadOnlyList<ScheduleOutcomeKind> Unprotected => [ScheduleOutcomeKind.Clean];

    public override IReadOnlyList<ScheduleOutcomeKind> Flagged => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation];

    public override void Setup(MapSetup setup) => setup.PutAll(10, 11, 12);

    public override async Step<None> Act(RaceHand me, MapStage stage)
    {
        if (me.Index == 0) await me.ForEach();
        else await me.Set(13, 130);
        return default;
    }

    public override string? Describe(MapEnding ending) => ending.Hands[0].Records.Any(r => r is { Verb: MapVerb.Visit, Key: 13 })
        ? "the new key was visited"
        : "the new key was not visited";
}
