using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GuardedMaps.Steppers;

/// <summary>The types and members of the maps that the roots reach. Structs, enums and interfaces are taken whole, classes member by member.</summary>
internal sealed class RacedClosure
{
    private readonly Source _source;
    private readonly HashSet<ISymbol> _members = new(SymbolEqualityComparer.Default);
    private readonly HashSet<INamedTypeSymbol> _types = new(SymbolEqualityComparer.Default);
    private readonly Queue<SyntaxNode> _work = new();
    private readonly HashSet<ISymbol> _sharedStructs = new(SymbolEqualityComparer.Default);

    public RacedClosure(Source source)
    {
        _source = source;
        foreach (var (typeName, names) in RacedRules.Roots)
        {
            var type = source.Compilation.GetSymbolsWithName(typeName, SymbolFilter.Type).OfType<INamedTypeSymbol>().Single(t => t.Arity == 2 && IsOfMaps(t));
            Reach(type);
            foreach (string name in names)
            {
                var found = type.GetMembers().Where(m => Matches(m, name)).ToList();
                if (found.Count == 0) throw new InvalidOperationException($"The rules name {typeName}.{name} as a root of the raced maps, and the source has none of it.");
                foreach (var member in found) Reach(member);
            }
        }

        while (_work.Count > 0)
        {
            while (_work.TryDequeue(out var node)) Visit(node);
            foreach (var type in _types.ToList()) ReachOverrides(type);
        }

        foreach (var type in _types.Where(t => t.TypeKind == TypeKind.Class)) FindSharedStructs(type);
    }

    public IEnumerable<INamedTypeSymbol> Types => _types;

    public static bool IsOfMaps(ITypeSymbol? type) =>
        type is INamedTypeSymbol named && named.OriginalDefinition.DeclaringSyntaxReferences.Any(r => r.SyntaxTree.FilePath.StartsWith(RacedRules.Folder, StringComparison.Ordinal));

    public bool Has(ISymbol member) => _members.Contains(member.OriginalDefinition);

    public bool Has(INamedTypeSymbol type) => _types.Contains(type.OriginalDefinition);

    public static bool IsWhole(INamedTypeSymbol type) => type.TypeKind != TypeKind.Class || type.IsRecord || RacedRules.Whole.Contains(type.Name);

    /// <summary>Whether a field or automatic property is memory that others may touch: one that changes, of a class or of a struct that lies in one.</summary>
    public bool IsShared(ISymbol? symbol)
    {
        symbol = symbol?.OriginalDefinition;
        if (symbol is null || symbol.IsStatic || !IsOfMaps(symbol.ContainingType) || RacedRules.Own.Contains(symbol.ContainingType.Name) || RacedRules.Locked.Contains(symbol.ContainingType.Name)) return false;
        bool isHeap = symbol.ContainingType.TypeKind == TypeKind.Class || _sharedStructs.Contains(symbol.ContainingType);
        return isHeap && symbol switch
        {
            IFieldSymbol field => !field.IsReadOnly && !field.IsConst && !field.IsImplicitlyDeclared,
            IPropertySymbol property => IsField(property),
            _ => false,
        };
    }

    /// <summary>An automatic property that can be set becomes a field in the raced maps, so that there can be a reference to it.</summary>
    public static bool IsField(IPropertySymbol property) =>
        property is { IsAbstract: false, IsOverride: false, IsVirtual: false, SetMethod: { IsInitOnly: false }, ContainingType: { TypeKind: TypeKind.Class, IsRecord: false } } && Source.IsAuto(property);

    private static bool Matches(ISymbol member, string name) => member switch
    {
        IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => name.StartsWith(".ctor(", StringComparison.Ordinal) && constructor.Parameters.Length > 0 && name == $".ctor({string.Join(',', constructor.Parameters.Select(p => p.Type.Name))})",
        IPropertySymbol { IsIndexer: true, ExplicitInterfaceImplementations.Length: 0 } => name == "this[]",
        _ => member.Name == name,
    };

    private void Reach(ITypeSymbol? type)
    {
        switch (type)
        {
            case IArrayTypeSymbol array:
                Reach(array.ElementType);
                return;
            case INamedTypeSymbol named:
                foreach (var argument in named.TypeArguments) Reach(argument);
                var original = named.OriginalDefinition;
                if (!IsOfMaps(original) || !_types.Add(original)) return;
                if (original.ContainingType is { } outer) Reach(outer);
                Reach(original.BaseType);
                foreach (var reference in original.DeclaringSyntaxReferences)
                {
                    if (reference.GetSyntax() is not TypeDeclarationSyntax declaration) continue;
                    if (declaration.ParameterList is { } parameters) _work.Enqueue(parameters);
                    foreach (var baseType in declaration.BaseList?.Types ?? []) _work.Enqueue(baseType);
                }

                if (!IsWhole(original)) return;
                foreach (var member in original.GetMembers()) Reach(member);
                return;
        }
    }

