using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace GuardedMaps.Analyzers;

/// <summary>GM2005: MapProtection.None is given to a map, outside of tests, labs and benchmarks. Comparing with it is no harm.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnprotectedMapAnalyzer : DiagnosticAnalyzer
{
    private static readonly HashSet<string> s_attributes = new(StringComparer.Ordinal)
    {
        "FactAttribute", "TheoryAttribute", "TestAttribute", "TestCaseAttribute", "TestMethodAttribute", "TestFixtureAttribute", "TestClassAttribute", "BenchmarkAttribute",
    };

    private static readonly HashSet<string> s_places = new(StringComparer.OrdinalIgnoreCase) { "test", "tests", "lab", "labs", "bench", "benchmark", "benchmarks", "spec", "specs" };

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Rules.UnprotectedMap);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (IsTestPlace(start.Compilation.AssemblyName, '.')) return;
            start.RegisterOperationAction(Analyze, OperationKind.FieldReference);
        });
    }

    private static void Analyze(OperationAnalysisContext context)
    {
        var reference = (IFieldReferenceOperation)context.Operation;
        if (reference.Field is not { Name: "None", ContainingType: { Name: "MapProtection" } type } || type.ContainingNamespace?.ToDisplayString() != "GuardedMaps") return;
        IOperation? user = reference.Parent;
        while (user is IConversionOperation or IParenthesizedOperation or IConditionalOperation) user = user.Parent;
        bool isGiven = user is ISimpleAssignmentOperation assignment ? assignment.Value.Syntax.Span.Contains(reference.Syntax.Span) : user is IArgumentOperation or ISymbolInitializerOperation or IReturnOperation;
        if (!isGiven || IsTest(context.ContainingSymbol) || IsTestPlace(reference.Syntax.SyntaxTree.FilePath, '/', '\\')) return;
        context.ReportDiagnostic(Diagnostic.Create(Rules.UnprotectedMap, reference.Syntax.GetLocation()));
    }

    private static bool IsTest(ISymbol? symbol)
    {
        for (ISymbol? at = symbol; at is not null; at = at.ContainingSymbol)
        {
            if (at.GetAttributes().Any(a => a.AttributeClass is { } attribute && s_attributes.Contains(attribute.Name))) return true;
            if (at is INamedTypeSymbol type && type.GetMembers().OfType<IMethodSymbol>().Any(m => m.GetAttributes().Any(a => a.AttributeClass is { } own && s_attributes.Contains(own.Name)))) return true;
        }

        return false;
    }

    private static bool IsTestPlace(string? name, params char[] separators) => name is not null && name.Split(separators).Any(s_places.Contains);
}
