using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace GuardedMaps.Analyzers;

/// <summary>GM2001: a collection is changed inside of a foreach over itself, its Keys or its Values.</summary>
/// <remarks>
/// Reported is what fails at the next step for certain: not a change that the loop ends after, not what a lambda does later, and not
/// Remove, Clear and overwriting of a Dictionary or HashSet where the code is compiled for .NET Core 3.0 or later, which allows them.
/// </remarks>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ChangedInForeachAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Rules.ChangedInForeach);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            bool isModern = Collections.IsModern(start.Compilation);
            start.RegisterOperationAction(c => Analyze(c, isModern), OperationKind.Loop);
        });
    }

    private static void Analyze(OperationAnalysisContext context, bool isModern)
    {
        if (context.Operation is not IForEachLoopOperation loop || Iteration.Of(loop.Collection) is not { } iteration) return;
        if (iteration.Kind == CollectionClass.Guarded && !(iteration.HoldsLease || (iteration.Part is not null && iteration.Contract is null))) return;
        foreach (IOperation operation in loop.Body.DescendantsAndSelf())
        {
            if (ChangeOf(operation, iteration) is not { } change || IsLater(operation, loop) || EndsLoop(operation.Syntax, loop.Syntax)) continue;
            if (iteration.Kind == CollectionClass.Tolerant && isModern && IsTolerated(operation, change, loop, iteration)) continue;
            string what = iteration.Kind == CollectionClass.Guarded && iteration.Part is null
                ? "under the default contract the write is refused; write through the entry of map.Iterate(), or iterate under Defer or Snapshot"
                : "the next element fails; iterate over a copy";
            context.ReportDiagnostic(Diagnostic.Create(Rules.ChangedInForeach, operation.Syntax.GetLocation(), new[] { loop.Collection.Syntax.GetLocation() }, change, iteration.Root.Syntax.ToString(), what));
        }
    }

    private static string? ChangeOf(IOperation operation, Iteration iteration) => operation switch
    {
        IInvocationOperation { Instance: { } target } call when Collections.IsChanging(call.TargetMethod.Name) && iteration.IsSame(target) => call.TargetMethod.Name,
        IAssignmentOperation { Target: IPropertyReferenceOperation { Arguments.Length: > 0, Instance: { } target } } when iteration.IsSame(target) => "Set",
        IIncrementOrDecrementOperation { Target: IPropertyReferenceOperation { Arguments.Length: > 0, Instance: { } target } } when iteration.IsSame(target) => "Set",
        _ => null,
    };

    private static bool IsTolerated(IOperation operation, string change, IForEachLoopOperation loop, Iteration iteration)
    {
        if (Collections.IsTolerated(change)) return true;

        // Overwriting is tolerated, adding is not: only the loop's own key is certain to be there.
        IOperation? target = operation switch { IAssignmentOperation assignment => assignment.Target, IIncrementOrDecrementOperation step => step.Target, _ => null };
        if (target is not IPropertyReferenceOperation { Arguments.Length: 1 } element) return false;
        IOperation? key = Iteration.Bare(element.Arguments[0].Value);
        if (key is IPropertyReferenceOperation { Property.Name: "Key", Instance: { } pair }) key = iteration.Part is null ? Iteration.Bare(pair) : null;
        else if (iteration.Part != "Keys" && !IsDeconstructed(key, loop)) return false;
        return key is ILocalReferenceOperation local && loop.Locals.Contains(local.Local, SymbolEqualityComparer.Default);
    }

    // foreach (var (key, value) in map)
    private static bool IsDeconstructed(IOperation? key, IForEachLoopOperation loop) =>
        key is ILocalReferenceOperation local && loop.Locals.Length > 1 && SymbolEqualityComparer.Default.Equals(local.Local, loop.Locals[0]);

    private static bool IsLater(IOperation operation, IForEachLoopOperation loop)
    {
        for (IOperation? at = operation.Parent; at is not null && at != loop; at = at.Parent)
        {
            if (at is IAnonymousFunctionOperation or ILocalFunctionOperation) return true;
        }

        return false;
    }

    // Nobody asks for the next element after break, return or throw.
    private static bool EndsLoop(SyntaxNode change, SyntaxNode loop)
    {
        for (SyntaxNode? at = change; at is not null && at != loop; at = at.Parent)
        {
            if (at is ReturnStatementSyntax or ThrowStatementSyntax) return true;
            if (at is not StatementSyntax statement || at.Parent is not BlockSyntax and not SwitchSectionSyntax) continue;
            SyntaxList<StatementSyntax> siblings = at.Parent is BlockSyntax block ? block.Statements : ((SwitchSectionSyntax)at.Parent).Statements;
            if (siblings.SkipWhile(s => s != statement).Skip(1).Any(s => s is ReturnStatementSyntax or ThrowStatementSyntax || (s is BreakStatementSyntax && Breaks(s) == loop))) return true;
        }

        return false;
    }

    private static SyntaxNode? Breaks(SyntaxNode statement) => statement.Ancestors().FirstOrDefault(a =>
        a.IsKind(SyntaxKind.ForEachStatement) || a.IsKind(SyntaxKind.ForEachVariableStatement) || a.IsKind(SyntaxKind.ForStatement)
        || a.IsKind(SyntaxKind.WhileStatement) || a.IsKind(SyntaxKind.DoStatement) || a.IsKind(SyntaxKind.SwitchStatement));
}
