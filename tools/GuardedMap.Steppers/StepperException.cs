using Microsoft.CodeAnalysis;

namespace GuardedMaps.Steppers;

/// <summary>The source has something the generator does not know how to translate.</summary>
internal sealed class StepperException(SyntaxNode node, string what)
    : Exception($"{Place(node)}: {what}\n    {FirstLine(node)}\nTeach the generator (tools/GuardedMap.Steppers) what it means, or write it differently.")
{
    private static string Place(SyntaxNode node)
    {
        var position = node.GetLocation().GetLineSpan();
        return $"{position.Path}({position.StartLinePosition.Line + 1},{position.StartLinePosition.Character + 1})";
    }

    private static string FirstLine(SyntaxNode node) => node.ToString().Split('\n')[0].Trim();
}
