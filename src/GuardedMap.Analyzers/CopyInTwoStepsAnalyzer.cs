using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace GuardedMaps.Analyzers;

/// <summary>
/// GM2006: a concurrent map is copied by asking for its Count and copying afterwards. LINQ, List and their like do so with anything that is an ICollection, and
/// a ConcurrentDictionary may have another number of entries by then (dotnet/runtime issue 120794). This project's maps notice that; only where the
/// compiler itself writes the two steps, in a collection expression of several parts, they cannot.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class CopyInTwoStepsAnalyzer : DiagnosticAnalyzer
{
    // What each does was seen by handing it a collection that keeps a record of the calls.
    private static readonly HashSet<string> s_linq = new(StringComparer.Ordinal)
    {
        "ToList", "ToArray", "OrderBy", "OrderByDescending", "Order", "OrderDescending", "Reverse", "Append", "Prepend", "Concat", "Shuffle", "DefaultIfEmpty", "OfType",
    };

    private static readonly HashSet<string> s_made = new(StringComparer.Ordinal) { "List", "Queue", "Stack", "SortedSet", "ArrayList" };

    private static readonly HashSet<string> s_grown = new(StringComparer.Ordinal) { "AddRange", "InsertRange", "SetRange" };

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = ImmutableArray.Create(Rules.CopyInTwoSteps);

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterOperationAction(AnalyzeCall, OperationKind.Invocation);
        context.RegisterOperationAction(AnalyzeCreation, OperationKind.ObjectCreation);
        // A compiler that knows them has a name for them; this assembly is compiled against one that does not.
        if (Enum.TryParse("SpreadElement", out SyntaxKind spread)) context.RegisterSyntaxNodeAction(AnalyzeSpread, spread);
    }

    private static void AnalyzeCall(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        string type = call.TargetMethod.ContainingType.ToDisplayString();
        bool isLinq = type == "System.Linq.Enumerable" && s_linq.Contains(call.TargetMethod.Name);
        bool isGrown = call.TargetMethod.ContainingType.Name is "List" or "ArrayList" && s_grown.Contains(call.TargetMethod.Name);
        if (!isLinq && !isGrown) return;
        foreach (IArgumentOperation argument in call.Arguments) Report(context.ReportDiagnostic, argument.Value, call.TargetMethod.Name);
    }

    private static void AnalyzeCreation(OperationAnalysisContext context)
    {
        var creation = (IObjectCreationOperation)context.Operation;
        if (creation.Type is not { } type || !s_made.Contains(type.Name) || type.ContainingNamespace?.ToDisplayString() is not ("System.Collections.Generic" or "System.Collections")) return;
        foreach (IArgumentOperation argument in creation.Arguments) Report(context.ReportDiagnostic, argument.Value, $"new {type.Name}");
    }

    private static void AnalyzeSpread(SyntaxNodeAnalysisContext context)
    {
        if (context.Node.ChildNodes().OfType<ExpressionSyntax>().FirstOrDefault() is not { } copied || context.Node.Parent is not { } whole) return;
        ITypeSymbol? type = context.SemanticModel.GetTypeInfo(copied, context.CancellationToken).Type;
        bool isAlone = whole.ChildNodes().Count() == 1;
        if (!IsForeign(type) && (isAlone || !IsOwn(type))) return;
        context.ReportDiagnostic(Diagnostic.Create(Rules.CopyInTwoSteps, copied.GetLocation(), "A collection expression", copied.ToString()));
    }

    private static void Report(Action<Diagnostic> report, IOperation value, string copier)
    {
        while (value is IConversionOperation { IsImplicit: true } conversion) value = conversion.Operand;
        if (IsForeign(value.Type)) report(Diagnostic.Create(Rules.CopyInTwoSteps, value.Syntax.GetLocation(), copier, value.Syntax.ToString()));
    }

    private static bool IsForeign(ITypeSymbol? type) => Has(type, static t => t.Name == "ConcurrentDictionary" && t.ContainingNamespace?.ToDisplayString() == "System.Collections.Concurrent");

    /// <summary>True for a map of this project, and for its keys and values.</summary>
    private static bool IsOwn(ITypeSymbol? type) => Has(type, static t => (t.ContainingType ?? t) is { Name: "MapBase" or "GuardedMapBase" } map && map.ContainingNamespace?.ToDisplayString() == "GuardedMaps");

    private static bool Has(ITypeSymbol? type, Func<ITypeSymbol, bool> condition)
    {
        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            if (condition(at)) return true;
        }

        return false;
    }
}
