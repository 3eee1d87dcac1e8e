using System.Management.Automation.Language;

namespace GuardedMaps.Shell.Rules;

/// <summary>How a collection is walked.</summary>
internal enum LoopForm
{
    ForEach = 0,
    Switch,
    MoveNext,
    Pipeline,
    Method,
    MapIteration,
}

/// <summary>One place where a collection is walked.</summary>
/// <param name="Node">The whole loop.</param>
/// <param name="Form">What walks it.</param>
/// <param name="Source">The expression that is walked.</param>
/// <param name="Value">The collection, and which part of it.</param>
/// <param name="Bodies">What runs for each element.</param>
/// <param name="Variable">The variable that holds the element, in capitals; null for $_.</param>
internal sealed record Loop(Ast Node, LoopForm Form, ExpressionAst Source, MapValue Value, IReadOnlyList<Ast> Bodies, string? Variable)
{
    /// <summary>True if the loop's source is a table itself, which PowerShell hands on as one object.</summary>
    public bool IsOverOneObject => Value.View == CollectionView.Whole && Form is not LoopForm.MapIteration && CollectionKinds.IsDictionary(Value.Kind);

    /// <summary>True if a key is the element itself, so that writing under it overwrites.</summary>
    public bool IsOwnKey(ExpressionAst? key) => key switch
    {
        VariableExpressionAst variable when Value.View == CollectionView.Keys => IsElement(variable),
        MemberExpressionAst { Expression: VariableExpressionAst variable } member when Value.View == CollectionView.Enumerator =>
            IsElement(variable) && (ScriptAnalysis.MemberName(member) is { } name) && (name.Equals("Key", StringComparison.OrdinalIgnoreCase) || name.Equals("Name", StringComparison.OrdinalIgnoreCase)),
        _ => false,
    };

    private bool IsElement(VariableExpressionAst variable) => Variable is null
        ? variable.VariablePath.UserPath is "_" or "PSItem"
        : ScriptBindings.NameOf(variable) == Variable;
}

/// <summary>Every place where a script walks a collection that it still holds on to, and what runs meanwhile.</summary>
internal sealed class ScriptLoops
{
    // These hold everything back until their input has ended: what comes after them comes after the walk.
    private static readonly HashSet<string> s_collecting = new(StringComparer.OrdinalIgnoreCase)
    {
        "Sort-Object", "Group-Object", "Measure-Object", "Out-String", "Compare-Object", "ConvertTo-Json", "Format-Table", "Format-List",
    };

    private readonly ScriptAnalysis _script;

    public ScriptLoops(ScriptAnalysis script)
    {
        _script = script;
        foreach (ForEachStatementAst loop in script.Nodes.ForEachLoops) Add(loop, LoopForm.ForEach, loop.Condition, [loop.Body], ScriptBindings.NameOf(loop.Variable));
        foreach (SwitchStatementAst choice in script.Nodes.Switches)
        {
            var bodies = choice.Clauses.Select(c => (Ast)c.Item2).ToList();
            if (choice.Default is not null) bodies.Add(choice.Default);
            Add(choice, LoopForm.Switch, choice.Condition, bodies, variable: null);
        }

        foreach (LoopStatementAst loop in script.Nodes.OtherLoops) AddMoveNext(loop);
        foreach (PipelineAst pipeline in script.Nodes.Pipelines) AddPipeline(pipeline);
        foreach (InvokeMemberExpressionAst call in script.Nodes.Calls) AddMethod(call);
        foreach (CommandAst command in script.Nodes.Commands) AddIteration(command);
    }

    public List<Loop> All { get; } = [];

    /// <summary>
    /// True if control leaves the loop for certain after a node: the change was the last thing the walk saw, and nobody asks for the next element.
    /// </summary>
    public static bool IsLastStep(Ast node, Loop loop)
    {
        Ast at = node;
        for (Ast? up = node.Parent; up is not null; at = up, up = up.Parent)
        {
            IReadOnlyList<StatementAst>? statements = up switch { StatementBlockAst block => block.Statements, NamedBlockAst block => block.Statements, _ => null };
            if (statements is not null && at is StatementAst current && LeavesAfter(statements, current, loop)) return true;
            if (loop.Bodies.Contains(up) || up == loop.Node) return false;
            if (up is ScriptBlockExpressionAst) return false;
        }

        return false;
    }

