using System.Collections.Immutable;
using System.Composition;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GuardedMaps.Analyzers;

/// <summary>For GM2005: puts the guard back, or lets conflicting operations wait.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp, Name = nameof(GuardedProtectionFix))]
[Shared]
public sealed class GuardedProtectionFix : CodeFixProvider
{
    private static readonly (string Value, string Title)[] s_choices =
    {
        ("Guarded", "Guard the map: an overlap is an error"),
        ("Synchronized", "Synchronize the map: operations that conflict wait"),
    };

    /// <inheritdoc/>
    public override ImmutableArray<string> FixableDiagnosticIds { get; } = ImmutableArray.Create("GM2005");

    /// <inheritdoc/>
    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    /// <inheritdoc/>
    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        foreach (Diagnostic diagnostic in context.Diagnostics)
        {
            SyntaxNode? found = root?.FindNode(diagnostic.Location.SourceSpan, getInnermostNodeForTie: true);
            if (root is null || found is not MemberAccessExpressionSyntax none) continue;
            foreach ((string value, string title) in s_choices)
            {
                SyntaxNode changed = root.ReplaceNode(none.Name, SyntaxFactory.IdentifierName(value).WithTriviaFrom(none.Name));
                context.RegisterCodeFix(CodeAction.Create(title, _ => Task.FromResult(context.Document.WithSyntaxRoot(changed)), equivalenceKey: value), diagnostic);
            }
        }
    }
}
