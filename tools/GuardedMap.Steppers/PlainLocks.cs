using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GuardedMaps.Steppers;

/// <summary>
/// Reads the production source as if nobody ever interrupted a thread: an actor of the lab is stopped between two steps and never in the middle of
/// a wait. So a lock that an interrupt does not end is a lock, and a wait a wait.
/// </summary>
internal sealed class PlainLocks : CSharpSyntaxRewriter
{
    private const string Helper = "Uninterrupted";

    public override SyntaxNode? VisitUsingStatement(UsingStatementSyntax node)
    {
        if (node.Expression is not InvocationExpressionSyntax call || !IsHelpers(call, "Lock")) return base.VisitUsingStatement(node);
        var body = (StatementSyntax)Visit(node.Statement)!;
        return SyntaxFactory.LockStatement(call.ArgumentList.Arguments[0].Expression.WithoutTrivia(), body)
            .WithLockKeyword(SyntaxFactory.Token(SyntaxKind.LockKeyword).WithTrailingTrivia(SyntaxFactory.Space))
            .WithTriviaFrom(node);
    }

    public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node) =>
        IsHelpers(node, "SpinOnce")
            ? SyntaxFactory.ParseExpression($"{node.ArgumentList.Arguments[0].Expression}.SpinOnce()").WithTriviaFrom(node)
            : base.VisitInvocationExpression(node);

    private static bool IsHelpers(InvocationExpressionSyntax call, string member) =>
        call.Expression is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: Helper } } access && access.Name.Identifier.Text == member;
}
