using System.Numerics;
using System.Runtime.InteropServices;

namespace GuardedMaps.Lab;

// A leaf's weight is the chance that a walk which chooses among the enabled actors by a fair die ends there: the product
// of 1/choices over its steps. Over all leaves of a tree these weights sum to exactly 1, whatever its shape. That is the
// certificate of an exhaustive search, and it must be exact: doubles drift, and a leaf that is missing 40 levels
// down weighs 2^-40.
//
// With at most 8 actors a weight is 2^-a 3^-b 5^-c 7^-d, so it is kept as its exponents, 16 bits each in one number:
// a step multiplies by adding a constant, a leaf is counted under its exponents, and the big numbers are added up at
// the end, once per different weight instead of once per leaf.
//
//   bits 63..48 47..32 31..16 15..0
//         of 7   of 5   of 3  of 2        6 choices = 2 * 3: one more in the field of 2, one more in that of 3

/// <summary>An exact sum of products of 1/2 to 1/8.</summary>
internal sealed class WeightSum
{
    /// <summary>The limit of steps up to which the exponents fit their fields: a step with 8 choices adds 3 to that of 2.</summary>
    public const int MaxSteps = ushort.MaxValue / 3;

    private static readonly int[] Primes = [2, 3, 5, 7];
    private static readonly ulong[] Factors = [0, 0, .. Enumerable.Range(2, RaceModel.MaxActors - 1).Select(Exponents)];

    private readonly Dictionary<ulong, long> _counts = [];

    /// <summary>How many weights were added.</summary>
    public long Count { get; private set; }

    /// <summary>A weight divided by a number of choices.</summary>
    public static ulong Divide(ulong weight, int choices) => weight + Factors[choices];

    public void Add(ulong weight)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_counts, weight, out _)++;
        Count++;
    }

    public void Add(WeightSum other)
    {
        foreach (var (weight, count) in other._counts) CollectionsMarshal.GetValueRefOrAddDefault(_counts, weight, out _) += count;
        Count += other.Count;
    }

    public void Clear()
    {
        _counts.Clear();
        Count = 0;
    }

    /// <summary>The sum. Costs a few big multiplications per different weight.</summary>
    public ExactFraction Total()
    {
        Span<int> most = stackalloc int[Primes.Length];
        foreach (ulong weight in _counts.Keys)
        {
            for (int i = 0; i < Primes.Length; i++) most[i] = Math.Max(most[i], Exponent(weight, i));
        }

        var denominator = BigInteger.One;
        for (int i = 0; i < Primes.Length; i++) denominator *= BigInteger.Pow(Primes[i], most[i]);
        var numerator = BigInteger.Zero;
        foreach (var (weight, count) in _counts)
        {
            var term = new BigInteger(count);
            for (int i = 0; i < Primes.Length; i++) term *= BigInteger.Pow(Primes[i], most[i] - Exponent(weight, i));
            numerator += term;
        }

        return new ExactFraction(numerator, denominator);
    }

    private static int Exponent(ulong weight, int prime) => (int)((weight >> (16 * prime)) & ushort.MaxValue);

    private static ulong Exponents(int choices)
    {
        ulong exponents = 0;
        for (int i = 0; i < Primes.Length; i++)
        {
            for (; choices % Primes[i] == 0; choices /= Primes[i]) exponents += 1UL << (16 * i);
        }

        return exponents;
    }
}
