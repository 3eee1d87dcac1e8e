using System.Management.Automation.Language;

namespace GuardedMaps.Shell.Rules;

/// <summary>When a script block runs, seen from where it stands.</summary>
internal enum BlockRole
{
    /// <summary>Here and now, in the scope around it: ForEach-Object, Where-Object, .ForEach().</summary>
    InPlace = 0,

    /// <summary>Here and now, in a scope of its own: &amp; { }, and as an argument of any command that is not known to keep it.</summary>
    Called,

    /// <summary>Later, in this runspace: the action of an event.</summary>
    Event,

    /// <summary>In a runspace or process of its own, which does not see the variables around.</summary>
    Isolated,

    /// <summary>It is put into a variable or a collection.</summary>
    Kept,
}

/// <summary>Which script block runs where, and in whose scope.</summary>
internal sealed class ScriptBlocks(ScriptAnalysis script)
{
    private static readonly HashSet<string> s_inPlace = new(StringComparer.OrdinalIgnoreCase)
    {
        "ForEach-Object", "Where-Object", "Invoke-MapIteration", "Update-MapEntry", "Sort-Object", "Group-Object", "Select-Object", "Measure-Command",
    };

    private static readonly HashSet<string> s_isolating = new(StringComparer.OrdinalIgnoreCase) { "Start-Job", "Start-ThreadJob", "Start-RSJob", "Invoke-Parallel" };

    private static readonly HashSet<string> s_registering = new(StringComparer.OrdinalIgnoreCase)
    {
        "Register-ObjectEvent", "Register-EngineEvent", "Register-WmiEvent", "Register-CimIndicationEvent", "Set-PSBreakpoint", "Register-ArgumentCompleter",
    };

    private readonly Dictionary<ScriptBlockExpressionAst, BlockRole> _roles = [];

    public BlockRole RoleOf(ScriptBlockExpressionAst block)
    {
        if (!_roles.TryGetValue(block, out BlockRole role)) _roles.Add(block, role = Classify(block));
        return role;
    }

    /// <summary>The script block whose variables a node sees as its own.</summary>
    public ScriptBlockAst ScopeOf(Ast node)
    {
        for (Ast? at = node; at is not null; at = at.Parent)
        {
            if (at is ParameterAst { Parent: FunctionDefinitionAst function }) return function.Body;
            if (at is ScriptBlockAst scope && !(scope.Parent is ScriptBlockExpressionAst block && RoleOf(block) == BlockRole.InPlace)) return scope;
        }

        return script.Root;
    }

    /// <summary>The scope around a scope, or null at the end.</summary>
    public ScriptBlockAst? Around(ScriptBlockAst scope) => scope.Parent is null ? null : ScopeOf(scope.Parent);

    /// <summary>True if a node within a region runs while the region runs, and is not kept for later or for somebody else.</summary>
    public bool RunsWithin(Ast node, Ast region)
    {
        for (Ast? at = node; at is not null && at != region; at = at.Parent)
        {
            if (at is FunctionDefinitionAst) return false;
            if (at is ScriptBlockExpressionAst block && block != region && RoleOf(block) is not (BlockRole.InPlace or BlockRole.Called)) return false;
        }

        return true;
    }

    /// <summary>True for a block that GetNewClosure is called on: it keeps the variables' values.</summary>
    public static bool IsClosed(ScriptBlockExpressionAst block) => block.Parent is InvokeMemberExpressionAst call
        && string.Equals(ScriptAnalysis.MemberName(call), "GetNewClosure", StringComparison.OrdinalIgnoreCase);

    private BlockRole Classify(ScriptBlockExpressionAst block)
    {
        Ast holder = block.Parent;
        while (holder is ParenExpressionAst or PipelineAst or CommandExpressionAst or ArrayLiteralAst or ConvertExpressionAst && holder.Parent is not null
            && holder is not PipelineAst { Parent: StatementBlockAst or NamedBlockAst })
        {
            if (holder is PipelineAst { PipelineElements.Count: > 1 }) break;
            holder = holder.Parent;
        }

        return holder switch
        {
            CommandAst command => InCommand(command, block),
            CommandParameterAst { Parent: CommandAst command } => InCommand(command, block),
            InvokeMemberExpressionAst call when call.Expression != block => InCall(call),
            _ => BlockRole.Kept,
        };
    }

    private BlockRole InCommand(CommandAst command, ScriptBlockExpressionAst block)
    {
        if (command.CommandElements[0] == block) return command.InvocationOperator == TokenKind.Dot ? BlockRole.InPlace : BlockRole.Called;
        CommandCall call = script.Command(command);
        if (call.Name is not { } name) return BlockRole.Called;
        if (string.Equals(name, "ForEach-Object", StringComparison.OrdinalIgnoreCase) && IsValueOf(call, "Parallel", block)) return BlockRole.Isolated;
        if (s_isolating.Contains(name)) return BlockRole.Isolated;
        if (string.Equals(name, "Invoke-Command", StringComparison.OrdinalIgnoreCase))
        {
            return call.Has("ComputerName") || call.Has("Session") || call.Has("HostName") || call.Has("AsJob", 3) ? BlockRole.Isolated : BlockRole.Called;
        }

        if (s_registering.Contains(name)) return BlockRole.Event;
        return s_inPlace.Contains(name) ? BlockRole.InPlace : BlockRole.Called;
    }

    private static bool IsValueOf(CommandCall call, string parameter, ScriptBlockExpressionAst block) =>
        call.Value(parameter) is { } value && ScriptAnalysis.IsWithin(block, value);

    private static BlockRole InCall(InvokeMemberExpressionAst call) => ScriptAnalysis.MemberName(call) switch
    {
        { } name when name.Equals("ForEach", StringComparison.OrdinalIgnoreCase) || name.Equals("Where", StringComparison.OrdinalIgnoreCase) => BlockRole.InPlace,
        { } name when name.StartsWith("add_", StringComparison.OrdinalIgnoreCase) => BlockRole.Event,
        { } name when name.Equals("AddScript", StringComparison.OrdinalIgnoreCase) => BlockRole.Isolated,
        { } name when name.Equals("AddOrUpdate", StringComparison.OrdinalIgnoreCase) || name.Equals("GetOrAdd", StringComparison.OrdinalIgnoreCase) => BlockRole.Called,
        _ => BlockRole.Kept,
    };
}
