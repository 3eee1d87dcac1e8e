// What the rules know of a script. The rules themselves are short because this is shared.
//
//   text --PowerShell's parser--> tree --one walk--> ScriptNodes
//                                                        |
//     ScriptBlocks    which script block runs where, in whose scope     |
//     ScriptBindings  which assignment a variable's value comes from    |-- ScriptValues: expression -> MapValue
//     ParallelBlocks  which blocks run beside others, with what         |
//                                                        |
//     ScriptChanges   where a collection is written      ScriptLoops  where one is walked
//     ScriptSharing   who shares it, who waits, who holds a lock
//
// It is an analysis of text: no statement is run, no module is loaded. Where the text does not say what a variable holds, the answer is
// Unknown, and a rule that needs to know stays silent. What must hold: a finding never rests on a guess about a kind that the script
// itself contradicts.
using System.Management.Automation.Language;

namespace GuardedMaps.Shell.Rules;

/// <summary>One script, read and analysed.</summary>
internal sealed class ScriptAnalysis
{
    private readonly Dictionary<CommandAst, CommandCall> _commands = [];

    public ScriptAnalysis(ScriptBlockAst root, string? path)
    {
        Root = root;
        Path = path;
        Nodes = new ScriptNodes(root);
        Blocks = new ScriptBlocks(this);
        Bindings = new ScriptBindings(this);

        // A copy: finding out what a splatted table holds reads further commands, and this very rule knows what that would do.
        foreach (CommandCall early in _commands.Values.ToArray()) AddSplatted(early);
        Values = new ScriptValues(this);
        Parallel = new ParallelBlocks(this);
        Bindings.AddParts();
        Changes = new ScriptChanges(this);
        Loops = new ScriptLoops(this);
        Sharing = new ScriptSharing(this);
    }

    public ScriptBlockAst Root { get; }

    /// <summary>The file, or null for a text.</summary>
    public string? Path { get; }

    public ScriptNodes Nodes { get; }

    public ScriptBlocks Blocks { get; }

    public ScriptBindings Bindings { get; }

    public ScriptValues Values { get; }

    public ParallelBlocks Parallel { get; }

    public ScriptChanges Changes { get; }

    public ScriptLoops Loops { get; }

    public ScriptSharing Sharing { get; }

    /// <summary>How each table that somebody asked about can become a guarded map, by the expression that makes it.</summary>
    public Dictionary<Ast, IReadOnlyList<ScriptEdit>> Repairs { get; } = [];

    /// <summary>A command with its arguments sorted out.</summary>
    public CommandCall Command(CommandAst command)
    {
        if (_commands.TryGetValue(command, out CommandCall? known)) return known;
        var call = new CommandCall(command);
        _commands.Add(command, call);
        if (Bindings is not null) AddSplatted(call);
        return call;
    }

    /// <summary>True if a node lies within another one.</summary>
    public static bool IsWithin(Ast node, Ast region) =>
        node.Extent.StartOffset >= region.Extent.StartOffset && node.Extent.EndOffset <= region.Extent.EndOffset;

    /// <summary>The nearest node of a class above this one.</summary>
    public static T? Above<T>(Ast node)
        where T : Ast
    {
        for (Ast? at = node.Parent; at is not null; at = at.Parent)
        {
            if (at is T found) return found;
        }

        return null;
    }

    /// <summary>The expression that a statement or pipeline consists of, if it is just one.</summary>
    public static ExpressionAst? Only(Ast? statement) => statement switch
    {
        ExpressionAst expression => expression,
        CommandExpressionAst expression => expression.Expression,
        PipelineAst { PipelineElements: [CommandExpressionAst expression] } => expression.Expression,
        _ => null,
    };

    /// <summary>An expression without the parentheses around it.</summary>
    public static ExpressionAst Bare(ExpressionAst expression)
    {
        while (expression is ParenExpressionAst paren && Only(paren.Pipeline) is { } inner) expression = inner;
        return expression;
    }

    /// <summary>The constant name of a member, or null if it is computed.</summary>
    public static string? MemberName(MemberExpressionAst member) => (member.Member as StringConstantExpressionAst)?.Value;

    private void AddSplatted(CommandCall call)
    {
        foreach (VariableExpressionAst splatted in call.Splatted)
        {
            if (Bindings.LiteralOf(splatted) is { } table) call.AddSplatted(table);
        }
    }
}
