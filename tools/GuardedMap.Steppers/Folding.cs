using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GuardedMaps.Steppers;

/// <summary>
/// Conditions that are decided once the type parameters are: keys are int, values long, hashing is the built-in one and the probe is the
/// stepper's. What cannot be reached then is not translated.
/// </summary>
internal sealed class Folding(Source source)
{
    /// <summary>The condition's value; null when it is decided at run time.</summary>
    public bool? Of(ExpressionSyntax condition)
    {
        switch (condition)
        {
            case ParenthesizedExpressionSyntax inner:
                return Of(inner.Expression);
            case PrefixUnaryExpressionSyntax negation when negation.IsKind(SyntaxKind.LogicalNotExpression):
                return !Of(negation.Operand);
            case BinaryExpressionSyntax both when both.IsKind(SyntaxKind.LogicalAndExpression):
                return Both(Of(both.Left), Of(both.Right));
            case BinaryExpressionSyntax either when either.IsKind(SyntaxKind.LogicalOrExpression):
                return !Both(!Of(either.Left), !Of(either.Right));
            case BinaryExpressionSyntax compare when compare.Kind() is SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression
                && compare.Left is TypeOfExpressionSyntax left && compare.Right is TypeOfExpressionSyntax right:
                return Types.Name(source.Type(left.Type)!) == Types.Name(source.Type(right.Type)!) == compare.IsKind(SyntaxKind.EqualsExpression);
            case IsPatternExpressionSyntax { Expression: DefaultExpressionSyntax or LiteralExpressionSyntax { RawKind: (int)SyntaxKind.DefaultLiteralExpression } } pattern
                when pattern.Pattern.ToString() == "null":
                return false;
            case MemberAccessExpressionSyntax member when member.Expression is TypeOfExpressionSyntax && member.Name.Identifier.Text == "IsValueType":
                return true;
            case MemberAccessExpressionSyntax member when source.Symbol(member) is { Name: "IsSupported", ContainingType.Name: "X86Base" or "X64" }:
                return member.ToString().Contains("X86Base", StringComparison.Ordinal) ? true : null;
            case MemberAccessExpressionSyntax member when source.Symbol(member) is { } symbol && Rules.Replaced.GetValueOrDefault(Source.Key(symbol)) is "false" or "true":
                return Rules.Replaced[Source.Key(source.Symbol(member)!)] == "true";
            case InvocationExpressionSyntax call when source.Symbol(call) is IMethodSymbol { Name: "IsReferenceOrContainsReferences" }:
                return false;
            default:
                return null;
        }
    }

    /// <summary>The nodes of a body that can be reached.</summary>
    public IEnumerable<SyntaxNode> Live(SyntaxNode root)
    {
        yield return root;
        foreach (var child in root.ChildNodes())
        {
            if (root is BlockSyntax block && child is StatementSyntax statement && !Reached(block).Contains(statement)) continue;
            if (IsDead(root, child) || child is AttributeListSyntax or TypeParameterConstraintClauseSyntax) continue;
            foreach (var node in Live(child)) yield return node;
        }
    }

    /// <summary>A block's statements up to a return that is always reached; what comes after belongs to other types.</summary>
    public IEnumerable<StatementSyntax> Reached(BlockSyntax block)
    {
        foreach (var statement in block.Statements)
        {
            yield return statement;
            if (statement is IfStatementSyntax { Else: null } branch && Of(branch.Condition) == true && Returns(branch.Statement)) yield break;
        }
    }

    private static bool Returns(StatementSyntax statement) =>
        statement is ReturnStatementSyntax || (statement is BlockSyntax inner && inner.Statements.LastOrDefault() is ReturnStatementSyntax);

    private static bool? Both(bool? a, bool? b)
    {
        if (a == false || b == false) return false;
        return a == true && b == true ? true : null;
    }

    private bool IsDead(SyntaxNode parent, SyntaxNode child) => parent switch
    {
        IfStatementSyntax branch when Of(branch.Condition) is { } value =>
            child == branch.Condition || (child == branch.Statement && !value) || (child == branch.Else && value),
        ConditionalExpressionSyntax choice when Of(choice.Condition) is { } value =>
            child == choice.Condition || (child == choice.WhenTrue && !value) || (child == choice.WhenFalse && value),
        BinaryExpressionSyntax binary when binary.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression =>
            Of((ExpressionSyntax)child) is not null || Of(binary) is not null,
        _ => false,
    };
}
