using System.Management.Automation.Language;

namespace GuardedMaps.Shell.Rules;

/// <summary>One place where a collection is written.</summary>
/// <param name="Node">The whole operation.</param>
/// <param name="TargetExpression">What is written to, as it stands there; null for a command.</param>
/// <param name="Target">The collection.</param>
/// <param name="Operation">What is done: Remove, Add, Set...</param>
/// <param name="Key">The key or index that is written, if it is one.</param>
/// <param name="IsReadModifyWrite">True if the new value is computed from the present one in a second operation.</param>
internal sealed record Change(Ast Node, ExpressionAst? TargetExpression, MapValue Target, string Operation, ExpressionAst? Key, bool IsReadModifyWrite)
{
    /// <summary>True for a method or command that PowerShell or the map runs as one operation.</summary>
    public bool IsAssignment => Node is AssignmentStatementAst or UnaryExpressionAst;
}

/// <summary>Every place where a script writes to a collection: methods, indexers, members, <c>Update-MapEntry</c>.</summary>
internal sealed class ScriptChanges
{
    private readonly ScriptAnalysis _script;
    private readonly List<Change> _all = [];
    private readonly List<(CommandAst Command, FunctionDefinitionAst Function)> _calls = [];

    public ScriptChanges(ScriptAnalysis script)
    {
        _script = script;
        foreach (InvokeMemberExpressionAst call in script.Nodes.Calls) AddCall(call);
        foreach (AssignmentStatementAst assignment in script.Nodes.Assignments) AddAssignment(assignment);
        foreach (UnaryExpressionAst unary in script.Nodes.Unaries)
        {
            if (unary.TokenKind is TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus)
            {
                AddElement(unary, ScriptAnalysis.Bare(unary.Child), isReadModifyWrite: true);
            }
        }

        foreach (CommandAst command in script.Nodes.Commands) AddCommand(command);
        AddFunctionCalls();
        _all.Sort((a, b) => a.Node.Extent.StartOffset.CompareTo(b.Node.Extent.StartOffset));
    }

    /// <summary>All changes, in the order of the text.</summary>
    public IReadOnlyList<Change> All => _all;