    private static bool LeavesAfter(IReadOnlyList<StatementAst> statements, StatementAst current, Loop loop)
    {
        bool isAfter = false;
        foreach (StatementAst statement in statements)
        {
            if (isAfter)
            {
                if (statement is ReturnStatementAst or ThrowStatementAst or ExitStatementAst && loop.Form is not (LoopForm.Pipeline or LoopForm.Method or LoopForm.MapIteration)) return true;
                if (statement is ThrowStatementAst or ExitStatementAst) return true;
                if (statement is BreakStatementAst leave && (leave.Label is not null || IsNearest(loop.Node, leave))) return true;
            }

            if (statement == current) isAfter = true;
        }

        return false;
    }

    private static bool IsNearest(Ast loop, Ast leave)
    {
        for (Ast? at = leave.Parent; at is not null; at = at.Parent)
        {
            if (at is LoopStatementAst or SwitchStatementAst) return at == loop;
        }

        return false;
    }

    private void Add(Ast node, LoopForm form, Ast source, IReadOnlyList<Ast> bodies, string? variable)
    {
        if (ScriptAnalysis.Only(source) is not { } expression || _script.Values.Resolve(expression) is not { } value) return;
        if (value.Kind is CollectionKind.Harmless or CollectionKind.ScriptBlock) return;
        All.Add(new Loop(node, form, expression, value, bodies, variable));
    }

    // while ($e.MoveNext()) { ... }
    private void AddMoveNext(LoopStatementAst loop)
    {
        if (loop.Condition?.Find(static a => a is InvokeMemberExpressionAst call && "MoveNext".Equals(ScriptAnalysis.MemberName(call), StringComparison.OrdinalIgnoreCase), searchNestedScriptBlocks: false)
            is not InvokeMemberExpressionAst step) return;
        if (_script.Values.Resolve(step.Expression) is { View: CollectionView.Enumerator } value)
        {
            All.Add(new Loop(loop, LoopForm.MoveNext, step.Expression, value, [loop.Body], (step.Expression as VariableExpressionAst) is { } variable ? ScriptBindings.NameOf(variable) : null));
        }
    }

    private void AddPipeline(PipelineAst pipeline)
    {
        if (pipeline.PipelineElements[0] is not CommandExpressionAst { Expression: { } source }) return;
        var stages = new List<Ast>();
        for (int i = 1; i < pipeline.PipelineElements.Count; i++)
        {
            if (pipeline.PipelineElements[i] is not CommandAst stage) continue;
            CommandCall call = _script.Command(stage);
            if (call.Name is { } name && s_collecting.Contains(name)) break;
            if (call.Is("Select-Object") && (call.Value("First") is ConstantExpressionAst { Value: 1 } || call.Has("Last"))) break;
            if (call.Is("ForEach-Object") && call.Has("Parallel")) break;
            stages.Add(stage);
        }

        if (stages.Count > 0) Add(pipeline, LoopForm.Pipeline, source, stages, variable: null);
    }

    private void AddMethod(InvokeMemberExpressionAst call)
    {
        if (call.Static || call.Arguments is not { Count: > 0 } || ScriptAnalysis.MemberName(call) is not { } name) return;
        if (!name.Equals("ForEach", StringComparison.OrdinalIgnoreCase) && !name.Equals("Where", StringComparison.OrdinalIgnoreCase)) return;
        Add(call, LoopForm.Method, call.Expression, [call.Arguments[0]], variable: null);
    }

    private void AddIteration(CommandAst command)
    {
        CommandCall call = _script.Command(command);
        if (!call.Is("Invoke-MapIteration")) return;
        ExpressionAst? map = call.Value("Map");
        ExpressionAst? body = call.Value("Process");
        int next = 0;
        if (map is null && command.Parent is PipelineAst pipeline && pipeline.PipelineElements.Count > 1 && pipeline.PipelineElements[0] is CommandExpressionAst piped) map = piped.Expression;
        map ??= next < call.Positional.Count ? call.Positional[next++] : null;
        body ??= next < call.Positional.Count ? call.Positional[next] : null;
        if (map is null || body is null || _script.Values.Resolve(map) is not { } value) return;
        string? contract = call.Has("Contract") ? ScriptValues.Constant(call.Value("Contract")) ?? "?" : value.Contract;
        All.Add(new Loop(command, LoopForm.MapIteration, map, value with { Contract = contract }, [body], Variable: null));
    }
}
