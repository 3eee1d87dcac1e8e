using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GuardedMaps.Lab;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell;

/// <summary>Results of one kind that a notebook's cell wrote one after the other: shown as one table, with one header.</summary>
/// <remarks>Made by <see cref="NotebookResults"/>, for .NET Interactive alone; nobody else meets one. Not thread-safe: a cell writes its results one by one.</remarks>
public class NotebookTable
{
    private const string FormatNamespace = "Microsoft.PowerShell.Commands.Internal.Format";
    private readonly List<PSObject> _rows = [];
    private readonly Runspace _runspace;

    private protected NotebookTable(string kind, Runspace runspace) => (Kind, _runspace) = (kind, runspace);

    /// <summary>What the rows are: the type by which PowerShell finds their view.</summary>
    public string Kind { get; }

    /// <summary>The rows.</summary>
    public IReadOnlyList<PSObject> Rows => _rows;

    /// <summary>
    /// Of which kind a result is: one of ours that is shown as text, or a piece of what <c>Format-Table</c> and its like make. Null for anything else, which
    /// stays as it is.
    /// </summary>
    internal static string? KindOf(PSObject? result)
    {
        if (result?.BaseObject is not { } bare) return null;
        Type type = bare.GetType();
        if (string.Equals(type.Namespace, FormatNamespace, StringComparison.Ordinal)) return FormatNamespace;
        bool isOurs = type.Assembly == typeof(NotebookTable).Assembly || type.Assembly == typeof(ExploreResult).Assembly || type.Assembly == typeof(IMap).Assembly;
        if (!isOurs || type.IsEnum || bare is NotebookTable or IMap or IMapLayout or MapPicture or RaceTimeline or DetectionMatrix) return null;
        return result.TypeNames.Count > 0 ? result.TypeNames[0] : type.FullName;
    }

    /// <summary>A table that begins with this row.</summary>
    internal static NotebookTable Of(string kind, PSObject first, Runspace runspace)
    {
        NotebookTable table = first.BaseObject is ExploreResult or MapRaceResult ? new NotebookRaces(kind, runspace) : new NotebookTable(kind, runspace);
        table._rows.Add(first);
        return table;
    }

    internal void Add(PSObject row) => _rows.Add(row);

    /// <summary>The rows as PowerShell shows them together: one table, one header. The runspace must be idle, as it is while results are shown.</summary>
    internal string ToText()
    {
        using var shell = PowerShell.Create();
        shell.Runspace = _runspace;
        shell.AddCommand("Microsoft.PowerShell.Utility\\Out-String").AddParameter("Width", CellRecorder.Width);
        return CellRecorder.Plain(string.Concat(shell.Invoke<string>(_rows))).ReplaceLineEndings("\n").Trim('\n');
    }
}

/// <summary>A <see cref="NotebookTable"/> of races, which is drawn as well. A type of its own, since .NET Interactive chooses the forms by type.</summary>
public sealed class NotebookRaces : NotebookTable
{
    internal NotebookRaces(string kind, Runspace runspace)
        : base(kind, runspace)
    {
    }

    /// <summary>The races as a drawing.</summary>
    internal string ToSvg()
    {
        object[] races = [.. Rows.Select(static row => row.BaseObject)];
        MapPicture picture = races[0] is ExploreResult ? ResultsPicture.Of(races.Cast<ExploreResult>()) : ResultsPicture.Of(races.Cast<MapRaceResult>());
        return picture.ToSvg(CellRecorder.Width);
    }
}
