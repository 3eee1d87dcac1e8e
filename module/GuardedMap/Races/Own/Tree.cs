using System.Management.Automation.Language;
using System.Reflection;

namespace GuardedMaps.Shell;

/// <summary>
/// Makes nodes of PowerShell's syntax tree. The module is compiled against the language of PowerShell 5.1 and runs in 7.4 and later: the nodes that came since
/// are made by reflection, over constructors that are public there.
/// </summary>
internal static class Tree
{
    private static readonly ConstructorInfo s_scriptBlock = Constructor(typeof(ScriptBlockAst), typeof(IScriptExtent), typeof(IEnumerable<UsingStatementAst>), typeof(IEnumerable<AttributeAst>), typeof(ParamBlockAst), typeof(NamedBlockAst), typeof(NamedBlockAst), typeof(NamedBlockAst), typeof(NamedBlockAst), typeof(NamedBlockAst));
    private static readonly PropertyInfo s_cleanBlock = typeof(ScriptBlockAst).GetProperty("CleanBlock")!;
    private static readonly ConstructorInfo s_index = Constructor(typeof(IndexExpressionAst), typeof(IScriptExtent), typeof(ExpressionAst), typeof(ExpressionAst), typeof(bool));
    private static readonly ConstructorInfo s_member = Constructor(typeof(MemberExpressionAst), typeof(IScriptExtent), typeof(ExpressionAst), typeof(CommandElementAst), typeof(bool), typeof(bool));
    private static readonly ConstructorInfo s_invoke = Constructor(typeof(InvokeMemberExpressionAst), typeof(IScriptExtent), typeof(ExpressionAst), typeof(CommandElementAst), typeof(IEnumerable<ExpressionAst>), typeof(bool), typeof(bool), typeof(IList<ITypeName>));
    private static readonly PropertyInfo s_generics = typeof(InvokeMemberExpressionAst).GetProperty("GenericTypeArguments")!;
    private static readonly PropertyInfo s_background = typeof(PipelineAst).GetProperty("Background")!;

    // What an expandable string is made of is not public, and without it "$($x.n)" would have no yields. A PowerShell that has changed it is told apart by the null.
    private static readonly ConstructorInfo? s_expandable = typeof(ExpandableStringExpressionAst).GetConstructor(
        BindingFlags.Instance | BindingFlags.NonPublic, null, [typeof(IScriptExtent), typeof(string), typeof(string), typeof(StringConstantType), typeof(IEnumerable<ExpressionAst>)], null);

    private static readonly PropertyInfo? s_format = typeof(ExpandableStringExpressionAst).GetProperty("FormatExpression", BindingFlags.Instance | BindingFlags.NonPublic);

    /// <summary>Copies a node with all below it.</summary>
    public static T Copy<T>(T node)
        where T : Ast => (T)node.Copy();

    /// <summary>Copies a node that may not be there.</summary>
    public static T? CopyOf<T>(T? node)
        where T : Ast => (T?)node?.Copy();

    /// <summary>Copies nodes.</summary>
    public static List<T>? All<T>(IEnumerable<T>? nodes)
        where T : Ast => nodes?.Select(Copy).ToList();

    /// <summary>The block named <c>clean</c>, or null.</summary>
    public static NamedBlockAst? Clean(ScriptBlockAst block) => (NamedBlockAst?)s_cleanBlock.GetValue(block);

    /// <summary>A script block of its parts.</summary>
    public static ScriptBlockAst Block(ScriptBlockAst like, IEnumerable<UsingStatementAst> usings, ParamBlockAst? parameters, Func<NamedBlockAst?, NamedBlockAst?> part) => (ScriptBlockAst)s_scriptBlock.Invoke(
        [like.Extent, usings, All(like.Attributes), parameters, part(like.BeginBlock), part(like.ProcessBlock), part(like.EndBlock), part(Clean(like)), CopyOf(like.DynamicParamBlock)]);

    /// <summary>An index, with its question mark if it had one.</summary>
    public static IndexExpressionAst Index(IndexExpressionAst like, ExpressionAst target, ExpressionAst index) =>
        (IndexExpressionAst)s_index.Invoke([like.Extent, target, index, IsNullConditional(like)]);

    /// <summary>A member, with its question mark if it had one.</summary>
    public static MemberExpressionAst Member(MemberExpressionAst like, ExpressionAst target, CommandElementAst member) =>
        (MemberExpressionAst)s_member.Invoke([like.Extent, target, member, like.Static, IsNullConditional(like)]);

