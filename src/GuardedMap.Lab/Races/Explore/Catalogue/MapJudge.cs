using System.Globalization;
using System.Runtime.InteropServices;

namespace GuardedMaps.Lab;

// How a schedule of a map scenario ended.
//
// The judge sees what the actors were answered, in which steps, and what is left in the map. It asks, in this order:
//
//   stuck        somebody still waits                                                        Livelock
//   refused      under Flag, an error is the end of the program, as in Go                    Violation
//   table        a key twice, a key that iteration shows and no lookup finds, a wrong count  DuplicateEntry, LostEntry, WrongCount
//   iterations   a key twice; a key missed that was there from beginning to end              DuplicateEntry, LostEntry
//   answers      lookups, visits, writes and the final content have no sequential order      LostEntry, StaleValue, TornValue, NotLinearizable
//   instants     a whole iteration shows what the map never held at any one time             NotLinearizable
//   scenario     what only the scenario can know, such as a lost increment
//   refused      otherwise everything is in order and somebody was refused                   Violation
//
// So under the product's guard an error does not excuse damage: a refused operation must leave no trace.
//
// Schedules end alike by the thousand. What the judge looks at is folded into a short key first, and each different key is
// judged once.

/// <summary>Names the outcomes of a map scenario's schedules.</summary>
internal sealed class MapJudge(MapRaceModel model, MapEnding ending)
{
    private readonly Dictionary<Key, ScheduleOutcome> _known = [];
    private readonly List<long> _key = [];
    private readonly List<RaceRecord> _records = [];

    public ScheduleOutcome Judge()
    {
        Fold();
        var key = new Key(_key);
        if (_known.TryGetValue(key, out var outcome)) return outcome;
        outcome = JudgeAnew();
        _known.Add(new Key([.. _key]), outcome);
        return outcome;
    }

    /// <summary>The answers as a history: lookups and writes as they are, each visit of an iteration as a lookup.</summary>
    public static IEnumerable<HistoryOperation> History(IEnumerable<RaceHand> hands) =>
        hands.SelectMany(h => h.Records).Select(ToHistory).Where(o => o is not null).Select(o => o!).OrderBy(o => o.Invoked);

    /// <summary>An operation's answer in words.</summary>
    public static string? Answer(RaceRecord record) => record.Verb switch
    {
        MapVerb.Get => record.Found ? string.Create(CultureInfo.InvariantCulture, $"Get({record.Key}) = {record.Value}") : string.Create(CultureInfo.InvariantCulture, $"Get({record.Key}) = missing"),
        MapVerb.Visit => string.Create(CultureInfo.InvariantCulture, $"visits {record.Key} = {record.Value}"),
        MapVerb.End => "the iteration ends",
        MapVerb.Remove => record.Found ? string.Create(CultureInfo.InvariantCulture, $"removed {record.Key}") : string.Create(CultureInfo.InvariantCulture, $"{record.Key} is not there"),
        MapVerb.Increment => string.Create(CultureInfo.InvariantCulture, $"Increment({record.Key}) = {record.Value}"),
        MapVerb.Begin => null,
        _ => $"{record} is done",
    };

    private static HistoryOperation? ToHistory(RaceRecord record)
    {
        long invoked = 2L * record.FirstStep;
        long? returned = record.Returned ? (2L * record.LastStep) + 1 : null;
        return record.Verb switch
        {
            _ when !record.Returned => null,
            MapVerb.Get or MapVerb.Visit => new(record.Actor, HistoryVerb.Get, record.Key, 0, record.Found ? record.Value : null, invoked, returned),
            MapVerb.Set => new(record.Actor, HistoryVerb.Set, record.Key, record.Value, null, invoked, returned),
            MapVerb.Remove => new(record.Actor, HistoryVerb.Remove, record.Key, 0, record.Found ? 1 : 0, invoked, returned),
            MapVerb.Increment => new(record.Actor, HistoryVerb.Add, record.Key, 1, record.Value, invoked, returned),
            MapVerb.Clear => new(record.Actor, HistoryVerb.Clear, 0, 0, null, invoked, returned),
            _ => null,
        };
    }

    private ScheduleOutcome JudgeAnew()
    {
        if (ending.IsStuck) return new(ScheduleOutcomeKind.Livelock, "the actors wait for each other");
        var refused = Refused();
        if (refused is not null && !model.Protection.HasGuard()) return refused;
        var crashed = ending.Hands.FirstOrDefault(h => h.Actor.Error is not null and not StepViolationException);
        if (crashed is not null) return new(ScheduleOutcomeKind.Crashed, $"{Schedule.Letter(crashed.Index)} ended with {crashed.Actor.Error!.GetType().Name}");
        return Table() ?? Iterations() ?? Answers() ?? Instants() ?? model.Map.Judge(ending) ?? Rest() ?? refused ?? Clean();
    }

