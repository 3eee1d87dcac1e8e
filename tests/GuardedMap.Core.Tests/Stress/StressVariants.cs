using System.Globalization;

namespace GuardedMaps.Tests.Stress;

/// <summary>What the comparers and factories of the stress throw.</summary>
internal sealed class StressFailure : Exception;

/// <summary>Foreign code that throws now and then, while it is switched on.</summary>
internal sealed class Moods
{
    [ThreadStatic]
    private static uint t_state;

    private bool _areOn;

    public bool AreOn
    {
        get => Volatile.Read(ref _areOn);
        set => Volatile.Write(ref _areOn, value);
    }

    /// <summary>Throws once in so many calls.</summary>
    public void Perhaps(uint oneIn)
    {
        if (!AreOn) return;
        uint next = t_state == 0 ? (uint)Environment.CurrentManagedThreadId * 2654435761u | 1 : t_state;
        next ^= next << 13;
        next ^= next >> 17;
        next ^= next << 5;
        t_state = next;
        if (next % oneIn == 0) throw new StressFailure();
    }
}

/// <summary>Compares ints by few hashes, and throws now and then.</summary>
internal sealed class MoodyComparer(Moods moods) : IEqualityComparer<int>, IComparer<int>
{
    private const uint OneIn = 400;

    public bool Equals(int x, int y)
    {
        moods.Perhaps(OneIn);
        return x == y;
    }

    public int GetHashCode(int obj)
    {
        moods.Perhaps(OneIn);
        return obj & 31;
    }

    public int Compare(int x, int y)
    {
        moods.Perhaps(OneIn);
        return x.CompareTo(y);
    }
}

/// <summary>A map to put under stress.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Make">Makes it, and tells of each key whose deferred write was dropped.</param>
internal sealed record StressVariant(string Name, Func<Moods, Action<object?>, StressMap> Make);

/// <summary>Every kind and protection that promises something. (Protection None promises nothing.)</summary>
internal static class StressVariants
{
    private static readonly StressTypes<int, long> s_words = new(k => k, v => v, k => k, v => v);
    private static readonly StressTypes<string, string> s_texts = new(Text, v => v.ToString(CultureInfo.InvariantCulture), Number, v => long.Parse(v, CultureInfo.InvariantCulture));
    private static readonly StressTypes<int, decimal> s_wide = new(k => k, v => v, k => k, v => (long)v);
    private static readonly StressTypes<object, object?> s_objects = new(k => (k & 1) == 0 ? Text(k) : k, v => v, k => k is string text ? Number(text) : (int)k, v => (long)v!);

    public static IReadOnlyList<StressVariant> All { get; } =
    [
        new("Guarded", (_, dropped) => Guarded(new MapOptions<int>(), s_words, dropped)),
        new("GuardedTexts", (_, dropped) => Guarded(new MapOptions<string>(), s_texts, dropped)),
        new("GuardedWide", (_, dropped) => Guarded(new MapOptions<int> { Contract = IterationContract.Tolerate }, s_wide, dropped)),
        new("GuardedMoody", (moods, dropped) => Guarded(new MapOptions<int> { Comparer = new MoodyComparer(moods), Contract = IterationContract.Defer }, s_words, dropped)),
        new("GuardedTraced", (_, dropped) => Guarded(new MapOptions<int> { Trace = true, TraceCapacity = 64 }, s_words, dropped)),
        new("GuardedShell", (_, dropped) => Watched(new GuardedMap(), s_objects, dropped)),
        new("GuardedReport", (_, dropped) => Guarded(new MapOptions<int> { OnViolation = ViolationResponse.Report }, s_words, dropped)),
        new("GuardedDetecting", (_, dropped) => Guarded(new MapOptions<string> { DetectLostUpdates = true }, s_texts, dropped)),
        new("Synchronized", (_, dropped) => Guarded(new MapOptions<int> { Protection = MapProtection.Synchronized }, s_words, dropped)),
        new("SynchronizedMoody", (moods, dropped) => Guarded(new MapOptions<int> { Protection = MapProtection.Synchronized, Comparer = new MoodyComparer(moods) }, s_wide, dropped)),
        new("Snapshot", (_, _) => new KindStressMap<int, long>(new SnapshotMap<int, long>(), s_words)),
        new("SnapshotMoody", (moods, _) => new KindStressMap<int, decimal>(new SnapshotMap<int, decimal>(new MoodyComparer(moods)), s_wide)),
        new("SnapshotDetecting", (_, _) => new KindStressMap<string, string>(new SnapshotMap<string, string>(new SnapshotMapOptions<string> { DetectLostUpdates = true }), s_texts)),
        new("Sync", (_, _) => new KindStressMap<int, long>(new SyncMap<int, long>(), s_words)),
        new("SyncTexts", (_, _) => new KindStressMap<string, string>(new SyncMap<string, string>(), s_texts)),
        new("SyncMoody", (moods, _) => new KindStressMap<int, long>(new SyncMap<int, long>(new MoodyComparer(moods)), s_words)),
        new("Ordered", (_, _) => new KindStressMap<int, long>(new OrderedMap<int, long>(), s_words)),
        new("OrderedMoody", (moods, _) => new KindStressMap<int, decimal>(new OrderedMap<int, decimal>(new MoodyComparer(moods)), s_wide)),
    ];

    private static GuardedStressMap<TKey, TValue> Guarded<TKey, TValue>(MapOptions<TKey> options, StressTypes<TKey, TValue> types, Action<object?> dropped)
        where TKey : notnull => Watched(new GuardedMap<TKey, TValue>(options), types, dropped);

    private static GuardedStressMap<TKey, TValue> Watched<TKey, TValue>(GuardedMapBase<TKey, TValue> map, StressTypes<TKey, TValue> types, Action<object?> dropped)
        where TKey : notnull
    {
        map.ViolationDetected += (_, violation) =>
        {
            if (violation.Kind == MapViolationKind.DeferredWriteFailed) dropped(violation.Key is TKey key ? types.KeyNumber(key) : null);
        };
        return new GuardedStressMap<TKey, TValue>(map, types);
    }

    private static string Text(int key) => string.Create(CultureInfo.InvariantCulture, $"k{key}");

    private static int Number(string text) => int.Parse(text.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
