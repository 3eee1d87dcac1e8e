using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Shell;

/// <summary>
/// Plays a lesson in the host's terminal. Code runs in the learner's own session and writes where everything writes, so it looks as if they had typed it.
/// </summary>
internal sealed class TerminalStage(PSHost host, CommandInvocationIntrinsics invoke) : ILessonStage
{
    private const string Faint = "\u001b[2m";
    private const string Code = "\u001b[36m";
    private const string Plain = "\u001b[0m";
    private readonly bool _hasColour = host.UI.SupportsVirtualTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && !Console.IsOutputRedirected;
    private readonly object _lock = new();
    private PowerShell? _running;

    public void ShowText(string markdown)
    {
        host.UI.WriteLine();
        // A notebook may be anybody's. What it prints is its code's business; what it says is text.
        host.UI.WriteLine(Rendered(SafeText.Lines(markdown)));
    }

    public void ShowCode(string code)
    {
        host.UI.WriteLine();
        foreach (string line in SafeText.Lines(code.TrimEnd()).Split('\n')) host.UI.WriteLine(_hasColour ? $"{Code}    {line}{Plain}" : $"    {line}");
    }

    public void Say(string text)
    {
        text = SafeText.Lines(text);
        host.UI.WriteLine(_hasColour ? $"{Faint}{text}{Plain}" : text);
    }

    public string? Ask(string prompt)
    {
        host.UI.WriteLine();
        host.UI.Write(_hasColour ? $"{Faint}{prompt}{Plain}" : prompt);
        return host.UI.ReadLine();
    }

    public bool IsUnfinished(string code)
    {
        Parser.ParseInput(code, out _, out ParseError[] errors);
        return errors.Length > 0 && errors.Any(e => e.IncompleteInput);
    }

    public void Run(string code)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddScript(code, useLocalScope: false);
        shell.Commands.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        shell.AddCommand("Microsoft.PowerShell.Core\\Out-Default");
        lock (_lock)
        {
            _running = shell;
        }

        try
        {
            shell.Invoke();
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            // What ends a cell does not end the lesson. It is shown as the prompt would show it.
            using var printer = PowerShell.Create(RunspaceMode.CurrentRunspace);
            printer.AddCommand("Microsoft.PowerShell.Core\\Out-Default").AddParameter("InputObject", e.ErrorRecord).Invoke();
        }
        finally
        {
            lock (_lock)
            {
                _running = null;
            }
        }
    }

    /// <summary>Stops the code that is running, from any thread.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _running?.BeginStop(callback: null, state: null);
        }
    }

    // PowerShell's own rendering of Markdown, where the session has it and the terminal can show it. Else Markdown is readable as it is.
    private string Rendered(string markdown)
    {
        if (!_hasColour || invoke.GetCommand("ConvertFrom-Markdown", CommandTypes.Cmdlet) is not { } command) return markdown.TrimEnd();
        using var handled = HandledErrors.Begin();
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand(command).AddParameter("InputObject", markdown).AddParameter("AsVT100EncodedString");
        try
        {
            return shell.Invoke().Select(o => o.Properties["VT100EncodedString"]?.Value as string).FirstOrDefault()?.TrimEnd() ?? markdown.TrimEnd();
        }
        catch (RuntimeException)
        {
            return markdown.TrimEnd();
        }
    }
}
