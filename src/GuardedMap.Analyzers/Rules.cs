using Microsoft.CodeAnalysis;

namespace GuardedMaps.Analyzers;

/// <summary>The rules, as the compiler shows them. Each has a page in docs/rules.</summary>
public static class Rules
{
    /// <summary>A collection is changed inside of a foreach over itself.</summary>
    public static readonly DiagnosticDescriptor ChangedInForeach = Rule(
        "GM2001",
        "A collection is changed inside a foreach over itself",
        "{0} changes '{1}', which this foreach is walking: {2}");

    /// <summary>An enumerator or iterator of a guarded map is kept in a field.</summary>
    public static readonly DiagnosticDescriptor EnumeratorKept = Rule(
        "GM2002",
        "A guarded map's enumerator or iterator is kept in a field",
        "'{0}' keeps a {1}: its lease stays, and every write is refused, until somebody disposes of it; keep the map, and iterate where the elements are needed");

    /// <summary>An enumerator or iterator of a guarded map is used by another thread.</summary>
    public static readonly DiagnosticDescriptor EnumeratorCrossesThread = Rule(
        "GM2003",
        "A guarded map's enumerator or iterator crosses to another thread",
        "'{0}' was made outside of this lambda, which {1} runs on another thread: two threads in one iterator are IteratorInUse; hand over the map, or a snapshot of it");

    /// <summary>An await inside of an iteration that holds a lease.</summary>
    public static readonly DiagnosticDescriptor AwaitInsideLease = Rule(
        "GM2004",
        "An await inside an iteration that rejects writers",
        "This await keeps the lease on '{0}' while others run, and every write of theirs is refused meanwhile: iterate over a snapshot, or collect first and await afterwards");

    /// <summary>A map without its guard, outside of tests.</summary>
    public static readonly DiagnosticDescriptor UnprotectedMap = Rule(
        "GM2005",
        "A map without its guard, outside of tests",
        "MapProtection.None takes the guard off: what overlaps goes wrong in silence; that is for showing and measuring what a guard is for");

    /// <summary>A concurrent map is copied in two steps.</summary>
    public static readonly DiagnosticDescriptor CopyInTwoSteps = Rule(
        "GM2006",
        "A concurrent map is copied in two steps",
        "{0} asks '{1}' for its Count and copies it afterwards: where others write it may hold another number of entries by then, and the copy has a hole or fails; copy with the map's own ToArray()");

    private static DiagnosticDescriptor Rule(string id, string title, string message) => new(
        id,
        title,
        message,
        "GuardedMap",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        helpLinkUri: $"https://github.com/guardedmap/guardedmap/blob/main/docs/rules/{id}.md");
}
