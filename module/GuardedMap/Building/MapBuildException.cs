using System.Management.Automation;

namespace GuardedMaps.Shell;

/// <summary>The map cannot be made as asked; carries the error record the cmdlet ends with.</summary>
internal sealed class MapBuildException(ErrorRecord record) : Exception(record.Exception.Message, record.Exception)
{
    public ErrorRecord Record { get; } = record;
}