    private ScheduleOutcome? Refused()
    {
        var errors = ending.Hands.Where(h => h.Actor.Error is StepViolationException).Select(h => (h.Index, Error: (StepViolationException)h.Actor.Error!)).ToList();
        return errors.Count == 0 ? null : new(ScheduleOutcomeKind.Violation, string.Join("; ", errors.Select(e => $"{Schedule.Letter(e.Index)} is refused: {e.Error.Kind}")));
    }

    private ScheduleOutcome? Table()
    {
        var seen = new HashSet<int>();
        foreach (var (key, _, _) in ending.Entries)
        {
            if (!seen.Add(key)) return new(ScheduleOutcomeKind.DuplicateEntry, string.Create(CultureInfo.InvariantCulture, $"key {key} is in the map twice"));
        }

        foreach (var (key, _, isFindable) in ending.Entries)
        {
            if (!isFindable) return new(ScheduleOutcomeKind.LostEntry, string.Create(CultureInfo.InvariantCulture, $"key {key} is in the map and no lookup finds it"));
        }

        return null;
    }

    private ScheduleOutcome? Iterations()
    {
        foreach (var hand in ending.Hands)
        {
            foreach (var iteration in hand.Records.Where(r => r.Verb is MapVerb.Begin or MapVerb.Visit or MapVerb.End).GroupBy(r => r.Iteration))
            {
                var visited = new HashSet<int>();
                foreach (var visit in iteration.Where(r => r.Verb == MapVerb.Visit && r.Returned))
                {
                    if (!visited.Add(visit.Key)) return new(ScheduleOutcomeKind.DuplicateEntry, string.Create(CultureInfo.InvariantCulture, $"{Schedule.Letter(hand.Index)} visits key {visit.Key} twice"));
                }

                if (!iteration.Any(r => r.Verb == MapVerb.End)) continue;
                foreach (int key in ending.Initial.Keys.Where(k => !visited.Contains(k) && !MayBeGone(k)))
                    return new(ScheduleOutcomeKind.LostEntry, string.Create(CultureInfo.InvariantCulture, $"{Schedule.Letter(hand.Index)} misses key {key}, which is there all the time"));
            }
        }

        return null;
    }

    private bool MayBeGone(int key) =>
        ending.Hands.SelectMany(h => h.Records).Any(r => r.Verb == MapVerb.Clear || (r.Verb == MapVerb.Remove && r.Key == key));

    private ScheduleOutcome? Answers()
    {
        // After the race everything is looked up once more.
        long end = 1_000_000;
        var history = History(ending.Hands).ToList();
        var keys = history.Where(o => o.Verb is not HistoryVerb.Clear).Select(o => o.Key).Concat(ending.Initial.Keys).Concat(ending.Entries.Select(e => e.Key)).Distinct().Order().ToList();
        var final = keys.Select(k => new HistoryOperation(0, HistoryVerb.Get, k, 0, ending.Find(k), end, end + 1)).ToList();
        // Count is compared with what is there: entries and their number change in two steps.
        if (Linearizability.Check([.. history, .. final], ending.Initial).Linearizable)
        {
            return ending.Count == ending.Entries.Count
                ? null
                : new(ScheduleOutcomeKind.WrongCount, string.Create(CultureInfo.InvariantCulture, $"Count is {ending.Count} and there are {ending.Entries.Count} entries"));
        }

        // Which key is it, and in which way?
        bool clears = history.Exists(o => o.Verb == HistoryVerb.Clear);
        foreach (int key in keys)
        {
            var ofKey = history.Where(o => o.Verb == HistoryVerb.Clear || o.Key == key).Append(final.Single(o => o.Key == key)).ToList();
            if (Linearizability.Check(ofKey, ending.Initial.Where(e => e.Key == key).ToDictionary(e => e.Key, e => e.Value)).Linearizable) continue;
            return OfKey(key, ofKey);
        }

        return new(ScheduleOutcomeKind.NotLinearizable, clears ? "no order of the operations and the Clear explains what is left" : "no order of the operations explains the answers");
    }

