using System.Globalization;
using System.Runtime.CompilerServices;

namespace GuardedMaps.Tests.Maps;

/// <summary>
/// A snapshot never changes, whatever is written in place afterwards: for values of one machine word, which are stored into the groups that readers
/// see, for wide ones, which are not, and for keys and values that are references, which are cleared when they are removed.
/// </summary>
public sealed class SnapshotIsolationTests
{
    private const int Steps = 6_000;

    [Fact]
    public void Of_numbers() => Run(k => k, v => (long)v, null);

    [Fact]
    public void Of_wide_values() => Run(k => k, v => (decimal)v, null);

    [Fact]
    public void Of_wide_values_with_references() => Run(k => k, v => (Text(v), v), null);

    [Fact]
    public void Of_texts() => Run(Text, Text, null);

    [Fact]
    public void Of_keys_of_two_words() => Run(k => (Text(k), k), v => v, null);

    [Fact]
    public void Of_objects_with_few_hashes() => Run(k => (object)Text(k), v => (object?)v, new FewHashes());

    [Fact]
    public void What_is_removed_or_replaced_is_not_kept_alive()
    {
        var map = new SnapshotMap<object, object>();
        var gone = Fill(map);
        GC.Collect();
        Assert.All(gone, reference => Assert.False(reference.IsAlive));
        Assert.Single(map);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static List<WeakReference> Fill(SnapshotMap<object, object> map)
        {
            object stays = new();
            object goes = new();
            var references = new List<WeakReference>();
            foreach (object key in new[] { stays, goes })
            {
                var (first, second) = (new object(), new object());
                map[key] = first;
                map[key] = second;
                references.AddRange([new(first), new(second)]);
            }

            map[stays] = 1; // And what was announced last is not kept either.
            map.Remove(goes);
            references.Add(new(goes));
            return references;
        }
    }

    [Fact]
    public void A_snapshot_is_all_that_makes_writes_copy()
    {
        var map = new SnapshotMap<int, long>(Enumerable.Range(0, 100_000).Select(i => KeyValuePair.Create(i, 0L)));
        long inPlace = PerWrite(map);
        _ = map.GetSnapshot();
        long copying = PerWrite(map);
        long again = PerWrite(map);
        Assert.InRange(inPlace, 1, 100);
        Assert.InRange(copying, 500, 3_000);
        Assert.InRange(again, 1, 100);

        static long PerWrite(SnapshotMap<int, long> map)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++) map[i * 997] = i;
            return (GC.GetAllocatedBytesForCurrentThread() - before) / 100;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Run<TKey, TValue>(Func<int, TKey> key, Func<int, TValue> value, IEqualityComparer<TKey>? comparer)
        where TKey : notnull
    {
        var map = new SnapshotMap<TKey, TValue>(comparer);
        var model = new Dictionary<TKey, TValue>(comparer);
        var kept = new Queue<(Snapshot<TKey, TValue> Snapshot, Dictionary<TKey, TValue> Model)>();
        var random = new Random(11);
        for (int step = 1; step <= Steps; step++)
        {
            var k = key(random.Next(step % 2_000 < 1_000 ? 400 : 40));
            switch (random.Next(step % 1_000 < 500 ? 5 : 9))
            {
                case < 4:
                    map[k] = model[k] = value(step);
                    break;
                case 4 when random.Next(300) == 0:
                    map.Clear();
                    model.Clear();
                    break;
                default:
                    Assert.Equal(model.Remove(k, out var was), map.Remove(k, out var removed));
                    Assert.Equal(was, removed);
                    break;
            }

            if (random.Next(4) == 0) kept.Enqueue((map.GetSnapshot(), new Dictionary<TKey, TValue>(model, comparer)));
            if (kept.Count > 30) Check(kept.Dequeue());
            map.CheckInvariants();
            Assert.Equal(model.Count, map.Count);
        }

        while (kept.TryDequeue(out var last)) Check(last);

        void Check((Snapshot<TKey, TValue> Snapshot, Dictionary<TKey, TValue> Model) then)
        {
            Assert.Equal(then.Model.Count, then.Snapshot.Count);
            Assert.Equal(then.Model.Count, then.Snapshot.Select(e => e.Key).ToHashSet(comparer).Count);
            Assert.All(then.Snapshot, e => Assert.Equal(then.Model[e.Key], e.Value));
            Assert.All(then.Model, e => Assert.Equal(e.Value, then.Snapshot[e.Key]));
        }
    }

    private sealed class FewHashes : IEqualityComparer<object>
    {
        public new bool Equals(object? x, object? y) => string.Equals((string?)x, (string?)y, StringComparison.Ordinal);

        public int GetHashCode(object obj) => ((string)obj).Length;
    }
}
