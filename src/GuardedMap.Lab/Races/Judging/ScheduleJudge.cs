using System.Runtime.InteropServices;

namespace GuardedMaps.Lab;

// How a schedule ended: what the first of the checks that has something to say calls it, or Clean.
//
// The engines only say what the actors were answered, in which steps, and what is left in the map (RaceEnding). What is right is said once, in GeneralChecks, and by the scenario.
//
// Schedules end alike by the thousand. What the checks look at is folded into a short key first, and each different key is
// judged once.

/// <summary>Names the outcomes of schedules, whichever engine runs them.</summary>
internal sealed class ScheduleJudge(JudgeRules rules, RaceEnding ending)
{
    private readonly Func<RaceEnding, ScheduleOutcome?>[] _checks = [.. GeneralChecks.Of(rules)];
    private readonly Dictionary<Key, ScheduleOutcome> _known = [];
    private readonly List<long> _key = [];
    private readonly List<RaceRecord> _records = [];

    public ScheduleOutcome Judge()
    {
        Fold();
        var key = new Key(_key);
        if (_known.TryGetValue(key, out var outcome)) return outcome;
        outcome = _checks.Select(check => check(ending)).FirstOrDefault(o => o is not null) ?? new(ScheduleOutcomeKind.Clean, (rules.Scenario.Describe?.Invoke(ending) ?? "as if one after the other") + Told());
        _known.Add(new Key([.. _key]), outcome);
        return outcome;
    }

    private string Told()
    {
        List<MapViolationKind> kinds = [.. ending.Actors.SelectMany(a => a.Told).Distinct().Order()];
        return kinds.Count == 0 ? "" : $"; told: {string.Join(", ", kinds)}";
    }

    // Everything the judgement depends on: the answers, which of them came before which, the errors, and what is left.
    private void Fold()
    {
        _key.Clear();
        _records.Clear();
        foreach (var actor in ending.Actors)
        {
            _records.AddRange(actor.Records);
            _key.Add(actor.Folded);
        }

        RaceHistory.Fold(CollectionsMarshal.AsSpan(_records), _key);
        _key.Add(((long)ending.Count << 2) | (ending.Stuck is not null ? 1L : 0) | (ending.IsAtRest ? 2L : 0));
        _key.Add(((long)(ending.Stuck?.GetHashCode(StringComparison.Ordinal) ?? 0) << 32) | (uint)(ending.Broken?.GetHashCode(StringComparison.Ordinal) ?? 0));
        foreach (var (key, value, isFindable) in ending.Entries)
        {
            _key.Add(key);
            _key.Add((value << 1) | (isFindable ? 1L : 0));
        }

        foreach (int key in ending.LookedUp)
        {
            _key.Add(ending.Find(key) is { } found ? found : ~key);
        }
    }

    private readonly struct Key(List<long> parts) : IEquatable<Key>
    {
        private readonly List<long> _parts = parts;

        public bool Equals(Key other) => CollectionsMarshal.AsSpan(_parts).SequenceEqual(CollectionsMarshal.AsSpan(other._parts));

        public override bool Equals(object? obj) => obj is Key other && Equals(other);

        public override int GetHashCode()
        {
            ulong hash = 14695981039346656037;
            foreach (long part in CollectionsMarshal.AsSpan(_parts)) hash = (hash ^ (ulong)part) * 0x9E37_79B9_7F4A_7C15;
            return (int)(hash >> 32);
        }
    }
}
