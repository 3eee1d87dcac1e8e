using System.Globalization;
using System.Numerics;

namespace GuardedMaps.Tests.Hashing;

/// <summary>The order of keys of any type: total, exact for numbers, and 0 exactly where a shell's keys are equal.</summary>
public sealed class ShellKeyOrderTests
{
    // In this order, each of them.
    private static readonly object[] s_ordered =
    [
        double.NaN, float.NaN,
        double.NegativeInfinity, float.NegativeInfinity,
        BigInteger.Parse("-99999999999999999999999999999999999999999", CultureInfo.InvariantCulture),
        Int128.MinValue,
        decimal.MinValue,
        long.MinValue,
        -1.5m, -1.5, // By type: Decimal, Double.
        (sbyte)-1, -1L,
        double.Epsilon * -1,
        0m, 0.0, (short)0, 0, 0L, (Half)0, // By type: Decimal, Double, Int16, Int32, Int64 ... and Half, which is System.Half.
        double.Epsilon,
        0.1m, // One tenth is less than what a double calls 0.1, and more than what a float ... is more still.
        0.1,
        0.1f,
        (byte)1, 1,
        1.5,
        9007199254740991L, 9007199254740992.0, 9007199254740992L, 9007199254740993L,
        ulong.MaxValue, 18446744073709551616.0, UInt128.MaxValue,
        BigInteger.Parse("99999999999999999999999999999999999999999", CultureInfo.InvariantCulture),
        double.MaxValue, double.PositiveInfinity,
        "", "apple", "Fig", "pear",
        false, true, 'a', 'b',
        new DateTime(2020, 1, 1), DayOfWeek.Monday, Guid.Empty, TimeSpan.FromSeconds(1), new Version(1, 2), new Version(1, 10),
    ];

    [Fact]
    public void It_is_a_total_order_over_keys_of_any_type()
    {
        var order = ShellKeyOrder.CaseInsensitive;
        foreach (object a in s_ordered)
        {
            foreach (object b in s_ordered)
            {
                Assert.Equal(Math.Sign(order.Compare(a, b)), -Math.Sign(order.Compare(b, a)));
                Assert.Equal(ShellKeyComparer.CaseInsensitive.Equals(a, b), order.Compare(a, b) == 0);
                foreach (object c in s_ordered)
                {
                    if (order.Compare(a, b) <= 0 && order.Compare(b, c) <= 0) Assert.True(order.Compare(a, c) <= 0, $"{a} <= {b} <= {c}");
                }
            }
        }
    }

    [Fact]
    public void Numbers_are_in_the_order_of_their_exact_values()
    {
        object[] numbers = [9007199254740993L, 0.1f, 2, 9007199254740992.0, 1.5m, 0.1, double.MaxValue, BigInteger.Pow(10, 400), 0.1m, 9007199254740991UL];
        object[] expected = [0.1m, 0.1, 0.1f, 1.5m, 2, 9007199254740991UL, 9007199254740992.0, 9007199254740993L, double.MaxValue, BigInteger.Pow(10, 400)];
        Assert.Equal(expected, numbers.Order(ShellKeyOrder.CaseInsensitive));
    }

    [Fact]
    public void Numbers_come_first_and_strings_next()
    {
        object[] keys = [new Version(1, 0), "b", 3, "A", DayOfWeek.Friday, 1.5];
        Assert.Equal([1.5, 3, "A", "b", DayOfWeek.Friday, new Version(1, 0)], keys.Order(ShellKeyOrder.CaseInsensitive));
    }

    [Fact]
    public void Case_counts_only_when_asked()
    {
        Assert.Equal(0, ShellKeyOrder.CaseInsensitive.Compare("Key", "kEY"));
        Assert.NotEqual(0, ShellKeyOrder.CaseSensitive.Compare("Key", "kEY"));
    }

    [Fact]
    public void Keys_without_an_order_are_named()
    {
        Assert.False(ShellKeyOrder.HasOrder(typeof(Uri)));
        Assert.True(ShellKeyOrder.HasOrder(typeof(Guid)));
        Assert.True(ShellKeyOrder.HasOrder(typeof(OnlyGeneric)));
        var problem = Assert.Throws<KeyOrderException>(() => ShellKeyOrder.CaseInsensitive.Compare(new Uri("urn:a"), new Uri("urn:b")));
        Assert.Equal(typeof(Uri), problem.KeyType);
        Assert.Contains("System.Uri", problem.Message, StringComparison.Ordinal);
        Assert.Equal(-1, Math.Sign(ShellKeyOrder.CaseInsensitive.Compare(new OnlyGeneric(1), new OnlyGeneric(2))));
    }

    [Fact]
    public void An_order_that_fails_is_told_with_its_reason()
    {
        var problem = Assert.Throws<KeyOrderException>(() => ShellKeyOrder.CaseInsensitive.Compare((1, new Uri("urn:a")), (1, new Uri("urn:b"))));
        Assert.Contains("IComparable", problem.Message, StringComparison.Ordinal);
        Assert.NotNull(problem.InnerException);
    }

    private sealed record OnlyGeneric(int Number) : IComparable<OnlyGeneric>
    {
        public int CompareTo(OnlyGeneric? other) => Number.CompareTo(other?.Number);
    }
}
