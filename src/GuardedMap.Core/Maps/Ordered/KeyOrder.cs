using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GuardedMaps;

/// <summary>How the keys of an <see cref="OrderedMap{TKey, TValue}"/> are compared and searched: directly where the type and the comparer allow it.</summary>
internal readonly struct KeyOrder<TKey>(IComparer<TKey>? comparer)
{
    private readonly IComparer<TKey>? _comparer = ReferenceEquals(comparer, Comparer<TKey>.Default) ? null : comparer;
    private readonly bool _isOrdinal = typeof(TKey) == typeof(string) && ReferenceEquals(comparer, StringComparer.Ordinal);

    public IComparer<TKey> Comparer => _comparer ?? Comparer<TKey>.Default;

    private bool IsDirect => typeof(TKey).IsValueType && _comparer is null;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Compare(TKey a, TKey b)
    {
        if (IsDirect) return Comparer<TKey>.Default.Compare(a, b);
        if (!typeof(TKey).IsValueType && _isOrdinal) return string.CompareOrdinal(Unsafe.As<TKey, string>(ref a), Unsafe.As<TKey, string>(ref b));
        return CompareBy(a, b);
    }

    /// <summary>Whether <paramref name="a"/> comes before <paramref name="b"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsLess(TKey a, TKey b) => IsDirect ? IsLessDirectly(a, b) : Compare(a, b) < 0;

    /// <summary>How many of some keys, which are in order, come before a key or are it.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="room">For how many there is room, a multiple of 16, if what is behind them are zeros and may be read; else 0.</param>
    /// <param name="key">The key.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int UpperBound(ref TKey first, int count, int room, TKey key)
    {
        if (!IsDirect) return UpperBoundBy(ref first, count, key);
        if (room > 0 && Vector256.IsHardwareAccelerated)
        {
            if (typeof(TKey) == typeof(int)) return CountUpTo(ref Unsafe.As<TKey, int>(ref first), count, room, (int)(object)key!);
            if (typeof(TKey) == typeof(long)) return CountUpTo(ref Unsafe.As<TKey, long>(ref first), count, room, (long)(object)key!);
        }

        // No branch depends on the keys: of numbers the processor would guess every other one wrong. And no call is in the loop, for whose sake all that it
        // works with would have to be put into memory and taken out again.
        int place = 0;
        while (count > 0)
        {
            int half = (count + 1) >> 1;
            place += half & (Unsafe.BitCast<bool, byte>(IsLessDirectly(key, Unsafe.Add(ref first, place + half - 1))) - 1);
            count -= half;
        }

        return place;
    }

    /// <summary>The place of a key among some that are in order; if it is not there, the complement of the place of the first that comes after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Search(ref TKey first, int count, int room, TKey key)
    {
        if (!IsDirect) return SearchBy(ref first, count, key);
        int before = UpperBound(ref first, count, room, key) - 1;
        return before >= 0 && !IsLessDirectly(Unsafe.Add(ref first, before), key) ? before : ~(before + 1);
    }

    // All of them, eight or four at once: that is done before a binary search has compared its third.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CountUpTo<T>(ref T first, int count, int room, T key)
        where T : struct, INumber<T>
    {
        var keys = Vector256.Create(key);
        var behind = Vector256<T>.Zero;
        for (int i = 0; i < room; i += Vector256<T>.Count) behind += Vector256.GreaterThan(Vector256.LoadUnsafe(ref first, (nuint)i), keys);
        // A lane of the vector is -1 for each key that is greater. The zeros behind the last key may have been counted, too.
        int greater = -int.CreateTruncating(Vector256.Sum(behind));
        int zeros = key < default(T) ? room - count : 0;
        return count - (greater - zeros);
    }

    // Written out for the types that are keys most often: a comparison that ends in one flag of the processor, and not in a number of three values.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsLessDirectly(TKey a, TKey b)
    {
        if (typeof(TKey) == typeof(int)) return (int)(object)a! < (int)(object)b!;
        if (typeof(TKey) == typeof(long)) return (long)(object)a! < (long)(object)b!;
        if (typeof(TKey) == typeof(uint)) return (uint)(object)a! < (uint)(object)b!;
        if (typeof(TKey) == typeof(ulong)) return (ulong)(object)a! < (ulong)(object)b!;
        if (typeof(TKey) == typeof(DateTime)) return (DateTime)(object)a! < (DateTime)(object)b!;
        return Comparer<TKey>.Default.Compare(a, b) < 0;
    }

    private int UpperBoundBy(ref TKey first, int count, TKey key)
    {
        int from = 0;
        while (from < count)
        {
            int middle = (from + count) >> 1;
            if (Compare(Unsafe.Add(ref first, middle), key) <= 0) from = middle + 1;
            else count = middle;
        }

        return from;
    }

    private int SearchBy(ref TKey first, int count, TKey key)
    {
        int from = 0;
        while (from < count)
        {
            int middle = (from + count) >> 1;
            int order = Compare(Unsafe.Add(ref first, middle), key);
            if (order == 0) return middle;
            if (order < 0) from = middle + 1;
            else count = middle;
        }

        return ~from;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int CompareBy(TKey a, TKey b) => Comparer.Compare(a, b);
}
