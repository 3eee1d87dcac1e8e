using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Runtime.CompilerServices;

namespace GuardedMaps.Tests.Observation;

/// <summary>Hot keys: the counters keep their bound on any stream, the sampler finds what is hot on every kind of map, and leaves the map alone otherwise.</summary>
public sealed class HotKeyTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    public static TheoryData<MapKind> Kinds => [.. Enum.GetValues<MapKind>()];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(50)]
    [InlineData(1000)]
    public void No_count_is_too_low_and_none_more_than_its_error_too_high(int counters)
    {
        var random = new Random(counters);
        var truth = new Dictionary<int, long>();
        var summary = new SpaceSaving<int>(counters, EqualityComparer<int>.Default);
        for (int i = 0; i < 20_000; i++)
        {
            // A few hot ones, a long tail, and a hot one that comes late.
            int key = i > 15_000 && random.Next(3) == 0 ? -1 : (int)(1 / (random.NextDouble() + 0.001));
            truth[key] = truth.GetValueOrDefault(key) + 1;
            summary.Add(key);
        }

        var top = summary.Top(counters);
        Assert.Equal(20_000, summary.Total);
        Assert.Equal(20_000, top.Sum(t => t.Count)); // Of every stream: each key raises one counter by one.
        Assert.All(top, t => Assert.InRange(truth[t.Key], t.Count - t.Error, t.Count));
        Assert.All(top, t => Assert.InRange(t.Error, 0, 20_000 / counters));
        Assert.All(truth.Where(t => t.Value > 20_000 / counters), t => Assert.Contains(top, found => found.Key == t.Key));
        Assert.Equal(top.OrderByDescending(t => t.Count).Select(t => t.Count), top.Select(t => t.Count));
    }

    [Fact]
    public void A_comparer_that_throws_leaves_the_counters_as_they_were()
    {
        var comparer = new Throwing();
        var summary = new SpaceSaving<int>(2, comparer);
        for (int i = 0; i < 5; i++) summary.Add(i);
        var before = summary.Top(2);
        comparer.Throws = true;
        Assert.Throws<InvalidOperationException>(() => summary.Add(9));
        comparer.Throws = false;
        Assert.Equal(before, summary.Top(2));
        Assert.Equal(5, summary.Total);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_hot_key_is_found_in_reads_and_in_writes(MapKind kind)
    {
        foreach (bool reads in new[] { true, false })
        {
            var map = (IDictionary<string, int>)Make(kind);
            for (int i = 0; i < 500; i++) map.Add($"k{i}", i);
            var sampled = (IMap)map;
            Assert.Null(sampled.GetHotKeys());
            sampled.StartHotKeys(counters: 100);
            var random = new Random(1);
            var report = Work(sampled, samples: 400, () =>
            {
                string key = random.Next(2) == 0 ? "k7" : $"k{random.Next(500)}";
                if (reads) Assert.True(map.TryGetValue(key, out _));
                else map[key] = 1;
            });
            sampled.StopHotKeys();
            Assert.True(report.IsSampling);
            Assert.Equal("k7", report.Keys[0].Key);
            // A half, and one in 500 of the other half; bursts of 16 at 25 bursts are 400 coin tosses.
            Assert.InRange(report.Keys[0].Share, 0.35, 0.65);
            Assert.Equal(report.Samples / 100, report.MaxError);
            Assert.InRange(report.Keys[0].Margin, 0.01, 0.5);
            Assert.Equal(3, sampled.GetHotKeys(3)!.Keys.Count);
            Assert.Contains("samples in", report.Basis, StringComparison.Ordinal);

            long stopped = sampled.GetHotKeys()!.Samples;
            Assert.False(sampled.GetHotKeys()!.IsSampling);
            for (var watch = Stopwatch.StartNew(); watch.ElapsedMilliseconds < 20;) map["k7"] = 2;
            Assert.Equal(stopped, sampled.GetHotKeys()!.Samples);
            sampled.CheckInvariants();
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_shells_map_counts_keys_by_its_own_rule(MapKind kind)
    {
        IMap map = kind switch
        {
            MapKind.Guarded => new GuardedMap(),
            MapKind.Snapshot => new SnapshotMap(),
            MapKind.Sync => new SyncMap(),
            _ => new OrderedMap(),
        };
        map["Fig"] = 1;
        map.StartHotKeys();
        bool upper = false;
        var report = Work(map, samples: 50, () => _ = map[(upper = !upper) ? "FIG" : "fig"]);
        map.StopHotKeys();
        Assert.Equal("FIG", Assert.Single(report.Keys).Key.ToString(), ignoreCase: true);
    }

    [Theory]
    [InlineData(MapProtection.Guarded)]
    [InlineData(MapProtection.Synchronized)]
    [InlineData(MapProtection.None)]
    public void Sampling_provokes_no_violation_and_loses_no_write(MapProtection protection)
    {
        var map = new GuardedMap<int, int>(new MapOptions<int> { Protection = protection });
        map.StartHotKeys(counters: 10);
        // Until there are samples enough: on a busy machine the clock that takes them comes when it can.
        for (var watch = Stopwatch.StartNew(); watch.ElapsedMilliseconds < 300 || (map.GetHotKeys()!.Samples <= 100 && watch.Elapsed < s_patience);)
        {
            for (int i = 0; i < 1_000; i++)
            {
                int before = map.TryGetValue(i, out int there) ? there : 0;
                map[i] = before + 1;
                Assert.Equal(before + 1, map[i]);
            }
        }

        map.StopHotKeys();
        Assert.True(map.GetHotKeys()!.Samples > 100, map.GetHotKeys()!.Basis);
        Assert.Equal(0, map.ViolationCount);
        Assert.Equal(1_000, map.Count);
        map.CheckInvariants();
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        IMap map = new GuardedMap();
        Assert.Throws<ArgumentOutOfRangeException>(() => map.StartHotKeys(0));
        map.StartHotKeys();
        Assert.Throws<ArgumentOutOfRangeException>(() => map.GetHotKeys(0));
        map.StopHotKeys();
        map.StopHotKeys();
        Assert.Throws<ArgumentNullException>(() => new OrderedMap<string, int>().TryGetValue(null!, out _));
    }

    [Fact]
    public void A_forgotten_map_is_collected_though_it_is_sampled()
    {
        var map = Begin();
        for (var watch = Stopwatch.StartNew(); map.IsAlive && watch.Elapsed < s_patience;)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(5); // The clock may hold it for the length of a tick.
        }

        Assert.False(map.IsAlive);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static WeakReference Begin()
        {
            var map = new GuardedMap<int, int> { [1] = 1 };
            map.StartHotKeys();
            return new WeakReference(map);
        }
    }

    [Theory]
    [InlineData(MapKind.Guarded)]
    [InlineData(MapKind.Snapshot)]
    public void A_chain_longer_than_chance_allows_is_warned_of(MapKind kind)
    {
        using var listener = new Warnings();
        string name = $"{nameof(HotKeyTests)} {kind}";
        IMap good = Traced(null, $"{name} good");
        IMap bad = Traced(new SameHash(), $"{name} bad");
        for (int i = 0; i < 3_000; i++) good[i] = i;
        for (int i = 0; i < 300; i++) bad[i] = i;

        Assert.DoesNotContain(good.GetEvents(), e => e.Point == ProbePoint.ChainTooLong);
        var warnings = bad.GetEvents().Where(e => e.Point == ProbePoint.ChainTooLong).ToList();
        // At 32, and each time it has doubled.
        Assert.Equal([32UL, 64, 128, 256], warnings.Select(w => w.Data));
        Assert.Contains("32 keys or more lead to one place", warnings[0].Text, StringComparison.Ordinal);
        Assert.Equal(4, listener.Of($"{name} bad"));
        Assert.Equal(0, listener.Of($"{name} good"));

        IMap Traced(IEqualityComparer<int>? comparer, string name) => kind == MapKind.Guarded
            ? new GuardedMap<int, int>(new MapOptions<int> { Comparer = comparer, Name = name, Trace = true, TraceCapacity = 100_000 })
            : new SnapshotMap<int, int>(new SnapshotMapOptions<int> { Comparer = comparer, Name = name, Trace = true, TraceCapacity = 100_000 });
    }

    private static HotKeyReport Work(IMap map, int samples, Action operation)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < s_patience;)
        {
            for (int i = 0; i < 200; i++) operation();
            if (map.GetHotKeys()!.Samples >= samples) return map.GetHotKeys()!;
        }

        throw new TimeoutException(map.GetHotKeys()!.Basis);
    }

    private static object Make(MapKind kind) => kind switch
    {
        MapKind.Guarded => new GuardedMap<string, int>(StringComparer.Ordinal),
        MapKind.Snapshot => new SnapshotMap<string, int>(),
        MapKind.Sync => new SyncMap<string, int>(),
        _ => new OrderedMap<string, int>(),
    };

    private sealed class SameHash : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => x == y;

        public int GetHashCode(int obj) => 1;
    }

    private sealed class Throwing : IEqualityComparer<int>
    {
        public bool Throws { get; set; }

        public bool Equals(int x, int y) => x == y;

        public int GetHashCode(int obj) => Throws ? throw new InvalidOperationException("no") : obj;
    }

    private sealed class Warnings : EventListener
    {
        private readonly object _lock = new();
        private readonly List<string> _maps = [];

        public int Of(string map)
        {
            lock (_lock) return _maps.Count(m => string.Equals(m, map, StringComparison.Ordinal));
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "GuardedMap") EnableEvents(eventSource, EventLevel.Warning);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (_lock is null || eventData.EventName != "ChainTooLong") return; // The base constructor calls back before this object's own is through.
            lock (_lock) _maps.Add((string)eventData.Payload![0]!);
        }
    }
}
