using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>
/// The keys of a plan and the way back from a key to its number. Made once for a scenario and a size, then shared by
/// all its trials: building it costs more than the race itself.
/// </summary>
internal sealed class KeyTable
{
    /// <summary>Makes a table of the given keys.</summary>
    /// <exception cref="ArgumentException">A key occurs twice.</exception>
    public KeyTable(IReadOnlyList<string> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        Keys = keys;
        IndexOf = new Dictionary<string, int>(keys.Count, StringComparer.Ordinal);
        for (int i = 0; i < keys.Count; i++)
        {
            if (!IndexOf.TryAdd(keys[i], i))
                throw new ArgumentException($"Key '{keys[i]}' occurs twice; each key of a plan must be its own.", nameof(keys));
        }
    }

    /// <summary>The keys.</summary>
    public IReadOnlyList<string> Keys { get; }

    internal Dictionary<string, int> IndexOf { get; }

    /// <summary>Makes <paramref name="count"/> keys <c>k0, k1, ...</c></summary>
    public static KeyTable Numbered(int count)
    {
        var keys = new string[count];
        for (int i = 0; i < count; i++) keys[i] = string.Create(CultureInfo.InvariantCulture, $"k{i}");
        return new KeyTable(keys);
    }
}
