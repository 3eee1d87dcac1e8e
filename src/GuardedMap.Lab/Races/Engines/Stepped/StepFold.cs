using System.Runtime.CompilerServices;

namespace GuardedMaps.Lab;

/// <summary>Folds what memory holds and what actors have read into numbers, by which equal situations are recognised.</summary>
internal static class StepFold
{
    private const ulong Odd1 = 0x9E37_79B9_7F4A_7C15;
    private const ulong Odd2 = 0xD6E8_FEB8_6659_FD93;
    private const ulong Odd3 = 0xA076_1D64_78BD_642F;

    /// <summary>A pair of numbers as one, well mixed.</summary>
    public static UInt128 Of(ulong a, ulong b)
    {
        ulong high = Mix((a * Odd1) ^ Mix(b + Odd2));
        ulong low = Mix((b * Odd3) ^ Mix(a + Odd1));
        return new UInt128(high, low);
    }

    /// <summary>A history with one more number at its end.</summary>
    public static UInt128 Then(UInt128 history, ulong next) =>
        Of((ulong)(history >> 64) ^ next, (ulong)history + (next * Odd2));

    /// <summary>A value as a number: its bits, or for a reference the identity of what it leads to.</summary>
    public static ulong Bits<T>(T value)
    {
        if (typeof(T) == typeof(int)) return (uint)(int)(object)value!;
        if (typeof(T) == typeof(long)) return (ulong)(long)(object)value!;
        if (typeof(T) == typeof(ulong)) return (ulong)(object)value!;
        if (typeof(T) == typeof(bool)) return (bool)(object)value! ? 1UL : 0;
        if (typeof(T).IsValueType) return Unsafe.SizeOf<T>() == 1 ? Unsafe.As<T, byte>(ref value) : Unsafe.As<T, uint>(ref value);
        return value switch
        {
            null => 0,
            IStepShared shared => (ulong)shared.Identity + 1,
            Lease lease => Odd3 + (ulong)lease.Holder.ThreadId,
            _ => throw new RaceModelException($"A reference to {value.GetType().Name} has no identity by which situations could be compared."),
        };
    }

    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 32)) * Odd1;
        x = (x ^ (x >> 29)) * Odd3;
        return x ^ (x >> 32);
    }
}
