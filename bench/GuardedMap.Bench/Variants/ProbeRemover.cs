using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GuardedMaps.Bench.Variants;

/// <summary>
/// Takes the probe out of the core's sources: the calls (<c>probe.At(...);</c>), and if asked for, also the parameter that carries it.
/// </summary>
/// <remarks>
/// Works on syntax alone and relies on two habits of the sources: a probe is always called <c>probe</c> and its type <c>TProbe</c>, and the
/// table is reached as <c>table</c> or <c>_table</c>, or by its exact types (GuardedMap.Exact.cs). A source that breaks them does not compile afterwards, or leaves a call behind, and
/// <see cref="ProbeComparison"/> says so.
/// </remarks>
internal sealed class ProbeRemover(bool parameters, bool insideTable) : CSharpSyntaxRewriter
{
    /// <summary>How many calls were taken out.</summary>
    public int Calls { get; private set; }

    public static string Remove(string source, bool parameters, bool insideTable, out int calls)
    {
        SyntaxNode root = CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.Latest)).GetRoot();
        var remover = new ProbeRemover(parameters, insideTable);
        string rewritten = remover.Visit(root).ToFullString();
        calls = remover.Calls;
        return rewritten;
    }

    public override SyntaxNode? VisitExpressionStatement(ExpressionStatementSyntax node)
    {
        if (!IsCall(node)) return base.VisitExpressionStatement(node);
        Calls++;
        return Nothing(node);
    }

    /// <summary>A call that asks first whether anybody watches goes with its question.</summary>
    public override SyntaxNode? VisitIfStatement(IfStatementSyntax node)
    {
        StatementSyntax body = node.Statement is BlockSyntax { Statements: [var only] } ? only : node.Statement;
        bool asksTheProbe = node.Condition.DescendantNodesAndSelf().OfType<IdentifierNameSyntax>().Any(n => n.Identifier.Text is "TProbe" or "probe");
        if (!asksTheProbe || node.Else is not null || !IsCall(body)) return base.VisitIfStatement(node);
        Calls++;
        return Nothing(node);
    }

    public override SyntaxNode? VisitMethodDeclaration(MethodDeclarationSyntax node)
    {
        var method = (MethodDeclarationSyntax)base.VisitMethodDeclaration(node)!;
        if (!parameters || !insideTable || method.TypeParameterList is not { } types) return method;
        SeparatedSyntaxList<TypeParameterSyntax> kept = SyntaxFactory.SeparatedList(types.Parameters.Where(p => p.Identifier.Text != "TProbe"));
        SeparatedSyntaxList<ParameterSyntax> arguments = SyntaxFactory.SeparatedList(method.ParameterList.Parameters.Where(p => p.Type is not IdentifierNameSyntax { Identifier.Text: "TProbe" }));
        return method
            .WithTypeParameterList(kept.Count == 0 ? null : types.WithParameters(kept))
            .WithParameterList(method.ParameterList.WithParameters(arguments))
            .WithConstraintClauses(SyntaxFactory.List(method.ConstraintClauses.Where(c => c.Name.Identifier.Text != "TProbe")));
    }

    public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        var call = (InvocationExpressionSyntax)base.VisitInvocationExpression(node)!;
        bool toTable = call.Expression is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "_table" or "table" or "OfObjects" or "OfStrings" or "OfStringsAndObjects" } };
        if (!parameters || !(insideTable || toTable)) return call;
        return call.WithArgumentList(call.ArgumentList.WithArguments(SyntaxFactory.SeparatedList(call.ArgumentList.Arguments.Where(a => !IsProbe(a.Expression)))));
    }

    private static bool IsCall(StatementSyntax statement) => statement is ExpressionStatementSyntax
    {
        Expression: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "probe" or "TProbe" }, Name.Identifier.Text: "At" } },
    };

    /// <summary>In a block the statement goes; as the body of an if or a loop something has to stay.</summary>
    private static EmptyStatementSyntax? Nothing(StatementSyntax node) =>
        node.Parent is BlockSyntax or SwitchSectionSyntax ? null : SyntaxFactory.EmptyStatement().WithTriviaFrom(node);

    private static bool IsProbe(ExpressionSyntax expression) => expression
        is IdentifierNameSyntax { Identifier.Text: "probe" }
        or DefaultExpressionSyntax { Type: IdentifierNameSyntax { Identifier.Text: "NoProbe" } };
}
