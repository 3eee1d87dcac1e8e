using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace GuardedMaps.Analyzers;

/// <summary>GM2002 and GM2003: a guarded map's enumerator or iterator outlives its method, or is used by another thread.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class EnumeratorAnalyzer : DiagnosticAnalyzer
{
    private static readonly HashSet<string> s_starting = new(StringComparer.Ordinal)
    {
        "Task.Run", "TaskFactory.StartNew", "ThreadPool.QueueUserWorkItem", "ThreadPool.UnsafeQueueUserWorkItem", "Parallel.For", "Parallel.ForEach",
        "Parallel.ForEachAsync", "Parallel.Invoke", "Thread..ctor", "Timer..ctor",
    };

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Rules.EnumeratorKept, Rules.EnumeratorCrossesThread);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(AnalyzeMember, SymbolKind.Field, SymbolKind.Property);
        context.RegisterOperationAction(AnalyzeCall, OperationKind.Invocation, OperationKind.ObjectCreation);
    }

    private static void AnalyzeMember(SymbolAnalysisContext context)
    {
        ISymbol member = context.Symbol;
        ITypeSymbol? type = member switch
        {
            IFieldSymbol { IsImplicitlyDeclared: false } field => field.Type,

            // Only a property that stores what it is given; one that makes an enumerator is a method by another name.
            IPropertySymbol property when property.ContainingType.GetMembers().OfType<IFieldSymbol>()
                .Any(f => SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, property)) => property.Type,
            _ => null,
        };
        if (!Collections.IsMapEnumerator(type) || member.Locations.Length == 0) return;
        context.ReportDiagnostic(Diagnostic.Create(Rules.EnumeratorKept, member.Locations[0], member.Name, type!.Name == "Enumerator" ? "map's enumerator" : "map's iterator"));
    }

    private static void AnalyzeCall(OperationAnalysisContext context)
    {
        (IMethodSymbol? method, ImmutableArray<IArgumentOperation> arguments) = context.Operation switch
        {
            IInvocationOperation call => (call.TargetMethod, call.Arguments),
            IObjectCreationOperation { Constructor: { } constructor } creation => (constructor, creation.Arguments),
            _ => (null, ImmutableArray<IArgumentOperation>.Empty),
        };
        if (method is null || !s_starting.Contains($"{method.ContainingType.Name}.{method.Name}")) return;
        if (method.ContainingNamespace?.ToDisplayString().StartsWith("System.Threading", System.StringComparison.Ordinal) != true) return;
        var seen = new HashSet<ISymbol>(SymbolEqualityComparer.Default);
        foreach (IAnonymousFunctionOperation lambda in arguments.SelectMany(a => a.Descendants()).OfType<IAnonymousFunctionOperation>())
        {
            foreach (IOperation used in lambda.Body.Descendants())
            {
                ISymbol? symbol = used switch { ILocalReferenceOperation local => local.Local, IParameterReferenceOperation parameter => parameter.Parameter, _ => null };
                if (symbol is null || !Collections.IsMapEnumerator(used.Type) || IsOwn(symbol, lambda) || !seen.Add(symbol)) continue;
                string starter = method.MethodKind == MethodKind.Constructor ? $"new {method.ContainingType.Name}" : $"{method.ContainingType.Name}.{method.Name}";
                context.ReportDiagnostic(Diagnostic.Create(Rules.EnumeratorCrossesThread, used.Syntax.GetLocation(), symbol.Name, starter));
            }
        }
    }

    private static bool IsOwn(ISymbol symbol, IAnonymousFunctionOperation lambda)
    {
        for (ISymbol? at = symbol.ContainingSymbol; at is not null; at = at.ContainingSymbol)
        {
            if (SymbolEqualityComparer.Default.Equals(at, lambda.Symbol)) return true;
        }

        return false;
    }
}
