using System.Collections;

namespace GuardedMaps.Lab.Tests.Own;

/// <summary>Small programs for actors, with a point before each access, as a rewritten script would have them.</summary>
internal static class OwnPrograms
{
    public static readonly int Exit = RacePoint.Site(new SiteText("exit"));

    /// <summary>A race over a table that setup fills.</summary>
    public static OwnRace Race(Action<Hashtable> setup, Func<Hashtable, CheckAnswer>? check, params Action<Hashtable>[] actors) => new()
    {
        Container = "Hashtable",
        Create = () =>
        {
            var table = new Hashtable((IEqualityComparer)StableComparer.Instance);
            setup(table);
            return table;
        },
        Actors = [.. actors.Select((a, i) => new OwnActorCode($"program {i + 1}", state =>
        {
            a((Hashtable)state);
            return OperationReport.Quiet;
        }))],
        Check = check is null ? null : state => check((Hashtable)state),
        Text = "test",
    };

    public static object? Get(Hashtable table, string key)
    {
        RacePoint.At(RacePoint.Site(new SiteText("get", Subject: key)), table, key, AccessKind.Read);
        object? value = table[key];
        RacePoint.Saw(value);
        return value;
    }

    public static void Set(Hashtable table, string key, object? value)
    {
        RacePoint.At(RacePoint.Site(new SiteText("set", Subject: key)), table, key, AccessKind.Write);
        table[key] = value;
    }

    public static void Increment(Hashtable table, string key = "n") => Set(table, key, (int)Get(table, key)! + 1);

    public static bool Gate(object target, string method, string subject, params object?[] arguments) =>
        RacePoint.Gate(RacePoint.Site(new SiteText($"{method} {subject}", Subject: subject)), target, method, arguments);
}
