namespace GuardedMaps.Lab;

/// <summary>Walks one actor's steps on the calling thread and logs every answer. The one place where a target's operations are called in a race.</summary>
internal static class ActorProgram
{
    public static void Run(RacePlan plan, ActorLog log, IRaceTarget target, CancellationToken stop)
    {
        var steps = log.Actor.Steps;
        for (int i = 0; i < steps.Count; i++)
        {
            if (stop.IsCancellationRequested) return;
            log.Position = i;
            try
            {
                Do(plan, log, target, steps[i], stop);
                log.Answers[i] = StepAnswer.Acknowledged;
            }
            catch (Exception error)
            {
                // Whatever an operation throws is its answer, and being counted is the purpose of the trial. The actor
                // goes on with its next step, as a pipeline in a shell does.
                log.Raise(i, error);
            }

            log.Beat();
        }

        log.Position = steps.Count;
    }

    private static void Do(RacePlan plan, ActorLog log, IRaceTarget target, RaceStep step, CancellationToken stop)
    {
        switch (step.Verb)
        {
            case RaceVerb.Set:
                target.Store(plan.Keys[step.Key], step.Value);
                break;
            case RaceVerb.Remove:
                target.Remove(plan.Keys[step.Key]);
                break;
            case RaceVerb.AddByHand:
                // A missing key counts as 0, as $m['n']++ has it.
                target.TryGet(plan.Keys[step.Key], out long value);
                target.Store(plan.Keys[step.Key], value + step.Value);
                break;
            case RaceVerb.AddAtomically:
                target.Increment(plan.Keys[step.Key], step.Value);
                break;
            case RaceVerb.Iterate:
                Iterate(plan, log, target, stop);
                break;
            case RaceVerb.Copy:
                Copy(log, target);
                break;
            case RaceVerb.Pause:
                Thread.SpinWait((int)step.Value);
                break;
            default:
                throw new InvalidOperationException($"The step verb '{step.Verb}' of actor '{log.Actor.Name}' is not known to the runner.");
        }
    }

    // A copy owes what an iteration owes, so it is judged as one.
    private static void Copy(ActorLog log, IRaceTarget target)
    {
        var copy = new IterationLog();
        log.Iterations.Add(copy);
        copy.Shown.AddRange(target.Copy());
        copy.Completed = true;
    }

    private static void Iterate(RacePlan plan, ActorLog log, IRaceTarget target, CancellationToken stop)
    {
        var iteration = new IterationLog();
        log.Iterations.Add(iteration);

        // An iteration over a damaged table may never end, or show its entries again and again. Twice the number of
        // keys that ever existed is proof enough of damage and a bound on memory.
        int limit = (plan.Keys.Count * 2) + 16;
        bool cutShort = false;
        target.Iterate((key, value) =>
        {
            iteration.Shown.Add(new(key, value));
            log.Beat();
            iteration.RanAway = iteration.Shown.Count > limit;
            cutShort = iteration.RanAway || stop.IsCancellationRequested;
            return !cutShort;
        });
        iteration.Completed = !cutShort;
    }
}
