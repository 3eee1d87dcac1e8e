using System.Management.Automation.Language;

namespace GuardedMaps.Shell.Rules;

/// <summary>
/// Makes the table of a finding a guarded map in which conflicting operations wait: <c>@{}</c> becomes
/// <c>New-GuardedMap @{} -Protection Synchronized</c>.
/// </summary>
/// <remarks>
/// Only where the whole life of the table can be seen, and consists of what both do alike: elements read and written, Add, Remove, Clear,
/// ContainsKey, Count, walks over keys. As soon as it goes anywhere else (a command's argument, a typed parameter, a cast), it may have to
/// be a Hashtable, and nothing is changed.
/// </remarks>
internal static class GuardedMapFix
{
    private static readonly HashSet<string> s_alike = new(StringComparer.OrdinalIgnoreCase)
    {
        "Add", "Remove", "Clear", "Contains", "ContainsKey", "Count", "Keys", "Values", "GetEnumerator",
    };

    public static IReadOnlyList<ScriptEdit> For(ScriptAnalysis script, MapValue table)
    {
        if (table.IsDeclared || Literal(table) is not { } literal || table.Site is not { } site || !IsAssignedPlainly(site)) return [];
        if (!script.Repairs.TryGetValue(site, out IReadOnlyList<ScriptEdit>? known)) script.Repairs.Add(site, known = Find(script, table, literal, site));
        return known;
    }

    private static IReadOnlyList<ScriptEdit> Find(ScriptAnalysis script, MapValue table, HashtableAst literal, Ast site)
    {
        foreach (VariableExpressionAst variable in script.Nodes.Variables)
        {
            ExpressionAst used = variable.Parent is UsingExpressionAst outer ? outer : variable;
            if (table.IsSameAs(script.Values.Resolve(used)) && !IsAlike(used)) return [];
        }

        return [new ScriptEdit(site.Extent.StartOffset, site.Extent.EndOffset, $"New-GuardedMap {literal.Extent.Text} -Protection Synchronized")];
    }

    private static HashtableAst? Literal(MapValue table) => table switch
    {
        { Kind: CollectionKind.Hashtable, Site: HashtableAst literal } => literal,
        { Kind: CollectionKind.SynchronizedTable, Site: InvokeMemberExpressionAst { Arguments: [HashtableAst literal] } } => literal,
        _ => null,
    };

    // $table = @{...}, without a type that would turn it back.
    private static bool IsAssignedPlainly(Ast site) =>
        site.Parent is CommandExpressionAst only && (only.Parent as AssignmentStatementAst ?? only.Parent.Parent as AssignmentStatementAst)
            is { Operator: TokenKind.Equals, Left: VariableExpressionAst };

    private static bool IsAlike(ExpressionAst used)
    {
        Ast at = used;
        while (at.Parent is CommandExpressionAst or PipelineAst { PipelineElements.Count: 1 } or ParenExpressionAst) at = at.Parent;
        return at.Parent switch
        {
            IndexExpressionAst index => index.Target == at,
            MemberExpressionAst { Static: false } member when member.Expression == at && ScriptAnalysis.MemberName(member) is { } name =>
                s_alike.Contains(name) || (member is not InvokeMemberExpressionAst && !name.Equals("SyncRoot", StringComparison.OrdinalIgnoreCase) && !name.StartsWith("Is", StringComparison.OrdinalIgnoreCase)),
            AssignmentStatementAst { Operator: TokenKind.Equals } assignment => assignment.Left == at || assignment.Left is VariableExpressionAst,
            StatementBlockAst or NamedBlockAst => false,
            _ => false,
        };
    }
}
