using System.Collections.Concurrent;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Lab.Tests.Rendering;

/// <summary>Every kind of picture, made anew from the same seeds each time it is asked for.</summary>
internal static class Gallery
{
    /// <summary>A key that would be markup, script, syntax or no XML at all if it were not escaped.</summary>
    public const string WildKey = "<script>alert(1)</script>\u0001\"'&;`{}\uFFFE]]>";

    private static readonly Dictionary<string, Func<MapPicture>> s_pictures = new(StringComparer.Ordinal)
    {
        ["layout, empty"] = static () => new LayoutPicture { Layout = Numbers(0).GetLayout() },
        ["layout, detailed"] = static () => new LayoutPicture { Layout = Words().GetLayout(), Mark = MapLookup.Of(Words(), WildKey) },
        ["layout, growing"] = static () => new LayoutPicture { Layout = Numbers(21).GetLayout(), Mark = MapLookup.Of(Numbers(21), 5) },
        ["layout, grid"] = static () => new LayoutPicture { Layout = Numbers(81).GetLayout(), Mark = MapLookup.Of(Numbers(81), 42) },
        ["layout, 10,000 buckets"] = static () => new LayoutPicture { Layout = Numbers(60_000).GetLayout(), Mark = MapLookup.Of(Numbers(60_000), 42), MaxBuckets = int.MaxValue },
        ["layout, 10,000 buckets in detail"] = static () => new LayoutPicture { Layout = Numbers(60_000).GetLayout(), MaxBuckets = int.MaxValue, Detailed = true },
        ["parts, empty"] = static () => KindPicture.Of(new SyncMap<int, int>(name: "<parts>")),
        ["parts, in every state"] = static () => KindPicture.Of(Kinds.Parts(), key: WildKey),
        ["parts, all read"] = static () => KindPicture.Of(Kinds.ManyParts(20, fresh: 0), key: 99),
        ["parts, many"] = static () => KindPicture.Of(Kinds.ManyParts(90, fresh: 25), key: 5),
        ["parts, 60,000 entries"] = static () => (SyncPicture)KindPicture.Of(Kinds.ManyParts(50_000, fresh: 10_000), key: 5) with { MaxEntries = int.MaxValue },
        ["towers, empty"] = static () => KindPicture.Of(new OrderedMap<int, int>(name: "<towers>")),
        ["towers, one"] = static () => new OrderedPicture { Layout = Kinds.Towers(1) },
        ["towers, in every state"] = static () => new OrderedPicture { Layout = Kinds.Towers(24, withRemoved: true), Mark = Kinds.TowerKey(5) },
        ["towers, some left out"] = static () => new OrderedPicture { Layout = Kinds.Towers(30), MaxEntries = 11, Missing = WildKey },
        ["towers, many"] = static () => new OrderedPicture { Layout = Kinds.Towers(300), Mark = Kinds.TowerKey(100) },
        ["towers, 60,000 nodes"] = static () => new OrderedPicture { Layout = Kinds.Towers(60_000), MaxEntries = int.MaxValue },
        ["towers, 60,000 nodes in detail"] = static () => new OrderedPicture { Layout = Kinds.Towers(60_000), MaxEntries = int.MaxValue, Detailed = true },
        ["tree, empty"] = static () => KindPicture.Of(new SnapshotMap<int, int>(name: "<tree>")),
        ["tree, one group"] = static () => KindPicture.Of(Kinds.Tree(20).Map, key: 3),
        ["tree, frozen in part"] = static () => KindPicture.Of(Kinds.Tree(400).Map, key: 3),
        ["tree, with its snapshot"] = static () => Kinds.Compared(400),
        ["tree, of two steps"] = static () => Kinds.Compared(3_000),
        ["tree, 60,000 entries"] = static () => (SnapshotPicture)Kinds.Compared(60_000) with { MaxEntries = int.MaxValue },
        ["tree, wild keys"] = static () => KindPicture.Of(Kinds.WildTree(), key: WildKey),
        ["hash, empty map"] = static () => new HashPicture { Lookup = MapLookup.Of(Numbers(0), 1) },
        ["hash, found"] = static () => new HashPicture { Lookup = MapLookup.Of(Words(), WildKey) },
        ["hash, missing"] = static () => new HashPicture { Lookup = MapLookup.Of(Words(), "durian") },
        ["hash, in old buckets"] = static () => new HashPicture { Lookup = MapLookup.Of(Numbers(21), 5) },
        ["hash, in a chain"] = static () => new HashPicture { Lookup = MapLookup.Of(Chain(30), "k29") },
        ["histogram, empty map"] = static () => HistogramPicture.Of(Numbers(0)),
        ["histogram, hits"] = static () => HistogramPicture.Of(Numbers(20_000)),
        ["histogram, misses in a chain"] = static () => HistogramPicture.Of(Chain(200), ["a", "b", WildKey]),
        ["iterator, not begun"] = static () => Iterator(Numbers(40), 0),
        ["iterator, begun"] = static () => Iterator(Numbers(40), 1),
        ["iterator, on an entry"] = static () => Iterator(Words(), 4),
        ["iterator, empty map"] = static () => Iterator(Numbers(0), 2),
        ["iterator, while the table grows"] = static () => Iterator(Numbers(21), 6),
        ["iterator, in a chain"] = static () => Iterator(Chain(30), 20),
        ["iterator, many buckets"] = static () => Iterator(Numbers(700), 300),
        ["iterator, 10,000 buckets"] = static () => Iterator(Numbers(60_000), 30_000),
        ["iterator, done"] = static () => Iterator(Numbers(20), 1_000),
        ["contracts"] = static () => new ContractPicture(),
        ["contracts, other thread"] = static () => new ContractPicture(fromOtherThread: true),
        ["results, explored"] = static () => ResultsPicture.Of(RaceModels.Of("WriterFlag").Select(static model => Explorer.Run(model))),
        ["results, raced"] = static () => ResultsPicture.Of(ResultsPictureTests.Raced()),
        ["results, none"] = static () => ResultsPicture.Of(Array.Empty<ExploreResult>()),
        ["growth, nothing recorded"] = static () => new GrowthPicture(new KeyRun().Record(Traced())),
        ["growth, a few keys"] = static () => new GrowthPicture(Run(30).Record(Traced())),
        ["growth, many keys"] = static () => new GrowthPicture(Run(4_000).Record(Traced())),
    };

