namespace GuardedMaps.Lab;

// Is there one moment at which the map held exactly what an iteration showed?
//
// Each visit may be right by itself and the whole still a fiction: 13 is inserted, then 14, and the loop shows 14 without 13.
// A total over such a loop was true at no time. Every contract but Tolerate promises that an iteration that comes to its end without
// an error has shown one moment: Reject and Defer by keeping writers out, FailFast by ending at the first change, Snapshot by a copy.
//
//     writes:   Set 13 ───┤      ├── Set 14
//     the loop:     ├─ 10 ── 11 ── 12 ── 14 ─┤        no order of the writes has a moment with 14 and without 13
//
// The writes of a race are few, so all their orders are tried that respect what came back before what began.

/// <summary>Checks that whole iterations show one moment of the map.</summary>
internal static class IterationInstant
{
    /// <summary>Whether each iteration that an actor has brought to its end, and that promises so, shows one moment.</summary>
    public static bool ShownByAll(IActorEnding actor, RaceEnding ending)
    {
        List<RaceRecord>? writes = null;
        foreach (var iteration in actor.Records.Where(r => r.Verb is Verb.Begin or Verb.Next or Verb.End).GroupBy(r => r.Iteration))
        {
            var records = iteration.ToList();
            int end = records.FindIndex(r => r.Verb == Verb.End);
            if (end < 0 || records[0].Verb != Verb.Begin || records[0].Value == (long)IterationContract.Tolerate) continue;
            writes ??= [.. ending.Actors.SelectMany(h => h.Records).Where(r => r.Returned && r.Verb is Verb.Set or Verb.Remove or Verb.Take or Verb.Clear or Verb.Increment or Verb.TryAdd or Verb.TryUpdate or Verb.GetOrAdd)];
            var shown = records.Take(end).Where(r => r.Verb == Verb.Next).ToDictionary(r => r.Key, r => r.Value);
            int last = records[0].Value == (long)IterationContract.Snapshot ? records[0].LastStep : records[end].LastStep;
            if (!Shows(shown, records[0].FirstStep, last, new Dictionary<int, long>(ending.Initial), writes)) return false;
        }

        return true;
    }

    private static bool Shows(Dictionary<int, long> shown, int first, int last, Dictionary<int, long> content, List<RaceRecord> writes)
    {
        bool mayBeNow = !writes.Exists(w => w.LastStep < first);
        if (mayBeNow && content.Count == shown.Count && content.All(e => shown.TryGetValue(e.Key, out long value) && value == e.Value)) return true;
        foreach (var write in writes)
        {
            // What began after the loop had ended is no part of it, and what came back before another began is before it.
            if (write.FirstStep > last || writes.Exists(w => w.LastStep < write.FirstStep)) continue;
            if (Shows(shown, first, last, After(content, write), [.. writes.Where(w => !w.Equals(write))])) return true;
        }

        return false;
    }

    private static Dictionary<int, long> After(Dictionary<int, long> content, RaceRecord write)
    {
        var after = new Dictionary<int, long>(content);
        if (write.Verb == Verb.Clear) after.Clear();
        else if (write.Verb is Verb.Remove or Verb.Take) after.Remove(write.Key);
        else if (write.Verb == Verb.GetOrAdd) after[write.Key] = write.Result;
        else if (write.Found) after[write.Key] = write.Value; // An increment's answer is the new value.
        return after;
    }
}
