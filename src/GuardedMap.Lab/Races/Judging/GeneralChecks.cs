using System.Globalization;

namespace GuardedMaps.Lab;

// What every map owes everybody, as a list. Each check looks at how a race ended and says what is wrong, or null; the first that says something names the outcome:
//
//   stuck        somebody still waits, or a lock is held                                      Livelock
//   refused      under a mere flag, an error is the end of the program, as in Go              Violation
//   crashed      somebody stumbled over what was left half done                               Crashed
//   table        a key twice, a key that iteration shows and no lookup finds, or the other    DuplicateEntry, LostEntry, TornValue
//                way round; what the map's own check finds                                    NotLinearizable
//   iterations   a key twice; a key missed that was there from beginning to end               DuplicateEntry, LostEntry
//   answers      lookups, visits, writes and the final content have no sequential order       LostEntry, StaleValue, TornValue, NotLinearizable
//   count        Count is not the number of entries                                           WrongCount
//   instants     a whole iteration shows what the map never held at any one time              NotLinearizable
//   scenario     what only the scenario can know, such as a lost increment (RaceChecks)
//   rest         the guard is still held                                                      Livelock
//   refused      otherwise everything is in order and somebody was refused                    Violation
//
// So under the product's guard an error does not excuse damage: a refused operation must leave no trace.

/// <summary>What a judge holds a map to.</summary>
/// <param name="Scenario">What the actors did, and what must hold of it.</param>
internal sealed record JudgeRules(Scenario Scenario)
{
    /// <summary>Whether a refusal excuses nothing: a refused operation must leave no trace. Else it is the end of the program, whatever it leaves.</summary>
    public bool RefusalLeavesNoTrace { get; init; }

    /// <summary>Whether the map must be free for the next one, whatever happened.</summary>
    public bool MustRest { get; init; }
}

/// <summary>The checks that every race is judged by.</summary>
internal static class GeneralChecks
{
    // The moment at which everything is looked up once more: after every step of a schedule.
    private const long TheEnd = 1_000_000;

    /// <summary>All checks of a race, those of its scenario among them, in the order in which they are asked.</summary>
    public static IEnumerable<Func<RaceEnding, ScheduleOutcome?>> Of(JudgeRules rules) =>
    [
        NobodyIsStuck,
        .. Only(!rules.RefusalLeavesNoTrace, NobodyIsRefused),
        NobodyCrashed,
        TableIsWhole,
        LookupsAndEntriesAgree,
        NothingIsBroken,
        IterationsAreWhole,
        AnswersHaveAnOrder,
        CountIsRight,
        IterationsShowOneMoment,
        .. rules.Scenario.MustHold,
        .. Only(rules.MustRest, GuardIsFree),
        .. Only(rules.RefusalLeavesNoTrace, NobodyIsRefused),
    ];

    private static IEnumerable<Func<RaceEnding, ScheduleOutcome?>> Only(bool applies, Func<RaceEnding, ScheduleOutcome?> check) => applies ? [check] : [];

    private static ScheduleOutcome? NobodyIsStuck(RaceEnding ending) => ending.Stuck is { } why ? new(ScheduleOutcomeKind.Livelock, why) : null;

    private static ScheduleOutcome? NobodyIsRefused(RaceEnding ending)
    {
        var refused = ending.Actors.Where(a => a.Refusal is not null).ToList();
        return refused.Count == 0 ? null : new(ScheduleOutcomeKind.Violation, string.Join("; ", refused.Select(a => $"{Schedule.Letter(a.Index)} is refused: {a.Refusal}")));
    }

    private static ScheduleOutcome? NobodyCrashed(RaceEnding ending) =>
        ending.Actors.FirstOrDefault(a => a.Crash is not null) is { } crashed ? new(ScheduleOutcomeKind.Crashed, $"{Schedule.Letter(crashed.Index)} ended with {crashed.Crash!.GetType().Name}") : null;

    private static ScheduleOutcome? TableIsWhole(RaceEnding ending)
    {
        var seen = new HashSet<int>();
        foreach (var (key, _, _) in ending.Entries)
        {
            if (!seen.Add(key)) return Outcome(ScheduleOutcomeKind.DuplicateEntry, $"key {key} is in the map twice");
        }

        foreach (var (key, _, isFindable) in ending.Entries)
        {
            if (!isFindable) return Outcome(ScheduleOutcomeKind.LostEntry, $"key {key} is in the map and no lookup finds it");
        }

        return null;
    }

    private static ScheduleOutcome? LookupsAndEntriesAgree(RaceEnding ending)
    {
        foreach (int key in ending.LookedUp.Union(ending.Entries.Select(e => e.Key)).Order())
        {
            if (ending.Find(key) is not { } found) continue;
            var entry = ending.Entries.Where(e => e.Key == key).Select(e => (long?)e.Value).FirstOrDefault();
            if (entry is null) return Outcome(ScheduleOutcomeKind.LostEntry, $"key {key} is in the map and no iteration shows it");
            if (entry != found) return Outcome(ScheduleOutcomeKind.TornValue, $"a lookup finds {found} under key {key}, and an iteration shows {entry}");
        }

        return null;
    }

    private static ScheduleOutcome? NothingIsBroken(RaceEnding ending) => ending.Broken is { } broken ? new(ScheduleOutcomeKind.NotLinearizable, broken) : null;

