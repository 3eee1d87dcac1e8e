using System.Collections.Concurrent;

namespace GuardedMaps.Tests.Maps;

/// <summary>SnapshotMap under real threads: nothing is lost, and every iteration shows one moment.</summary>
public sealed class SnapshotMapThreadTests
{
    private const int Writers = 4;

    [Fact]
    public void No_key_and_no_increment_is_lost()
    {
        const int Each = 20_000;
        var map = new SnapshotMap<int, int>();
        MapThreads.Together(Writers, w =>
        {
            for (int i = 0; i < Each; i++)
            {
                map.Increment(-1);
                map.AddOrUpdate(-2, 1, (_, present) => present + 1);
                map[(i * Writers) + w] = i;
                if (i % 3 == 0) Assert.True(map.Remove((i * Writers) + w));
            }
        });

        map.CheckInvariants();
        Assert.Equal(Writers * Each, map[-1]);
        Assert.Equal(Writers * Each, map[-2]);
        Assert.Equal(2 + (Writers * (Each - ((Each + 2) / 3))), map.Count);
        Assert.All(map.Where(e => e.Key >= 0), e => Assert.Equal(e.Key / Writers, e.Value));
    }

    [Fact]
    public void An_iteration_shows_one_moment_while_money_moves()
    {
        const int Accounts = 300;
        const int Total = Accounts * 100;
        var map = new SnapshotMap<int, int>(Enumerable.Range(0, Accounts).Select(i => KeyValuePair.Create(i, 100)));
        bool stop = false;
        var problems = new ConcurrentQueue<string>();
        int iterations = 0;
        var readers = MapThreads.Begin(2, _ =>
        {
            while (!Volatile.Read(ref stop))
            {
                int sum = 0;
                int count = 0;
                foreach (var (_, amount) in map) (sum, count) = (sum + amount, count + 1);
                if (sum != Total || count != Accounts) problems.Enqueue($"{count} accounts, {sum} in all");
                Interlocked.Increment(ref iterations);
            }
        });
        MapThreads.Together(2, w =>
        {
            var random = new Random(w);
            for (int i = 0; i < 5_000; i++)
            {
                int from = random.Next(Accounts);
                int to = random.Next(Accounts);
                map.Write(batch =>
                {
                    batch[from] -= 1;
                    batch[to] += 1;
                });
            }
        });
        Volatile.Write(ref stop, true);
        MapThreads.End(readers);
        Assert.Empty(problems);
        Assert.True(iterations > 10, $"Only {iterations} iterations overlapped.");
    }

    [Fact]
    public void Single_writes_become_visible_in_their_order()
    {
        // B is always written after A, so whoever sees B's number sees one of A that is not smaller.
        var map = new SnapshotMap<string, int> { ["A"] = 0, ["B"] = 0 };
        bool stop = false;
        var problems = new ConcurrentQueue<string>();
        var readers = MapThreads.Begin(1, _ =>
        {
            int seen = 0;
            while (!Volatile.Read(ref stop))
            {
                var snapshot = map.GetSnapshot();
                int ahead = snapshot["A"] - snapshot["B"];
                if (ahead is not (0 or 1)) problems.Enqueue($"A was {ahead} ahead of B");
                int now = map["B"];
                if (now < seen) problems.Enqueue($"B was {seen} and then {now}");
                seen = now;
            }
        });
        for (int i = 1; i <= 50_000; i++)
        {
            map["A"] = i;
            map["B"] = i;
        }

        Volatile.Write(ref stop, true);
        MapThreads.End(readers);
        Assert.Empty(problems);
    }
}
