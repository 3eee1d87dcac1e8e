namespace GuardedMaps.Lab;

// The shortest way to show what a schedule of own programs showed. The search goes up by preemptions, so the first schedule that ends this way has the fewest there are, and of
// those with as many the whole level is run: the one with the fewest steps is taken, of these the one with the fewest turns, and of these the one whose first turns are shortest,
// since what is left of a turn is what must have happened before the other comes.
//
// The proof is the search itself: every schedule with fewer preemptions was run, and ended another way.

/// <summary>Finds the smallest schedule of own programs that ends as another one does.</summary>
internal static class OwnShrinker
{
    /// <summary>Shrinks the schedule of a token.</summary>
    /// <param name="crew">The threads of its race.</param>
    /// <param name="token">The schedule to shrink.</param>
    /// <param name="limits">Limits of the search (schedules, time, steps); null for none. Its mode does not matter.</param>
    /// <param name="cancellationToken">Cuts it short; the smallest schedule found until then is given.</param>
    /// <exception cref="ScheduleTokenException">The token does not fit the race.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled before the token's own schedule had been run.</exception>
    public static ShrunkSchedule Shrink(OwnCrew crew, ScheduleToken token, ExploreOptions? limits = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(crew);
        ArgumentNullException.ThrowIfNull(token);
        crew.Race.RequireFit(token);
        limits ??= new ExploreOptions { MaxSteps = crew.MaxSteps };
        crew.MaxSteps = limits.MaxSteps;
        crew.Resume();
        using var stop = cancellationToken.Register(crew.Stop);
        var judge = OwnExplorer.JudgeFor(crew, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var outcome = OwnReplay.Run(crew, token, judge, recorded: false) ?? throw new OperationCanceledException("Shrinking was stopped before the schedule itself was run.", cancellationToken);
        int before = crew.Preemptions;
        var best = Found.Of(crew);
        bool isFound = false;
        bool isDone = false;
        var search = OwnExplorer.Run(
            crew,
            judge,
            limits with { Mode = ExploreMode.Bounded, MaxPreemptions = before, StopAt = _ => isDone },
            progress: null,
            Look,
            cancellationToken);
        return new ShrunkSchedule
        {
            From = token,
            PreemptionsBefore = before,
            Token = crew.Race.Token(best.Schedule, best.Seen),
            Preemptions = best.Preemptions,
            Outcome = outcome,
            MinimalProven = search.Doubt is null && (search.End is ExploreEnd.Found or ExploreEnd.Finished || search.PreemptionsCovered >= best.Preemptions - 1),
            Replays = 1,
            ProofSchedules = search.Schedules,
        };

        void Look(ScheduleOutcome end)
        {
            // The level of the best is done.
            if (isFound && crew.Preemptions > best.Preemptions) isDone = true;
            if (isDone || !end.Equals(outcome)) return;
            isFound = true;
            var found = Found.Of(crew);
            if (found.IsSmallerThan(best)) best = found;
        }
    }

    private sealed record Found(Schedule Schedule, int Preemptions, int Steps, ulong Seen)
    {
        public static Found Of(OwnCrew crew) => new(Schedule.FromSteps(Array.ConvertAll(crew.Picks.ToArray(), p => (int)p)), crew.Preemptions, crew.Picks.Length, crew.Seen);

        public bool IsSmallerThan(Found other)
        {
            int difference = Preemptions.CompareTo(other.Preemptions);
            if (difference == 0) difference = Steps.CompareTo(other.Steps);
            if (difference == 0) difference = Schedule.Runs.Count.CompareTo(other.Schedule.Runs.Count);
            for (int i = 0; difference == 0 && i < Schedule.Runs.Count - 1; i++)
            {
                difference = Schedule.Runs[i].Steps.CompareTo(other.Schedule.Runs[i].Steps);
                if (difference == 0) difference = Schedule.Runs[i].Actor.CompareTo(other.Schedule.Runs[i].Actor);
            }

            return difference < 0;
        }
    }
}
