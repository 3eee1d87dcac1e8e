namespace GuardedMaps.Lab;

/// <summary>Adds up the outcomes of schedules, whoever chose them.</summary>
internal sealed class OutcomeTally(Func<Schedule, ScheduleToken> token)
{
    private readonly Dictionary<ScheduleOutcome, Entry> _entries = [];
    private readonly List<long> _byPreemptions = [];
    private Entry? _latest;

    public OutcomeTally(RaceModel model)
        : this(schedule => new ScheduleToken(model, schedule))
    {
    }

    public long Schedules { get; private set; }

    public IReadOnlyList<long> ByPreemptions => _byPreemptions;

    /// <param name="outcome">The outcome.</param>
    /// <param name="weight">The schedule's weight, or null where it was drawn.</param>
    /// <param name="preemptions">How often an actor was interrupted.</param>
    /// <param name="steps">The actor of each step.</param>
    public void Add(ScheduleOutcome outcome, ulong? weight, int preemptions, ReadOnlySpan<int> steps)
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
                entry = new Entry(outcome, Schedule.FromSteps(steps), preemptions);
                _entries.Add(outcome, entry);
            }

            _latest = entry;
        }

        entry.Count++;
        if (weight is { } w) entry.Weights.Add(w);
        if (preemptions < entry.FewestPreemptions)
        {
            entry.FewestPreemptions = preemptions;
            entry.Simplest = Schedule.FromSteps(steps);
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
                FirstToken = token(e.First),
                SimplestToken = token(e.Simplest),
                FewestPreemptions = e.FewestPreemptions,
            })
            .ToArray();

    private sealed class Entry(ScheduleOutcome outcome, Schedule first, int preemptions)
    {
        public ScheduleOutcome Outcome { get; } = outcome;

        public Schedule First { get; } = first;

        public Schedule Simplest { get; set; } = first;

        public int FewestPreemptions { get; set; } = preemptions;

        public long Count { get; set; }

        public WeightSum Weights { get; } = new();
    }
}
