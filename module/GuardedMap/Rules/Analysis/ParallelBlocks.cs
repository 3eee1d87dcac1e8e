using System.Management.Automation.Language;

namespace GuardedMaps.Shell.Rules;

/// <summary>How a script block runs beside the one that starts it.</summary>
internal enum ParallelKind
{
    ForEachParallel = 0,
    ThreadJob,
    Runspace,

    /// <summary>A process of its own, which works on copies: nothing is shared, and nothing comes back.</summary>
    OtherProcess,
}

/// <summary>A script block that runs in a runspace of its own, and what it is handed.</summary>
/// <param name="Block">The block.</param>
/// <param name="Kind">What runs it.</param>
/// <param name="Start">The command or call that starts it.</param>
/// <param name="IsBlocking">True if the script goes on only when all of them have ended.</param>
/// <param name="IsSequential">True if never two of them, nor one and its starter, run at once.</param>
internal sealed record ParallelBlock(ScriptBlockAst Block, ParallelKind Kind, Ast Start, bool IsBlocking, bool IsSequential)
{
    /// <summary>The variables and parameters it is handed, by name in capitals.</summary>
    public Dictionary<string, ExpressionAst> Handed { get; } = new(StringComparer.Ordinal);

    /// <summary>What $args holds.</summary>
    public IReadOnlyList<ExpressionAst> Arguments { get; set; } = [];

    /// <summary>True if objects of the starter can be reached from it while others use them.</summary>
    public bool Shares => Kind != ParallelKind.OtherProcess && !IsSequential;
}

/// <summary>The blocks of a script that run in other runspaces: ForEach-Object -Parallel, thread jobs, [powershell]::Create().</summary>
internal sealed class ParallelBlocks
{
    private readonly ScriptAnalysis _script;
    private readonly Dictionary<ScriptBlockAst, ParallelBlock> _blocks = [];

    public ParallelBlocks(ScriptAnalysis script)
    {
        _script = script;
        foreach (CommandAst command in script.Nodes.Commands) AddCommand(command);
        bool runsBeside = script.Nodes.Calls.Exists(c => ScriptAnalysis.MemberName(c) is { } name
            && (name.StartsWith("BeginInvoke", StringComparison.OrdinalIgnoreCase) || name.Equals("InvokeAsync", StringComparison.OrdinalIgnoreCase)));
        Dictionary<string, ExpressionAst> injected = Injected();
        foreach (InvokeMemberExpressionAst call in script.Nodes.Calls)
        {
            if (IsCall(call, "AddScript") && call.Arguments is [ExpressionAst given, ..]) AddRunspace(call, given, !runsBeside, injected);
        }
    }

    /// <summary>All of them, in the order of the text.</summary>
    public IEnumerable<ParallelBlock> All => _blocks.Values;

    /// <summary>What a scope is in parallel to, or null.</summary>
    public ParallelBlock? Of(ScriptBlockAst scope) => _blocks.GetValueOrDefault(scope);

    /// <summary>The innermost parallel block around a node.</summary>
    public ParallelBlock? Around(Ast node)
    {
        for (Ast? at = node.Parent; at is not null; at = at.Parent)
        {
            if (at is ScriptBlockAst block && _blocks.TryGetValue(block, out ParallelBlock? found)) return found;
        }

        return null;
    }

    private static bool IsCall(InvokeMemberExpressionAst call, string name) =>
        string.Equals(ScriptAnalysis.MemberName(call), name, StringComparison.OrdinalIgnoreCase);

    private static ExpressionAst Leftmost(ExpressionAst expression)
    {
        while (true)
        {
            expression = ScriptAnalysis.Bare(expression);
            if (expression is ConvertExpressionAst convert) expression = convert.Child;
            else if (expression is MemberExpressionAst { Static: false } member) expression = member.Expression;
            else return expression;
        }
    }

