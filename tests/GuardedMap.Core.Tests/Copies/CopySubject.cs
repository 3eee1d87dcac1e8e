using System.Collections;

namespace GuardedMaps.Tests.Copies;

/// <summary>A map of some kind and protection, as the tests of copies see it: entries of text, each value its key's.</summary>
/// <param name="Map">The map.</param>
/// <param name="Keys">Its keys, typed.</param>
/// <param name="Values">Its values, typed.</param>
/// <param name="Refuses">True if it may refuse a copy.</param>
/// <param name="Own">The map's own ways to copy, which the compiler takes before LINQ's: what is copied, how, the copy.</param>
public sealed record CopySubject(IDictionary Map, object Keys, object Values, bool Refuses, IReadOnlyList<(string Way, Func<IEnumerable> Copy)> Own)
{
    /// <summary>What tests choose from: maps of one type of keys and values, and a shell's.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "Guarded", "Synchronized", "Snapshot", "Sync", "Ordered", "shell Guarded", "shell Synchronized", "shell Snapshot", "shell Sync", "shell Ordered",
    ];

    /// <summary>The same, and a guarded map without its guard, which nobody may write while it is read.</summary>
    public static TheoryData<string> WithUnguarded() => [.. Names, "None", "shell None"];

    public static TheoryData<string> All() => [.. Names];

    public static CopySubject Make(string name)
    {
        var subject = name switch
        {
            "Guarded" => Guarded(MapProtection.Guarded),
            "Synchronized" => Guarded(MapProtection.Synchronized),
            "None" => Guarded(MapProtection.None),
            "shell Guarded" => ShellGuarded(MapProtection.Guarded),
            "shell Synchronized" => ShellGuarded(MapProtection.Synchronized),
            "shell None" => ShellGuarded(MapProtection.None),
            "Snapshot" => Of(new SnapshotMap<string, string>()),
            "Sync" => Of(new SyncMap<string, string>()),
            "Ordered" => Of(new OrderedMap<string, string>()),
            "shell Snapshot" => OfShell(new SnapshotMap(), m => m.ToArray(), m => m.ToList()),
            "shell Sync" => OfShell(new SyncMap(), m => m.ToArray(), m => m.ToList()),
            "shell Ordered" => OfShell(new OrderedMap(), m => m.ToArray(), m => m.ToList()),
            _ => throw new ArgumentException($"There is no map '{name}' here.", nameof(name)),
        };
        foreach (string key in Stable) subject.Map[key] = key;
        return subject;
    }

    /// <summary>The keys that are there all the time.</summary>
    public static readonly string[] Stable = ["s0", "s1", "s2"];

    /// <summary>The key that comes and goes.</summary>
    public const string Fleeting = "k";

    private static CopySubject Guarded(MapProtection protection)
    {
        var map = new GuardedMap<string, string>(new MapOptions<string> { Protection = protection });
        return new(map, map.Keys, map.Values, protection == MapProtection.Guarded,
        [
            ("ToArray", () => map.ToArray()), ("ToList", () => map.ToList()),
            ("Keys.ToArray", () => map.Keys.ToArray()), ("Keys.ToList", () => map.Keys.ToList()),
            ("Values.ToArray", () => map.Values.ToArray()), ("Values.ToList", () => map.Values.ToList()),
        ]);
    }

    private static CopySubject ShellGuarded(MapProtection protection)
    {
        var map = new GuardedMap(new MapOptions<object> { Protection = protection });
        return new(map, map.Keys, map.Values, protection == MapProtection.Guarded,
        [
            ("ToArray", () => map.ToArray()), ("ToList", () => map.ToList()), ("Clone", () => map.Clone()),
            ("Keys.ToArray", () => map.Keys.ToArray()), ("Keys.ToList", () => map.Keys.ToList()),
            ("Values.ToArray", () => map.Values.ToArray()), ("Values.ToList", () => map.Values.ToList()),
        ]);
    }

    private static CopySubject Of(MapBase<string, string> map) => new(map, map.Keys, map.Values, false,
    [
        ("ToArray", () => map.ToArray()), ("ToList", () => map.ToList()),
        ("Keys.ToArray", () => map.Keys.ToArray()), ("Keys.ToList", () => map.Keys.ToList()),
        ("Values.ToArray", () => map.Values.ToArray()), ("Values.ToList", () => map.Values.ToList()),
    ]);

    private static CopySubject OfShell<TMap>(TMap map, Func<TMap, IEnumerable> toArray, Func<TMap, IEnumerable> toList)
        where TMap : MapBase<object, object?>, ICloneable => new(map, map.Keys, map.Values, false,
    [
        ("ToArray", () => toArray(map)), ("ToList", () => toList(map)), ("Clone", () => (IEnumerable)map.Clone()),
        ("Keys.ToArray", () => map.Keys.ToArray()), ("Keys.ToList", () => map.Keys.ToList()),
        ("Values.ToArray", () => map.Values.ToArray()), ("Values.ToList", () => map.Values.ToList()),
    ]);
}