    private void Reach(ISymbol? symbol)
    {
        if (symbol is IMethodSymbol { AssociatedSymbol: { } property }) symbol = property;
        symbol = symbol?.OriginalDefinition;
        if (symbol is null or IErrorTypeSymbol) return;
        if (symbol is ITypeSymbol type)
        {
            Reach(type);
            return;
        }

        if (symbol.ContainingType is null || !IsOfMaps(symbol.ContainingType) || symbol is not (IMethodSymbol or IFieldSymbol or IPropertySymbol) || RacedRules.Dropped.Contains(symbol.Name) || !_members.Add(symbol)) return;
        Reach(symbol.ContainingType);
        switch (symbol)
        {
            case IMethodSymbol { OverriddenMethod: { } overridden }:
                Reach(overridden);
                break;
            case IPropertySymbol { OverriddenProperty: { } overridden }:
                Reach(overridden);
                break;
        }

        foreach (var reference in symbol.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax() is { } node and not TypeDeclarationSyntax) _work.Enqueue(node is VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax field } ? field : node);
        }

        // A constructor without a word about the base calls the one without parameters.
        if (symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } && symbol.ContainingType.BaseType?.InstanceConstructors.FirstOrDefault(c => c.Parameters.Length == 0) is { IsImplicitlyDeclared: false } first) Reach(first);
    }

    private void Visit(SyntaxNode root)
    {
        foreach (var node in root.DescendantNodesAndSelf())
        {
            switch (node)
            {
                case SimpleNameSyntax or ElementAccessExpressionSyntax or BaseObjectCreationExpressionSyntax or ConstructorInitializerSyntax or PrimaryConstructorBaseTypeSyntax or AssignmentExpressionSyntax or BinaryExpressionSyntax:
                    Reach(_source.Model(node).GetSymbolInfo(node).Symbol);
                    break;
                case ForEachStatementSyntax loop:
                    var info = _source.Model(loop).GetForEachStatementInfo(loop);
                    Reach(info.GetEnumeratorMethod);
                    Reach(info.MoveNextMethod);
                    Reach(info.CurrentProperty);
                    Reach(info.DisposeMethod);
                    break;
                case LocalDeclarationStatementSyntax { UsingKeyword.RawKind: (int)SyntaxKind.UsingKeyword } held:
                    ReachDispose(_source.Type(held.Declaration.Variables[0].Initializer!.Value));
                    break;
                case UsingStatementSyntax { Expression: { } expression }:
                    ReachDispose(_source.Type(expression));
                    break;
            }
        }
    }

    private void ReachDispose(ITypeSymbol? type) => Reach(type?.GetMembers("Dispose").FirstOrDefault());

    // Of a type that is reached: what overrides or implements something that is reached.
    private void ReachOverrides(INamedTypeSymbol type)
    {
        foreach (var member in type.GetMembers())
        {
            var overridden = member switch
            {
                IMethodSymbol method => (ISymbol?)method.OverriddenMethod,
                IPropertySymbol property => property.OverriddenProperty,
                _ => null,
            };
            for (; overridden is not null; overridden = overridden is IMethodSymbol m ? m.OverriddenMethod : ((IPropertySymbol)overridden).OverriddenProperty)
            {
                if (Has(overridden)) Reach(member);
            }
        }

        foreach (var contract in type.AllInterfaces.Where(i => IsOfMaps(i)))
        {
            foreach (var member in contract.GetMembers()) Reach(type.FindImplementationForInterfaceMember(member));
        }
    }

    private void FindSharedStructs(INamedTypeSymbol type)
    {
        foreach (var member in type.GetMembers())
        {
            var inner = member switch { IFieldSymbol { IsStatic: false } field => field.Type, _ => null };
            while (inner is IArrayTypeSymbol array) inner = array.ElementType;
            if (inner is not INamedTypeSymbol { TypeKind: TypeKind.Struct } named || !IsOfMaps(named)) continue;
            if (_sharedStructs.Add(named.OriginalDefinition)) FindSharedStructs(named.OriginalDefinition);
        }
    }
}
