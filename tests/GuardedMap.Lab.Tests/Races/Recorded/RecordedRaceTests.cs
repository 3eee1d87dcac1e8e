using System.Collections.Concurrent;

namespace GuardedMaps.Lab.Tests.Races.Recorded;

/// <summary>Histories of real threads: linearizable on every map that says so, and found not to be on maps that are not.</summary>
public sealed class RecordedRaceTests
{
    private const int Rounds = 2_000;

    [Theory]
    [InlineData("SnapshotMap")]
    [InlineData("SyncMap")]
    [InlineData("OrderedMap")]
    [InlineData("GuardedMapSynchronized")]
    public void Every_recorded_history_of_a_map_that_cannot_race_is_linearizable(string map)
    {
        var result = RecordedRace.Run(hesitant => RecordedMaps.Create(map, hesitant), Rounds, seed: 1);
        Assert.True(result.Fault is null, $"{map}: {result}");
        Assert.Equal(Rounds, result.Rounds);
        Assert.True(result.Operations > Rounds * 20, $"{map}: {result}");
        Assert.True(result.Overlapping > 0, $"{map}: {result}");
    }

    [Theory]
    [InlineData(Break.Increment)]
    [InlineData(Break.TryAdd)]
    [InlineData(Break.Take)]
    [InlineData(Break.Moment)]
    [InlineData(Break.Clear)]
    [InlineData(Break.Stale)]
    [InlineData(Break.Count)]
    public void A_map_whose_operations_are_made_of_two_is_found_out(Break broken)
    {
        var result = RecordedRace.Run(_ => new BrokenMap(broken), rounds: 4_000, seed: 1);
        Assert.True(result.Fault is not null, $"{broken}: {result}");
    }

    [Fact]
    public void And_without_the_break_it_passes() =>
        Assert.Null(RecordedRace.Run(_ => new BrokenMap(Break.Nothing), Rounds, seed: 1).Fault);
}

/// <summary>Which operation of a <see cref="BrokenMap"/> is none.</summary>
public enum Break
{
    Nothing,
    Increment,
    TryAdd,
    Take,
    Moment,
    Clear,
    Stale,
    Count,
}

/// <summary>A locked dictionary, one of whose operations lets the lock go in the middle, or tells what was.</summary>
internal sealed class BrokenMap(Break broken) : MapFace<int>
{
    private readonly Dictionary<int, long> _map = [];
    private readonly ConcurrentDictionary<(int Thread, int Key), long?> _seen = new();
    private int _lost;

    public override bool IterationIsOneMoment => true;

    public override bool CountIsExact => true;

    public override bool HasTryUpdate => true;

    public override int Count
    {
        get
        {
            lock (_map) return _map.Count + _lost;
        }
    }

    public override long? Get(int key)
    {
        // What a thread has seen once it goes on seeing.
        long? now = Locked(() => _map.TryGetValue(key, out long value) ? value : (long?)null);
        return broken == Break.Stale && now is not null ? _seen.GetOrAdd((Environment.CurrentManagedThreadId, key), now) : now;
    }

    public override void Set(int key, long value) => Locked(() => _map[key] = value);

    public override bool TryAdd(int key, long value)
    {
        if (broken != Break.TryAdd) return Locked(() => _map.TryAdd(key, value));
        if (Locked(() => _map.ContainsKey(key))) return false;
        Pause();
        Set(key, value);
        return true;
    }

    public override bool TryUpdate(int key, long value, long compared) => Locked(() =>
    {
        if (!_map.TryGetValue(key, out long present) || present != compared) return false;
        _map[key] = value;
        return true;
    });

    public override long GetOrAdd(int key, long value) => Locked(() => _map.TryAdd(key, value) ? value : _map[key]);

    public override long Increment(int key, long by)
    {
        if (broken != Break.Increment) return Locked(() => _map[key] = _map.GetValueOrDefault(key) + by);
        long sum = Locked(() => _map.GetValueOrDefault(key)) + by;
        Pause();
        Set(key, sum);
        return sum;
    }

    public override long? Take(int key)
    {
        if (broken == Break.Count) _lost++;
        if (broken != Break.Take) return Locked(() => _map.Remove(key, out long value) ? value : (long?)null);
        long? found = Locked(() => _map.TryGetValue(key, out long value) ? value : (long?)null);
        Pause();
        Locked(() => _map.Remove(key));
        return found;
    }

    public override void Clear()
    {
        if (broken != Break.Clear) Locked(_map.Clear);
        else foreach (int key in Locked(() => _map.Keys.ToArray()))
        {
            Take(key);
            Pause();
        }
    }

    public override IEnumerable<KeyValuePair<int, long>> Entries()
    {
        if (broken != Break.Moment) return Locked(() => _map.ToArray());
        return Locked(() => _map.Keys.ToArray()).Select(key =>
        {
            Pause();
            return new KeyValuePair<int, long>(key, Get(key) ?? -1);
        }).Where(e => e.Value >= 0);
    }

    public override void CheckInvariants()
    {
        // Nothing in it can break; what can, is seen from outside.
    }

    // Longer than a thread waits for a processor on a busy machine.
    private static void Pause() => Thread.Sleep(1);

    private void Locked(Action action)
    {
        lock (_map) action();
    }

    private T Locked<T>(Func<T> function)
    {
        lock (_map) return function();
    }
}
