using System.IO.Enumeration;

namespace GuardedMaps.Lab;

/// <summary>What there is to race and to explore: the scenarios and the targets, by name.</summary>
public static class RaceCatalogue
{
    private static readonly Verb[] s_dotnet =
        [Verb.Get, Verb.Set, Verb.SetRead, Verb.Remove, Verb.Clear, Verb.Count, Verb.Iterate, Verb.Copy, Verb.Pause];

    private static readonly Verb[] s_guarded = [.. s_dotnet, Verb.Increment, Verb.TryAdd, Verb.GetOrAdd, Verb.Begin, Verb.Next, Verb.Finish];

    private static readonly Verb[] s_concurrent = [.. s_dotnet, Verb.Increment, Verb.TryAdd, Verb.GetOrAdd, Verb.TryUpdate];

    /// <summary>All scenarios, in the order in which they are best read.</summary>
    public static IReadOnlyList<Scenario> Scenarios => Lab.Scenarios.All;

    /// <summary>All targets: this project's maps first, then what .NET has, then what there is to be explored only.</summary>
    public static IReadOnlyList<RaceTarget> Targets { get; } =
    [
        On("GuardedMap", s_guarded,
            "This project's map with its default protection: every forbidden overlap raises an error before the table is touched.")
            with { RejectionLeavesNoTrace = true, IterationShowsOneMoment = true, Stepped = RaceProtection.Guard },
        On("GuardedMapSynchronized", s_guarded,
            "This project's map with protection Synchronized: conflicting operations wait for each other, an iteration is a snapshot.")
            with { RejectionLeavesNoTrace = true, IterationShowsOneMoment = true, IterationIsOfItsBeginning = true, Stepped = RaceProtection.Wait, Promises = [ScheduleOutcomeKind.Clean] },
        On("GuardedMapReport", s_guarded,
            "This project's map with OnViolation = Report: what the guard would refuse waits instead, and is recorded.")
            with { RejectionLeavesNoTrace = true, IterationShowsOneMoment = true, IterationIsOfItsBeginning = true, Stepped = RaceProtection.Report, Promises = [ScheduleOutcomeKind.Clean] },
        On("GuardedMapDetecting", s_guarded,
            "This project's map with DetectLostUpdates: a set that would bury a write which its thread has not seen is refused as well.")
            with { Stepped = RaceProtection.Detect, RejectionLeavesNoTrace = true, IterationShowsOneMoment = true },
        On("GuardedMapNone", s_guarded,
            "The same table with the guard switched off, to show what the guard is for.")
            with { NeedsChildProcess = true, Stepped = RaceProtection.None },
        On("SnapshotMap", [.. s_concurrent, Verb.SetAll],
            "This project's map of published versions: nothing waits and nothing fails, and an iteration is of the moment at which it began.")
            with { RejectionLeavesNoTrace = true, IterationShowsOneMoment = true, IterationIsOfItsBeginning = true, Raced = "SnapshotMap", Promises = [ScheduleOutcomeKind.Clean] },
        On("SyncMap", s_concurrent,
            "This project's map for keys that are written once and read for ever. Each single operation is safe; an iteration is weakly consistent: each key at most once, one that is written meanwhile old or new.")
            with { RejectionLeavesNoTrace = true, Raced = "SyncMap", Promises = [ScheduleOutcomeKind.Clean] },
        On("OrderedMap", s_concurrent,
            "This project's map in the order of its keys, a concurrent skip list. Each single operation is safe; an iteration is in order and weakly consistent.")
            with { RejectionLeavesNoTrace = true, Raced = "OrderedMap", Promises = [ScheduleOutcomeKind.Clean] },
        On("Hashtable", s_dotnet,
            ".NET's Hashtable, which PowerShell's @{} is. Legal for many readers and one writer; two writers may damage it or loop for ever.")
            with { NeedsChildProcess = true },
        On("SynchronizedHashtable", s_dotnet,
            "[hashtable]::Synchronized(@{}): each single operation takes a lock, an enumeration does not.")
            with { NeedsChildProcess = true },
        On("Dictionary", [.. s_dotnet, Verb.TryAdd],
            ".NET's generic Dictionary. Legal for many readers or one writer.")
            with { NeedsChildProcess = true },
        On("ConcurrentDictionary", s_concurrent,
            ".NET's ConcurrentDictionary: each single operation is safe, an enumeration never throws and never shows one moment of the map."),
        On("GuardedMapFlag", s_guarded,
            "To be explored only: this project's table behind a writer flag, as Go's maps have it, looked at by all and toggled by writers: no version, no lease, no swap.")
            with { IsContainer = false, Stepped = RaceProtection.Flag },
        On("GuardedMapNaive", s_guarded,
            "To be explored only: this project's table behind the guard that one writes first, of scenarios that show its fault: a count of readers, one flag for all iterations, an iterator that wraps round.")
            with { IsContainer = false, IsOfOneScenario = true, Stepped = RaceProtection.Naive },
        OfObjects("SnapshotMap"),
        OfObjects("SyncMap"),
        OfObjects("OrderedMap"),
        Flag(WriterFlagWay.SetAndClear, "Look, set; at the end look again, clear."),
        Flag(WriterFlagWay.Xor, "Look, toggle; at the end look again, toggle, as Go's maps do."),
        Flag(WriterFlagWay.CompareAndSwap, "Look and set in one compare-and-swap; at the end look again, clear."),
    ];