    private static readonly ConcurrentDictionary<string, Lazy<Drawn>> s_drawn = new(StringComparer.Ordinal);

    /// <summary>The names of the pictures.</summary>
    public static TheoryData<string> Names => new(s_pictures.Keys);

    /// <summary>Makes a picture.</summary>
    public static MapPicture Make(string name) => s_pictures[name]();

    /// <summary>A picture and its faces, drawn once for all tests that look at them.</summary>
    public static Drawn Draw(string name) => s_drawn.GetOrAdd(name, static n => new Lazy<Drawn>(() => new Drawn(Make(n)))).Value;

    /// <summary>A run over as many words, one of them wild, of which some are removed.</summary>
    public static KeyRun Run(int count)
    {
        string[] keys = [WildKey, .. Enumerable.Range(1, count).Select(static i => FormattableString.Invariant($"k{i}"))];
        return new KeyRun { Keys = keys, Remove = [keys[1], keys[2]], Iterate = true };
    }

    /// <summary>An empty map that can be recorded.</summary>
    public static GuardedMap<string, object> Traced() => new(new MapOptions<string> { HashSeed = 7, Name = "<recorded>", Trace = true });

    /// <summary>Numbers from 0.</summary>
    public static GuardedMap<int, int> Numbers(int count)
    {
        var map = new GuardedMap<int, int>(new MapOptions<int> { HashSeed = 7, Name = "numbers" });
        for (int i = 0; i < count; i++) map[i] = i;
        return map;
    }

    /// <summary>A few words, a wild one among them.</summary>
    public static GuardedMap<string, int> Words()
    {
        var map = new GuardedMap<string, int>(new MapOptions<string> { HashSeed = 7, Name = "<words>" });
        foreach (string word in (string[])["apple", "pear", "fig", "plum", WildKey, "lime", "date", "a key that is longer than any line it could be drawn on, and longer still, so that something must be cut"]) map[word] = word.Length;
        return map;
    }

    /// <summary>Every key in one bucket.</summary>
    public static GuardedMap<string, int> Chain(int count)
    {
        var map = new GuardedMap<string, int>(new MapOptions<string> { HashSeed = 7, Name = "chain", Comparer = new OneBucket() });
        for (int i = 0; i < count; i++) map[FormattableString.Invariant($"k{i}")] = i;
        return map;
    }

    /// <summary>A picture of an iterator after so many steps, or when it is done.</summary>
    public static IteratorPicture Iterator(IGuardedMap map, int steps)
    {
        using IMapIterator iterator = map.CreateIterator(IterationContract.Tolerate, seed: 0x3_0000_0005);
        int made = 0;
        while (made < steps && iterator.State != IteratorState.Done)
        {
            iterator.Step();
            made++;
        }

        return IteratorPicture.Of(map, iterator, made);
    }

    /// <summary>A picture, and each of its faces as it came when it was asked for first.</summary>
    public sealed class Drawn(MapPicture picture)
    {
        private readonly Lazy<string> _svg = new(() => picture.ToSvg());
        private readonly Lazy<string> _text = new(picture.ToString);
        private readonly Lazy<string?> _mermaid = new(picture.ToMermaid);

        public MapPicture Picture => picture;

        public string Svg => _svg.Value;

        public string Text => _text.Value;

        public string? Mermaid => _mermaid.Value;
    }

    private sealed class OneBucket : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode(string obj) => 1;
    }
}
