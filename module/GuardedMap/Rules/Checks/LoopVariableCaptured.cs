using System.Management.Automation.Language;

namespace GuardedMaps.Shell.Rules;

/// <summary>GM1006: a script block that runs later or elsewhere uses the loop's variable.</summary>
/// <remarks>
/// A script block keeps no values. An event's action sees the variable as it is when the event comes, the last one of the loop as a rule; a
/// job's block sees nothing at all, since it runs in another runspace. $using: copies the value for a job, GetNewClosure() for the rest.
/// </remarks>
public sealed class LoopVariableCaptured()
    : MapRule("GM1006", "LoopVariableCaptured", MapFindingSeverity.Warning, "A loop's variable is used by a script block that runs later.")
{
    internal override IEnumerable<MapFinding> Check(ScriptAnalysis script)
    {
        foreach (ScriptBlockExpressionAst block in script.Nodes.Blocks)
        {
            BlockRole role = script.Blocks.RoleOf(block);
            if (role is BlockRole.InPlace or BlockRole.Called || ScriptBlocks.IsClosed(block) || (role == BlockRole.Kept && !IsStored(block))) continue;
            HashSet<string> variables = LoopVariables(script, block, role == BlockRole.Isolated);
            if (variables.Count == 0) continue;
            foreach (Ast used in block.ScriptBlock.FindAll(static a => a is VariableExpressionAst, searchNestedScriptBlocks: true))
            {
                var variable = (VariableExpressionAst)used;
                string name = ScriptBindings.NameOf(variable);
                if (!variables.Contains(name) || variable.Parent is UsingExpressionAst || IsOwn(script, variable, block.ScriptBlock, name)) continue;
                variables.Remove(name);
                yield return new MapFinding(
                    this,
                    MapFindingSeverity.Warning,
                    variable.Extent,
                    role == BlockRole.Isolated
                        ? $"{variable.Extent.Text} is the loop's variable, and this block runs in a runspace of its own, where it is empty."
                        : $"{variable.Extent.Text} is the loop's variable, and this block runs later: it then sees the last value, not the one of this turn.",
                    role == BlockRole.Isolated
                        ? $"Copy the value: $using:{variable.VariablePath.UserPath}, or a parameter and -ArgumentList."
                        : "Keep the value: { ... }.GetNewClosure(), or hand it over with -MessageData.");
            }
        }
    }

    // $blocks.Add({ ... }), $blocks += { ... }, $table[$name] = { ... }: it outlives this turn of the loop.
    private static bool IsStored(ScriptBlockExpressionAst block)
    {
        if (block.Parent is InvokeMemberExpressionAst call) return call.Expression != block && CollectionKinds.IsChangingMethod(ScriptAnalysis.MemberName(call) ?? "", CollectionKind.List);
        return ScriptAnalysis.Above<AssignmentStatementAst>(block) is { } assignment && ScriptAnalysis.Only(assignment.Right) == block
            && (assignment.Operator == TokenKind.PlusEquals || assignment.Left is IndexExpressionAst);
    }

    private static HashSet<string> LoopVariables(ScriptAnalysis script, ScriptBlockExpressionAst block, bool isIsolated)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Ast? body = null;
        for (Ast? at = block.Parent; at is not null; at = at.Parent)
        {
            switch (at)
            {
                case ForEachStatementAst loop when ScriptAnalysis.IsWithin(block, loop.Body):
                    names.Add(ScriptBindings.NameOf(loop.Variable));
                    body = loop.Body;
                    break;
                case ForStatementAst { Initializer: { } initializer } loop when ScriptAnalysis.IsWithin(block, loop.Body):
                    foreach (Ast counter in initializer.FindAll(static a => a is AssignmentStatementAst, searchNestedScriptBlocks: false))
                    {
                        if (ScriptBindings.Unwrap(((AssignmentStatementAst)counter).Left).Target is VariableExpressionAst variable) names.Add(ScriptBindings.NameOf(variable));
                    }

                    body = loop.Body;
                    break;
                case ScriptBlockExpressionAst each when script.Blocks.RoleOf(each) == BlockRole.InPlace:
                    if (isIsolated && ScriptAnalysis.Above<CommandAst>(block) is { } command && !script.Command(command).Is("ForEach-Object") && ScriptAnalysis.IsWithin(command, each))
                    {
                        names.Add("_");
                        names.Add("PSITEM");
                    }

                    body = each;
                    break;
                case ScriptBlockExpressionAst other when script.Blocks.RoleOf(other) is not BlockRole.Called:
                case FunctionDefinitionAst:
                    AddDerived(script, body, block, names);
                    return names;
                default:
                    break;
            }
        }

        AddDerived(script, body, block, names);
        return names;
    }

    // $name = $item.Name, in the same turn: as much the loop's as the item itself.
    private static void AddDerived(ScriptAnalysis script, Ast? body, ScriptBlockExpressionAst block, HashSet<string> names)
    {
        if (body is null || names.Count == 0) return;
        foreach (AssignmentStatementAst assignment in script.Nodes.Assignments)
        {
            if (!ScriptAnalysis.IsWithin(assignment, body) || assignment.Extent.EndOffset > block.Extent.StartOffset || ScriptAnalysis.IsWithin(assignment, block)) continue;
            if (assignment.Operator != TokenKind.Equals || ScriptBindings.Unwrap(assignment.Left).Target is not VariableExpressionAst variable) continue;
            if (assignment.Right.Find(a => a is VariableExpressionAst used && names.Contains(ScriptBindings.NameOf(used)), searchNestedScriptBlocks: false) is not null) names.Add(ScriptBindings.NameOf(variable));
        }
    }

    // A parameter of the block, a variable it assigns, or $_ of a pipeline inside of it.
    private static bool IsOwn(ScriptAnalysis script, VariableExpressionAst variable, ScriptBlockAst block, string name)
    {
        for (Ast? at = variable.Parent; at is not null; at = at.Parent)
        {
            if (at is ScriptBlockAst scope && script.Bindings.Binds(scope, name)) return true;
            if (name is "_" or "PSITEM" && at != block && at is ScriptBlockAst or CatchClauseAst or SwitchStatementAst) return at != block;
            if (at == block) break;
        }

        return script.Parallel.Of(block)?.Handed.ContainsKey(name) == true;
    }
}
