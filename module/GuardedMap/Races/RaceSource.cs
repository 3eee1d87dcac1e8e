using System.Management.Automation;
using GuardedMaps.Lab;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell;

/// <summary>Makes a schedule of whatever stands for one: a replay, a result, an outcome, a token.</summary>
internal static class RaceSource
{
    /// <summary>The schedule, or null when the object stands for none.</summary>
    /// <exception cref="ScheduleTokenException">A token cannot be replayed.</exception>
    /// <exception cref="UnknownScriptsException">A token is of scripts that this session does not know.</exception>
    public static RaceTimeline? TimelineOf(object? source, CancellationToken stop) => InputReader.Bare(source) switch
    {
        RaceTimeline timeline => timeline,
        RacePicture picture => picture.Timeline,
        ExploreResult result => result.MostTelling is { } outcome ? Replay(outcome.SimplestToken, stop) : null,
        DetectionCell cell => TimelineOf(cell.Result, stop),
        ExploredOutcome outcome => Replay(outcome.SimplestToken, stop),
        ScheduleToken token => Replay(token, stop),
        string text => Replay(ScheduleToken.Parse(text), stop),
        _ => null,
    };

    /// <summary>The latest result of this session that has a schedule; null when there is none.</summary>
    public static object? Latest => RecentRaces.Results.FirstOrDefault(r => r is RaceTimeline or ExploreResult { Outcomes.Count: > 0 });

    private static RaceTimeline Replay(ScheduleToken token, CancellationToken stop)
    {
        if (token.Scenario != OwnRace.Scripts) return RaceTimeline.Of(token);
        if (RecentRaces.ScriptsOf(token) is { } scripts) return scripts.With(token.Target, crew => OwnReplay.Of(crew, token, stop), stop);
        throw new UnknownScriptsException(token.ToString());
    }
}

/// <summary>A token names scripts that nobody knows here.</summary>
internal sealed class UnknownScriptsException(string token) : Exception($"The scripts of '{token}' are not known to this session.")
{
    public string Token { get; } = token;
}