    /// <summary>The scenario of that name; case does not matter.</summary>
    /// <exception cref="ArgumentException">There is none. The message lists the names there are.</exception>
    public static Scenario GetScenario(string name) =>
        Scenarios.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.OrdinalIgnoreCase)) ?? MadeScenario.Parse(name ?? "") ?? throw Unknown("scenario", name!, Scenarios.Select(s => s.Name), nameof(name));

    /// <summary>Whether a name is that of a program made by rule: it says all of the program, which has no place in the catalogue.</summary>
    internal static bool IsMade(string name) => MadeScenario.Parse(name ?? "") is not null;

    /// <summary>The target of that name; case does not matter.</summary>
    /// <exception cref="ArgumentException">There is none. The message lists the names there are.</exception>
    public static RaceTarget GetTarget(string name) =>
        Targets.FirstOrDefault(t => string.Equals(t.Name, name, StringComparison.OrdinalIgnoreCase)) ?? throw Unknown("target", name, Targets.Select(t => t.Name), nameof(name));

    /// <summary>All scenarios whose name fits a pattern with <c>*</c> and <c>?</c>; case does not matter.</summary>
    /// <exception cref="ArgumentException">None fits. The message lists the names there are.</exception>
    public static IReadOnlyList<Scenario> FindScenarios(string pattern) => MadeScenario.Parse(pattern ?? "") is { } made ? [made] : Find(Scenarios, s => s.Name, pattern!, "scenario");

    /// <summary>All targets whose name fits a pattern with <c>*</c> and <c>?</c>; case does not matter.</summary>
    /// <exception cref="ArgumentException">None fits. The message lists the names there are.</exception>
    public static IReadOnlyList<RaceTarget> FindTargets(string pattern) => Find(Targets, t => t.Name, pattern, "target");

    private static List<T> Find<T>(IReadOnlyList<T> all, Func<T, string> nameOf, string pattern, string what)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        var found = all.Where(item => FileSystemName.MatchesSimpleExpression(pattern, nameOf(item))).ToList();
        return found.Count > 0 ? found : throw Unknown(what, pattern, all.Select(nameOf), nameof(pattern));
    }

    private static ArgumentException Unknown(string what, string name, IEnumerable<string> valid, string parameter) =>
        new($"There is no race {what} '{name}'. The {what}s are: {string.Join(", ", valid)}.", parameter);

    private static RaceTarget On(string name, IReadOnlyCollection<Verb> verbs, string description) => new() { Name = name, Description = description, Verbs = verbs };

    private static RaceTarget OfObjects(string name)
    {
        Verb[] verbs = name == "SnapshotMap" ? [.. s_concurrent, Verb.SetAll] : s_concurrent;
        string description = $"To be explored only: {name} with objects for values, as a shell's maps have them, which takes other ways through the code.";
        return On($"{name}OfObjects", verbs, description) with { IsContainer = false, Raced = $"{name}OfObjects", Promises = [ScheduleOutcomeKind.Clean] };
    }

    private static RaceTarget Flag(WriterFlagWay way, string description) =>
        On(way.ToString(), [], $"A way of setting a flag, for WriterFlag. {description}") with { IsContainer = false, IsOfOneScenario = true };
}
