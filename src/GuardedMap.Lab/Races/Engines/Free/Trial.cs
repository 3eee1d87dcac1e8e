using System.Diagnostics;

namespace GuardedMaps.Lab;

/// <summary>
/// One trial: plan, fill, race, judge. It cannot tell by itself that it hangs; it gives signs of life and can be asked,
/// from another thread, where it stands.
/// </summary>
internal sealed class Trial
{
    private readonly RaceJob _job;
    private readonly int _number;
    private volatile Phase _phase;
    private RacePlan? _plan;
    private ActorLog[]? _logs;
    private long _beats;

    public Trial(RaceJob job, int number)
    {
        _job = job;
        _number = number;
    }

    private enum Phase
    {
        Preparing,
        Racing,
        Judging,
    }

    /// <summary>Rises as long as anything in the trial moves.</summary>
    public long Beats
    {
        get
        {
            long beats = Volatile.Read(ref _beats);
            if (_phase != Phase.Preparing)
            {
                foreach (var log in _logs!) beats += log.Beats;
            }

            return beats;
        }
    }

    /// <summary>What is being done right now, for the report of a hang.</summary>
    public string Describe() => _phase switch
    {
        Phase.Preparing => "the trial was being prepared",
        Phase.Judging => "the race was over and the map was being read",
        _ => string.Join("; ", _logs!.Where(log => log.Position < log.Actor.Steps.Count).Select(log => log.Describe(_plan!))),
    };

    /// <summary>Runs the trial. Returns null when it was stopped before its end, since half a race cannot be judged.</summary>
    public TrialReport? Run(Func<int, ActorCrew> crewOf, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        _plan = FreePlan.Of(_job.Scenario, _job.Operations, RaceRandom.ForTrial(_job.Seed, _number));
        var target = _job.Target.Create();
        Beat();
        foreach (var (key, value) in _plan.Setup)
        {
            target.Set(_plan.Keys[key], value);
            Beat();
        }

        _logs = [.. _plan.Actors.Select(actor => new ActorLog(actor))];
        _phase = Phase.Racing;
        crewOf(_logs.Length).Run(actor => ActorProgram.Run(_plan, _logs[actor], target, stop));
        if (stop.IsCancellationRequested) return null;

        _phase = Phase.Judging;
        var findings = TrialJudge.Judge(_plan, _logs, target, _job.Target, Beat);
        return Report(findings, clock.Elapsed);
    }

    private void Beat() => Volatile.Write(ref _beats, _beats + 1);

    private TrialReport Report(RaceFindings findings, TimeSpan elapsed)
    {
        var errors = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (name, count) in _logs!.SelectMany(log => log.Errors))
            errors[name] = errors.GetValueOrDefault(name) + count;

        return new TrialReport
        {
            Trial = _number,
            Outcome = !findings.IsEmpty ? RaceOutcome.SilentlyWrong : errors.Count > 0 ? RaceOutcome.Detected : RaceOutcome.Clean,
            Milliseconds = elapsed.TotalMilliseconds,
            Damage = findings.Damage.ToDictionary(d => d.Key, d => d.Value),
            Errors = errors,
            Example = findings.Example,
            FirstError = _logs!.Select(log => log.FirstError).FirstOrDefault(error => error is not null),
        };
    }
}
