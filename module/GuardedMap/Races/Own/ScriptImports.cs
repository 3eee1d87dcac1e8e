using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

// Actors run in runspaces of their own, and there nothing of the caller's session exists. Yet a script block is written in sight of it: it calls the functions
// beside it and uses the variables around it. So what its tree names is looked up in the caller's session, once, and brought along:
//
//     variables   by reference: a table that two actors name is one table. (A number or a string is each actor's own, as it would be in any two runspaces.)
//     functions   as trees, those that they call too; for actors they are rewritten, so that their steps are steps of the race
//     modules     are imported where a cmdlet or a function of theirs is called
//
// Setup and check get the same, but for the yield points.

/// <summary>What script blocks need of the session they were written in.</summary>
internal sealed class ScriptImports
{
    // Each runspace has these itself, or they mean something else in each.
    private static readonly HashSet<string> s_automatic = new(StringComparer.OrdinalIgnoreCase)
    {
        "_", "PSItem", "this", "args", "input", "null", "true", "false", "?", "^", "$", "Error", "Host", "HOME", "PID", "PWD", "ShellId", "Matches", "MyInvocation", "NestedPromptLevel", "OutputEncoding", "PROFILE", "PSBoundParameters",
        "PSCmdlet", "PSCommandPath", "PSCulture", "PSDebugContext", "PSEdition", "PSHOME", "PSScriptRoot", "PSSenderInfo", "PSUICulture", "PSVersionTable", "StackTrace", "switch", "foreach", "ExecutionContext", "IsWindows", "IsLinux",
        "IsMacOS", "IsCoreCLR", "PSStyle", "ConsoleFileName", "EnabledExperimentalFeatures", "LASTEXITCODE", "ProgressPreference",
    };

    // These decide how a script behaves without being named in it.
    private static readonly string[] s_unnamed = ["ErrorActionPreference", "WarningPreference", "VerbosePreference", "DebugPreference", "InformationPreference", "OFS", "PSDefaultParameterValues"];

    private readonly Dictionary<string, Known?> _commands = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, object?> _variables = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Ast> _functions = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _uncovered = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _modules = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _aliases = new(StringComparer.OrdinalIgnoreCase);
    private readonly SessionState? _session;
    private HashSet<string>? _ofActors;
    private bool _isComplete;

    private ScriptImports(SessionState? session)
    {
        _session = session;
        Uses = new CommandUses(name => Look(name) is { } known ? (known.Name, known.IsScript, known.Refusal) : null);
    }

    /// <summary>Nothing at all.</summary>
    public static ScriptImports None { get; } = new(session: null);

    /// <summary>What the commands of the actors are.</summary>
    public CommandUses Uses { get; }

    /// <summary>The variables with their values.</summary>
    public IReadOnlyDictionary<string, object?> Variables => _variables;

    /// <summary>The functions: definitions, or the blocks they were made from.</summary>
    public IReadOnlyDictionary<string, Ast> Functions => _functions;

    /// <summary>Why not everything that the actors do can be interleaved; null when it can.</summary>
    public string? Uncovered => _uncovered.Count == 0 ? null : string.Join("; ", _uncovered.Order(StringComparer.Ordinal));

    /// <summary>Names and paths of modules.</summary>
    public IReadOnlyCollection<string> Modules => _modules;

    /// <summary>Aliases of the caller's own.</summary>
    public IReadOnlyDictionary<string, string> Aliases => _aliases;

    /// <summary>Where the caller is in the file system, the only provider of which every runspace has all drives; null where nobody calls.</summary>
    public string? Location { get; private init; }

    /// <summary>The functions as text: what they do is a part of what the race is.</summary>
    public string Text => string.Join("\n--\n", _functions.OrderBy(f => f.Key, StringComparer.OrdinalIgnoreCase).Select(f => f.Value.Extent.Text));

