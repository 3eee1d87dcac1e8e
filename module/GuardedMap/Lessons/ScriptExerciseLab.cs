using System.Collections;
using System.Management.Automation;
using GuardedMaps.Lab;
using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Shell;

/// <summary>Runs the script blocks of answers as Start-MapRace -Actor does: several in every order of their steps, one alone once.</summary>
/// <param name="session">The session the answers were written in.</param>
internal sealed class ScriptExerciseLab(SessionState session) : ExerciseLab
{
    private static readonly ExploreOptions s_limits = new() { MaxSchedules = 10_000, MaxSteps = 20_000 };
    private ScriptRace? _race;

    public override string ProgramExample => "a script block over the map $_, such as { $_['n'] = 1 }";

    public override bool IsProgram(object? answer) => answer is ScriptBlock;

    public override ExploreResult Explore(IReadOnlyList<object> programs, ProgramTrial trial, string text, CancellationToken cancellation)
    {
        var race = new ScriptRace([.. programs.Cast<ScriptBlock>()], setup: null, check: null, session)
        {
            Fill = () =>
            {
                IDictionary map = trial.Create();
                trial.Fill(map);
                return map;
            },
            Judge = map => Answer(trial, map),
            Note = "\n" + text,
        };
        try
        {
            if (programs.Count == 1) return Once(Outcome(race, trial, cancellation), nameof(GuardedMap));
            race.RequireCovered();
            _race = race;
            return race.With(nameof(GuardedMap), crew => race.Told(OwnExplorer.Run(crew, s_limits, progress: null, cancellation)), cancellation);
        }
        catch (NotCoveredException e)
        {
            throw new RaceModelException($"{e.Message} {e.Instead}", e);
        }
    }

    // Show-MapRace finds the scripts of a token there.
    public override void Remember(ExploreResult result) => RecentRaces.Add(result, _race);

    /// <summary>An answer without PowerShell's wrappers, those of a list's items included.</summary>
    public static object? Bare(object? answer)
    {
        object? bare = InputReader.Bare(answer);
        return bare is IEnumerable list and not string and not IDictionary ? list.Cast<object?>().Select(InputReader.Bare).ToArray() : bare;
    }

    private static ScheduleOutcome Outcome(ScriptRace race, ProgramTrial trial, CancellationToken cancellation)
    {
        try
        {
            var (run, map) = race.Once(cancellation);
            CheckAnswer answer = Answer(trial, map);
            if (run.Faults.Count > 0) return new ScheduleOutcome(ScheduleOutcomeKind.Failed, $"A got {run.Faults[0].Name}; {answer.Text}");
            return answer.IsRight ? new ScheduleOutcome(ScheduleOutcomeKind.Clean, answer.Text!) : new ScheduleOutcome(ScheduleOutcomeKind.Unnoticed, $"the check failed: {answer.Text}");
        }
        catch (ScriptSetupException)
        {
            return new ScheduleOutcome(ScheduleOutcomeKind.Livelock, "it did not end");
        }
    }
}
