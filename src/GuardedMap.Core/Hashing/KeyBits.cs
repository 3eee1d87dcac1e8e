using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GuardedMaps;

/// <summary>Hashes numbers and the like by all their bits.</summary>
/// <remarks>
/// Their GetHashCode gives 32 bits, and folds what is longer in a way that everybody knows: x and x ^ (y, y) have one hash code, if x is a long and y an int, and of a Guid
/// or a date it is no different. Whoever chooses keys could choose thousands that have the same. Types of up to 32 bits have nothing to fold.
/// </remarks>
internal static class KeyBits
{
    /// <summary>Hashes a key of a built-in value type. Which branch it is, the compiler knows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Hash<TKey>(ref byte key, ulong seed)
    {
        if (typeof(TKey) == typeof(long) || typeof(TKey) == typeof(ulong) || typeof(TKey) == typeof(TimeSpan) || typeof(TKey) == typeof(TimeOnly))
            return HashMix.Mix(Unsafe.As<byte, ulong>(ref key), seed);
        if (typeof(TKey) == typeof(nint) || typeof(TKey) == typeof(nuint)) return HashMix.Mix(Unsafe.As<byte, nuint>(ref key), seed);
        if (typeof(TKey).IsEnum && Unsafe.SizeOf<TKey>() == sizeof(ulong)) return HashMix.Mix(Unsafe.As<byte, ulong>(ref key), seed);
        if (typeof(TKey) == typeof(double)) return HashMix.Mix(BitsOf(Unsafe.As<byte, double>(ref key)), seed);
        if (typeof(TKey) == typeof(DateTime)) return HashMix.Mix((ulong)Unsafe.As<byte, DateTime>(ref key).Ticks, seed);
        if (typeof(TKey) == typeof(DateTimeOffset)) return HashMix.Mix((ulong)Unsafe.As<byte, DateTimeOffset>(ref key).UtcTicks, seed);
        if (typeof(TKey) == typeof(Guid) || typeof(TKey) == typeof(Int128) || typeof(TKey) == typeof(UInt128))
            return HashMix.Words(Unsafe.As<byte, ulong>(ref key), Unsafe.As<byte, ulong>(ref Unsafe.AddByteOffset(ref key, 8)), seed);
        if (typeof(TKey) == typeof(decimal)) return Hash(Unsafe.As<byte, decimal>(ref key), seed);
        return HashMix.Mix((uint)Unsafe.As<byte, TKey>(ref key)!.GetHashCode(), seed);
    }

    /// <summary>Hashes an object that is not a string: by its bits if it is of one of the types above, by its GetHashCode, which is its author's, otherwise.</summary>
    public static ulong Hash(object key, ulong seed)
    {
        Type type = key.GetType();
        if (type == typeof(int)) return HashMix.Mix((uint)(int)key, seed);
        if (type == typeof(long)) return Boxed<long>(key, seed);
        if (type == typeof(double)) return Boxed<double>(key, seed);
        if (!type.IsValueType) return HashMix.Mix((uint)key.GetHashCode(), seed);
        if (type == typeof(Guid)) return Boxed<Guid>(key, seed);
        if (type == typeof(DateTime)) return Boxed<DateTime>(key, seed);
        if (type == typeof(DateTimeOffset)) return Boxed<DateTimeOffset>(key, seed);
        if (type == typeof(TimeSpan)) return Boxed<TimeSpan>(key, seed);
        if (type == typeof(TimeOnly)) return Boxed<TimeOnly>(key, seed);
        if (type == typeof(decimal)) return Boxed<decimal>(key, seed);
        if (type == typeof(ulong)) return Boxed<ulong>(key, seed);
        if (type == typeof(Int128)) return Boxed<Int128>(key, seed);
        if (type == typeof(UInt128)) return Boxed<UInt128>(key, seed);
        if (type == typeof(nint)) return Boxed<nint>(key, seed);
        if (type == typeof(nuint)) return Boxed<nuint>(key, seed);
        // The bits of an enum lie where those of its number would.
        if (type.IsEnum && Type.GetTypeCode(type) is TypeCode.Int64 or TypeCode.UInt64) return Hash<ulong>(ref Unsafe.As<object, Box>(ref key).First, seed);
        return HashMix.Mix((uint)key.GetHashCode(), seed);
    }

    private static ulong Boxed<T>(object key, ulong seed)
        where T : struct => Hash<T>(ref Unsafe.As<T, byte>(ref Unsafe.Unbox<T>(key)), seed);

    /// <summary>The bits of a double; one for all that are equal: 0 is -0, and every NaN is every other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong BitsOf(double number)
    {
        if (number == 0) return 0;
        return BitConverter.DoubleToUInt64Bits(double.IsNaN(number) ? double.NaN : number);
    }

    private static ulong Hash(decimal number, ulong seed)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(number, bits);
        var digits = new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        // Nor is there a difference between 0 and -0, or the places that a 0 has.
        if (digits == 0) return HashMix.Words(0, 0, seed);
        // 1.0 and 1.00 are equal: what is hashed has no zeros behind the point at its end.
        int places = (bits[3] >> 16) & 0xFF;
        for (; places > 0; places--)
        {
            (UInt128 shorter, UInt128 last) = UInt128.DivRem(digits, 10);
            if (last != 0) break;
            digits = shorter;
        }

        return HashMix.Words((ulong)digits, (ulong)(digits >> 64) | ((ulong)(uint)((bits[3] & int.MinValue) | places) << 32), seed);
    }

    /// <summary>Where the bits of a boxed value are.</summary>
    private sealed class Box
    {
        public byte First;
    }
}
