using System.Management.Automation;
using System.Management.Automation.Language;

namespace GuardedMaps.Shell;

/// <summary>What a command means to a race.</summary>
internal enum CommandUse
{
    /// <summary>Something outside of the script: a step of its own.</summary>
    Step,

    /// <summary>A script, whose statements have their own points.</summary>
    Script,

    /// <summary>It handles what it is given, and touches nothing else.</summary>
    None,
}

/// <summary>Knows commands by their names, and refuses those that no schedule can order.</summary>
/// <param name="resolve">The caller's own idea of a name: the name behind an alias, whether it is a function that is rewritten too, and why it cannot be explored. Null where nothing is known.</param>
internal sealed class CommandUses(Func<string, (string Name, bool IsScript, (string Why, string Instead)? Refusal)?>? resolve = null)
{
    private static readonly HashSet<string> s_none = new(StringComparer.OrdinalIgnoreCase)
    {
        "ForEach-Object", "Where-Object", "Sort-Object", "Select-Object", "Group-Object", "Measure-Object", "Compare-Object", "Tee-Object", "Out-Null", "Out-String", "Write-Output", "Write-Error", "Write-Warning", "Write-Verbose",
        "Write-Debug", "Write-Information", "Write-Host", "New-Object", "Get-Date", "Get-Random", "New-Guid", "New-TimeSpan", "Join-Path", "Split-Path", "ConvertTo-Json", "ConvertFrom-Json", "Select-String", "Get-Unique",
        "Set-StrictMode", "Set-Variable", "Get-Variable", "New-Variable", "Clear-Variable", "Remove-Variable", "Join-String", "Get-Member", "Add-Member", "Format-Table", "Format-List", "Start-Sleep", "Wait-Event",
    };

    private static readonly Dictionary<string, string> s_aliases = new (string Alias, string Command)[]
    {
        ("%", "ForEach-Object"), ("foreach", "ForEach-Object"), ("?", "Where-Object"), ("where", "Where-Object"), ("sort", "Sort-Object"),
        ("select", "Select-Object"), ("group", "Group-Object"), ("measure", "Measure-Object"), ("tee", "Tee-Object"), ("echo", "Write-Output"),
        ("write", "Write-Output"), ("sleep", "Start-Sleep"), ("sajb", "Start-Job"), ("saps", "Start-Process"), ("start", "Start-Process"),
        ("icm", "Invoke-Command"), ("iex", "Invoke-Expression"), ("gv", "Get-Variable"), ("sv", "Set-Variable"), ("nv", "New-Variable"), ("rv", "Remove-Variable"),
        ("clv", "Clear-Variable"), ("gm", "Get-Member"), ("ft", "Format-Table"), ("fl", "Format-List"), ("ii", "Invoke-Item"),
    }.ToDictionary(a => a.Alias, a => a.Command, StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, (string Why, string Instead)> s_refused = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Start-Job"] = ("a job runs in a process of its own", "Give what it does as an actor."),
        ["Start-ThreadJob"] = ("a thread job runs on a thread of its own, which no schedule knows", "Give what it does as an actor."),
        ["Invoke-Command"] = ("it runs in other sessions", "Call the script block with &."),
        ["Start-Process"] = ("what another process does cannot be put into any order", "Leave it out, or race with real threads: -Mode Free."),
        ["Invoke-Item"] = ("what another process does cannot be put into any order", "Leave it out, or race with real threads: -Mode Free."),
        ["Read-Host"] = ("an actor has nobody to ask, and runs many times", "Give the answer as a variable."),
        ["Get-Credential"] = ("an actor has nobody to ask, and runs many times", "Give the answer as a variable."),
        ["Invoke-Expression"] = ("what it runs is known only when it runs, and has no yield points", "Write the statements themselves."),
        ["Register-ObjectEvent"] = ("the action of an event runs when its runspace is idle, which no actor ever is", "Give the action as an actor."),
        ["Register-EngineEvent"] = ("the action of an event runs when its runspace is idle, which no actor ever is", "Give the action as an actor."),
        ["Enter-PSSession"] = ("it runs in another session", "Leave it out."),
        ["Start-MapRace"] = ("a race inside of an actor of a race has no order", "Race the actors of both in one."),
    };

    /// <summary>What a command is.</summary>
    /// <exception cref="NotCoveredException">It starts what nobody can order.</exception>
    public CommandUse Of(CommandAst command, string name)
    {
        if (s_aliases.TryGetValue(name, out string? meant)) name = meant;
        if (resolve?.Invoke(name) is { } known)
        {
            if (known.IsScript) return CommandUse.Script;
            if (known.Refusal is { } refused && !IsDefinedAround(command, name)) throw new NotCoveredException(command, refused.Why, refused.Instead);
            name = known.Name;
        }

        int module = name.LastIndexOf('\\');
        if (module >= 0) name = name[(module + 1)..];
        if (s_refused.TryGetValue(name, out var refusal)) throw new NotCoveredException(command, refusal.Why, refusal.Instead);
        if (name.Equals("ForEach-Object", StringComparison.OrdinalIgnoreCase) && command.CommandElements.OfType<CommandParameterAst>().Any(p => p.ParameterName.Length > 1 && "Parallel".StartsWith(p.ParameterName, StringComparison.OrdinalIgnoreCase)))
            throw new NotCoveredException(command, "it has threads of its own", "Give each thread as an actor.");
        // A function that is defined within the script itself.
        if (IsDefinedAround(command, name)) return CommandUse.Script;
        return s_none.Contains(name) ? CommandUse.None : CommandUse.Step;
    }

    private static bool IsDefinedAround(Ast node, string name)
    {
        Ast root = node;
        while (root.Parent is not null) root = root.Parent;
        return root.Find(a => a is FunctionDefinitionAst f && f.Name.Equals(name, StringComparison.OrdinalIgnoreCase), true) is not null;
    }
}

/// <summary>A script has something in it that cannot be explored.</summary>
internal sealed class NotCoveredException(Ast at, string why, string instead)
    : Exception(SafeText.Message($"Line {at.Extent.StartLineNumber}, column {at.Extent.StartColumnNumber}: '{First(at.Extent.Text)}' cannot be explored: {why}."))
{
    /// <summary>Where it is.</summary>
    public IScriptExtent Extent { get; } = at.Extent;

    /// <summary>What to do.</summary>
    public string Instead { get; } = instead;

    private static string First(string text)
    {
        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= 60 ? text : string.Concat(text.AsSpan(0, 57), "...");
    }
}
