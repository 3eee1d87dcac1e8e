using System.Management.Automation;
using System.Management.Automation.Language;

namespace GuardedMaps.Shell.Rules;

/// <summary>One place where a variable, or a part of an object, gets its value.</summary>
/// <param name="Node">Where it happens.</param>
/// <param name="Value">What is assigned: an expression or a statement; null if the text does not say.</param>
/// <param name="Declared">The type that a constraint or a parameter names.</param>
/// <param name="IsParameter">True for a parameter of a function or script block.</param>
internal sealed record Binding(Ast Node, Ast? Value, CollectionKind Declared = CollectionKind.Unknown, bool IsParameter = false);

/// <summary>
/// Which assignment a variable's value comes from. Scopes are PowerShell's: a function sees the variables around it and assigns its own;
/// a block in another runspace sees nothing but what it is handed.
/// </summary>
internal sealed class ScriptBindings
{
    private readonly ScriptAnalysis _script;
    private readonly Dictionary<(ScriptBlockAst Scope, string Name), List<Binding>> _variables = [];
    private readonly Dictionary<string, List<Binding>> _parts = new(StringComparer.OrdinalIgnoreCase);

    public ScriptBindings(ScriptAnalysis script)
    {
        _script = script;
        foreach (ParameterAst parameter in script.Nodes.Parameters) AddParameter(parameter);
        foreach (ForEachStatementAst loop in script.Nodes.ForEachLoops) Add(loop.Variable, new Binding(loop, Value: null));
        foreach (AssignmentStatementAst assignment in script.Nodes.Assignments) AddAssignment(assignment);
        foreach (CommandAst command in script.Nodes.Commands) AddSetVariable(command);
    }

    /// <summary>The bare name of a variable, without scope.</summary>
    public static string NameOf(VariableExpressionAst variable)
    {
        string path = variable.VariablePath.UserPath;
        return path[(path.IndexOf(':', StringComparison.Ordinal) + 1)..].ToUpperInvariant();
    }

    /// <summary>Collects what is assigned to members and elements. It needs the variables' values, so it comes second.</summary>
    public void AddParts()
    {
        foreach (AssignmentStatementAst assignment in _script.Nodes.Assignments)
        {
            if (assignment.Operator != TokenKind.Equals) continue;
            (ExpressionAst left, CollectionKind declared) = Unwrap(assignment.Left);
            if (left is (MemberExpressionAst or IndexExpressionAst) and not InvokeMemberExpressionAst && _script.Values.PartId(left) is { } id)
            {
                if (!_parts.TryGetValue(id, out List<Binding>? parts)) _parts.Add(id, parts = []);
                parts.Add(new Binding(assignment, assignment.Right, declared));
            }
        }
    }

    /// <summary>What is assigned to a member or an element, by its id.</summary>
    public IReadOnlyList<Binding> PartsOf(string id) => _parts.GetValueOrDefault(id) ?? [];

    /// <summary>The bindings of a variable that its value at a place can come from, and the scope they are in.</summary>
    /// <param name="variable">The variable where it is used.</param>
    /// <param name="from">The scope to begin in, if not the variable's own; $using: begins outside of its block.</param>
    public (ScriptBlockAst? Scope, IReadOnlyList<Binding> Reaching) Find(VariableExpressionAst variable, ScriptBlockAst? from = null)
    {
        string name = NameOf(variable);
        VariablePath path = variable.VariablePath;
        ScriptBlockAst scope = from ?? _script.Blocks.ScopeOf(variable);
        Ast use = from is null ? variable : UseOutside(variable, from);
        bool isBefore = true;
        if (path.IsScript || path.IsGlobal)
        {
            isBefore = scope == _script.Root;
            scope = _script.Root;
        }

        for (ScriptBlockAst? at = scope; at is not null; at = _script.Blocks.Around(at))
        {
            if (_variables.TryGetValue((at, name), out List<Binding>? bindings)) return (at, isBefore ? Reaching(bindings, use) : bindings);
            if (_script.Parallel?.Of(at) is { } block)
            {
                return block.Handed.TryGetValue(name, out ExpressionAst? handed) ? (at, [new Binding(at, handed)]) : (null, []);
            }

            // A function, and a block that is kept, runs at another time than its text stands.
            if (at.Parent is FunctionDefinitionAst || (at.Parent is ScriptBlockExpressionAst kept && _script.Blocks.RoleOf(kept) is not BlockRole.Called)) isBefore = false;
        }

        return (null, []);
    }

    /// <summary>True if a scope itself gives the variable a value.</summary>
    public bool Binds(ScriptBlockAst scope, string name) => _variables.ContainsKey((scope, name));

    /// <summary>All bindings of a variable in a scope.</summary>
    public IReadOnlyList<Binding> All(ScriptBlockAst scope, string name) => _variables.GetValueOrDefault((scope, name)) ?? [];

    /// <summary>The table literal that is all a variable ever holds.</summary>
    public HashtableAst? LiteralOf(VariableExpressionAst variable) =>
        Find(variable).Reaching is [{ Value: { } value }] ? ScriptAnalysis.Only(value) as HashtableAst : null;

    /// <summary>An assignment's target without type constraints and attributes.</summary>
    public static (ExpressionAst Target, CollectionKind Declared) Unwrap(ExpressionAst left)
    {
        CollectionKind declared = CollectionKind.Unknown;
        while (true)
        {
            switch (left)
            {
                case ConvertExpressionAst convert:
                    declared = CollectionKinds.OfType(convert.Type.TypeName.FullName);
                    left = convert.Child;
                    break;
                case AttributedExpressionAst attributed:
                    left = attributed.Child;
                    break;
                default:
                    return (left, declared);
            }
        }
    }