    private static ScheduleOutcome? IterationsAreWhole(RaceEnding ending)
    {
        foreach (var actor in ending.Actors)
        {
            if (actor.Contradiction is { } contradiction) return contradiction;
            foreach (var iteration in actor.Records.Where(r => r.Verb is Verb.Begin or Verb.Next or Verb.End).GroupBy(r => r.Iteration))
            {
                var visited = new HashSet<int>();
                foreach (var visit in iteration.Where(r => r.Verb == Verb.Next && r.Returned))
                {
                    if (!visited.Add(visit.Key)) return Outcome(ScheduleOutcomeKind.DuplicateEntry, $"{Schedule.Letter(actor.Index)} visits key {visit.Key} twice");
                }

                if (!iteration.Any(r => r.Verb == Verb.End)) continue;
                foreach (int key in ending.Initial.Keys.Where(k => !visited.Contains(k) && !MayBeGone(k)))
                    return Outcome(ScheduleOutcomeKind.LostEntry, $"{Schedule.Letter(actor.Index)} misses key {key}, which is there all the time");
            }
        }

        return null;

        bool MayBeGone(int key) => ending.Actors.SelectMany(a => a.Records).Any(r => r.Verb == Verb.Clear || (r.Verb is Verb.Remove or Verb.Take && r.Key == key));
    }

    // After the race everything is looked up once more.
    private static ScheduleOutcome? AnswersHaveAnOrder(RaceEnding ending)
    {
        var history = RaceHistory.Of(ending.Actors).ToList();
        var keys = history.Where(o => !o.IsOfAllKeys).Select(o => o.Key).Concat(history.SelectMany(o => o.Content?.Keys ?? []))
            .Concat(ending.Initial.Keys).Concat(ending.Entries.Select(e => e.Key)).Distinct().Order().ToList();
        var final = keys.Select(k => new HistoryOperation(0, Verb.Get, k, 0, ending.Find(k), TheEnd, TheEnd + 1)).ToList();
        if (Linearizability.Check([.. history, .. final], ending.Initial).Linearizable) return null;

        // Which key is it, and in which way?
        foreach (int key in keys)
        {
            var ofKey = history.Select(o => RaceHistory.OfKey(o, key)).Where(o => o is not null).Select(o => o!).ToList();
            if (Linearizability.Check([.. ofKey, final.Single(o => o.Key == key)], Initially(ending, key)).Linearizable) continue;
            return WhatIsWrong(ending, key, ofKey);
        }

        bool clears = history.Exists(o => o.Verb == Verb.Clear);
        return new(ScheduleOutcomeKind.NotLinearizable, clears ? "no order of the operations and the Clear explains what is left" : "no order of the operations explains the answers");
    }

    private static ScheduleOutcome WhatIsWrong(RaceEnding ending, int key, List<HistoryOperation> ofKey)
    {
        var legal = ofKey.Where(o => o.Verb is Verb.Set or Verb.TryAdd or Verb.TryUpdate or Verb.GetOrAdd).Select(o => o.Value).ToHashSet();
        if (ending.Initial.TryGetValue(key, out long first)) legal.Add(first);
        foreach (var add in ofKey.Where(o => o.Verb == Verb.Increment)) legal.Add(add.Result!.Value);
        var last = ending.Find(key);
        foreach (long? read in ofKey.Where(o => o is { Verb: Verb.Get, Result: not null }).Select(o => o.Result).Append(last))
        {
            if (read is { } value && !legal.Contains(value)) return Outcome(ScheduleOutcomeKind.TornValue, $"key {key} has the value {value}, which nobody gave it");
        }

        if (!Linearizability.Check(ofKey, Initially(ending, key)).Linearizable)
        {
            bool misses = ofKey.Exists(o => o is { Verb: Verb.Get, Result: null });
            return misses ? Outcome(ScheduleOutcomeKind.LostEntry, $"a lookup of key {key} misses it though it is there") : Outcome(ScheduleOutcomeKind.StaleValue, $"key {key} was seen with a value it no longer had");
        }

        if (last is null) return Outcome(ScheduleOutcomeKind.LostEntry, $"key {key} is lost");
        bool isRemoved = ofKey.Exists(o => o.Verb is Verb.Remove or Verb.Take or Verb.Clear);
        return isRemoved ? Outcome(ScheduleOutcomeKind.StaleValue, $"key {key} is back after its removal") : Outcome(ScheduleOutcomeKind.StaleValue, $"key {key} has an older value");
    }

    // Count is compared with what is there: entries and their number change in two steps.
    private static ScheduleOutcome? CountIsRight(RaceEnding ending) => ending.Count == ending.Entries.Count
        ? null
        : Outcome(ScheduleOutcomeKind.WrongCount, $"Count is {ending.Count} and there are {ending.Entries.Count} entries");

    private static ScheduleOutcome? IterationsShowOneMoment(RaceEnding ending)
    {
        var actor = ending.Actors.FirstOrDefault(a => !IterationInstant.ShownByAll(a, ending));
        return actor is null ? null : new(ScheduleOutcomeKind.NotLinearizable, $"the iteration of {Schedule.Letter(actor.Index)} shows what the map never held at any one time");
    }

    // Whatever happened, the guard must be free for the next one.
    private static ScheduleOutcome? GuardIsFree(RaceEnding ending) => ending.IsAtRest ? null : new(ScheduleOutcomeKind.Livelock, "the guard is still held after everybody has left");

    private static Dictionary<int, long> Initially(RaceEnding ending, int key) => ending.Initial.Where(e => e.Key == key).ToDictionary(e => e.Key, e => e.Value);

    private static ScheduleOutcome Outcome(ScheduleOutcomeKind kind, FormattableString text) => new(kind, text.ToString(CultureInfo.InvariantCulture));
}
