namespace GuardedMaps;

/// <summary>
/// Thrown when operations on a map overlapped in a way its contract forbids. The refused operation has left
/// no trace, and the map stays usable. The type's name is part of the public interface: in PowerShell
/// <c>catch [GuardedMaps.MapViolationException]</c> is the form that works the same for every syntax.
/// </summary>
public class MapViolationException : InvalidOperationException
{
    /// <summary>Makes an exception that carries <paramref name="violation"/>.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="violation"/> is null.</exception>
    public MapViolationException(MapViolation violation)
        : base((violation ?? throw new ArgumentNullException(nameof(violation))).Message, violation.Cause)
    {
        Violation = violation;
        HelpLink = $"https://github.com/guardedmap/guardedmap/blob/main/docs/violations.md#{violation.Kind.ToString().ToLowerInvariant()}";
    }

    /// <summary>Everything that is known about the overlap.</summary>
    public MapViolation Violation { get; }

    /// <summary>Which rule was broken.</summary>
    public MapViolationKind Kind => Violation.Kind;

    /// <summary>The map's name.</summary>
    public string MapName => Violation.MapName;

    /// <summary>What the offender wanted to do.</summary>
    public MapOperation Operation => Violation.Operation;

    /// <summary>The key concerned, or null.</summary>
    public object? Key => Violation.Key;

    /// <summary>The actor whose operation was refused.</summary>
    public MapActor Offender => Violation.Offender;

    /// <summary>The actor that was already there, if known.</summary>
    public MapActor? Holder => Violation.Holder;

    /// <summary>What to do instead, in one sentence.</summary>
    public string Remedy => Violation.Remedy;
}
