using System.Collections;
using System.Collections.Concurrent;

namespace GuardedMaps;

// An order of keys of any type, for the ordered map that a shell's user gets.
//
//     numbers by value   <   'apple' 'Fig' 'pear'   <   all other types, by the types' names, and within a type by its own order
//
// An ordered map has no equality beside its order: two keys are one where comparing them says 0. So the order must say 0 exactly where
// PowerShell's rule (ShellKeyComparer) says "equal". That decides most of what is in here:
//
// - 1 and [long] 1 are two keys of @{}. Their values are equal, so the type decides: they stand side by side, and are two.
// - 1, 1.5 and 2 are in the order of their values, exactly. To compare all numbers as doubles would take 2^53 and 2^53 + 1 for one number, and a
//   third for equal to both: no order at all, and a list in which keys get lost.
// - Strings compare ordinally, without regard to case unless asked otherwise, which is also how they are equal.
// - Keys of two other types never have to be compared by either's code: the types do.
// - Keys of one other type compare by its own IComparable. One that calls two keys the same which are not Equal makes them one key here.

/// <summary>
/// An order of keys of any type that agrees with PowerShell's rule for keys: numbers by value whatever their type, then strings ordinally, ignoring case unless
/// asked otherwise, then anything else by its type and its own <see cref="IComparable"/>.
/// </summary>
public sealed class ShellKeyOrder : IComparer<object>
{
    private static readonly ConcurrentDictionary<Type, IComparer?> s_orders = new();

    private readonly StringComparer _strings;

    private ShellKeyOrder(StringComparer strings) => _strings = strings;

    /// <summary>The equality that goes with it.</summary>
    internal ShellKeyComparer Equality => ReferenceEquals(_strings, StringComparer.Ordinal) ? ShellKeyComparer.CaseSensitive : ShellKeyComparer.CaseInsensitive;

    private enum Rank
    {
        Number,
        Text,
        Other,
    }

    /// <summary>Strings compare without regard to case, as keys of <c>@{}</c> do.</summary>
    public static ShellKeyOrder CaseInsensitive { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Strings compare exactly.</summary>
    public static ShellKeyOrder CaseSensitive { get; } = new(StringComparer.Ordinal);

    /// <summary>True if keys of this type have an order: numbers, strings, and types that implement <see cref="IComparable"/> for themselves.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="type"/> is null.</exception>
    public static bool HasOrder(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type == typeof(string) || OrderOf(type) is not null;
    }

    /// <inheritdoc/>
    /// <exception cref="KeyOrderException">The keys are of a type that has no order.</exception>
    public int Compare(object? x, object? y)
    {
        if (x is string a && y is string b) return _strings.Compare(a, b);
        if (ReferenceEquals(x, y) || x is null || y is null) return x is null ? y is null ? 0 : -1 : y is null ? 1 : 0;
        Type typeOfX = x.GetType(), typeOfY = y.GetType();
        if (typeOfX == typeOfY) return CompareWithin(typeOfX, x, y);
        Rank rankOfX = RankOf(x), rankOfY = RankOf(y);
        if (rankOfX != rankOfY) return rankOfX.CompareTo(rankOfY);
        int order = rankOfX == Rank.Number ? ExactNumber.Compare(x, y) : 0;
        return order != 0 ? order : CompareTypes(typeOfX, typeOfY);
    }

    private static int CompareWithin(Type type, object x, object y)
    {
        IComparer order = OrderOf(type) ?? throw new KeyOrderException(type);
        try
        {
            return order.Compare(x, y);
        }
        catch (Exception e) when (e is not OutOfMemoryException and not KeyOrderException)
        {
            throw new KeyOrderException(type, e);
        }
    }

    private static Rank RankOf(object key) => key is string ? Rank.Text : ExactNumber.IsNumber(key) ? Rank.Number : Rank.Other;

    // Names first, so that the order is the same in every run. Two types of one name there are, too: a class that was defined twice.
    private static int CompareTypes(Type x, Type y)
    {
        int order = string.CompareOrdinal(x.FullName, y.FullName);
        if (order == 0) order = string.CompareOrdinal(x.Assembly.FullName, y.Assembly.FullName);
        return order != 0 ? order : x.TypeHandle.Value.CompareTo(y.TypeHandle.Value);
    }

    // What Comparer<T>.Default would use, without its last resort, which is to fail when it is first called.
    private static IComparer? OrderOf(Type type) => s_orders.GetOrAdd(type, static type =>
        typeof(IComparable).IsAssignableFrom(type) || typeof(IComparable<>).MakeGenericType(type).IsAssignableFrom(type)
            ? (IComparer?)typeof(Comparer<>).MakeGenericType(type).GetProperty(nameof(Comparer<int>.Default))!.GetValue(null)
            : null);
}
