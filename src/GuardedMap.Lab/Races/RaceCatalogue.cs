using System.IO.Enumeration;

namespace GuardedMaps.Lab;

/// <summary>What can be raced: the scenarios and the targets, by name.</summary>
public static class RaceCatalogue
{
    /// <summary>All scenarios, in the order in which they are best read.</summary>
    public static IReadOnlyList<RaceScenario> Scenarios { get; } =
    [
        new WriteDuringIteration(),
        new DeleteDuringIteration(),
        new TwoWriters(),
        new LostUpdate(),
        new AtomicUpdate(),
        new CountThenCopy(),
    ];

    /// <summary>All targets: this project's maps first, then what .NET has.</summary>
    public static IReadOnlyList<RaceTargetInfo> Targets { get; } =
    [
        new()
        {
            Name = "GuardedMap",
            Description = "This project's map with its default protection: every forbidden overlap raises an error before the table is touched.",
            NeedsChildProcess = false,
            HasAtomicIncrement = true,
            RejectionLeavesNoTrace = true,
            IterationShowsOneMoment = true,
            Create = static () => new GuardedMapTarget(MapProtection.Guarded),
        },
        new()
        {
            Name = "GuardedMapSynchronized",
            Description = "This project's map with protection Synchronized: conflicting operations wait for each other, an iteration is a snapshot.",
            NeedsChildProcess = false,
            HasAtomicIncrement = true,
            RejectionLeavesNoTrace = true,
            IterationShowsOneMoment = true,
            Create = static () => new GuardedMapTarget(MapProtection.Synchronized),
        },
        new()
        {
            Name = "GuardedMapReport",
            Description = "This project's map with OnViolation = Report: what the guard would refuse waits instead, and is recorded.",
            NeedsChildProcess = false,
            HasAtomicIncrement = true,
            RejectionLeavesNoTrace = true,
            IterationShowsOneMoment = true,
            Create = static () => new GuardedMapTarget(MapProtection.Guarded, ViolationResponse.Report),
        },
        new()
        {
            Name = "GuardedMapDetecting",
            Description = "This project's map with DetectLostUpdates: a set that would bury a write which its thread has not seen is refused as well.",
            NeedsChildProcess = false,
            HasAtomicIncrement = true,
            RejectionLeavesNoTrace = true,
            IterationShowsOneMoment = true,
            Create = static () => new GuardedMapTarget(MapProtection.Guarded, detect: true),
        },
        new()
        {
            Name = "GuardedMapNone",
            Description = "The same table with the guard switched off, to show what the guard is for.",
            NeedsChildProcess = true,
            HasAtomicIncrement = true,
            RejectionLeavesNoTrace = false,
            Create = static () => new GuardedMapTarget(MapProtection.None),
        },
        new()
        {
            Name = "SnapshotMap",
            Description = "This project's map of published versions: nothing waits and nothing fails, and an iteration is of the moment at which it began.",
            NeedsChildProcess = false,
            HasAtomicIncrement = true,
            RejectionLeavesNoTrace = true,
            IterationShowsOneMoment = true,
            Create = RepairMapTarget.Snapshot,
        },
        new()
        {
            Name = "SyncMap",
            Description = "This project's map for keys that are written once and read for ever. Each single operation is safe; an iteration is weakly consistent: each key at most once, one that is written meanwhile old or new.",
            NeedsChildProcess = false,
            HasAtomicIncrement = true,
            RejectionLeavesNoTrace = true,
            Create = RepairMapTarget.Sync,
        },
        new()
        {
            Name = "OrderedMap",
            Description = "This project's map in the order of its keys, a concurrent skip list. Each single operation is safe; an iteration is in order and weakly consistent.",
            NeedsChildProcess = false,
            HasAtomicIncrement = true,
            RejectionLeavesNoTrace = true,
            Create = RepairMapTarget.Ordered,
        },
        new()
        {
            Name = "Hashtable",
            Description = ".NET's Hashtable, which PowerShell's @{} is. Legal for many readers and one writer; two writers may damage it or loop for ever.",
            NeedsChildProcess = true,
            HasAtomicIncrement = false,
            RejectionLeavesNoTrace = false,
            Create = static () => new HashtableTarget(synchronized: false),
        },
        new()
        {
            Name = "SynchronizedHashtable",
            Description = "[hashtable]::Synchronized(@{}): each single operation takes a lock, an enumeration does not.",
            NeedsChildProcess = true,
            HasAtomicIncrement = false,
            RejectionLeavesNoTrace = false,
            Create = static () => new HashtableTarget(synchronized: true),
        },
        new()
        {
            Name = "Dictionary",
            Description = ".NET's generic Dictionary. Legal for many readers or one writer.",
            NeedsChildProcess = true,
            HasAtomicIncrement = false,
            RejectionLeavesNoTrace = false,
            Create = static () => new DictionaryTarget(),
        },
        new()
        {
            Name = "ConcurrentDictionary",
            Description = ".NET's ConcurrentDictionary: each single operation is safe, an enumeration never throws and never shows one moment of the map.",
            NeedsChildProcess = false,
            HasAtomicIncrement = true,
            RejectionLeavesNoTrace = false,
            Create = static () => new ConcurrentDictionaryTarget(),
        },
    ];

    /// <summary>The scenario of that name; case does not matter.</summary>
    /// <exception cref="ArgumentException">There is none. The message lists the names there are.</exception>
    public static RaceScenario GetScenario(string name) =>
        Scenarios.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase)) ?? throw Unknown("scenario", name, Scenarios.Select(s => s.Name), nameof(name));

    /// <summary>The target of that name; case does not matter.</summary>
    /// <exception cref="ArgumentException">There is none. The message lists the names there are.</exception>
    public static RaceTargetInfo GetTarget(string name) =>
        Targets.FirstOrDefault(t => string.Equals(t.Name, name, StringComparison.OrdinalIgnoreCase)) ?? throw Unknown("target", name, Targets.Select(t => t.Name), nameof(name));

    /// <summary>All scenarios whose name fits a pattern with <c>*</c> and <c>?</c>; case does not matter.</summary>
    /// <exception cref="ArgumentException">None fits. The message lists the names there are.</exception>
    public static IReadOnlyList<RaceScenario> FindScenarios(string pattern) => Find(Scenarios, s => s.Name, pattern, "scenario");

    /// <summary>All targets whose name fits a pattern with <c>*</c> and <c>?</c>; case does not matter.</summary>
    /// <exception cref="ArgumentException">None fits. The message lists the names there are.</exception>
    public static IReadOnlyList<RaceTargetInfo> FindTargets(string pattern) => Find(Targets, t => t.Name, pattern, "target");

    private static List<T> Find<T>(IReadOnlyList<T> all, Func<T, string> nameOf, string pattern, string what)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var found = all.Where(item => FileSystemName.MatchesSimpleExpression(pattern, nameOf(item))).ToList();
        return found.Count > 0 ? found : throw Unknown(what, pattern, all.Select(nameOf), nameof(pattern));
    }

    private static ArgumentException Unknown(string what, string name, IEnumerable<string> valid, string parameter) =>
        new($"There is no race {what} '{name}'. The {what}s are: {string.Join(", ", valid)}.", parameter);
}
