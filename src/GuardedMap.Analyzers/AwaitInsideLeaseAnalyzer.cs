using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace GuardedMaps.Analyzers;

/// <summary>GM2004: an await while an iteration holds a lease: inside of a foreach over a guarded map, or of a using with map.Iterate().</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class AwaitInsideLeaseAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Rules.AwaitInsideLease);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(Analyze, OperationKind.Await);
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        IOperation from = context.Operation;
        for (IOperation? at = from.Parent; at is not null and not IAnonymousFunctionOperation and not ILocalFunctionOperation; from = at, at = at.Parent)
        {
            if (LeaseAround(at, from) is not { } iteration) continue;
            context.ReportDiagnostic(Diagnostic.Create(Rules.AwaitInsideLease, context.Operation.Syntax.GetLocation(), iteration.Root.Syntax.ToString()));
            return;
        }
    }

    private static Iteration? LeaseAround(IOperation around, IOperation from) => around switch
    {
        IForEachLoopOperation loop when from == loop.Body => Leased(Iteration.Of(loop.Collection)),
        IUsingOperation held when from == held.Body => held.Resources.DescendantsAndSelf().OfType<IInvocationOperation>().Select(LeaseOf).FirstOrDefault(i => i is not null),
        IBlockOperation block => block.Operations.TakeWhile(o => o != from).OfType<IUsingDeclarationOperation>()
            .SelectMany(d => d.DeclarationGroup.Descendants()).OfType<IInvocationOperation>().Select(LeaseOf).FirstOrDefault(i => i is not null),
        _ => null,
    };

    private static Iteration? LeaseOf(IInvocationOperation call) =>
        call.TargetMethod.Name is "Iterate" or "GetEnumerator" && Collections.IsMapEnumerator(call.Type) ? Leased(Iteration.Of(call)) : null;

    private static Iteration? Leased(Iteration? iteration) => iteration is { HoldsLease: true } && iteration.Contract is not "FailFast" ? iteration : null;
}
