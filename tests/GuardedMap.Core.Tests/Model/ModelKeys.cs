using System.Globalization;

namespace GuardedMaps.Tests.Model;

/// <summary>The type of a program's keys and how they are hashed and compared.</summary>
internal enum KeyKind
{
    /// <summary>Integers under their own equality: hashed by the map, no foreign code.</summary>
    Int,

    /// <summary>Integers with seven hashes: long chains, stored hashes.</summary>
    IntFewHashes,

    /// <summary>Integers that all hash to 0: one chain.</summary>
    IntZeroHash,

    /// <summary>Integers that all hash to -1: one chain, at the other end.</summary>
    IntOnesHash,

    /// <summary>Strings, ordinal: entries with references, which evacuation wipes.</summary>
    String,

    /// <summary>Strings ignoring case: two keys may be one.</summary>
    StringIgnoreCase,

    /// <summary>Strings under a foreign comparer with few hashes that ignores case.</summary>
    StringFewHashes,
}

/// <summary>The keys of one kind: a program names them by number.</summary>
/// <param name="KeyOf">The key of a number.</param>
/// <param name="Comparer">The comparer the map gets; null for the type's own.</param>
/// <param name="OracleComparer">The comparer the oracle gets: the same equality.</param>
internal sealed record KeyDomain<TKey>(Func<int, TKey> KeyOf, IEqualityComparer<TKey>? Comparer, IEqualityComparer<TKey> OracleComparer);

/// <summary>The key kinds, and the one place where a kind becomes a type.</summary>
internal static class ModelKeys
{
    private static readonly KeyDomain<int> s_int = new(static n => n, null, EqualityComparer<int>.Default);

    private static readonly KeyDomain<int> s_intFew = new(static n => n, new FewHashesComparer(7), EqualityComparer<int>.Default);

    private static readonly KeyDomain<int> s_intZero = new(static n => n, new DegenerateComparer(0), EqualityComparer<int>.Default);

    private static readonly KeyDomain<int> s_intOnes = new(static n => n, new DegenerateComparer(-1), EqualityComparer<int>.Default);

    private static readonly KeyDomain<string> s_string = new(AccentedTextOf, null, StringComparer.Ordinal);

    private static readonly KeyDomain<string> s_ignoreCase = new(TextOf, StringComparer.OrdinalIgnoreCase, StringComparer.OrdinalIgnoreCase);

    private static readonly KeyDomain<string> s_stringFew = new(AccentedTextOf, new FewHashesTextComparer(5), StringComparer.OrdinalIgnoreCase);

    /// <summary>How many distinct keys a program may use: a single chain is walked for every key, so it is kept short.</summary>
    public static int WidestRange(KeyKind kind) => kind switch
    {
        KeyKind.Int or KeyKind.String or KeyKind.StringIgnoreCase => 1200,
        KeyKind.IntFewHashes or KeyKind.StringFewHashes => 120,
        _ => 48,
    };

    public static Divergence? Run(ModelProgram program, ModelStatistics statistics) => program.Setup.Keys switch
    {
        KeyKind.Int => Run(program, s_int, statistics),
        KeyKind.IntFewHashes => Run(program, s_intFew, statistics),
        KeyKind.IntZeroHash => Run(program, s_intZero, statistics),
        KeyKind.IntOnesHash => Run(program, s_intOnes, statistics),
        KeyKind.String => Run(program, s_string, statistics),
        KeyKind.StringIgnoreCase => Run(program, s_ignoreCase, statistics),
        KeyKind.StringFewHashes => Run(program, s_stringFew, statistics),
        _ => throw new ArgumentOutOfRangeException(nameof(program), program.Setup.Keys, "There is no such kind of keys."),
    };

    /// <summary>Runs a program with keys of its own making.</summary>
    public static Divergence? Run<TKey>(ModelProgram program, KeyDomain<TKey> keys, ModelStatistics statistics)
        where TKey : notnull => new ModelRun<TKey>(program, keys, statistics).Run();

    /// <summary>
    /// Texts of every length the string hash treats in its own way (0 to 20 chars). An odd number's text is the even one's before it in
    /// capitals: another key, or the same one where case is ignored.
    /// </summary>
    private static string TextOf(int number)
    {
        int even = number & ~1;
        if (even == 0) return number == 0 ? "" : "q";
        string digits = even.ToString(CultureInfo.InvariantCulture);
        string text = (even % 10) switch
        {
            0 => "a" + digits,
            2 => "cle" + digits,
            4 => "key of " + digits,
            6 => "a rather long key " + digits,
            _ => digits,
        };
        return number == even ? text : text.ToUpperInvariant() + (even % 10 == 8 ? "." : "");
    }

    /// <summary>The same with letters outside ASCII. Not where the map ignores case: such texts it hashes by the framework's own hash, which differs from process to process.</summary>
    private static string AccentedTextOf(int number) => TextOf(number).Replace('e', 'é').Replace('E', 'É');

    /// <summary>Few hashes, case ignored, and not one of the comparers the map knows.</summary>
    private sealed class FewHashesTextComparer(int hashes) : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.OrdinalIgnoreCase);

        // The framework's hash differs from process to process; a program must not.
        public int GetHashCode(string obj)
        {
            int sum = 0;
            foreach (char c in obj) sum += char.ToUpperInvariant(c);
            return sum % hashes;
        }
    }
}
