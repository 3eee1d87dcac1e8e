using System.Management.Automation;

namespace GuardedMaps.Shell;

/// <summary>
/// The violation as PowerShell sees it. The engine asks an exception that leaves <c>$m['k'] = 1</c> or <c>foreach</c> for an error record
/// of its own, and this one has it: id, category and recommended action are then the same as those the cmdlets write.
/// </summary>
/// <remarks>
/// It bears the name of its base class on purpose. When a method call fails (<c>$m.Remove('k')</c>) the engine makes the record itself and
/// takes the exception's short type name for the id, so the id is <c>MapViolationException</c> with and without this subclass. Scripts
/// catch the base: <c>catch [GuardedMaps.MapViolationException]</c>.
/// </remarks>
public sealed class MapViolationException : GuardedMaps.MapViolationException, IContainsErrorRecord
{
    private ErrorRecord? _record;

    /// <summary>Makes the exception that carries <paramref name="violation"/>.</summary>
    public MapViolationException(MapViolation violation)
        : base(violation)
    {
    }

    /// <summary>The error record: id = the violation's kind, target = the map's name.</summary>
    public ErrorRecord ErrorRecord => _record ??= Errors.Violation(this, MapName);
}
