using System.Globalization;

namespace GuardedMaps.Lab;

// How a schedule of a raced map ended. These maps promise that each operation takes effect at one moment between its call and its return, and
// never fail. So there is one question, asked in three ways:
//
//   stuck       somebody still waits, or a lock is held                                     Livelock
//   thrown      an operation ended with an error                                            Crashed
//   at rest     lookups, an iteration and Count agree, and the map's own check holds        LostEntry, DuplicateEntry, WrongCount
//   answers     some order of the operations explains every answer and what is left         NotLinearizable
//
// On a SnapshotMap an iteration is among the operations: one moment, with everything it shows.

/// <summary>Names the outcomes of a raced map's schedules.</summary>
internal sealed class RacedJudge(Scenario scenario)
{
    private readonly Dictionary<string, ScheduleOutcome?> _known = new(StringComparer.Ordinal);

    public ScheduleOutcome Judge(RacedMap map, IReadOnlyList<RacedActor> actors, IReadOnlyList<RacedHand> hands, bool isAnyLockHeld, IReadOnlyDictionary<int, long> before)
    {
        if (actors.Any(a => !a.IsFinished)) return new(ScheduleOutcomeKind.Livelock, "the actors wait for each other");
        foreach (var actor in actors)
        {
            if (actor.Error is RaceModelException error) throw new RaceModelException(error.Message, error);
            if (actor.Error is { } thrown) return new(ScheduleOutcomeKind.Crashed, $"{Schedule.Letter(actor.Index)} ended with {thrown.GetType().Name}: {thrown.Message}");
        }

        if (isAnyLockHeld) return new(ScheduleOutcomeKind.Livelock, "a lock is still held");
        return hands.Select(h => h.Fault).FirstOrDefault(f => f is not null) ?? AtRest(map, out var left) ?? Explained(hands, before, left) ?? AsTheScenarioHasIt(new RacedEnding(hands, before, left));
    }

    private ScheduleOutcome? AtRest(RacedMap map, out Dictionary<int, long> left)
    {
        left = [];
        foreach (int key in scenario.Keys)
        {
            if (map.Map.Get(key) is { } value) left.Add(key, value);
        }

        var shown = new Dictionary<int, long>();
        foreach (var (key, value) in map.Map.Entries())
        {
            if (!shown.TryAdd(key, value)) return new(ScheduleOutcomeKind.DuplicateEntry, string.Create(CultureInfo.InvariantCulture, $"key {key} is in the map twice"));
        }

        foreach (int key in left.Keys.Union(shown.Keys).Order())
        {
            if (!left.TryGetValue(key, out long found)) return new(ScheduleOutcomeKind.LostEntry, string.Create(CultureInfo.InvariantCulture, $"key {key} is in the map and no lookup finds it"));
            if (!shown.TryGetValue(key, out long seen)) return new(ScheduleOutcomeKind.LostEntry, string.Create(CultureInfo.InvariantCulture, $"key {key} is in the map and no iteration shows it"));
            if (found != seen) return new(ScheduleOutcomeKind.TornValue, string.Create(CultureInfo.InvariantCulture, $"a lookup finds {found} under key {key}, and an iteration shows {seen}"));
        }

        if (map.Map.Count != left.Count) return new(ScheduleOutcomeKind.WrongCount, string.Create(CultureInfo.InvariantCulture, $"Count is {map.Map.Count} and there are {left.Count} entries"));
        try
        {
            map.Map.CheckInvariants();
            return null;
        }
        catch (InvalidOperationException error)
        {
            return new(ScheduleOutcomeKind.NotLinearizable, error.Message);
        }
    }

    // Schedules end alike by the thousand, and each different end is judged once.
    private ScheduleOutcome? Explained(IReadOnlyList<RacedHand> hands, IReadOnlyDictionary<int, long> before, Dictionary<int, long> left)
    {
        var history = hands.SelectMany(h => h.Operations).OrderBy(o => o.Invoked).ThenBy(o => o.Actor).ToList();
        var order = history.SelectMany(o => new[] { o.Invoked, o.Returned!.Value }).Distinct().Order().Select((moment, i) => (moment, i)).ToDictionary(m => m.moment, m => m.i);
        history = [.. history.Select(o => o with { Invoked = order[o.Invoked], Returned = order[o.Returned!.Value] })];
        string text = string.Join(';', history.Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Invoked}-{o.Returned}{o}"))) + string.Join(',', left.OrderBy(e => e.Key));
        if (_known.TryGetValue(text, out var outcome)) return outcome;
        long end = order.Count;
        var final = scenario.Keys.Select(key => new HistoryOperation(0, Verb.Get, key, 0, left.TryGetValue(key, out long value) ? value : null, end, end + 1));
        var result = Linearizability.Check([.. history, .. final], before);
        outcome = result.Linearizable
            ? null
            : new(ScheduleOutcomeKind.NotLinearizable, "no order of the operations explains the answers");
        _known.Add(text, outcome);
        return outcome;
    }

    private ScheduleOutcome AsTheScenarioHasIt(RaceEnding ending) =>
        scenario.MustHold.Select(check => check(ending)).FirstOrDefault(o => o is not null)
        ?? new(ScheduleOutcomeKind.Clean, scenario.Describe?.Invoke(ending) ?? "as if one after the other");

    private sealed class RacedEnding(IReadOnlyList<RacedHand> hands, IReadOnlyDictionary<int, long> before, Dictionary<int, long> left) : RaceEnding(hands, before)
    {
        public override IReadOnlyList<(int Key, long Value, bool IsFindable)> Entries => [.. left.Select(e => (e.Key, e.Value, true))];

        public override int Count => left.Count;

        public override bool IsStuck => false;

        public override bool IsAtRest => true;

        public override long? Find(int key) => left.TryGetValue(key, out long value) ? value : null;
    }
}
