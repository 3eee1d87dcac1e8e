using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GuardedMaps.Analyzers;

/// <summary>What an expression iterates over: which collection, which part of it, and, for a guarded map, under which contract.</summary>
internal sealed class Iteration
{
    private Iteration(IOperation root, ImmutableArray<ISymbol> path, CollectionClass kind, string? part, string? contract)
    {
        Root = root;
        Path = path;
        Kind = kind;
        Part = part;
        Contract = contract;
    }

    /// <summary>The collection, as it stands in the source.</summary>
    public IOperation Root { get; }

    /// <summary>The variables and members that lead to it; the same path is the same object, unless it is assigned in between.</summary>
    public ImmutableArray<ISymbol> Path { get; }

    public CollectionClass Kind { get; }

    /// <summary>Keys or Values, or null for the whole.</summary>
    public string? Part { get; }

    /// <summary>The contract that the source names; null for the default, ? for one that is computed.</summary>
    public string? Contract { get; }

    /// <summary>True for an iteration of a guarded map during which other writers are refused.</summary>
    public bool HoldsLease => Kind == CollectionClass.Guarded && Part is null && Contract is null or "Reject" or "FailFast" && Kind == CollectionClass.Guarded;

    public static Iteration? Of(IOperation? source)
    {
        IOperation? root = Bare(source);
        string? part = null;
        string? contract = null;
        if (root is IPropertyReferenceOperation { Property.Name: "Keys" or "Values", Instance: { } owner } view && Collections.Classify(owner.Type) != CollectionClass.Other)
        {
            part = view.Property.Name;
            root = Bare(owner);
        }
        else if (root is IInvocationOperation { TargetMethod.Name: "Iterate" or "GetEnumerator", Instance: { } iterated } call && Collections.Classify(iterated.Type) == CollectionClass.Guarded)
        {
            IArgumentOperation? given = call.Arguments.FirstOrDefault(a => a.Parameter?.Name == "contract" && a.ArgumentKind != ArgumentKind.DefaultValue);
            contract = given is null ? null : Bare(given.Value) is IFieldReferenceOperation field ? field.Field.Name : "?";
            root = Bare(iterated);
        }

        if (root is null) return null;
        CollectionClass kind = Collections.Classify(root.Type);
        if (kind == CollectionClass.Other || PathOf(root) is not { } path) return null;
        return new Iteration(root, path, kind, part, contract ?? (kind == CollectionClass.Guarded ? Declared(path[path.Length - 1]) : null));
    }

    /// <summary>True if an operation is on the collection that is iterated.</summary>
    public bool IsSame(IOperation? other) => PathOf(Bare(other)) is { } path && path.SequenceEqual(Path, SymbolEqualityComparer.Default);

    /// <summary>An operation without the conversions and parentheses around it.</summary>
    public static IOperation? Bare(IOperation? operation)
    {
        while (true)
        {
            switch (operation)
            {
                case IConversionOperation conversion:
                    operation = conversion.Operand;
                    break;
                case IParenthesizedOperation inner:
                    operation = inner.Operand;
                    break;
                default:
                    return operation;
            }
        }
    }

    private static ImmutableArray<ISymbol>? PathOf(IOperation? operation)
    {
        var path = new List<ISymbol>();
        for (IOperation? at = operation; ; at = Bare(at))
        {
            switch (at)
            {
                case ILocalReferenceOperation local:
                    path.Insert(0, local.Local);
                    return path.ToImmutableArray();
                case IParameterReferenceOperation parameter:
                    path.Insert(0, parameter.Parameter);
                    return path.ToImmutableArray();
                case IFieldReferenceOperation field:
                    path.Insert(0, field.Field);
                    if (field.Instance is null) return path.ToImmutableArray();
                    at = field.Instance;
                    break;
                case IPropertyReferenceOperation { Arguments.Length: 0 } property:
                    path.Insert(0, property.Property);
                    if (property.Instance is null) return path.ToImmutableArray();
                    at = property.Instance;
                    break;
                case IInstanceReferenceOperation when path.Count > 0:
                    return path.ToImmutableArray();
                default:
                    return null;
            }
        }
    }

    // A map whose declaration names a contract or a protection is somebody's decision; which one it is, the text need not tell.
    private static string? Declared(ISymbol variable)
    {
        foreach (SyntaxReference declaration in variable.DeclaringSyntaxReferences)
        {
            string text = declaration.GetSyntax().ToString();
            if (text.IndexOf("Contract", System.StringComparison.Ordinal) >= 0 || text.IndexOf("Protection", System.StringComparison.Ordinal) >= 0) return "?";
        }

        return null;
    }
}
