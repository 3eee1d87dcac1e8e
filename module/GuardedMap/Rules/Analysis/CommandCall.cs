using System.Management.Automation.Language;

namespace GuardedMaps.Shell.Rules;

/// <summary>A command's name and arguments, read as PowerShell would bind them: aliases, shortened parameter names, positions, splatting.</summary>
internal sealed class CommandCall
{
    private static readonly Dictionary<string, string> s_aliases = new(StringComparer.OrdinalIgnoreCase)
    {
        ["%"] = "ForEach-Object",
        ["foreach"] = "ForEach-Object",
        ["?"] = "Where-Object",
        ["where"] = "Where-Object",
        ["sort"] = "Sort-Object",
        ["group"] = "Group-Object",
        ["select"] = "Select-Object",
        ["measure"] = "Measure-Object",
        ["sajb"] = "Start-Job",
        ["wjb"] = "Wait-Job",
        ["rcjb"] = "Receive-Job",
        ["spjb"] = "Stop-Job",
        ["icm"] = "Invoke-Command",
        ["compare"] = "Compare-Object",
    };

    // Switches take no value, so that what follows them is an argument of its own.
    private static readonly HashSet<string> s_switches = new(StringComparer.OrdinalIgnoreCase)
    {
        "AsJob", "CaseSensitive", "Trace", "Wait", "AutoRemoveJob", "Keep", "IncludeState", "PassThru", "UseNewRunspace", "StreamingHost", "Force",
        "Descending", "Unique", "NoElement", "AsHashTable", "AsString", "Verbose", "Debug", "WhatIf", "Confirm", "SupportEvent", "HideComputerName", "NoNewScope",
    };

    private readonly List<(string Name, ExpressionAst? Value, Ast Node)> _named = [];
    private readonly List<ExpressionAst> _positional = [];

    public CommandCall(CommandAst command)
    {
        Ast = command;
        Name = CanonicalName(command);
        Read(command);
    }

    public CommandAst Ast { get; }

    /// <summary>The command's name without module and alias, or null if it is computed.</summary>
    public string? Name { get; }

    /// <summary>The arguments that no parameter name stands before.</summary>
    public IReadOnlyList<ExpressionAst> Positional => _positional;

    /// <summary>The variables that are splatted.</summary>
    public List<VariableExpressionAst> Splatted { get; } = [];

    public static string? CanonicalName(CommandAst command)
    {
        if (command.GetCommandName() is not { Length: > 0 } name) return null;
        name = name[(name.LastIndexOf('\\') + 1)..];
        return s_aliases.GetValueOrDefault(name, name);
    }

    public bool Is(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);

    /// <summary>True if a parameter is given; a shortened name counts, from <paramref name="shortest"/> letters on.</summary>
    public bool Has(string parameter, int shortest = 2) => Find(parameter, shortest) >= 0;

    /// <summary>A named parameter's value.</summary>
    public ExpressionAst? Value(string parameter, int shortest = 2) => Find(parameter, shortest) is int at and >= 0 ? _named[at].Value : null;

    /// <summary>Where a parameter is given.</summary>
    public Ast? Node(string parameter, int shortest = 2) => Find(parameter, shortest) is int at and >= 0 ? _named[at].Node : null;

    /// <summary>A parameter's value, by name or by position.</summary>
    public ExpressionAst? Argument(string parameter, int position) => Value(parameter) ?? (position < _positional.Count ? _positional[position] : null);

    /// <summary>The values in the argument of an array parameter.</summary>
    public static IReadOnlyList<ExpressionAst> Items(ExpressionAst? argument) => argument switch
    {
        null => [],
        ArrayLiteralAst list => list.Elements,
        ParenExpressionAst { Pipeline: PipelineAst { PipelineElements: [CommandExpressionAst inner] } } => Items(inner.Expression),
        ArrayExpressionAst { SubExpression.Statements: [PipelineAst { PipelineElements: [CommandExpressionAst inner] }] } => Items(inner.Expression),
        _ => [argument],
    };

    private int Find(string parameter, int shortest) => _named.FindIndex(p =>
        p.Name.Length >= shortest && parameter.StartsWith(p.Name, StringComparison.OrdinalIgnoreCase));

    private void Read(CommandAst command)
    {
        for (int i = 1; i < command.CommandElements.Count; i++)
        {
            switch (command.CommandElements[i])
            {
                case CommandParameterAst { Argument: not null } parameter:
                    _named.Add((parameter.ParameterName, parameter.Argument, parameter));
                    break;
                case CommandParameterAst parameter when i + 1 < command.CommandElements.Count && !s_switches.Contains(parameter.ParameterName)
                    && command.CommandElements[i + 1] is ExpressionAst value:
                    _named.Add((parameter.ParameterName, value, parameter));
                    i++;
                    break;
                case CommandParameterAst parameter:
                    _named.Add((parameter.ParameterName, null, parameter));
                    break;
                case VariableExpressionAst { Splatted: true } splatted:
                    Splatted.Add(splatted);
                    break;
                case ExpressionAst expression:
                    _positional.Add(expression);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>Adds what a splatted table literal names.</summary>
    public void AddSplatted(HashtableAst table)
    {
        foreach ((ExpressionAst key, StatementAst value) in table.KeyValuePairs)
        {
            if (key is StringConstantExpressionAst name && value is PipelineAst { PipelineElements: [CommandExpressionAst given] })
            {
                _named.Add((name.Value, given.Expression, key));
            }
        }
    }
}