    // A value that was assigned before: the last one that surely was, and those that may have been since.
    private static List<Binding> Reaching(List<Binding> bindings, Ast use)
    {
        var reaching = new List<Binding>();
        for (int i = bindings.Count - 1; i >= 0; i--)
        {
            Binding binding = bindings[i];
            bool encloses = ScriptAnalysis.IsWithin(use, binding.Node);
            if (binding.Node is AssignmentStatementAst or CommandAst ? binding.Node.Extent.EndOffset > use.Extent.StartOffset : !encloses && !binding.IsParameter) continue;
            reaching.Add(binding);
            if (!IsConditional(binding.Node, use)) break;
        }

        return reaching.Count > 0 ? reaching : bindings;
    }

    private static bool IsConditional(Ast node, Ast use)
    {
        for (Ast? at = node.Parent; at is not null; at = at.Parent)
        {
            if (at is ScriptBlockAst { Parent: not ScriptBlockExpressionAst }) return false;
            if (at is IfStatementAst or SwitchStatementAst or LoopStatementAst or CatchClauseAst or TrapStatementAst or ScriptBlockAst)
            {
                if (!ScriptAnalysis.IsWithin(use, at)) return true;
                if (at is IfStatementAst choice && BranchOf(choice, node) != BranchOf(choice, use)) return true;
            }
        }

        return false;
    }

    private static Ast? BranchOf(IfStatementAst choice, Ast node)
    {
        foreach ((PipelineBaseAst _, StatementBlockAst body) in choice.Clauses)
        {
            if (ScriptAnalysis.IsWithin(node, body)) return body;
        }

        return choice.ElseClause is { } other && ScriptAnalysis.IsWithin(node, other) ? other : null;
    }

    private static Ast UseOutside(Ast node, ScriptBlockAst scope)
    {
        // Seen from outside, the use is where the block stands.
        Ast at = node;
        for (Ast? up = node.Parent; up is not null && up != scope; up = up.Parent)
        {
            if (up is ScriptBlockExpressionAst) at = up;
        }

        return at;
    }

    private void Add(VariableExpressionAst variable, Binding binding)
    {
        VariablePath path = variable.VariablePath;
        if (path.IsDriveQualified) return;
        ScriptBlockAst scope = path.IsScript || path.IsGlobal ? _script.Root : _script.Blocks.ScopeOf(variable);
        Add(scope, NameOf(variable), binding);
    }

    private void Add(ScriptBlockAst scope, string name, Binding binding)
    {
        if (!_variables.TryGetValue((scope, name), out List<Binding>? bindings)) _variables.Add((scope, name), bindings = []);
        bindings.Add(binding);
    }

    private void AddParameter(ParameterAst parameter)
    {
        ScriptBlockAst? scope = parameter.Parent switch
        {
            ParamBlockAst { Parent: ScriptBlockAst block } => block,
            FunctionDefinitionAst function => function.Body,
            { } method => (ScriptBlockAst?)method.Find(static a => a is ScriptBlockAst, searchNestedScriptBlocks: true),
            _ => null,
        };
        if (scope is null) return;
        CollectionKind declared = CollectionKind.Unknown;
        foreach (AttributeBaseAst attribute in parameter.Attributes)
        {
            if (attribute is TypeConstraintAst constraint) declared = CollectionKinds.OfType(constraint.TypeName.FullName);
        }

        Add(scope, NameOf(parameter.Name), new Binding(parameter, Value: null, declared, IsParameter: true));
    }

    private void AddAssignment(AssignmentStatementAst assignment)
    {
        (ExpressionAst left, CollectionKind declared) = Unwrap(assignment.Left);
        switch (left)
        {
            case VariableExpressionAst variable when assignment.Operator == TokenKind.Equals:
                Add(variable, new Binding(assignment, assignment.Right, declared));
                break;
            case VariableExpressionAst variable:
                // The sum is another object: a table of two tables, an array of whatever it was.
                CollectionKind sum = ScriptAnalysis.Only(assignment.Right) is HashtableAst ? CollectionKind.Hashtable : CollectionKind.Unknown;
                Add(variable, new Binding(assignment, Value: null, declared == CollectionKind.Unknown ? sum : declared));
                break;
            case ArrayLiteralAst several:
                foreach (ExpressionAst element in several.Elements)
                {
                    if (Unwrap(element).Target is VariableExpressionAst one) Add(one, new Binding(assignment, Value: null));
                }

                break;
            default:
                break;
        }
    }

    private void AddSetVariable(CommandAst command)
    {
        if (CommandCall.CanonicalName(command) is not { } name) return;
        if (!name.Equals("Set-Variable", StringComparison.OrdinalIgnoreCase) && !name.Equals("New-Variable", StringComparison.OrdinalIgnoreCase)) return;
        var call = new CommandCall(command);
        if (call.Argument("Name", 0) is not StringConstantExpressionAst variable) return;
        ScriptBlockAst scope = call.Has("Scope") ? _script.Root : _script.Blocks.ScopeOf(command);
        Add(scope, variable.Value.ToUpperInvariant(), new Binding(command, call.Value("Value") ?? (call.Value("Name") is null ? call.Argument("Value", 1) : call.Argument("Value", 0))));
    }
}
