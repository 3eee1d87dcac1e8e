namespace GuardedMaps.Lab;

/// <summary>What the judge found in one trial: how many entries were hit by each kind of damage, and the first of each kind in words.</summary>
internal sealed class RaceFindings
{
    private readonly SortedDictionary<ScheduleOutcomeKind, (long Entries, string Example)> _damage = [];

    public bool IsEmpty => _damage.Count == 0;

    /// <summary>Entries hit, by kind, the gravest kind first.</summary>
    public IEnumerable<KeyValuePair<ScheduleOutcomeKind, long>> Damage => _damage.Select(d => KeyValuePair.Create(d.Key, d.Value.Entries));

    /// <summary>The gravest finding in one sentence, or null.</summary>
    public string? Example => IsEmpty ? null : _damage.First().Value.Example;

    /// <summary>Notes one damaged entry. The sentence is made only for the first of its kind: a lost race may damage thousands.</summary>
    public void Add(ScheduleOutcomeKind kind, Func<string> sentence, long entries = 1)
    {
        _damage[kind] = _damage.TryGetValue(kind, out var known) ? (known.Entries + entries, known.Example) : (entries, sentence());
    }
}
