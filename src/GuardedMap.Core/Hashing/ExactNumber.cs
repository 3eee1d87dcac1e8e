using System.Numerics;

namespace GuardedMaps;

/// <summary>Compares numbers of different types by their exact values.</summary>
/// <remarks>
/// A fraction of two whole numbers says every value that any of the types can have, doubles included, and is compared by multiplying. That is slow, and
/// used only where one of two numbers of different types has a fraction or more than 64 bits. NaN stands before all numbers, as in each type's own order.
/// </remarks>
internal static class ExactNumber
{
    public static bool IsNumber(object value) => value is int or long or double or byte or sbyte or short or ushort or uint or ulong
        or float or decimal or BigInteger or Half or Int128 or UInt128 or nint or nuint;

    public static int Compare(object x, object y)
    {
        if (TryWhole(x, out Int128 a) && TryWhole(y, out Int128 b)) return a.CompareTo(b);
        double placeOfX = PlaceOf(x), placeOfY = PlaceOf(y);
        // One that is not finite is before or behind all that are.
        if (!double.IsFinite(placeOfX) || !double.IsFinite(placeOfY)) return placeOfX.CompareTo(placeOfY);
        var (p, q) = Fraction(x);
        var (r, s) = Fraction(y);
        return (p * s).CompareTo(r * q);
    }

    private static bool TryWhole(object value, out Int128 whole)
    {
        (bool isWhole, whole) = value switch
        {
            int i => (true, i),
            long l => (true, l),
            byte b => (true, b),
            sbyte b => (true, b),
            short s => (true, s),
            ushort s => (true, s),
            uint u => (true, u),
            ulong u => (true, u),
            nint n => (true, n),
            nuint n => (true, n),
            Int128 i => (true, i),
            _ => (false, default(Int128)),
        };
        return isWhole;
    }

    // Infinite or NaN as it is; 0 for whatever is finite.
    private static double PlaceOf(object value)
    {
        double place = value switch
        {
            double d => d,
            float f => f,
            Half h => (double)h,
            _ => 0,
        };
        return double.IsFinite(place) ? 0 : place;
    }

    private static (BigInteger Numerator, BigInteger Denominator) Fraction(object value) => value switch
    {
        double d => Fraction(d),
        float f => Fraction((double)f),
        Half h => Fraction((double)h),
        decimal m => Fraction(m),
        BigInteger b => (b, BigInteger.One),
        UInt128 u => ((BigInteger)u, BigInteger.One),
        _ => (TryWhole(value, out Int128 whole) ? (BigInteger)whole : throw new ArgumentException(SafeText.Message($"A {value.GetType()} is no number."), nameof(value)), BigInteger.One),
    };

    private static (BigInteger Numerator, BigInteger Denominator) Fraction(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        BigInteger digits = (new BigInteger((uint)parts[2]) << 64) + (new BigInteger((uint)parts[1]) << 32) + (uint)parts[0];
        return (parts[3] < 0 ? -digits : digits, BigInteger.Pow(10, (parts[3] >> 16) & 0xFF));
    }

    // IEEE 754: a sign, 11 bits of exponent, 52 of mantissa, which has a leading 1 except for the very smallest.
    private static (BigInteger Numerator, BigInteger Denominator) Fraction(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value);
        int exponent = (int)(bits >> 52 & 0x7FF);
        long mantissa = bits & 0xF_FFFF_FFFF_FFFF;
        if (exponent == 0) exponent = 1;
        else mantissa |= 1L << 52;
        exponent -= 1075;
        BigInteger signed = bits < 0 ? -mantissa : mantissa;
        return exponent >= 0 ? (signed << exponent, BigInteger.One) : (signed, BigInteger.One << -exponent);
    }
}