    /// <summary>A call, with its question mark and its type arguments if it had any.</summary>
    public static InvokeMemberExpressionAst Invoke(InvokeMemberExpressionAst like, ExpressionAst target, CommandElementAst member, List<ExpressionAst>? arguments) =>
        (InvokeMemberExpressionAst)s_invoke.Invoke([like.Extent, target, member, arguments, like.Static, IsNullConditional(like), s_generics.GetValue(like)]);

    /// <summary>Copies a <c>using namespace</c>. The node's own Copy forgets to copy its name.</summary>
    public static UsingStatementAst Namespace(UsingStatementAst use) => new(use.Extent, UsingStatementKind.Namespace, Copy(use.Name));

    /// <summary>Whether a pipeline ends in <c>&amp;</c>.</summary>
    public static bool IsInBackground(Ast pipeline) => pipeline switch
    {
        PipelineAst => (bool)s_background.GetValue(pipeline)!,
        _ => pipeline.GetType().GetProperty("Background")?.GetValue(pipeline) is true,
    };

    /// <summary>Whether a node is <c>a ? b : c</c>.</summary>
    public static bool IsTernary(Ast node) => node.GetType().Name == "TernaryExpressionAst";

    /// <summary>Whether a node is <c>a &amp;&amp; b</c>.</summary>
    public static bool IsChain(Ast node) => node.GetType().Name == "PipelineChainAst";

    /// <summary>A node of the same kind and place, its parts changed: for kinds that this module cannot name. The parts are the constructor's parameters, by their names.</summary>
    public static T Rebuilt<T>(T node, Func<Ast, Ast> change)
        where T : Ast
    {
        Type type = node.GetType();
        ConstructorInfo constructor = type.GetConstructors().Single();
        object?[] parts = [.. constructor.GetParameters().Select(p => Part(p) switch
        {
            IScriptExtent extent => extent,
            Ast child => change(child),
            var value => value,
        })];
        return (T)constructor.Invoke(parts);

        object? Part(ParameterInfo parameter) =>
            type.GetProperty(parameter.Name switch { "lhsChain" => "LhsPipelineChain", "rhsPipeline" => "RhsPipeline", "chainOperator" => "Operator", var name => name! }, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)!.GetValue(node);
    }

    /// <summary>An expandable string with its inner expressions changed; null where this PowerShell does not let them be.</summary>
    public static ExpandableStringExpressionAst? Expandable(ExpandableStringExpressionAst text, Func<ExpressionAst, ExpressionAst> change) => s_expandable is null || s_format is null
        ? null
        : (ExpandableStringExpressionAst)s_expandable.Invoke([text.Extent, text.Value, s_format.GetValue(text), text.StringConstantType, text.NestedExpressions.Select(change).ToList()]);

    /// <summary>The expression a pipeline consists of, when it is nothing but that.</summary>
    public static ExpressionAst? PureExpression(StatementAst? statement) => statement switch
    {
        // The right side of an assignment is not in a pipeline.
        CommandExpressionAst { Redirections.Count: 0 } bare => bare.Expression,
        PipelineAst { PipelineElements: [CommandExpressionAst { Redirections.Count: 0 } only] } pipeline when !IsInBackground(pipeline) => only.Expression,
        _ => null,
    };

    /// <summary>An expression as the right side of an assignment.</summary>
    public static CommandExpressionAst Value(ExpressionAst expression) => new(expression.Extent, expression, null);

    /// <summary>A pipeline of one expression.</summary>
    public static PipelineAst Pipeline(ExpressionAst expression) => new(expression.Extent, new CommandExpressionAst(expression.Extent, expression, null));

    /// <summary>An expression in parentheses.</summary>
    public static ParenExpressionAst Paren(PipelineBaseAst pipeline) => new(pipeline.Extent, pipeline);

    /// <summary>An element of an array that was made in place.</summary>
    public static IndexExpressionAst Element(IScriptExtent at, ExpressionAst array, int index) => new(at, array, new ConstantExpressionAst(at, index));

    /// <summary>A statement that calls a function and does nothing else; not even to <c>$?</c>, as an expression would.</summary>
    public static IfStatementAst Silent(ExpressionAst condition) =>
        new(condition.Extent, [Tuple.Create<PipelineBaseAst, StatementBlockAst>(Pipeline(condition), new StatementBlockAst(condition.Extent, null, null))], null);

    private static bool IsNullConditional(Ast node) => node.GetType().GetProperty("NullConditional")?.GetValue(node) is true;

    private static ConstructorInfo Constructor(Type type, params Type[] parameters) =>
        type.GetConstructor(parameters) ?? throw new PlatformNotSupportedException($"This PowerShell has no {type.Name} that GuardedMap knows to make. Scripts can be explored with PowerShell 7.4 to 7.6.");
}