    private void AddCommand(CommandAst command)
    {
        CommandCall call = _script.Command(command);
        switch (call.Name?.ToUpperInvariant())
        {
            case "FOREACH-OBJECT" when call.Value("Parallel") is { } given:
                bool single = call.Value("ThrottleLimit") is ConstantExpressionAst { Value: 1 };
                bool beside = call.Has("AsJob");
                Add(given, ParallelKind.ForEachParallel, command, !beside, single && !beside, []);
                break;
            case "START-THREADJOB" or "START-RSJOB" or "INVOKE-PARALLEL" when call.Argument("ScriptBlock", 0) is { } given:
                ParallelKind kind = call.Is("Start-ThreadJob") ? ParallelKind.ThreadJob : ParallelKind.Runspace;
                Add(given, kind, command, call.Is("Invoke-Parallel"), isSequential: false, ArgumentsOf(call));
                break;
            case "START-JOB" when call.Argument("ScriptBlock", 0) is { } given:
                Add(given, ParallelKind.OtherProcess, command, isBlocking: false, isSequential: false, ArgumentsOf(call));
                break;
            case "INVOKE-COMMAND" when (call.Value("ScriptBlock") ?? (call.Positional.Count > 0 ? call.Positional[^1] : null)) is { } given:
                if (BlockOf(given)?.Parent is ScriptBlockExpressionAst block && _script.Blocks.RoleOf(block) == BlockRole.Isolated)
                {
                    Add(given, ParallelKind.OtherProcess, command, !call.Has("AsJob", 3), isSequential: false, ArgumentsOf(call));
                }

                break;
            default:
                break;
        }
    }

    // A list that is the whole of -ArgumentList is taken apart: its elements are the arguments, and nobody gets the list.
    private IReadOnlyList<ExpressionAst> ArgumentsOf(CommandCall call)
    {
        ExpressionAst? given = call.Value("ArgumentList");
        return given is VariableExpressionAst && _script.Values.Resolve(given) is { View: CollectionView.Whole } value && !CollectionKinds.IsDictionary(value.Kind)
            && (CollectionKinds.IsPlain(value.Kind) || value.Kind == CollectionKind.SynchronizedList) ? [] : CommandCall.Items(given);
    }

    private ScriptBlockAst? BlockOf(ExpressionAst given)
    {
        given = ScriptAnalysis.Bare(given);
        if (given is InvokeMemberExpressionAst { Arguments: null or { Count: 0 } } text && IsCall(text, "ToString")) given = text.Expression;
        return _script.Values.Resolve(given)?.Site is ScriptBlockExpressionAst block ? block.ScriptBlock : null;
    }

    private void Add(ExpressionAst given, ParallelKind kind, Ast start, bool isBlocking, bool isSequential, IReadOnlyList<ExpressionAst> arguments)
    {
        if (BlockOf(given) is not { } block || _blocks.ContainsKey(block)) return;
        var parallel = new ParallelBlock(block, kind, start, isBlocking, isSequential) { Arguments = arguments };
        BindArguments(parallel);
        _blocks.Add(block, parallel);
    }

    private static void BindArguments(ParallelBlock parallel)
    {
        if (parallel.Block.ParamBlock is not { } parameters) return;
        for (int i = 0; i < parameters.Parameters.Count && i < parallel.Arguments.Count; i++)
        {
            parallel.Handed[ScriptBindings.NameOf(parameters.Parameters[i].Name)] = parallel.Arguments[i];
        }
    }

    private void AddRunspace(InvokeMemberExpressionAst call, ExpressionAst given, bool isSequential, Dictionary<string, ExpressionAst> injected)
    {
        if (BlockOf(given) is not { } block || _blocks.ContainsKey(block)) return;
        var parallel = new ParallelBlock(block, ParallelKind.Runspace, call, IsBlocking: isSequential, isSequential);
        var arguments = new List<ExpressionAst>();
        foreach ((string name, ExpressionAst value) in injected) parallel.Handed[name] = value;
        foreach (InvokeMemberExpressionAst later in CallsOn(call)) AddArgument(later, arguments, parallel);
        parallel.Arguments = arguments;
        BindArguments(parallel);
        _blocks.Add(block, parallel);
    }

