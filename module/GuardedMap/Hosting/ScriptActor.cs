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
    private static Guid t_runspace;

    [ThreadStatic]
    private static string? t_label;

    /// <summary><c>runspace 3 'name'</c>, or null where there is none. Leaves the name behind for whoever meets this thread's writes later.</summary>
    public static string? Label()
    {
        if (Runspace.DefaultRunspace is not { } runspace) return null;
        // Every write asks; the name is made once for as long as the thread works for the same runspace.
        if (t_runspace == runspace.InstanceId) return t_label;
        t_label = string.Create(CultureInfo.InvariantCulture, $"runspace {runspace.Id} '{runspace.Name}'");
        t_runspace = runspace.InstanceId;
        ActorDirectory.Report(t_label);
        return t_label;
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
}
