using System.Management.Automation.Language;

namespace GuardedMaps.Shell.Rules;

/// <summary>
/// What an expression stands for: a kind of collection, which one it is, and which part of it.
/// </summary>
/// <param name="Kind">The kind, as far as the text tells.</param>
/// <param name="Id">
/// Which object: two values with the same id are the same object. A collection is named after the expression that makes it, so that
/// <c>$b = $a</c> gives two variables with one id; where that is not known, after the variable, and a part after its owner and its name.
/// </param>
/// <param name="Root">The expression or parameter that the id is named after; where it stands says who shares the object.</param>
/// <param name="View">The whole, its keys, its values, or an enumerator over it.</param>
/// <param name="Site">The expression that makes the object, if it is known.</param>
/// <param name="IsDeclared">True if the kind is known from a parameter's type only, so that a subclass may come instead.</param>
/// <param name="Contract">A guarded map's contract, if the script says it.</param>
internal sealed record MapValue(
    CollectionKind Kind,
    string Id,
    Ast Root,
    CollectionView View = CollectionView.Whole,
    Ast? Site = null,
    bool IsDeclared = false,
    string? Contract = null)
{
    /// <summary>True if both are the same object, whichever part of it they show.</summary>
    public bool IsSameAs(MapValue? other) => other is not null && string.Equals(Id, other.Id, StringComparison.Ordinal);
}
