using System.Globalization;
using System.Numerics;

namespace GuardedMaps.Lab;

/// <summary>A fraction that is never rounded.</summary>
public readonly record struct ExactFraction : IComparable<ExactFraction>
{
    private readonly BigInteger _denominatorLessOne; // So that the default value is 0/1.

    /// <summary>Makes the fraction in lowest terms.</summary>
    /// <exception cref="DivideByZeroException">The denominator is zero.</exception>
    public ExactFraction(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero) throw new DivideByZeroException("A fraction's denominator cannot be zero.");
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        Numerator = numerator / divisor;
        _denominatorLessOne = (denominator / divisor) - 1;
    }

    /// <summary>1.</summary>
    public static ExactFraction One { get; } = new(1, 1);

    /// <summary>What stands above the line.</summary>
    public BigInteger Numerator { get; }

    /// <summary>What stands below the line; always positive.</summary>
    public BigInteger Denominator => _denominatorLessOne + 1;

    /// <summary>The sum.</summary>
    public static ExactFraction operator +(ExactFraction left, ExactFraction right) =>
        new((left.Numerator * right.Denominator) + (right.Numerator * left.Denominator), left.Denominator * right.Denominator);

    /// <summary>The sum.</summary>
    public static ExactFraction Add(ExactFraction left, ExactFraction right) => left + right;

    /// <summary>Whether the left one is smaller.</summary>
    public static bool operator <(ExactFraction left, ExactFraction right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left one is larger.</summary>
    public static bool operator >(ExactFraction left, ExactFraction right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left one is not larger.</summary>
    public static bool operator <=(ExactFraction left, ExactFraction right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left one is not smaller.</summary>
    public static bool operator >=(ExactFraction left, ExactFraction right) => left.CompareTo(right) >= 0;

    /// <inheritdoc/>
    public int CompareTo(ExactFraction other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <summary>The nearest double, for pictures and bars.</summary>
    public double ToDouble()
    {
        // Both parts may be far beyond a double's range; 2^60 of precision is kept and is more than a double holds.
        if (Numerator.IsZero) return 0;
        long shift = Numerator.GetBitLength() - Denominator.GetBitLength() - 60;
        var scaled = shift >= 0 ? Numerator / (Denominator << (int)shift) : (Numerator << (int)-shift) / Denominator;
        return Math.ScaleB((double)scaled, (int)shift);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Denominator.IsOne ? Numerator.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");
}
