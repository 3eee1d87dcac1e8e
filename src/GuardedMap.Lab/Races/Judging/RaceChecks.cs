using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>What must hold in some scenario and no general judge can know: each looks at how the race ended, and says what is wrong or null.</summary>
internal static class RaceChecks
{
    /// <summary>Whether every actor has made one increment of a read and a write, and nobody was refused. One that was shrunk to a write promises nothing.</summary>
    public static bool AreIncrements(RaceEnding ending) =>
        ending.Actors.All(a => a.Refusal is null && a.Crash is null && a.Records.Select(r => r.Verb).SequenceEqual([Verb.Get, Verb.Set]));

    /// <summary>Each increment that was acknowledged is there.</summary>
    public static ScheduleOutcome? NoIncrementIsLost(RaceEnding ending, int key) => AreIncrements(ending) && ending.Find(key) is var value && value != ending.Actors.Count
        ? new(ScheduleOutcomeKind.StaleValue, string.Create(CultureInfo.InvariantCulture, $"{ending.Actors.Count} increments were acknowledged and the value is {value}"))
        : null;

    /// <summary>Of several who looked for a key, found nothing and set it, only one has set it.</summary>
    public static ScheduleOutcome? NoSetBuriesAnother(RaceEnding ending)
    {
        int blind = ending.Actors.Count(a => a.Refusal is null && a.Crash is null && a.Records.Select(r => r.Verb).SequenceEqual([Verb.Get, Verb.Set]) && !a.Records[0].Found);
        return blind > 1 ? new(ScheduleOutcomeKind.StaleValue, string.Create(CultureInfo.InvariantCulture, $"{blind} actors found key {ending.Actors[0].Records[0].Key} missing, and each set it")) : null;
    }

    /// <summary>Of what several actors take from one iterator, nobody gets what another got.</summary>
    public static ScheduleOutcome? NoEntryIsHandedOutTwice(RaceEnding ending)
    {
        var visits = ending.Actors.SelectMany(a => a.Records).Where(r => r.Verb == Verb.Next && r.Returned).Select(r => r.Key).ToList();
        int twice = visits.GroupBy(k => k).Where(g => g.Count() > 1).Select(g => g.Key).FirstOrDefault();
        return twice == 0 ? null : new(ScheduleOutcomeKind.DuplicateEntry, FormattableString.Invariant($"key {twice} is handed out twice"));
    }

    /// <summary>An iteration that has said it is over gives nothing any more.</summary>
    public static ScheduleOutcome? TheEndIsFinal(RaceEnding ending, int actor)
    {
        var records = ending.Actors[actor].Records;
        int end = records.ToList().FindIndex(r => r.Verb == Verb.End);
        return end >= 0 && records.Skip(end).Any(r => r.Verb == Verb.Next)
            ? new(ScheduleOutcomeKind.DuplicateEntry, "the iteration went on after its end")
            : null;
    }

    /// <summary>An iteration that nobody ends keeps no writer out.</summary>
    public static ScheduleOutcome? NoWriteIsRefusedButByAWriter(RaceEnding ending, int actor) => ending.Actors[actor].Refusal is { } refusal && refusal != nameof(MapViolationKind.ConcurrentWrites)
        ? new(ScheduleOutcomeKind.Livelock, "a write was refused because of an iteration that nobody goes on with")
        : null;
}
