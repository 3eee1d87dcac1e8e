using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace GuardedMaps.Shell;

/// <summary>
/// Names the calling actor in PowerShell's own terms: its runspace, and the script line it is at.
/// </summary>
/// <remarks>
/// Both are asked for on the thread concerned, the name by every write, the line only while a violation or a lease is being described.
/// They must not throw: what they cannot find out they leave out. A thread that runs no PowerShell has no default runspace, and is then named by its thread alone.
/// </remarks>
internal static class ScriptActor
{
    /// <summary>The name under which the module's own script text is parsed; frames of it are not the caller's.</summary>
    public const string InternalScript = "GuardedMap.Iteration";

    private const int LongestStatement = 60;

    [ThreadStatic]
    private static Known? t_known;

    /// <summary><c>runspace 3 'name'</c>, or null where there is none. Leaves the name behind for whoever meets this thread's writes later.</summary>
    public static string? Label()
    {
        if (Runspace.DefaultRunspace is not { } runspace) return null;
        // Every write asks; the name is made once for as long as the thread works for the same runspace.
        return t_known is { } known && known.Runspace == runspace.InstanceId ? known.Label : Introduce(runspace);
    }

    private static string Introduce(Runspace runspace)
    {
        string label = string.Create(CultureInfo.InvariantCulture, $"runspace {runspace.Id} '{runspace.Name}'");
        t_known = new Known(runspace.InstanceId, label);
        ActorDirectory.Report(label);
        return label;
    }

    /// <summary><c>script.ps1:4</c>, or the statement itself when it was typed at a prompt, or null.</summary>
    public static string? Position()
    {
        try
        {
            CallStackFrame? frame = Runspace.DefaultRunspace?.Debugger?.GetCallStack().FirstOrDefault(f => !string.Equals(f.Position?.File, InternalScript, StringComparison.Ordinal));
            if (frame?.Position is not { } position || string.IsNullOrEmpty(position.Text)) return null;
            if (!string.IsNullOrEmpty(position.File))
                return string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(position.File)}:{position.StartLineNumber}");

            string statement = position.Text.ReplaceLineEndings(" ");
            if (statement.Length > LongestStatement) statement = string.Concat(statement.AsSpan(0, LongestStatement - 3), "...");
            return string.Create(CultureInfo.InvariantCulture, $"line {position.StartLineNumber}: {statement}");
        }
        catch (Exception e) when (e is InvalidOperationException or RuntimeException)
        {
            // A runspace that is being closed has no call stack any more. The violation matters more than its line.
            return null;
        }
    }

    /// <summary>The runspace a thread worked for when it was asked last, and what that is called. Not the runspace itself, which would live on.</summary>
    private sealed class Known(Guid runspace, string label)
    {
        public readonly Guid Runspace = runspace;
        public readonly string Label = label;
    }
}