    /// <summary>Finds what blocks need.</summary>
    /// <param name="actors">The blocks that are rewritten.</param>
    /// <param name="others">Those that are not.</param>
    /// <param name="session">Where they were written.</param>
    public static ScriptImports Of(IEnumerable<ScriptBlock> actors, IEnumerable<ScriptBlock> others, SessionState session)
    {
        var imports = new ScriptImports(session) { Location = session.Path.CurrentFileSystemLocation.ProviderPath };
        foreach (string name in s_unnamed)
        {
            if (session.PSVariable.Get(name) is { } variable) imports._variables[name] = variable.Value;
        }

        foreach (ScriptBlock block in actors) imports.Add(block.Ast, block.Module?.SessionState ?? session);
        imports._ofActors = [.. imports._functions.Keys, .. imports._variables.Keys];
        foreach (ScriptBlock block in others) imports.Add(block.Ast, block.Module?.SessionState ?? session);
        return imports;
    }

    /// <summary>Whether an actor needs a function or variable, and not only the setup or the check.</summary>
    public bool IsOfActors(string name) => _ofActors?.Contains(name, StringComparer.OrdinalIgnoreCase) == true;

    /// <summary>From now on nothing more is looked up: other threads are about to ask, and the session is not theirs.</summary>
    public void Complete() => _isComplete = true;

    private void Add(Ast tree, SessionState around)
    {
        foreach (var variable in tree.FindAll(a => a is VariableExpressionAst, true).Cast<VariableExpressionAst>())
        {
            VariablePath path = variable.VariablePath;
            string name = path.UserPath[(path.UserPath.IndexOf(':', StringComparison.Ordinal) + 1)..];
            if (!path.IsVariable || s_automatic.Contains(name) || _variables.ContainsKey(name)) continue;
            if ((around.PSVariable.Get(name) ?? _session!.PSVariable.Get(name)) is not { } found || found.Options.HasFlag(ScopedItemOptions.Constant)) continue;
            _variables[name] = found.Value;
            // A block in a variable brings its own along.
            if (InputReader.Bare(found.Value) is ScriptBlock block) Add(block.Ast, block.Module?.SessionState ?? around);
        }

        foreach (var command in tree.FindAll(a => a is CommandAst, true).Cast<CommandAst>())
        {
            if (command.GetCommandName() is { } name) Look(name);
        }
    }

    private Known? Look(string name)
    {
        if (_session is null) return null;
        if (_commands.TryGetValue(name, out Known? known) || _isComplete) return known;
        _commands[name] = null; // A function may call itself.
        return _commands[name] = Resolve(name, _session.InvokeCommand.GetCommand(name, CommandTypes.Alias | CommandTypes.Function | CommandTypes.Filter | CommandTypes.Cmdlet | CommandTypes.ExternalScript | CommandTypes.Application));
    }

    private Known? Resolve(string name, CommandInfo? found)
    {
        switch (found)
        {
            case AliasInfo alias:
                if (alias.ResolvedCommand is null) return null;
                _aliases[alias.Name] = alias.ResolvedCommand.Name;
                Known? meant = Resolve(alias.ResolvedCommand.Name, alias.ResolvedCommand);
                _commands[alias.ResolvedCommand.Name] = meant;
                return meant;
            case FunctionInfo { Module.Path: { Length: > 0 } path } function when File.Exists(path):
                _modules.Add(path);
                if (_ofActors is null) _uncovered.Add($"{function.Name} is a function of the module {function.ModuleName}, which is run as it is, as one step");
                return new Known(function.Name, IsScript: false);
            case FunctionInfo function:
                var result = new Known(function.Name, IsScript: true);
                _commands[name] = result;
                if (_functions.TryAdd(function.Name, function.ScriptBlock.Ast)) Add(function.ScriptBlock.Ast, _session!);
                return result;
            case CmdletInfo cmdlet:
                if (cmdlet.ImplementingType?.Assembly == typeof(ScriptImports).Assembly) _modules.Add(typeof(ScriptImports).Assembly.Location);
                else if (cmdlet.Module?.Path is { Length: > 0 } file && File.Exists(file)) _modules.Add(file);
                else if (cmdlet.ModuleName is { Length: > 0 } module and not "Microsoft.PowerShell.Core") _modules.Add(module);
                return new Known(cmdlet.Name, IsScript: false);
            case ExternalScriptInfo:
                return new Known(name, IsScript: false, ("a script that is called from its file has no yield points", "Make a function of it."));
            case ApplicationInfo:
                return new Known(name, IsScript: false, ("what another process does cannot be put into any order", "Leave it out, or race with real threads: -Mode Free."));
            default:
                return null;
        }
    }

    private sealed record Known(string Name, bool IsScript, (string Why, string Instead)? Refusal = null);
}
