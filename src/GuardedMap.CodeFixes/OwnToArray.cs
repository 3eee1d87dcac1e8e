using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GuardedMaps.Analyzers;

/// <summary>The call that makes a copy of a collection, as more than one fix writes it.</summary>
internal static class OwnToArray
{
    /// <summary><c>map.ToArray()</c> in place of <c>map</c>, with what stands around it; what is no name, access or call is put in parentheses.</summary>
    public static InvocationExpressionSyntax Of(ExpressionSyntax collection)
    {
        ExpressionSyntax owner = collection is IdentifierNameSyntax or MemberAccessExpressionSyntax or InvocationExpressionSyntax or ElementAccessExpressionSyntax
            ? collection.WithoutTrivia()
            : SyntaxFactory.ParenthesizedExpression(collection.WithoutTrivia());
        return SyntaxFactory.InvocationExpression(
            SyntaxFactory.MemberAccessExpression(SyntaxKind.SimpleMemberAccessExpression, owner, SyntaxFactory.IdentifierName("ToArray"))).WithTriviaFrom(collection);
    }
}
