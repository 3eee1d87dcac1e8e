using System.Numerics;

namespace GuardedMaps;

/// <summary>Adding to a value of a type that is only known to the caller.</summary>
internal static class Number<TValue>
{
    /// <summary>The sum of a number that may be missing and <paramref name="by"/>, in the number's own type, checked.</summary>
    public static TValue Add(bool exists, TValue? present, long by, object key)
    {
        if (typeof(TValue) == typeof(int)) return Typed(checked((int)(Of<int>() + by)));
        if (typeof(TValue) == typeof(long)) return Typed(checked(Of<long>() + by));
        if (typeof(TValue) == typeof(double)) return Typed(Of<double>() + by);
        if (typeof(TValue) == typeof(decimal)) return Typed(Of<decimal>() + by);
        if (typeof(TValue) == typeof(ulong)) return Typed(checked((ulong)((Int128)Of<ulong>() + by)));
        if (typeof(TValue) == typeof(uint)) return Typed(checked((uint)(Of<uint>() + by)));
        if (typeof(TValue) == typeof(short)) return Typed(checked((short)(Of<short>() + by)));
        if (typeof(TValue) == typeof(byte)) return Typed(checked((byte)(Of<byte>() + by)));
        if (typeof(TValue) == typeof(BigInteger)) return Typed(Of<BigInteger>() + by);

        // An untyped value keeps its own kind of number; an int that would overflow becomes a long, as it does in a shell.
        object sum = (exists ? (object?)present : null) switch
        {
            null when typeof(TValue).IsAssignableFrom(typeof(int)) => Narrow(by),
            int i => Narrow(checked(i + by)),
            short s => Narrow(checked(s + by)),
            byte b => Narrow(checked(b + by)),
            long l => checked(l + by),
            uint u => checked(u + by),
            ulong u => checked((ulong)((Int128)u + by)),
            float f => f + by,
            double d => d + by,
            decimal m => m + by,
            BigInteger b => b + by,
            _ => throw NotANumber(present, key),
        };
        return (TValue)sum;

        T Of<T>() => exists ? (T)(object)present! : default!;

        static TValue Typed<T>(T number) => (TValue)(object)number!;
    }

    private static object Narrow(long sum)
    {
        if (sum is >= int.MinValue and <= int.MaxValue) return (int)sum;
        return sum;
    }

    private static InvalidOperationException NotANumber(object? value, object key) => new(SafeText.Message(
        $"The value of key '{key}' is a {(value?.GetType() ?? typeof(TValue)).Name}, not a number, so it cannot be incremented. Use Update with a callback."));
}
