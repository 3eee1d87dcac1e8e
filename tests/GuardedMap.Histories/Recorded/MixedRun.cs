using System.Diagnostics;
using System.Globalization;
using GuardedMaps.Lab;

namespace GuardedMaps.Tests.Histories;

/// <summary>What came of a mixed run.</summary>
/// <param name="Operations">Operations on single keys, and iterations.</param>
/// <param name="Iterations">The iterations among them.</param>
/// <param name="Entries">What the map held at the end.</param>
/// <param name="Elapsed">The time of the threads, without the check at the end.</param>
/// <param name="Fault">The first thing that was wrong; null if nothing was.</param>
internal sealed record MixedRunResult(long Operations, int Iterations, int Entries, TimeSpan Elapsed, string? Fault)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Operations:N0} operations with {Iterations} iterations in {Elapsed.TotalSeconds:0.0} s, {Entries:N0} entries at the end, {Fault ?? "nothing lost"}");
}

// Millions of operations of several threads on one map, none of which may be lost.
//
//   own keys      one thread alone writes them and keeps its own book: every lookup must say what the book says, at once
//   others' keys  are looked up: what is found must have been stored by their owner
//   counters      all threads count up together: the sums must come out
//   pinned keys   are there from the beginning and stay: each iteration must show each of them, once
//
// At the end the map must hold what the books say, and nothing else.

/// <summary>A long run of mixed operations with everything checked.</summary>
internal sealed class MixedRun
{
    private const int Counters = 8;
    private const int Pinned = 64;
    private const int OwnKeys = 4096;
    private const int OperationsPerIteration = 100_000;

    private readonly MapFace<int> _map;
    private readonly Dictionary<int, long>[] _books;
    private readonly long[] _added = new long[Counters];
    private readonly ulong _seed;
    private readonly long _each;
    private int _iterations;
    private string? _fault;

    private MixedRun(MapFace<int> map, int threads, long operations, ulong seed)
    {
        (_map, _seed, _each) = (map, seed, operations / threads);
        _books = [.. Enumerable.Range(0, threads).Select(_ => new Dictionary<int, long>())];
        for (int i = 0; i < Pinned; i++) map.Set(PinnedKey(i), PinnedKey(i));
    }

    public static MixedRunResult Run(MapFace<int> map, int threads, long operations, ulong seed)
    {
        var run = new MixedRun(map, threads, operations, seed);
        using var crew = new ActorCrew(threads);
        var watch = Stopwatch.StartNew();
        crew.Run(run.Work);
        watch.Stop();
        if (run._fault is null) run.CheckRest();
        return new MixedRunResult(run._each * threads, run._iterations, map.Count, watch.Elapsed, run._fault);
    }

    // Counters, pinned keys and each thread's own ones lie in ranges of their own.
    private static int PinnedKey(int number) => Counters + number;

    private static int OwnKey(int thread, int number) => Counters + Pinned + (thread * OwnKeys) + number;

    private void Work(int thread)
    {
        try
        {
            var random = RaceRandom.ForTrial(_seed, thread);
            for (long i = 0; i < _each && _fault is null; i++)
            {
                if (i % OperationsPerIteration == OperationsPerIteration - 1) Iterate();
                else Do(thread, random, i);
            }
        }
        catch (Exception error)
        {
            Fail($"an operation threw {error}"); // No operation of these maps may throw, so it is what the run has found.
        }
    }

    private void Do(int thread, RaceRandom random, long number)
    {
        int drawn = random.Next(100);
        int key = OwnKey(thread, random.Next(OwnKeys));
        var book = _books[thread];
        long value = (number << 20) | (uint)key;
        switch (drawn)
        {
            case < 40:
                long? expected = book.TryGetValue(key, out long present) ? present : null;
                if (_map.Get(key) is var found && found != expected) Fail($"key {key} is {Text(found)} and its only writer has left {Text(expected)} there");
                break;
            case < 60:
                _map.Set(key, value);
                book[key] = value;
                break;
            case < 65:
                if (_map.TryAdd(key, value) == book.ContainsKey(key)) Fail($"TryAdd of key {key} contradicts its only writer's book");
                book.TryAdd(key, value);
                break;
            case < 80:
                if (_map.Take(key) is var taken && taken != (book.Remove(key, out long had) ? had : null)) Fail($"key {key} was removed as {Text(taken)}, which its only writer has not left there");
                break;
            case < 90:
                int counter = random.Next(Counters);
                _map.Increment(counter, 1);
                Interlocked.Increment(ref _added[counter]);
                break;
            default:
                int other = OwnKey(random.Next(_books.Length), random.Next(OwnKeys));
                if (_map.Get(other) is { } theirs && (theirs & 0xF_FFFF) != other) Fail($"key {other} holds {theirs}, which is of key {theirs & 0xF_FFFF}");
                break;
        }
    }

    private void Iterate()
    {
        Interlocked.Increment(ref _iterations);
        var seen = new HashSet<int>();
        foreach (var (key, value) in _map.Entries())
        {
            if (!seen.Add(key)) Fail($"an iteration shows key {key} twice");
            if (key >= Counters + Pinned && (value & 0xF_FFFF) != key) Fail($"an iteration shows key {key} with {value}, which is of key {value & 0xF_FFFF}");
        }

        for (int i = 0; i < Pinned; i++)
        {
            if (!seen.Contains(PinnedKey(i))) Fail($"an iteration misses key {PinnedKey(i)}, which is there all the time");
        }
    }

    private void CheckRest()
    {
        var expected = new Dictionary<int, long>(_books.SelectMany(b => b));
        for (int i = 0; i < Pinned; i++) expected.Add(PinnedKey(i), PinnedKey(i));
        for (int i = 0; i < Counters; i++)
        {
            if (_added[i] > 0) expected.Add(i, _added[i]);
        }

        foreach (var (key, value) in expected)
        {
            if (_map.Get(key) != value) Fail($"at the end key {key} is {Text(_map.Get(key))} and should be {value}");
        }

        int shown = _map.Entries().Count(e => expected.TryGetValue(e.Key, out long value) ? value == e.Value : Fail($"at the end there is key {e.Key}, which its only writer has removed"));
        if (shown != expected.Count) Fail($"at the end an iteration shows {shown} right entries, and there are {expected.Count}");
        if (_map.Count != expected.Count) Fail($"at the end Count is {_map.Count}, and there are {expected.Count} entries");
        _map.CheckInvariants();
    }

    private static string Text(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "missing";

    private bool Fail(FormattableString fault)
    {
        Interlocked.CompareExchange(ref _fault, fault.ToString(CultureInfo.InvariantCulture), null);
        return false;
    }
}
