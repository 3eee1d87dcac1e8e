using System.Diagnostics;

namespace GuardedMaps.Lab.Tests.Races.Recorded;

// Writers count: writer w stores x(w) = 1, y(w) = 1, x(w) = 2, y(w) = 2 and so on. At every moment y <= x <= y + 1. And of any two moments the later
// one has no smaller number anywhere. So snapshots are of moments if each keeps the first rule, and all of them together can be
// put into one order.

/// <summary>Snapshots and iterations show one moment each, and all of them lie on one line.</summary>
public sealed class SnapshotIsolationTests
{
    private const int Writers = 2;
    private const int Readers = 2;
    private const int Moments = 60; // That each reader is to see; so long the writers go on.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private const int Batches = 10_000;

    // Beside the pairs, so that they lie in groups and buckets of their own.
    private const int Others = 500;

    [Fact]
    public void Snapshots_of_a_SnapshotMap_are_moments_on_one_line()
    {
        var map = new SnapshotMap<int, long>();
        AssertMoments(Watch((key, value) => map[key] = value, () => Pairs(map.GetSnapshot())));
    }

    [Fact]
    public void And_so_are_its_iterations()
    {
        var map = new SnapshotMap<int, long>();
        AssertMoments(Watch((key, value) => map[key] = value, () => Pairs(map)));
    }

    [Fact]
    public void And_lookups_in_a_snapshot_say_what_its_iteration_shows()
    {
        var map = new SnapshotMap<int, long>();
        AssertMoments(Watch((key, value) => map[key] = value, () =>
        {
            var snapshot = map.GetSnapshot();
            long[] first = [.. Enumerable.Range(0, Writers * 2).Select(key => snapshot.GetValueOrDefault(key * Others))];
            Assert.Equal(first, Pairs(snapshot));
            return first;
        }));
    }

    [Fact]
    public void Iterations_of_a_synchronized_GuardedMap_are_moments_on_one_line()
    {
        var map = new GuardedMap<int, long>(new MapOptions<int> { Protection = MapProtection.Synchronized });
        AssertMoments(Watch((key, value) => map[key] = value, () =>
        {
            long[] pairs = new long[Writers * 2];
            foreach (var entry in map) Note(pairs, entry.Key, entry.Value);
            return pairs;
        }));
    }

    [Fact]
    public void What_is_read_key_by_key_is_no_moment_and_is_found_out()
    {
        var map = new SnapshotMap<int, long>();
        var seen = Watch((key, value) => map[key] = value, () => [.. Enumerable.Range(0, Writers * 2).Reverse().Select(i =>
        {
            Thread.SpinWait(20);
            return map[i * Others];
        }).Reverse()]);
        Assert.NotNull(Fault(seen));
    }

    [Fact]
    public void A_batch_is_seen_whole_or_not_at_all()
    {
        var map = new SnapshotMap<int, long>();
        int isOver = 0;
        using var crew = new ActorCrew(3);
        var faults = new System.Collections.Concurrent.ConcurrentQueue<string>();
        crew.Run(actor =>
        {
            if (actor == 0)
            {
                for (int i = 1; i <= Batches; i++)
                {
                    int round = i;
                    map.Write(batch =>
                    {
                        // The sum stays 0, the number of entries even.
                        batch[1] = round;
                        batch[1 + Others] = -round;
                        if (round % 3 == 0) batch[2 + Others] = batch[3 * Others] = 0;
                        else if (round % 3 == 1 && batch.Remove(2 + Others)) batch.Remove(3 * Others);
                    });
                }

                Volatile.Write(ref isOver, 1);
                return;
            }

            while (Volatile.Read(ref isOver) == 0)
            {
                var snapshot = new List<KeyValuePair<int, long>>();
                if (actor == 1) foreach (var entry in map.GetSnapshot()) snapshot.Add(entry);
                else foreach (var entry in map) snapshot.Add(entry);
                if (snapshot.Sum(e => e.Value) != 0 || snapshot.Count % 2 != 0) faults.Enqueue(string.Join(", ", snapshot));
                var other = map.GetSnapshot();
                int shown = other.Select(e => e.Key).Count();
                if (other.Count != shown) faults.Enqueue($"Count {other.Count} of {shown} entries");
            }
        });
        Assert.Empty(faults);
        Assert.Equal(-map[1], map[1 + Others]);
    }

    private static long[] Pairs(IEnumerable<KeyValuePair<int, long>> entries)
    {
        long[] pairs = new long[Writers * 2];
        foreach (var (key, value) in entries) Note(pairs, key, value);
        return pairs;
    }

    private static void Note(long[] pairs, int key, long value)
    {
        if (key % Others == 0 && key / Others < pairs.Length) pairs[key / Others] = value;
    }

    // What each reader saw, in its order: x and y of the first writer, x and y of the second.
    private static List<long[]>[] Watch(Action<int, long> store, Func<long[]> read)
    {
        for (int i = 0; i < 2 * Others; i++) store((3 * Others) + 1 + i, 0);
        for (int i = 0; i < Writers * 2; i++) store(i * Others, 0);
        int reading = Readers;
        var seen = Enumerable.Range(0, Readers).Select(_ => new List<long[]>()).ToArray();
        using var crew = new ActorCrew(Writers + Readers);
        Exception? error = null;
        crew.Run(actor =>
        {
            try
            {
                if (actor < Writers)
                {
                    for (int i = 1; Volatile.Read(ref reading) > 0; i++)
                    {
                        store(2 * actor * Others, i);
                        store(((2 * actor) + 1) * Others, i);
                    }
                }
                else
                {
                    var mine = seen[actor - Writers];
                    for (var watch = Stopwatch.StartNew(); mine.Count < Moments && watch.Elapsed < s_patience;)
                    {
                        long[] now = read();
                        if (mine.Count == 0 || !mine[^1].SequenceEqual(now)) mine.Add(now);
                    }
                }
            }
            catch (Exception thrown)
            {
                error = thrown;
            }
            finally
            {
                if (actor >= Writers) Interlocked.Decrement(ref reading);
            }
        });
        if (error is not null) Assert.Fail(error.ToString());
        return seen;
    }

    private static void AssertMoments(List<long[]>[] seen)
    {
        Assert.Null(Fault(seen));
        Assert.All(seen, reader => Assert.Equal(Moments, reader.Count));
    }

    private static string? Fault(List<long[]>[] seen)
    {
        foreach (var reader in seen)
        {
            if (reader.Find(s => s.Chunk(2).Any(p => p[0] < p[1] || p[0] > p[1] + 1)) is { } torn) return $"at no moment was there {string.Join(", ", torn)}";
            foreach (var (earlier, later) in reader.Zip(reader.Skip(1)))
            {
                if (!IsBefore(earlier, later)) return $"a reader saw {string.Join(", ", earlier)} and later {string.Join(", ", later)}";
            }
        }

        var line = seen.SelectMany(reader => reader).OrderBy(s => s.Sum()).ToList();
        foreach (var (earlier, later) in line.Zip(line.Skip(1)))
        {
            if (!IsBefore(earlier, later)) return $"neither of {string.Join(", ", earlier)} and {string.Join(", ", later)} can be the earlier one";
        }

        return null;
    }

    private static bool IsBefore(long[] earlier, long[] later) => earlier.Zip(later).All(p => p.First <= p.Second);
}
