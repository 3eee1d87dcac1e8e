using System.Collections.Concurrent;
using System.Globalization;

namespace GuardedMaps.Tests.Stress;

// Everything at once, in rounds.
//
//     round   four threads, each with keys of its own and a book of what they must be ──▶ join, collect ──▶ look
//
// A thread does random operations on its own keys: whatever the operation answers goes into its book, and one that throws must have changed nothing, whether it was
// refused, or a comparer or factory threw, or the thread was interrupted. Between them it iterates over everything, under every contract, to
// the end or not; drops iterators and enumerators half-way; ends everybody's iterations by name; and has the garbage collected. A further thread interrupts the others.
// Some keys nobody ever writes: every complete iteration must show each of them once.
//
// At the end of a round nobody is there any more. In every second one no enumerator of a foreach was dropped, and then a plain write must go through:
// the collector has found all that was dropped. In the others EndIterations comes first. Then:
//
//     lost     a key that is not what its book says (a deferred write that was dropped and reported is excused), a wrong Count, a broken invariant
//     holes    an entry whose value is another key's, a key seen twice, a permanent key not seen
//     stuck    a thread that does not come to its end, a write that is refused when nobody is there
//     raw      any exception that is neither a violation nor the stress's own
//
// The seed fixes what the threads try. When they meet is up to the machine.

/// <summary>What came of it.</summary>
internal sealed record StressResult
{
    public required string Target { get; init; }

    public required ulong Seed { get; init; }

    public TimeSpan Time { get; set; }

    public int Rounds { get; set; }

    public long Operations;
    public long Refused;
    public long Thrown;
    public long Interrupted;
    public long Iterations;
    public long Abandoned;
    public long Dropped;

    /// <summary>What was wrong, the first few.</summary>
    public ConcurrentQueue<string> Faults { get; } = new();

    public override string ToString()
    {
        string verdict = Faults.IsEmpty ? "0 lost, 0 holes, 0 stuck" : string.Join("; ", Faults.Take(5));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Target}, seed {Seed}: {Operations:N0} operations in {Rounds:N0} rounds of {Time.TotalSeconds:N0} s; {Refused:N0} refused, {Thrown:N0} thrown, {Interrupted:N0} interrupted, {Iterations:N0} iterations, {Abandoned:N0} dropped half-way, {Dropped:N0} deferred writes dropped: {verdict}");
    }
}

/// <summary>One run on one variant.</summary>
internal sealed class StressRun
{
    private const int KeysPerThread = 40;
    private const int Permanent = 50;
    private const long Scale = 1_000_000;

    private const int OperationsPerRound = 3000;

    /// <summary>After so many refusals on end somebody's iterator was dropped, and it is time for the collector.</summary>
    private const int RefusalsUntilCollection = 200;

    /// <summary>So long nobody makes a step, then the threads are stuck.</summary>
    private static readonly TimeSpan s_hang = TimeSpan.FromMinutes(1);

    private readonly StressMap _map;
    private readonly Moods _moods = new();
    private readonly StressResult _result;
    private readonly Dictionary<int, long>[] _books;
    private readonly ConcurrentDictionary<int, bool> _excused = new();
    private readonly ulong _seed;
    private bool _isOver;
    private bool _mayDropLoops;

    private StressRun(StressVariant variant, int threads, ulong seed)
    {
        _seed = seed;
        _result = new StressResult { Target = variant.Name, Seed = seed };
        _books = [.. Enumerable.Range(0, threads).Select(_ => new Dictionary<int, long>())];
        _map = variant.Make(_moods, Excuse);
        Refill();
    }

    /// <summary>Runs for a time, or for a number of rounds, whichever ends first; two rounds at least.</summary>
    public static StressResult Run(StressVariant variant, TimeSpan time, int threads, ulong seed, int rounds = int.MaxValue)
    {
        var run = new StressRun(variant, threads, seed);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        do run.Round();
        while (run._result.Faults.IsEmpty && run._result.Rounds < rounds && (run._result.Rounds < 2 || watch.Elapsed < time));
        run._result.Time = watch.Elapsed;
        return run._result;
    }

    private static long ValueOf(int key, long number) => (Math.Abs((long)key) * Scale) + number;

    private static bool Belongs(int key, long value) => value / Scale == Math.Abs((long)key);

    // Not HashCode.Combine, which is another one in each process.
    private int Mixed(int round, int me) => unchecked((int)((_seed * 0x9E37_79B9) + ((ulong)round * 7919) + (ulong)(me + 1)));

