namespace GuardedMaps.Lab;

/// <summary>Adds up the outcomes of schedules, whoever chose them.</summary>
internal sealed class OutcomeTally(Func<Schedule, ulong, ScheduleToken> token)
{
    private readonly Dictionary<ScheduleOutcome, Entry> _entries = [];
    private readonly List<long> _byPreemptions = [];
    private Entry? _latest;

    public OutcomeTally(RaceModel model)
        : this((schedule, _) => new ScheduleToken(model, schedule))
    {
    }

    public long Schedules { get; private set; }

    public IReadOnlyList<long> ByPreemptions => _byPreemptions;

    /// <param name="outcome">The outcome.</param>
    /// <param name="weight">The schedule's weight, or null where it was drawn.</param>
    /// <param name="preemptions">How often an actor was interrupted.</param>
    /// <param name="steps">The actor of each step.</param>
    /// <param name="seen">What was seen in the schedule, where that is part of its token.</param>
    public void Add(ScheduleOutcome outcome, ulong? weight, int preemptions, ReadOnlySpan<int> steps, ulong seen = 0)
    {
        Schedules++;
        while (_byPreemptions.Count <= preemptions) _byPreemptions.Add(0);
        _byPreemptions[preemptions]++;

        // Neighbours in the tree mostly end alike, and oracles mostly give the same object.
        var entry = _latest;
        if (entry is null || !ReferenceEquals(entry.Outcome, outcome))
        {
            if (!_entries.TryGetValue(outcome, out entry))
            {
                entry = new Entry(outcome, Schedule.FromSteps(steps), seen, preemptions);
                _entries.Add(outcome, entry);
            }

            _latest = entry;
        }

        entry.Count++;
        if (weight is { } w) entry.Weights.Add(w);
        if (preemptions < entry.FewestPreemptions)
        {
            entry.FewestPreemptions = preemptions;
            (entry.Simplest, entry.SimplestSeen) = (Schedule.FromSteps(steps), seen);
        }
    }

    // An array, and not a list expression's own type: PowerShell can index it.
    public IReadOnlyList<ExploredOutcome> Outcomes(bool searched) =>
        _entries.Values
            .OrderByDescending(e => e.Count)
            .ThenBy(e => e.Outcome.ToString(), StringComparer.Ordinal)
            .Select(e => new ExploredOutcome
            {
                Outcome = e.Outcome,
                Count = e.Count,
                Share = new ExactFraction(e.Count, Schedules),
                WalkChance = searched ? e.Weights.Total() : null,
                FirstToken = token(e.First, e.FirstSeen),
                SimplestToken = token(e.Simplest, e.SimplestSeen),
                FewestPreemptions = e.FewestPreemptions,
            })
            .ToArray();

    /// <summary>Of each outcome the first schedule with the fewest preemptions, and what was seen in it.</summary>
    public IEnumerable<(ScheduleOutcome Outcome, Schedule Simplest, ulong Seen)> Simplest => _entries.Values.Select(e => (e.Outcome, e.Simplest, e.SimplestSeen));

    private sealed class Entry(ScheduleOutcome outcome, Schedule first, ulong seen, int preemptions)
    {
        public ScheduleOutcome Outcome { get; } = outcome;

        public Schedule First { get; } = first;

        public ulong FirstSeen { get; } = seen;

        public Schedule Simplest { get; set; } = first;

        public ulong SimplestSeen { get; set; } = seen;

        public int FewestPreemptions { get; set; } = preemptions;

        public long Count { get; set; }

        public WeightSum Weights { get; } = new();
    }
}
