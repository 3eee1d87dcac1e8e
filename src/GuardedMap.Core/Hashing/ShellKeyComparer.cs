namespace GuardedMaps;

/// <summary>
/// PowerShell's key rules for keys of any type: strings compare ordinally, ignoring case unless asked otherwise; anything else
/// compares by its own <see cref="object.Equals(object)"/>, so <c>1</c> and <c>'1'</c> are two keys, as in <c>@{}</c>.
/// </summary>
public sealed class ShellKeyComparer : IEqualityComparer<object>
{
    private static readonly ulong s_seed = HashMix.NewSeed();

    private readonly StringComparison _comparison;

    private ShellKeyComparer(StringComparison comparison) => _comparison = comparison;

    /// <summary>Strings compare without regard to case, as keys of <c>@{}</c> do.</summary>
    public static ShellKeyComparer CaseInsensitive { get; } = new(StringComparison.OrdinalIgnoreCase);

    /// <summary>Strings compare exactly.</summary>
    public static ShellKeyComparer CaseSensitive { get; } = new(StringComparison.Ordinal);

    /// <inheritdoc/>
    public new bool Equals(object? x, object? y)
    {
        if (ReferenceEquals(x, y)) return true;
        if (x is null || y is null) return false;
        return x is string a && y is string b ? string.Equals(a, b, _comparison) : x.Equals(y);
    }

    /// <inheritdoc/>
    public int GetHashCode(object obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        // One seed for all that compare with this: who hands over 32 bits instead of a key has no other.
        if (obj is not string text) return (int)KeyBits.Hash(obj, s_seed);
        return (int)(_comparison == StringComparison.Ordinal ? HashMix.Ordinal(text, s_seed) : HashMix.OrdinalIgnoreCase(text, s_seed));
    }
}
