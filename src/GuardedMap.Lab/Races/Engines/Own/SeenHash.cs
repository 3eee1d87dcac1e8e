using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace GuardedMaps.Lab;

// What must repeat when a schedule is run again: at each step who could go on, where they stood, and every value that was read since the step
// before. All of it is folded into one number that is the same in every process, so .NET's own hashes, which are drawn anew in each, play no part in it.
//
// A value that cannot be looked into counts by its type: two different lists are the same here. What is in them is seen when somebody reads it.

/// <summary>Folds what a run has seen into a number.</summary>
internal static class SeenHash
{
    private const ulong Prime = 0x9E3779B97F4A7C15;

    private static readonly ConcurrentDictionary<Type, ulong> s_types = new();

    /// <summary>Where a run begins.</summary>
    public const ulong Start = 0xCBF29CE484222325;

    /// <summary>The number so far, with one more folded in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Fold(ulong hash, ulong value)
    {
        hash = (hash ^ value) * Prime;
        return hash ^ (hash >> 29);
    }

    /// <summary>A value as a number.</summary>
    public static ulong Of(object? value) => value switch
    {
        null => 1,
        string text => Of(text.AsSpan()),
        bool isTrue => isTrue ? 3UL : 2UL,
        int number => Fold(4, (ulong)number),
        long number => Fold(4, (ulong)number),
        double number => Fold(5, (ulong)BitConverter.DoubleToInt64Bits(number)),
        char letter => Fold(6, letter),
        Enum or IFormattable and ValueType => Fold(OfType(value.GetType()), Of(((IFormattable)value).ToString(null, System.Globalization.CultureInfo.InvariantCulture).AsSpan())),
        _ => OfType(value.GetType()),
    };

    private static ulong Of(ReadOnlySpan<char> text)
    {
        ulong hash = Start;
        foreach (char letter in text) hash = (hash ^ letter) * 0x100000001B3;
        return hash;
    }

    private static ulong OfType(Type type) => s_types.GetOrAdd(type, static t => Of(t.ToString().AsSpan()));
}
