using System.Collections;
using System.Globalization;

namespace GuardedMaps.Lab.Lessons;

/// <summary>
/// How programs in answers are run. This one knows delegates of C#; a shell's knows its script blocks.
/// </summary>
internal class ExerciseLab
{
    private const int MostSchedules = 10_000;
    private const int MostSteps = 20_000;

    /// <summary>What a program looks like, for messages.</summary>
    public virtual string ProgramExample => "a delegate, such as (Action<IDictionary>)(map => map[\"n\"] = 1)";

    /// <summary>True for an answer that is a program over a map.</summary>
    public virtual bool IsProgram(object? answer) => answer is Action<IDictionary>;

    /// <summary>Runs programs in every order: one alone once, several at their points.</summary>
    /// <param name="programs">The programs.</param>
    /// <param name="trial">The map they begin with, and what must be true of it afterwards.</param>
    /// <param name="text">Which trial of which exercise it is: part of a token's checksum, since the same programs over another beginning are another race.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RaceModelException">The programs cannot be explored.</exception>
    public virtual ExploreResult Explore(IReadOnlyList<object> programs, ProgramTrial trial, string text, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(programs);
        ArgumentNullException.ThrowIfNull(trial);
        var actors = programs.Select((p, i) => new OwnActorCode(string.Create(CultureInfo.InvariantCulture, $"program {i + 1}"), state => Run((Action<IDictionary>)p, (IDictionary)state))).ToList();
        if (actors.Count == 1) return Once(actors[0], trial);
        var own = new OwnRace
        {
            Scenario = OwnRace.Delegates,
            Container = nameof(GuardedMap),
            Create = () => Shared(trial),
            Actors = actors,
            Check = state => Answer(trial, ((SharedMap)state).Inner),
            Text = text,
        };
        return OwnExplorer.Run(own, new ExploreOptions { MaxSchedules = MostSchedules, MaxSteps = MostSteps }, progress: null, cancellation);
    }

    /// <summary>Told of an exploration by which an answer was found wrong: a token of it is about to be given.</summary>
    public virtual void Remember(ExploreResult result)
    {
        // A library's user has the programs.
    }

    /// <summary>What a trial says of the map at the end.</summary>
    protected static CheckAnswer Answer(ProgramTrial trial, IDictionary map)
    {
        ArgumentNullException.ThrowIfNull(trial);
        return trial.Check(map) is { } wrong ? new CheckAnswer(false, wrong) : new CheckAnswer(true, "the map is as it should be");
    }

    /// <summary>What one program alone came to, as an exploration of one schedule.</summary>
    protected static ExploreResult Once(ScheduleOutcome outcome, string container)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        var tally = new OutcomeTally(static (schedule, _) => new ScheduleToken(OwnRace.Delegates, nameof(GuardedMap), schedule, 0, ""));
        tally.Add(outcome, weight: 0, preemptions: 0, []);
        return SearchCoverage.Marked(new ExploreResult
        {
            Scenario = OwnRace.Delegates,
            Target = container,
            Mode = ExploreMode.Exhaustive,
            Schedules = 1,
            Certificate = new ExploreCertificate(ExactFraction.One, default, default, 0, 0, 1, 1),
            ByPreemptions = [1],
            Outcomes = tally.Outcomes(searched: true),
            End = ExploreEnd.Finished,
            Elapsed = TimeSpan.Zero,
            Steps = 0,
        });
    }

    private static IDictionary Shared(ProgramTrial trial)
    {
        var map = trial.Create();
        trial.Fill(map);
        return SharedMap.Of(map, OwnMapGate.For(map));
    }

    private static ExploreResult Once(OwnActorCode program, ProgramTrial trial)
    {
        var map = trial.Create();
        trial.Fill(map);
        var report = program.Run(map);
        var answer = Answer(trial, map);
        var outcome = report.Faults.Count > 0 ? new ScheduleOutcome(ScheduleOutcomeKind.Failed, $"A got {report.Faults[0].Name}; {answer.Text}")
            : answer.IsRight ? new ScheduleOutcome(ScheduleOutcomeKind.Clean, answer.Text!)
            : new ScheduleOutcome(ScheduleOutcomeKind.Unnoticed, $"the check failed: {answer.Text}");
        return Once(outcome, nameof(GuardedMap));
    }

    private static OperationReport Run(Action<IDictionary> program, IDictionary map)
    {
        try
        {
            program(map);
            return OperationReport.Quiet;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KeyNotFoundException or InvalidCastException or NullReferenceException)
        {
            return new OperationReport(null, [OperationFault.Of(e)]);
        }
    }
}