    private ScheduleOutcome OfKey(int key, List<HistoryOperation> ofKey)
    {
        var legal = ofKey.Where(o => o.Verb == HistoryVerb.Set).Select(o => o.Value).ToHashSet();
        if (ending.Initial.TryGetValue(key, out long first)) legal.Add(first);
        foreach (var add in ofKey.Where(o => o.Verb == HistoryVerb.Add)) legal.Add(add.Result!.Value);
        foreach (var read in ofKey.Where(o => o is { Verb: HistoryVerb.Get, Result: not null }))
        {
            if (!legal.Contains(read.Result!.Value)) return new(ScheduleOutcomeKind.TornValue, string.Create(CultureInfo.InvariantCulture, $"key {key} has the value {read.Result}, which nobody gave it"));
        }

        var last = ofKey[^1];
        var others = ofKey.Take(ofKey.Count - 1).ToList();
        bool isLeft = Linearizability.Check(others, ending.Initial.Where(e => e.Key == key).ToDictionary(e => e.Key, e => e.Value)).Linearizable;
        if (!isLeft)
        {
            bool misses = others.Exists(o => o is { Verb: HistoryVerb.Get, Result: null });
            return new(misses ? ScheduleOutcomeKind.LostEntry : ScheduleOutcomeKind.StaleValue, misses
                ? string.Create(CultureInfo.InvariantCulture, $"a lookup of key {key} misses it though it is there")
                : string.Create(CultureInfo.InvariantCulture, $"key {key} was seen with a value it no longer had"));
        }

        if (last.Result is null) return new(ScheduleOutcomeKind.LostEntry, string.Create(CultureInfo.InvariantCulture, $"key {key} is lost"));
        bool isRemoved = others.Exists(o => o.Verb is HistoryVerb.Remove or HistoryVerb.Clear);
        return new(ScheduleOutcomeKind.StaleValue, isRemoved
            ? string.Create(CultureInfo.InvariantCulture, $"key {key} is back after its removal")
            : string.Create(CultureInfo.InvariantCulture, $"key {key} has an older value"));
    }

    private ScheduleOutcome? Instants()
    {
        var hand = ending.Hands.FirstOrDefault(h => !IterationInstant.ShownByAll(h, ending));
        return hand is null ? null : new(ScheduleOutcomeKind.NotLinearizable, $"the iteration of {Schedule.Letter(hand.Index)} shows what the map never held at any one time");
    }

    // Whatever happened, the guard must be free for the next one.
    private ScheduleOutcome? Rest() =>
        !model.Protection.HasGuard() || ending.Map.IsAtRest || model.Map.MayLeaveLease ? null : new(ScheduleOutcomeKind.Livelock, "the guard is still held after everybody has left");

    private ScheduleOutcome Clean() => new(ScheduleOutcomeKind.Clean, model.Map.Describe(ending) ?? "as if one after the other");

    // Everything the judgement depends on: the answers, which of them came before which, the errors, and what is left.
    private void Fold()
    {
        _key.Clear();
        _records.Clear();
        foreach (var hand in ending.Hands)
        {
            _records.AddRange(hand.Records);
            if (hand.Actor.Error is StepViolationException error) _key.Add(((long)error.Kind << 40) | ((long)hand.Index << 32) | (uint)error.Holder);
            else if (hand.Actor.Error is { } crash) _key.Add(-1 - crash.GetType().Name.Length);
            else _key.Add(0);
        }

        var records = CollectionsMarshal.AsSpan(_records);
        long order = 0;
        int bits = 0;
        for (int i = 0; i < records.Length; i++)
        {
            ref readonly var a = ref records[i];
            _key.Add(((long)a.Verb << 56) | ((long)a.Actor << 48) | (a.Returned ? 2L << 40 : 0) | (a.Found ? 1L << 40 : 0) | ((long)a.Iteration << 32) | (uint)a.Key);
            _key.Add(a.Value);
            for (int j = i + 1; j < records.Length; j++)
            {
                ref readonly var b = ref records[j];
                if (a.Actor == b.Actor) continue;
                order = (order << 2) | (a.Returned && a.LastStep < b.FirstStep ? 1L : 0) | (b.Returned && b.LastStep < a.FirstStep ? 2L : 0);
                bits += 2;
                if (bits < 62) continue;
                _key.Add(order);
                order = bits = 0;
            }
        }

        _key.Add(order);
        _key.Add(((long)ending.Count << 2) | (ending.IsStuck ? 1L : 0) | (ending.Map.IsAtRest ? 2L : 0));
        foreach (var (key, value, isFindable) in ending.Entries)
        {
            _key.Add(key);
            _key.Add((value << 1) | (isFindable ? 1L : 0));
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
