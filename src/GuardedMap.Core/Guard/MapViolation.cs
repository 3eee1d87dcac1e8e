using System.Globalization;
using System.Text;

namespace GuardedMaps;

/// <summary>
/// A forbidden overlap, as it was detected: what happened, who was involved, where, and what to do instead.
/// Immutable; safe to keep and to hand to other threads.
/// </summary>
public sealed record MapViolation
{
    /// <summary>Which rule was broken.</summary>
    public required MapViolationKind Kind { get; init; }

    /// <summary>The map's name, given at its creation or made up from its number.</summary>
    public required string MapName { get; init; }

    /// <summary>What the offender wanted to do.</summary>
    public required MapOperation Operation { get; init; }

    /// <summary>The key concerned, or null for operations on the whole map.</summary>
    public object? Key { get; init; }

    /// <summary>The actor whose operation was refused.</summary>
    public required MapActor Offender { get; init; }

    /// <summary>The actor that was already there, or null when it had left before it could be named.</summary>
    public MapActor? Holder { get; init; }

    /// <summary>The contract of the iteration involved, if there was one.</summary>
    public IterationContract? Contract { get; init; }

    /// <summary>The state of the iterator involved, if there was one.</summary>
    public IteratorState? IteratorState { get; init; }

    /// <summary>The map's version (number of completed writes) that the offender expected.</summary>
    public long VersionExpected { get; init; }

    /// <summary>The map's version that the offender found.</summary>
    public long VersionFound { get; init; }

    /// <summary>When the violation was detected.</summary>
    public DateTimeOffset DetectedAt { get; init; } = DateTimeOffset.Now;

    /// <summary>What to do instead, in one sentence.</summary>
    public required string Remedy { get; init; }

    /// <summary>
    /// What to do if the iteration in the way was forgotten and nobody steps it any more: which iterator was never disposed, and how to end it. Null where no lease was in the way.
    /// </summary>
    public string? WayOut { get; init; }

    /// <summary>What somebody else's code threw, where that is what the violation tells of; else null.</summary>
    public Exception? Cause { get; init; }

    /// <summary>
    /// The words Go's runtime uses for this kind, so that a search for them finds this.
    /// Source: the message strings of Go 1.24 <c>runtime/map_noswiss.go</c>; kinds Go does not know have words of their own.
    /// </summary>
    public string Headline => Kind switch
    {
        MapViolationKind.ConcurrentWrites => "concurrent map writes",
        MapViolationKind.ConcurrentReadAndWrite => "concurrent map read and map write",
        MapViolationKind.ConcurrentIterationAndWrite => "concurrent map iteration and map write",
        MapViolationKind.ReentrantWrite => "map write from inside a map write",
        MapViolationKind.ReentrantRead => "map write from inside a map read",
        MapViolationKind.IteratorInUse => "map iterator used by two threads at once",
        MapViolationKind.ForeignIterator => "map iterator used by a thread it is not bound to",
        MapViolationKind.IteratorDone => "map iterator used after it was done",
        MapViolationKind.StaleCount => "map written between its Count and its CopyTo",
        MapViolationKind.DeferredWriteFailed => "deferred map write could not be applied",
        MapViolationKind.StaleWrite => "map written between a read of a key and the write that followed from it",
        _ => Kind.ToString(),
    };

    /// <summary>The full message: headline, map, both sides, remedy.</summary>
    public string Message
    {
        get
        {
            var text = new StringBuilder();
            text.Append(CultureInfo.InvariantCulture, $"{Headline}: {Operation}");
            if (Key is not null) text.Append(CultureInfo.InvariantCulture, $" of key {SafeText.Quoted(Key)}");
            text.Append(CultureInfo.InvariantCulture, $" on map '{SafeText.Line(MapName)}' by {Offender with { Operation = MapOperation.None }}");
            if (Holder is not null) text.Append(CultureInfo.InvariantCulture, $", while {Holder}");
            if (Contract is { } contract) text.Append(CultureInfo.InvariantCulture, $" (contract {contract})");
            text.Append(CultureInfo.InvariantCulture, $". {Remedy}");
            if (WayOut is not null) text.Append(CultureInfo.InvariantCulture, $" {WayOut}");
            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Message;
}