    // What is called on the same [powershell] afterwards: in the same chain, or in later statements on the same variable.
    private IEnumerable<InvokeMemberExpressionAst> CallsOn(InvokeMemberExpressionAst addScript)
    {
        ExpressionAst owner = Leftmost(addScript.Expression);
        string? name = owner is VariableExpressionAst variable ? ScriptBindings.NameOf(variable) : AssignedTo(addScript);
        ScriptBlockAst scope = _script.Blocks.ScopeOf(addScript);
        var found = new List<InvokeMemberExpressionAst>();
        foreach (InvokeMemberExpressionAst call in _script.Nodes.Calls)
        {
            if (call == addScript || call.Extent.EndOffset < addScript.Extent.EndOffset || _script.Blocks.ScopeOf(call) != scope) continue;
            bool isChained = ScriptAnalysis.IsWithin(addScript, call.Expression);
            bool isOwner = Leftmost(call.Expression) is VariableExpressionAst other && name is not null && ScriptBindings.NameOf(other) == name;
            if (isChained || isOwner) found.Add(call);
        }

        // A chain's calls stand in the tree from the outside in: by where they end they are in the order they run.
        found.Sort((a, b) => a.Extent.EndOffset.CompareTo(b.Extent.EndOffset));
        int next = found.FindIndex(c => IsCall(c, "AddScript"));
        return next < 0 ? found : found.Take(next);
    }

    private static string? AssignedTo(Ast node) =>
        ScriptAnalysis.Above<AssignmentStatementAst>(node) is { } assignment && ScriptBindings.Unwrap(assignment.Left).Target is VariableExpressionAst variable
            ? ScriptBindings.NameOf(variable)
            : null;

    private void AddArgument(InvokeMemberExpressionAst call, List<ExpressionAst> arguments, ParallelBlock parallel)
    {
        if (call.Arguments is not { Count: > 0 } given) return;
        if (IsCall(call, "AddArgument")) arguments.Add(given[0]);
        else if (IsCall(call, "AddParameter") && given is [StringConstantExpressionAst name, { } value]) parallel.Handed[name.Value.ToUpperInvariant()] = value;
        else if (IsCall(call, "AddParameters"))
        {
            HashtableAst? table = ScriptAnalysis.Bare(given[0]) as HashtableAst ?? (given[0] is VariableExpressionAst variable ? _script.Bindings.LiteralOf(variable) : null);
            if (table is null) return;
            foreach ((ExpressionAst key, StatementAst entry) in table.KeyValuePairs)
            {
                if (key is StringConstantExpressionAst text && ScriptAnalysis.Only(entry) is { } handed) parallel.Handed[text.Value.ToUpperInvariant()] = handed;
            }
        }
    }

    // SessionStateProxy.SetVariable('name', $value), and a SessionStateVariableEntry with name and value.
    private Dictionary<string, ExpressionAst> Injected()
    {
        var injected = new Dictionary<string, ExpressionAst>(StringComparer.Ordinal);
        foreach (InvokeMemberExpressionAst call in _script.Nodes.Calls)
        {
            bool sets = IsCall(call, "SetVariable") || (call.Static && IsCall(call, "new") && call.Expression.Extent.Text.Contains("SessionStateVariableEntry", StringComparison.OrdinalIgnoreCase));
            if (sets && call.Arguments is [StringConstantExpressionAst name, { } value, ..]) injected[name.Value.ToUpperInvariant()] = value;
        }

        foreach (CommandAst command in _script.Nodes.Commands)
        {
            CommandCall call = _script.Command(command);
            if (!call.Is("New-Object") || call.Argument("TypeName", 0)?.Extent.Text.Contains("SessionStateVariableEntry", StringComparison.OrdinalIgnoreCase) != true) continue;
            ExpressionAst? list = call.Value("ArgumentList") ?? (call.Positional.Count > 1 ? call.Positional[1] : null);
            if (CommandCall.Items(list) is [StringConstantExpressionAst name, { } value, ..]) injected[name.Value.ToUpperInvariant()] = value;
        }

        return injected;
    }
}
