using System.Collections.Immutable;
using System.Composition;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;

namespace GuardedMaps.Analyzers;

/// <summary>For GM2001: iterates over a copy, taken with ToArray() before the loop begins.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(IterateOverCopyFix))]
[Shared]
public sealed class IterateOverCopyFix : CodeFixProvider
{
    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("GM2001");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        SemanticModel? model = await context.Document.GetSemanticModelAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            if (root is null || model is null || diagnostic.AdditionalLocations.Count == 0) continue;
            if (root.FindNode(diagnostic.AdditionalLocations[0].SourceSpan, getInnermostNodeForTie: true) is not ExpressionSyntax collection) continue;

            // ToArray of LINQ needs an IEnumerable<T>: a Hashtable and an ArrayList have none.
            bool isGeneric = model.GetTypeInfo(collection, context.CancellationToken).Type is { } type
                && type.AllInterfaces.Any(i => i.OriginalDefinition.SpecialType == SpecialType.System_Collections_Generic_IEnumerable_T);
            if (!isGeneric) continue;
            context.RegisterCodeFix(
                CodeAction.Create("Iterate over a copy (ToArray)", token => CopyAsync(context.Document, collection, token), equivalenceKey: nameof(IterateOverCopyFix)),
                diagnostic);
        }
    }

    private static async Task<Document> CopyAsync(Document document, ExpressionSyntax collection, CancellationToken stop)
    {
        var root = (CompilationUnitSyntax)(await document.GetSyntaxRootAsync(stop).ConfigureAwait(false))!;
        CompilationUnitSyntax changed = root.ReplaceNode(collection, OwnToArray.Of(collection));
        SemanticModel model = (await document.GetSemanticModelAsync(stop).ConfigureAwait(false))!;
        // A ToArray of the collection's own is bound before LINQ's, and of a map's it is one operation.
        bool isOwn = model.GetTypeInfo(collection, stop).Type is { } type
            && model.LookupSymbols(collection.SpanStart, type, "ToArray").OfType<IMethodSymbol>().Any(m => m.Parameters.IsEmpty && !m.IsStatic);
        bool isImported = isOwn
            || root.DescendantNodes().OfType<UsingDirectiveSyntax>().Any(u => u.Name?.ToString() == "System.Linq")
            || model.LookupNamespacesAndTypes(collection.SpanStart, name: "Enumerable").Any();
        if (!isImported)
        {
            UsingDirectiveSyntax linq = SyntaxFactory.UsingDirective(SyntaxFactory.ParseName("System.Linq")).NormalizeWhitespace().WithTrailingTrivia(SyntaxFactory.ElasticLineFeed);
            changed = changed.AddUsings(linq.WithAdditionalAnnotations(Formatter.Annotation));
        }

        return document.WithSyntaxRoot(changed);
    }
}
