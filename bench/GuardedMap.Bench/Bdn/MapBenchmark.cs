using BenchmarkDotNet.Attributes;

namespace GuardedMaps.Bench.Bdn;

/// <summary>The kinds of keys that are measured.</summary>
public enum KeyKind
{
    /// <summary>64-bit numbers.</summary>
    Numbers,

    /// <summary>Strings, compared ordinally.</summary>
    Text,

    /// <summary>Strings, compared without regard to case.</summary>
    TextIgnoringCase,
}

/// <summary>What all operations have in common: the keys, the size, the maps.</summary>
public abstract class MapBenchmark
{
    /// <summary>Which keys.</summary>
    [Params(KeyKind.Numbers, KeyKind.Text, KeyKind.TextIgnoringCase)]
    public KeyKind Keys { get; set; }

    /// <summary>How many.</summary>
    [Params(16, 1_000, 65_536, 1_000_000)]
    public int Size { get; set; }

    private protected Workload OfDictionary { get; private set; } = null!;

    private protected Workload OfGuarded { get; private set; } = null!;

    private protected Workload OfConcurrent { get; private set; } = null!;

    /// <summary>Makes and fills the maps.</summary>
    [GlobalSetup]
    public void Setup()
    {
        if (Keys == KeyKind.Numbers)
        {
            KeySet<ulong> numbers = KeySets.Ulong(Size);
            OfDictionary = Workload.Of(numbers, new UlongDictionary());
            OfGuarded = Workload.Of(numbers, new UlongGuarded(MapProtection.Guarded));
            OfConcurrent = Workload.Of(numbers, new UlongConcurrent());
            return;
        }

        StringComparer comparer = Keys == KeyKind.Text ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;
        KeySet<string> strings = KeySets.Strings(Size);
        OfDictionary = Workload.Of(strings, new StringDictionary(comparer));
        OfGuarded = Workload.Of(strings, new StringGuarded(comparer, MapProtection.Guarded));
        OfConcurrent = Workload.Of(strings, new StringConcurrent(comparer));
    }
}
