using System.Collections.Generic;
using Microsoft.CodeAnalysis;

namespace GuardedMaps.Analyzers;

/// <summary>What a type's enumerators do when the collection is changed.</summary>
internal enum CollectionClass
{
    /// <summary>Nothing that is known: an interface, an array, a concurrent or immutable collection.</summary>
    Other = 0,

    /// <summary>Every change makes the next step fail.</summary>
    Strict,

    /// <summary>As strict, but since .NET Core 3.0 not for Remove, Clear and overwriting.</summary>
    Tolerant,

    /// <summary>A guarded map: the iteration's contract decides.</summary>
    Guarded,
}

/// <summary>Knows collections by their types.</summary>
internal static class Collections
{
    private static readonly HashSet<string> s_strict = new(StringComparer.Ordinal)
    {
        "System.Collections.Generic.List", "System.Collections.Generic.SortedDictionary", "System.Collections.Generic.SortedList", "System.Collections.Generic.SortedSet",
        "System.Collections.Generic.Queue", "System.Collections.Generic.Stack", "System.Collections.Generic.LinkedList", "System.Collections.Hashtable",
        "System.Collections.ArrayList", "System.Collections.ObjectModel.ObservableCollection", "System.Collections.ObjectModel.Collection",
    };

    private static readonly HashSet<string> s_tolerant = new(StringComparer.Ordinal) { "System.Collections.Generic.Dictionary", "System.Collections.Generic.HashSet" };

    private static readonly HashSet<string> s_changing = new(StringComparer.Ordinal)
    {
        "Add", "AddRange", "Remove", "RemoveAt", "RemoveRange", "RemoveAll", "RemoveWhere", "Clear", "Insert", "InsertRange", "TryAdd", "TryRemove", "TryUpdate",
        "AddOrUpdate", "GetOrAdd", "Increment", "Append", "Enqueue", "Dequeue", "TryDequeue", "Push", "Pop", "TryPop", "Sort", "Reverse", "UnionWith", "ExceptWith",
        "IntersectWith", "SymmetricExceptWith", "AddFirst", "AddLast", "RemoveFirst", "RemoveLast", "Set",
    };

    private static readonly HashSet<string> s_tolerated = new(StringComparer.Ordinal) { "Remove", "Clear", "RemoveWhere", "ExceptWith" };

    public static CollectionClass Classify(ITypeSymbol? type)
    {
        for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
        {
            string name = NameOf(at);
            if (s_strict.Contains(name)) return CollectionClass.Strict;
            if (s_tolerant.Contains(name)) return CollectionClass.Tolerant;
            if (name is "GuardedMaps.GuardedMap" or "GuardedMaps.GuardedMapBase" or "GuardedMaps.IGuardedMap") return CollectionClass.Guarded;
        }

        return CollectionClass.Other;
    }

    public static bool IsChanging(string method) => s_changing.Contains(method);

    /// <summary>True for a change that a tolerant collection's enumerators do not count, on a runtime that is new enough.</summary>
    public static bool IsTolerated(string method) => s_tolerated.Contains(method);

    /// <summary>True for an enumerator or iterator of a guarded map.</summary>
    public static bool IsMapEnumerator(ITypeSymbol? type) => type is not null
        && (NameOf(type) is "GuardedMaps.MapIterator" or "GuardedMaps.IMapIterator" || (type.Name == "Enumerator" && type.ContainingType is { } map && NameOf(map) == "GuardedMaps.GuardedMapBase"));

    /// <summary>True if Remove during a foreach is allowed by the framework the code is compiled for: .NET Core 3.0 and later.</summary>
    public static bool IsModern(Compilation compilation) => compilation.GetSpecialType(SpecialType.System_Object).ContainingAssembly?.Name is "System.Runtime" or "System.Private.CoreLib";

    private static string NameOf(ITypeSymbol type) => type.ContainingType is null ? $"{type.ContainingNamespace?.ToDisplayString()}.{type.Name}" : type.Name;
}
