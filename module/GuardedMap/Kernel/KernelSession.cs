using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Text.Json.Nodes;
using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Shell;

/// <summary>The session that a kernel's cells share: one runspace, one thread, kept from cell to cell.</summary>
internal sealed class KernelSession : IDisposable
{
    private const string OutDisplay =
        "[CmdletBinding()] param([Parameter(Mandatory, ValueFromPipeline, Position = 0)] [AllowNull()] $InputObject, [string] $MimeType)\n" +
        "process { [GuardedMaps.Shell.CellDisplay]::Of($InputObject, $(if ($MimeType) { $MimeType })) }";

    private readonly Runspace _runspace;
    private readonly KernelScreen _screen = new();
    private readonly CellRunner _runner;

    /// <param name="moduleRoot">The folder with the module's manifest, which cells import.</param>
    public KernelSession(string moduleRoot)
    {
        var state = InitialSessionState.CreateDefault();
        state.Commands.Add(new SessionStateFunctionEntry("Out-Display", OutDisplay));
        state.Variables.Add(new SessionStateVariableEntry("ProgressPreference", ActionPreference.SilentlyContinue, "Nobody sees it here."));
        _runspace = RunspaceFactory.CreateRunspace(new KernelShell(_screen), state);
        _runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        _runspace.Open();
        _runner = new CellRunner(Shell);
        Invoke("if ($PSStyle) { $PSStyle.OutputRendering = 'PlainText' }");
        OfferModule(moduleRoot);
        // What a cell writes past PowerShell's streams is output of that cell too.
        Console.SetOut(_screen.Out);
        Console.SetError(_screen.Error);
    }

    /// <summary>Runs a cell.</summary>
    public CellEnding Run(string code, Action<NotebookOutput> show)
    {
        _screen.Show = show;
        try
        {
            return _runner.Run(code, show);
        }
        finally
        {
            _screen.Show = null;
        }
    }

    /// <summary>Stops the cell that is running, from any thread.</summary>
    public void Interrupt() => _runner.Stop();

    /// <summary>What code may go on with at a place, as TabExpansion2 knows it.</summary>
    public void Complete(string code, int cursor, JsonObject answer)
    {
        using var shell = Shell();
        var found = CommandCompletion.CompleteInput(code, Math.Clamp(cursor, 0, code.Length), options: null, shell);
        answer["matches"] = new JsonArray([.. found.CompletionMatches.Select(m => (JsonNode)m.CompletionText)]);
        answer["start"] = found.ReplacementIndex < 0 ? cursor : found.ReplacementIndex;
        answer["end"] = found.ReplacementIndex < 0 ? cursor : found.ReplacementIndex + found.ReplacementLength;
    }

    /// <summary>complete, incomplete or invalid.</summary>
    public static string IsComplete(string code)
    {
        Parser.ParseInput(code, out _, out ParseError[] errors);
        return errors.Length == 0 ? "complete" : errors.Any(e => e.IncompleteInput) ? "incomplete" : "invalid";
    }

    /// <summary>What there is to know of the command at a place, or null.</summary>
    public string? Inspect(string code, int cursor)
    {
        var ast = Parser.ParseInput(code, out _, out _);
        string? name = ast.FindAll(a => a is CommandAst && a.Extent.StartOffset <= cursor && cursor <= a.Extent.EndOffset, searchNestedScriptBlocks: true)
            .Cast<CommandAst>().OrderBy(c => c.Extent.EndOffset - c.Extent.StartOffset).FirstOrDefault()?.GetCommandName();
        if (name is null) return null;
        using var shell = Shell();
        shell.AddScript("param($n) if (Get-Command $n -ErrorAction Ignore) { Get-Help $n -ErrorAction Ignore | Out-String -Width 100 }").AddArgument(name);
        string text = CellRecorder.Plain(string.Concat(shell.Invoke<string>())).Trim();
        return text.Length > 0 ? text : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _runspace.Dispose();

    private void OfferModule(string root)
    {
        // Where cells find the module by its name; where that could not be arranged it is imported beforehand.
        string? folder = Environment.GetEnvironmentVariable(KernelInstaller.ModulesVariable);
        if (string.IsNullOrEmpty(folder))
        {
            Invoke("param($path) Import-Module $path", Path.Combine(root, "GuardedMap.psd1"));
            return;
        }

        string path = Environment.GetEnvironmentVariable("PSModulePath") ?? "";
        if (!path.Split(Path.PathSeparator).Contains(folder, StringComparer.Ordinal)) Environment.SetEnvironmentVariable("PSModulePath", $"{folder}{Path.PathSeparator}{path}");
    }

    private PowerShell Shell()
    {
        var shell = PowerShell.Create();
        shell.Runspace = _runspace;
        return shell;
    }

    private void Invoke(string script, params object[] arguments)
    {
        using var shell = Shell();
        shell.AddScript(script);
        foreach (object argument in arguments) shell.AddArgument(argument);
        shell.Invoke();
    }
}