    private void Round()
    {
        int round = _result.Rounds++;
        _mayDropLoops = (round & 1) == 1;
        Volatile.Write(ref _isOver, false);
        _moods.AreOn = true;
        Thread[] threads = [.. Enumerable.Range(0, _books.Length).Select(me => new Thread(() => Work(me, new Random(Mixed(round, me)))) { IsBackground = true })];
        foreach (Thread thread in threads) thread.Start();
        var interrupter = new Thread(() => Interrupt(threads, new Random(Mixed(round, -1)))) { IsBackground = true };
        interrupter.Start();
        bool areDone = threads.All(Ends);
        Volatile.Write(ref _isOver, true);
        _moods.AreOn = false;
        if (!areDone || !interrupter.Join(s_hang))
        {
            Fault("stuck: a thread has not come to its end");
            return;
        }

        Look(clear: round % 5 == 4);
    }

    private bool Ends(Thread thread)
    {
        long before = -1;
        while (!thread.Join(s_hang))
        {
            long now = Interlocked.Read(ref _result.Operations);
            if (now == before) return false;
            before = now;
        }

        return true;
    }

    private void Interrupt(Thread[] threads, Random random)
    {
        while (!Volatile.Read(ref _isOver))
        {
            threads[random.Next(threads.Length)].Interrupt();
            Thread.Sleep(random.Next(2));
        }
    }

    private void Work(int me, Random random)
    {
        int refusals = 0;
        for (int i = 0; i < OperationsPerRound; i++)
        {
            Interlocked.Increment(ref _result.Operations);
            try
            {
                Step(me, random);
                refusals = 0;
            }
            catch (MapViolationException violation) when (_map.MayRefuse || violation.Kind == MapViolationKind.IteratorDone)
            {
                // Where nothing else is refused, an iteration that was ended by name still is.
                Interlocked.Increment(ref _result.Refused);
                if (++refusals % RefusalsUntilCollection == 0) GC.Collect();
            }
            catch (StressFailure)
            {
                Interlocked.Increment(ref _result.Thrown);
            }
            catch (ThreadInterruptedException)
            {
                Interlocked.Increment(ref _result.Interrupted);
            }
            catch (Exception raw)
            {
                Fault($"raw: {Described(raw)}");
                return;
            }
        }
    }

    // Putting a stack into words takes a lock, and the interrupter does not sleep.
    private static string Described(Exception raw)
    {
        while (true)
        {
            try
            {
                return $"{raw.GetType().Name} {raw.Message} {raw.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}";
            }
            catch (ThreadInterruptedException)
            {
                Thread.Yield();
            }
        }
    }

    private void Step(int me, Random random)
    {
        int what = random.Next(10_000);
        if (what < 9600)
        {
            Operate(me, random);
            return;
        }

        if (what < 9950)
        {
            Iterate(me, random);
            return;
        }

        if (what < 9980)
        {
            Interlocked.Increment(ref _result.Abandoned);
            if (_mayDropLoops && random.Next(4) == 0) _map.AbandonForEach();
            else _map.Abandon(Contract(random));
            return;
        }

        if (what < 9984) GC.Collect();
        else if (_mayDropLoops) _map.EndIterations();
    }

    private void Operate(int me, Random random)
    {
        Dictionary<int, long> book = _books[me];
        int key = (random.Next(KeysPerThread) * _books.Length) + me + 1;
        long value = ValueOf(key, random.Next((int)Scale));
        switch (random.Next(8))
        {
            case 0 or 1:
                _map.Set(key, value);
                book[key] = value;
                break;
            case 2:
                if (_map.TryAdd(key, value)) book[key] = value;
                break;
            case 3:
                if (_map.Remove(key)) book.Remove(key);
                break;
            case 4:
                book[key] = _map.GetOrAdd(key, value);
                break;
            case 5:
                book[key] = _map.Update(key, _ =>
                {
                    _moods.Perhaps(20);
                    return value;
                });
                break;
            default:
                long? found = _map.Get(key);
                if (found is { } there && !Belongs(key, there)) Fault($"hole: the key {key} has the value {there}");
                // Where nothing is deferred, the book holds at every moment.
                if (!_map.MayRefuse && found != (book.TryGetValue(key, out long expected) ? expected : null)) Fault($"lost: the key {key} is {found} and should be {expected}");
                break;
        }
    }

