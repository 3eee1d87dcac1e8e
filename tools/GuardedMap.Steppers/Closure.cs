using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GuardedMaps.Steppers;

/// <summary>Everything the roots reach, and which of it may stop.</summary>
internal sealed class Closure
{
    private readonly Source _source;
    private readonly Folding _folding;
    private readonly Dictionary<IMethodSymbol, HashSet<IMethodSymbol>> _calls = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _members = new(SymbolEqualityComparer.Default);
    private readonly HashSet<IMethodSymbol> _stopping = new(SymbolEqualityComparer.Default);

    public Closure(Source source, Folding folding)
    {
        (_source, _folding) = (source, folding);
        var work = new Queue<IMethodSymbol>();
        foreach (string root in Rules.Roots)
        {
            int dot = root.IndexOf('.', StringComparison.Ordinal);
            string[] name = root[(dot + 1)..].Split('/');
            work.Enqueue(source.Method(root[..dot], name[0], name.Length > 1 ? name[1] : null));
        }

        // Actions are run through their interface.
        foreach (var action in Rules.Own.Keys.Where(k => k.EndsWith("Action", StringComparison.Ordinal) || k.EndsWith("Request", StringComparison.Ordinal)))
            work.Enqueue(source.Method(action, "Run", null));

        while (work.TryDequeue(out var method))
        {
            if (_calls.ContainsKey(method)) continue;
            var calls = new HashSet<IMethodSymbol>(SymbolEqualityComparer.Default);
            _calls.Add(method, calls);
            foreach (var body in Bodies(method)) Collect(body, method, calls);
            foreach (var call in calls) work.Enqueue(call);
        }

        bool grew = true;
        while (grew)
        {
            grew = false;
            foreach (var (method, calls) in _calls)
            {
                if (!_stopping.Contains(method) && calls.Any(_stopping.Contains)) grew |= _stopping.Add(method);
            }
        }
    }

    /// <summary>The methods and accessors reached.</summary>
    public IEnumerable<IMethodSymbol> Methods => _calls.Keys;

    /// <summary>The fields and automatic properties reached.</summary>
    public IEnumerable<ISymbol> Members => _members;

    public bool Stops(IMethodSymbol method) =>
        _stopping.Contains(method.OriginalDefinition) || Rules.ByHand.GetValueOrDefault(Source.Key(method.AssociatedSymbol ?? method.OriginalDefinition));

    public bool Has(ISymbol member) => _members.Contains(member);

    private static IEnumerable<SyntaxNode> Bodies(IMethodSymbol method)
    {
        var node = Source.Declaration(method) ?? (method.AssociatedSymbol is { } property ? Source.Declaration(property) : null);
        return node is null ? [] : [node];
    }

    private void Collect(SyntaxNode body, IMethodSymbol method, HashSet<IMethodSymbol> calls)
    {
        foreach (var node in _folding.Live(body))
        {
            if (node is not (SimpleNameSyntax or ElementAccessExpressionSyntax or BaseObjectCreationExpressionSyntax or LockStatementSyntax or ConstructorInitializerSyntax)) continue;
            if (node is LockStatementSyntax)
            {
                _stopping.Add(method);
                continue;
            }

            if (node is ElementAccessExpressionSyntax element)
            {
                if (_source.Type(element.Expression) is { } type && (type is IArrayTypeSymbol || Source.IsSpan(type))) _stopping.Add(method);
                continue;
            }

            var symbol = _source.Symbol(node);
            if (symbol is null) continue;
            if (symbol is ILocalSymbol { RefKind: not RefKind.None } or IParameterSymbol { RefKind: RefKind.Ref } && Refers(symbol)) _stopping.Add(method);
            string key = Source.Key(symbol);
            if (Rules.Dropped.Contains(key) || Rules.Replaced.ContainsKey(key)) continue;
            if (Rules.ByHand.TryGetValue(key, out bool stops))
            {
                if (stops) _stopping.Add(method);
                continue;
            }

            if (symbol is IMethodSymbol { IsGenericMethod: true, Name: "Copy", ContainingType.Name: "BucketIndex" })
            {
                // Copies a whole array; the steppers' memory does it in one step.
                _stopping.Add(method);
                continue;
            }

            if (symbol is IMethodSymbol called && Rules.Throwing.ContainsKey(called.Name))
            {
                _stopping.Add(method);
                continue;
            }

            switch (symbol)
            {
                case IFieldSymbol or IPropertySymbol when Source.IsCell(symbol):
                    _members.Add(symbol);
                    _stopping.Add(method);
                    break;
                case IFieldSymbol field when Source.IsTranslated(field.ContainingType):
                    _members.Add(field);
                    break;
                case IPropertySymbol property when Source.IsTranslated(property.ContainingType):
                    if (Source.IsAuto(property)) _members.Add(property);
                    else calls.Add((IsWritten(node) ? property.SetMethod : property.GetMethod)!.OriginalDefinition);
                    break;
                case IMethodSymbol { MethodKind: MethodKind.LocalFunction } local:
                    calls.Add(local.OriginalDefinition);
                    break;
                case IMethodSymbol target when Source.IsTranslated(target.ContainingType) && !IsPlainConstructor(target):
                    calls.Add(target.OriginalDefinition);
                    break;
                case IMethodSymbol { ContainingType.Name: "SpinWait" }:
                    _stopping.Add(method);
                    break;
                case IMethodSymbol { Name: "Clear" or "CopyTo" } span when Source.IsSpan(span.ContainingType):
                    _stopping.Add(method);
                    break;
            }
        }

        foreach (var statement in _folding.Live(body))
        {
            if (statement is ThrowStatementSyntax or TryStatementSyntax) _stopping.Add(method);
        }
    }

    private static bool Refers(ISymbol symbol) => symbol switch
    {
        // Of a key's first byte nothing is left in the steppers.
        ILocalSymbol local => !Source.IsBoxed(local.Type) && local.Type.SpecialType != SpecialType.System_Byte,
        IParameterSymbol parameter => !Source.IsBoxed(parameter.Type),
        _ => false,
    };

    private static bool IsPlainConstructor(IMethodSymbol method) =>
        method.MethodKind == MethodKind.Constructor && (method.IsImplicitlyDeclared || Source.Declaration(method) is not ConstructorDeclarationSyntax);

    private static bool IsWritten(SyntaxNode name)
    {
        var expression = name.Parent is MemberAccessExpressionSyntax access && access.Name == name ? access : name;
        return expression.Parent is AssignmentExpressionSyntax assignment && assignment.Left == expression;
    }
}
