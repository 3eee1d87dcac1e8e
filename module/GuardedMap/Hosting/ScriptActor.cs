using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;

namespace GuardedMaps.Shell;

/// <summary>
/// Names the calling actor in PowerShell's own terms: its runspace, and the script line it is at.
/// </summary>
/// <remarks>
/// Both are asked for on the thread concerned: the number by a write from another place than the last one, or after a runspace has begun or ended something, the name when the number is a
/// new one for its thread, the line only while a violation or a lease is being described.
/// They must not throw: what they cannot find out they leave out. A thread that runs no PowerShell has no default runspace, and is then named by its thread alone.
/// </remarks>
internal static class ScriptActor
{
    /// <summary>The name under which the module's own script text is parsed; frames of it are not the caller's.</summary>
    public const string InternalScript = "GuardedMap.Iteration";

    private const int LongestStatement = 60;

    private static readonly ConditionalWeakTable<Runspace, object> s_watched = [];

    /// <summary>The number PowerShell counts its runspaces by, which no two of a process share; -1 where there is none.</summary>
    public static int Number
    {
        get
        {
            if (Runspace.DefaultRunspace is not { } runspace) return -1;
            // Once a runspace has written, it says whenever it begins or ends a pipeline, and then every thread's next write asks again.
            s_watched.GetValue(runspace, static watched =>
            {
                watched.AvailabilityChanged += static (_, _) => MapHost.ActorsMoved();
                return s_watched;
            });
            return runspace.Id;
        }
    }

    /// <summary><c>runspace 3 'name'</c>, or null where there is none.</summary>
    public static string? Label() => Runspace.DefaultRunspace is { } runspace
        ? string.Create(CultureInfo.InvariantCulture, $"runspace {runspace.Id} '{runspace.Name}'")
        : null;

    /// <summary>Warns in the calling runspace, as its preferences say. A thread that runs no PowerShell has nobody to warn.</summary>
    public static void Warn(MapViolation violation)
    {
        if (Runspace.DefaultRunspace is null) return;
        try
        {
            ScriptBlock.Create("param($text) Microsoft.PowerShell.Utility\\Write-Warning $text").Invoke("Reported, and let pass: " + violation.Message);
        }
        catch (Exception e) when (e is InvalidOperationException or RuntimeException)
        {
            // Its preference is to stop at warnings, or it is being closed. A map that reports never makes an operation fail; the violation is in its log.
            return;
        }
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