    /// <summary>The changes that stand within a region.</summary>
    public IEnumerable<Change> Within(Ast region)
    {
        int start = region.Extent.StartOffset;
        int low = 0;
        int high = _all.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_all[middle].Node.Extent.StartOffset < start) low = middle + 1;
            else high = middle;
        }

        for (int i = low; i < _all.Count && _all[i].Node.Extent.StartOffset < region.Extent.EndOffset; i++) yield return _all[i];
    }

    /// <summary>
    /// What runs within a region and changes a collection: what stands there, and what functions of this script do that are called there.
    /// </summary>
    public IEnumerable<Change> Running(Ast region, MapValue collection) => Running(region, collection, []);

    private IEnumerable<Change> Running(Ast region, MapValue collection, HashSet<FunctionDefinitionAst> entered)
    {
        foreach (Change change in Within(region))
        {
            if (collection.IsSameAs(change.Target) && _script.Blocks.RunsWithin(change.Node, region)) yield return change;
        }

        foreach ((CommandAst command, FunctionDefinitionAst function) in _calls)
        {
            if (!ScriptAnalysis.IsWithin(command, region) || command == region) continue;
            if (!_script.Blocks.RunsWithin(command, region) || !entered.Add(function)) continue;
            Change? inside = null;
            foreach (MapValue named in NamesWithin(function, command, collection))
            {
                inside ??= Running(function.Body, named, entered).FirstOrDefault();
            }

            if (inside is not null) yield return inside with { Node = command, TargetExpression = null, Operation = $"{inside.Operation} in {function.Name}", Target = collection };
        }
    }

    // The commands that are functions of this script: of several with one name, the last one counts.
    private void AddFunctionCalls()
    {
        if (_script.Nodes.Functions.Count == 0) return;
        var functions = new Dictionary<string, FunctionDefinitionAst>(StringComparer.OrdinalIgnoreCase);
        foreach (FunctionDefinitionAst function in _script.Nodes.Functions) functions[function.Name] = function;
        foreach (CommandAst command in _script.Nodes.Commands)
        {
            if (command.GetCommandName() is { } name && functions.TryGetValue(name, out FunctionDefinitionAst? called)) _calls.Add((command, called));
        }
    }

    // What a collection is called inside of a function: as outside, or by the parameter it is handed over in.
    private IEnumerable<MapValue> NamesWithin(FunctionDefinitionAst function, CommandAst command, MapValue collection)
    {
        yield return collection;
        IReadOnlyList<ParameterAst> parameters = (IReadOnlyList<ParameterAst>?)function.Body.ParamBlock?.Parameters ?? _script.Nodes.Parameters.FindAll(p => p.Parent == function);
        CommandCall call = _script.Command(command);
        int position = 0;
        foreach (ParameterAst parameter in parameters)
        {
            string name = parameter.Name.VariablePath.UserPath;
            bool isNamed = call.Has(name, name.Length);
            ExpressionAst? given = isNamed ? call.Value(name, name.Length) : position < call.Positional.Count ? call.Positional[position++] : null;
            if (given is not null && collection.IsSameAs(_script.Values.Resolve(given)) && _script.Values.Resolve(parameter.Name) is { } inner) yield return inner;
        }
    }

    private void AddCall(InvokeMemberExpressionAst call)
    {
        if (call.Static || ScriptAnalysis.MemberName(call) is not { } name || !CollectionKinds.IsChangingMethod(name, CollectionKind.Hashtable)) return;
        if (_script.Values.Resolve(call.Expression) is not { View: CollectionView.Whole } target) return;
        if (!CollectionKinds.IsChangingMethod(name, target.Kind) || target.Kind is CollectionKind.Harmless or CollectionKind.ScriptBlock or CollectionKind.MapIterator) return;

        // Append of a list of one's own, Sort of an array: only what has such a method is changed by it.
        bool isWhole = name.Equals("Increment", StringComparison.OrdinalIgnoreCase) || name.Equals("Append", StringComparison.OrdinalIgnoreCase);
        if (isWhole && !CollectionKinds.IsDictionary(target.Kind)) return;
        _all.Add(new Change(call, call.Expression, target, Canonical(name), call.Arguments is [{ } key, ..] ? key : null, IsReadModifyWrite: false));
    }

    private static string Canonical(string name) => name.Equals("set_Item", StringComparison.OrdinalIgnoreCase) ? "Set" : char.ToUpperInvariant(name[0]) + name[1..];

    private void AddAssignment(AssignmentStatementAst assignment)
    {
        ExpressionAst left = ScriptBindings.Unwrap(assignment.Left).Target;
        IReadOnlyList<ExpressionAst> targets = left is ArrayLiteralAst several ? several.Elements : [left];
        foreach (ExpressionAst target in targets)
        {
            ExpressionAst bare = ScriptAnalysis.Bare(target);
            AddElement(assignment, bare, assignment.Operator != TokenKind.Equals || ReadsItself(assignment.Right, bare));
        }
    }

    private void AddElement(Ast node, ExpressionAst element, bool isReadModifyWrite)
    {
        switch (element)
        {
            case IndexExpressionAst index when _script.Values.Resolve(index.Target) is { View: CollectionView.Whole } target && IsWritable(target.Kind):
                _all.Add(new Change(node, index.Target, target, "Set", index.Index, isReadModifyWrite));
                break;
            case MemberExpressionAst { Static: false } member when member is not InvokeMemberExpressionAst
                && _script.Values.Resolve(member.Expression) is { View: CollectionView.Whole } target
                && (CollectionKinds.IsDictionary(target.Kind) || (target.Kind == CollectionKind.Concurrent)):
                _all.Add(new Change(node, member.Expression, target, "Set", member.Member as ExpressionAst, isReadModifyWrite));
                break;
            default:
                break;
        }

        static bool IsWritable(CollectionKind kind) => kind is not (CollectionKind.Harmless or CollectionKind.ScriptBlock or CollectionKind.MapIterator);
    }

    // $m['n'] = $m['n'] + 1, and the same by way of a variable: $n = $m['n']; $m['n'] = $n + 1.
    private bool ReadsItself(StatementAst right, ExpressionAst element)
    {
        if (element is not (IndexExpressionAst or MemberExpressionAst) || _script.Values.PartId(element) is not { } id) return false;
        return Reads(right, id) || right.FindAll(static a => a is VariableExpressionAst, searchNestedScriptBlocks: false).Any(used =>
            _script.Bindings.Find((VariableExpressionAst)used).Reaching is [{ Value: { } from }] && from is PipelineAst or CommandExpressionAst && Reads(from, id));
    }

    private bool Reads(Ast region, string id) => region.Find(
        a => a is IndexExpressionAst or MemberExpressionAst and not InvokeMemberExpressionAst
            && string.Equals(_script.Values.PartId((ExpressionAst)a), id, StringComparison.OrdinalIgnoreCase),
        searchNestedScriptBlocks: false) is not null;

    private void AddCommand(CommandAst command)
    {
        CommandCall call = _script.Command(command);
        if (!call.Is("Update-MapEntry") || call.Argument("Map", 0) is not { } map || _script.Values.Resolve(map) is not { } target) return;
        _all.Add(new Change(command, map, target, "Update-MapEntry", call.Value("Key") ?? (call.Positional.Count > 1 ? call.Positional[1] : null), IsReadModifyWrite: false));
    }
}