    private void Iterate(int me, Random random)
    {
        Interlocked.Increment(ref _result.Iterations);
        var seen = new HashSet<int>();
        int left = random.Next(3) == 0 ? random.Next(60) : int.MaxValue;
        bool writes = random.Next(3) == 0;
        bool isWhole = true;
        try
        {
            if (random.Next(2) == 0) _map.ForEach((key, value) => See(key, value, null));
            else _map.Visit(Contract(random), See);
        }
        catch (EnoughException)
        {
            isWhole = false;
        }

        if (!isWhole) return;
        for (int key = 1; key <= Permanent; key++)
        {
            if (!seen.Contains(-key)) Fault($"hole: an iteration has not seen the permanent key {-key}");
        }

        void See(int key, long value, IMapEntry? entry)
        {
            if (!Belongs(key, value)) Fault($"hole: an iteration has seen the key {key} with the value {value}");
            // A loop that writes under Tolerate also applies what others had deferred: a key that was removed so, and added anew, may come again.
            if (!seen.Add(key) && (!writes || key < 0)) Fault($"hole: an iteration has seen the key {key} twice");
            if (left-- <= 0) throw new EnoughException();
            if (!writes || key <= 0 || (key - 1) % _books.Length != me) return;
            if (entry is not null && random.Next(3) == 0)
            {
                if (entry.Remove()) _books[me].Remove(key);
            }
            else if (random.Next(4) == 0)
            {
                try
                {
                    Operate(me, random);
                }
                catch (MapViolationException) when (_map.MayRefuse)
                {
                    Interlocked.Increment(ref _result.Refused);
                }
            }
        }
    }

    private IterationContract? Contract(Random random)
    {
        int at = random.Next(_map.Contracts.Count + 1);
        return at == _map.Contracts.Count ? null : _map.Contracts[at];
    }

    /// <summary>Everybody has gone: is everything there, and is the map free?</summary>
    private void Look(bool clear)
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        if (_mayDropLoops) Try("EndIterations", () => _map.EndIterations());
        Try("a write", () => _map.Set(int.MaxValue, ValueOf(int.MaxValue, 1)));
        Try("a removal", () => _map.Remove(int.MaxValue));
        try
        {
            _map.CheckInvariants();
        }
        catch (Exception broken)
        {
            Fault($"lost: {broken.Message}");
        }

        int expected = Permanent;
        bool isExact = _excused.IsEmpty;
        for (int me = 0; me < _books.Length; me++)
        {
            for (int at = 0; at < KeysPerThread; at++)
            {
                int key = (at * _books.Length) + me + 1;
                long? book = _books[me].TryGetValue(key, out long value) ? value : null;
                long? found = _map.Get(key);
                if (_excused.ContainsKey(key))
                {
                    // From now on what is there holds.
                    if (found is { } there) _books[me][key] = there;
                    else _books[me].Remove(key);
                }
                else if (found != book)
                {
                    Fault($"lost: the key {key} is {found?.ToString(CultureInfo.InvariantCulture) ?? "not there"} and should be {book?.ToString(CultureInfo.InvariantCulture) ?? "not there"}");
                }
            }

            expected += _books[me].Count;
        }

        if (_map.Count != expected) Fault($"lost: Count is {_map.Count} and should be {expected}{(isExact ? "" : ", some deferred writes were dropped")}");
        _excused.Clear();
        if (!clear) return;
        Try("Clear", _map.Clear);
        if (_map.Count != 0) Fault($"lost: Count is {_map.Count} after Clear");
        foreach (Dictionary<int, long> book in _books) book.Clear();
        Refill();
    }

    // A deferred write that is dropped is reported by the first write that comes; the next must go through.
    private void Try(string what, Action write)
    {
        try
        {
            try
            {
                write();
            }
            catch (MapViolationException violation) when (violation.Kind == MapViolationKind.DeferredWriteFailed)
            {
                write();
            }
        }
        catch (Exception stuck)
        {
            Fault($"stuck: {what} is refused when nobody is there: {stuck.Message}");
        }
    }

    private void Refill()
    {
        for (int key = 1; key <= Permanent; key++) _map.Set(-key, ValueOf(-key, 7));
    }

    private void Excuse(object? key)
    {
        Interlocked.Increment(ref _result.Dropped);
        // The map calls this, and what a handler throws goes no further: an interrupt that finds the dictionary's lock taken must not cost the excuse.
        while (key is int number)
        {
            try
            {
                _excused[number] = true;
                return;
            }
            catch (ThreadInterruptedException)
            {
                Thread.Yield();
            }
        }
    }

    private void Fault(string fault)
    {
        if (_result.Faults.Count < 20) _result.Faults.Enqueue(fault);
    }

    private sealed class EnoughException : Exception;
}
