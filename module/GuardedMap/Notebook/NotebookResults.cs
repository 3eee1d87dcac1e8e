using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Reflection;
using System.Runtime.CompilerServices;
using GuardedMaps.Lab.Lessons;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell;

// What a cell of .NET Interactive's PowerShell kernel shows, and where the module takes part.
//
//     the cell runs to its end ──▶ its results, a list ──▶ shown one by one, in their order
//                                        ▲                   a type with a formatter      its forms: an SVG, text
//                                        │                   anything else                Out-Default, all by itself
//          neighbours of one kind become one NotebookTable
//
// The kernel formats each result by itself, so a list of ten would be ten tables with a header each, and a piece of a table that
// Format-Table has made would be an error; and if the very first result is such a piece, everything after it becomes text, pictures included. No
// formatter can help: it is asked for each result alone. But the results are a list, and the list is there while the cell runs. So neighbours of one kind are
// put together in it, as they come; the kernel then finds one object where ten were, in the place of the first, and a formatter shows it as one table.
//
// Only what the cell itself writes is touched, never what a variable holds or a pipeline passes on: only the outermost pipeline of the kernel's
// own runspace has that list. How to get at it is not public in PowerShell (there is no way to ask a runspace for the pipeline it runs), so it is asked by
// reflection. Where a PowerShell has it no more, results are shown one by one, as they are without this.
internal static class NotebookResults
{
    private const string Engine = "Microsoft.DotNet.Interactive";
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    private static readonly MethodInfo? s_running = typeof(Runspace).GetMethod("GetCurrentlyRunningPipeline", Members, []);
    private static readonly ConditionalWeakTable<Runspace, object> s_watched = [];
    private static readonly ConditionalWeakTable<PSDataCollection<PSObject>, object> s_attached = [];

    /// <summary>True for the host of a notebook's cells, .NET Interactive's or ours: it has nobody to ask.</summary>
    public static bool IsNotebook(PSHost host) => host.Name is ".NET Interactive Host" or KernelShell.HostName;

    /// <summary>Lets maps draw themselves and results be tables, if the calling runspace is that of a notebook's kernel. Elsewhere it does nothing, and quickly.</summary>
    public static void Watch()
    {
        if (!NotebookFormatters.Register()) return;
        NotebookFormatters.Register(typeof(NotebookTable), (NotebookOutput.PlainText, static table => ((NotebookTable)table).ToText()));
        NotebookFormatters.Register(
            typeof(NotebookRaces),
            (NotebookOutput.Svg, static races => ((NotebookRaces)races).ToSvg()),
            (NotebookOutput.PlainText, static races => ((NotebookRaces)races).ToText()));
        if (Runspace.DefaultRunspace is not { } runspace || runspace.Id != IdOfKernel() || !s_watched.TryAdd(runspace, runspace)) return;
        runspace.AvailabilityChanged += static (sender, change) =>
        {
            if (change.RunspaceAvailability == RunspaceAvailability.Busy) Attach((Runspace)sender!);
        };
        // The cell that imports the module is running already.
        Attach(runspace);
    }

    private static void Attach(Runspace runspace)
    {
        if (ResultsOf(runspace) is not { } results || !s_attached.TryAdd(results, results)) return;
        results.DataAdded += (_, added) => Merge(results, added.Index, runspace);
    }

    private static void Merge(PSDataCollection<PSObject> results, int index, Runspace runspace)
    {
        PSObject result = results[index];
        if (NotebookTable.KindOf(result) is not { } kind) return;
        if (index > 0 && results[index - 1]?.BaseObject is NotebookTable table && string.Equals(table.Kind, kind, StringComparison.Ordinal))
        {
            table.Add(result);
            results.RemoveAt(index);
        }
        else
        {
            results[index] = PSObject.AsPSObject(NotebookTable.Of(kind, result, runspace));
        }
    }

    // The list in which the outermost pipeline of a runspace collects what it writes; null where none is running.
    private static PSDataCollection<PSObject>? ResultsOf(Runspace runspace)
    {
        object? pipeline = s_running?.Invoke(runspace, null);
        if (Member(pipeline, "IsNested") is not false) return null;
        return Member(Member(pipeline, "OutputStream"), "ObjectStore") as PSDataCollection<PSObject>;
    }

    // Of the kernel that runs the present cell: the number of its runspace. Other runspaces of the process, those of ForEach-Object -Parallel for instance, are not shown.
    private static int? IdOfKernel()
    {
        Type? context = Array.Find(AppDomain.CurrentDomain.GetAssemblies(), static a => string.Equals(a.GetName().Name, Engine, StringComparison.Ordinal))?.GetType($"{Engine}.KernelInvocationContext");
        object? current = context?.GetProperty("Current", BindingFlags.Static | BindingFlags.Public)?.GetValue(null);
        return Member(Member(current, "HandlingKernel"), "DefaultRunspaceId") as int?;
    }

    private static object? Member(object? owner, string name) => owner?.GetType().GetProperty(name, Members)?.GetValue(owner);
}
