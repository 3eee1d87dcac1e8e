namespace GuardedMaps.Lab;

// A schedule found by chance switches actors far more often than what it shows needs. To understand it, a reader wants the
// one with the fewest switches; each switch that is left is then a cause.
//
// Merging: take a block and the next block of the same actor, and join them, at either place; that takes at least
// one preemption away. Run it. If the outcome is the same, keep it.
//
//     A2 B3 A4 B5   ->   A6 B8        the later block comes forward
//     A2 B3 A4 B5   ->   B3 A6 B5     the earlier block goes back
//
// Then leading blocks are shortened, steps going to the same actor's next block: what is left of the first block is what must have
// happened before the other comes, and no more.
//
//     A40 B8 A9     ->   A5 B8 A44    as few steps as will do
//
// A merged schedule may leave actors other numbers of steps than before; running it is lenient (runs of finished actors are
// passed over) and what was really run is what is kept. Merging is greedy and may stop short of the best. So at the end
// the tree is searched with one preemption less: either that finds a better one, or it proves that there is none.

/// <summary>Finds the schedule with the fewest preemptions that ends the same way.</summary>
internal static class ScheduleShrinker
{
    /// <summary>Shrinks the schedule of a token.</summary>
    /// <param name="model">The model the token was made from.</param>
    /// <param name="token">The schedule to shrink.</param>
    /// <param name="limits">The limits of the proof's search (schedules, time, steps); null for none. Its mode does not matter.</param>
    /// <param name="cancellationToken">Cuts the proof short; the schedule found until then is given.</param>
    /// <exception cref="ScheduleTokenException">The token does not fit the model.</exception>
    public static ShrunkSchedule Shrink(RaceModel model, ScheduleToken token, ExploreOptions? limits = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(token);
        limits ??= new ExploreOptions();
        var original = ScheduleReplay.Of(model, token, limits.MaxSteps);
        var outcome = original.ToEnd();

        var best = original;
        int replays = 0;
        while (!cancellationToken.IsCancellationRequested && Merge(model, best, outcome, limits.MaxSteps, ref replays) is { } better) best = better;

        best = ShortenBlocks(model, best, outcome, limits.MaxSteps, cancellationToken, ref replays);
        var schedule = best.Run;
        int preemptions = best.Preemptions;
        bool proven = preemptions == 0;
        long searched = 0;
        if (!proven)
        {
            var proof = Explorer.Run(
                model,
                limits with { Mode = ExploreMode.Bounded, MaxPreemptions = preemptions - 1, StopAt = outcome.Equals },
                progress: null,
                cancellationToken);
            searched = proof.Schedules;
            if (proof.End == ExploreEnd.Found)
            {
                // The rounds go up from 0, so what is found first has the fewest there are.
                var found = proof.Outcomes.Single(o => o.Outcome.Equals(outcome));
                best = ShortenBlocks(model, ScheduleReplay.Of(model, found.SimplestToken, limits.MaxSteps), outcome, limits.MaxSteps, cancellationToken, ref replays);
                (schedule, preemptions, proven) = (best.Run, found.FewestPreemptions, true);
            }
            else
            {
                proven = proof.End == ExploreEnd.Finished && proof.Certificate!.Holds;
            }
        }

        return new ShrunkSchedule
        {
            From = token,
            PreemptionsBefore = original.Preemptions,
            Token = new ScheduleToken(model, schedule),
            Preemptions = preemptions,
            Outcome = outcome,
            MinimalProven = proven,
            Replays = replays,
            ProofSchedules = searched,
        };
    }

    /// <summary>Shortens the blocks of a schedule, and does nothing else.</summary>
    internal static ScheduleToken Shorten(RaceModel model, ScheduleToken token, int maxSteps, CancellationToken cancellationToken)
    {
        var replay = ScheduleReplay.Of(model, token, maxSteps);
        var outcome = replay.ToEnd();
        int replays = 0;
        return new ScheduleToken(model, ShortenBlocks(model, replay, outcome, maxSteps, cancellationToken, ref replays).Run);
    }

    // The first merge that keeps the outcome and saves preemptions; null when there is none.
    private static ScheduleReplay? Merge(RaceModel model, ScheduleReplay from, ScheduleOutcome outcome, int maxSteps, ref int replays)
    {
        var runs = from.Run.Runs;
        for (int first = 0; first < runs.Count; first++)
        {
            int second = first + 1;
            while (second < runs.Count && runs[second].Actor != runs[first].Actor) second++;
            if (second == runs.Count) continue;
            foreach (bool forward in (ReadOnlySpan<bool>)[true, false])
            {
                var merged = new ScheduleReplay(model, Merged(runs, first, second, forward), strict: false, maxSteps);
                replays++;
                if (merged.ToEnd().Equals(outcome) && merged.Preemptions < from.Preemptions) return merged;
            }
        }

        return null;
    }

    // Each block in turn gets as few steps as keep the outcome and cost no further preemption; its actor makes the others later.
    private static ScheduleReplay ShortenBlocks(RaceModel model, ScheduleReplay best, ScheduleOutcome outcome, int maxSteps, CancellationToken cancellationToken, ref int replays)
    {
        if (best.Outcome is null) best.ToEnd();
        for (int block = 0; block < best.Run.Runs.Count; block++)
        {
            var runs = best.Run.Runs;
            int later = block + 1;
            while (later < runs.Count && runs[later].Actor != runs[block].Actor) later++;
            if (later == runs.Count) continue;
            for (int steps = 1; steps < runs[block].Steps && !cancellationToken.IsCancellationRequested; steps++)
            {
                var moved = runs.ToList();
                moved[later] = (moved[later].Actor, moved[later].Steps + moved[block].Steps - steps);
                moved[block] = (moved[block].Actor, steps);
                var shorter = new ScheduleReplay(model, Schedule.FromRuns(moved), strict: false, maxSteps);
                replays++;
                if (!shorter.ToEnd().Equals(outcome) || shorter.Preemptions > best.Preemptions) continue;
                best = shorter;
                break;
            }
        }

        return best;
    }

    private static Schedule Merged(IReadOnlyList<(int Actor, int Steps)> runs, int first, int second, bool forward)
    {
        var merged = runs.ToList();
        var (from, to) = forward ? (second, first) : (first, second);
        merged[to] = (runs[first].Actor, checked(runs[first].Steps + runs[second].Steps));
        merged.RemoveAt(from);
        return Schedule.FromRuns(merged);
    }
}
