namespace GuardedMaps.Lab;

/// <summary>Walks one actor's steps on the calling thread and logs every answer. The one place where a target's operations are called in a race.</summary>
internal static class ActorProgram
{
    public static void Run(RacePlan plan, ActorLog log, MapFace<string> target, CancellationToken stop)
    {
        var steps = log.Actor.Steps;
        long? read = null;
        for (int i = 0; i < steps.Count; i++)
        {
            if (stop.IsCancellationRequested) return;
            log.Position = i;
            if (steps[i].Verb == Verb.SetRead && read is null) continue; // What it was to add to could not be read.
            try
            {
                if (steps[i].Verb == Verb.Get) read = null;
                Do(plan, log, target, steps[i], ref read, stop);
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

    private static void Do(RacePlan plan, ActorLog log, MapFace<string> target, Operation step, ref long? read, CancellationToken stop)
    {
        switch (step.Verb)
        {
            case Verb.Get:
                // A missing key counts as 0, as $m['n']++ has it.
                read = target.Get(plan.Keys[step.Key]) ?? 0;
                break;
            case Verb.Set:
                target.Set(plan.Keys[step.Key], step.Value);
                break;
            case Verb.SetRead:
                target.Set(plan.Keys[step.Key], read!.Value + step.Value);
                break;
            case Verb.Remove:
                target.Remove(plan.Keys[step.Key]);
                break;
            case Verb.Increment:
                target.Increment(plan.Keys[step.Key], step.Value);
                break;
            case Verb.Clear:
                target.Clear();
                break;
            case Verb.Iterate:
                Iterate(plan, log, target, step, stop);
                break;
            case Verb.Copy:
                Copy(log, target);
                break;
            case Verb.Pause:
                Thread.SpinWait((int)step.Value);
                break;
            default:
                throw new InvalidOperationException($"The step verb '{step.Verb}' of actor '{log.Actor.Name}' is not known to the runner.");
        }
    }

    // A copy owes what an iteration owes, so it is judged as one.
    private static void Copy(ActorLog log, MapFace<string> target)
    {
        var copy = new IterationLog();
        log.Iterations.Add(copy);
        copy.Shown.AddRange(target.Copy());
        copy.Completed = true;
    }

    private static void Iterate(RacePlan plan, ActorLog log, MapFace<string> target, Operation step, CancellationToken stop)
    {
        var iteration = new IterationLog();
        log.Iterations.Add(iteration);

        // An iteration over a damaged table may never end, or show its entries again and again. Twice the number of
        // keys that ever existed is proof enough of damage and a bound on memory.
        int limit = (plan.Keys.Count * 2) + 16;
        foreach (var entry in step.Contract == IterationContract.Snapshot ? target.Snapshot() : target.Entries())
        {
            iteration.Shown.Add(entry);
            log.Beat();
            iteration.RanAway = iteration.Shown.Count > limit;
            if (iteration.RanAway || stop.IsCancellationRequested) return;
        }

        iteration.Completed = true;
    }
}
