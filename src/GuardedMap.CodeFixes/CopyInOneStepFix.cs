using System.Collections.Immutable;
using System.Composition;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GuardedMaps.Analyzers;

/// <summary>For GM2006: copies with the map's own ToArray() first, which is one operation.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(CopyInOneStepFix))]
[Shared]
public sealed class CopyInOneStepFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("GM2006");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            SyntaxNode? found = root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            if (found is ArgumentSyntax argument) found = argument.Expression;
            if (found is not ExpressionSyntax map) continue;
            context.RegisterCodeFix(
                CodeAction.Create("Copy with the map's own ToArray", token => CopyAsync(context.Document, map, token), equivalenceKey: nameof(CopyInOneStepFix)),
                diagnostic);
        }
    }

    private static async Task<Document> CopyAsync(Document document, ExpressionSyntax map, CancellationToken stop)
    {
        SyntaxNode root = (await document.GetSyntaxRootAsync(stop).ConfigureAwait(false))!;
        return document.WithSyntaxRoot(root.ReplaceNode(map, OwnToArray.Of(map)));
    }
}
