namespace GuardedMaps.Lab.Tests.Docs;

/// <summary>The code of <c>docs/violations.md</c>: one method per kind. What stands between the marks is what the page shows.</summary>
internal static class ViolationSamples
{
    public static void ConcurrentWrites()
    {
        // <sample>
        var scores = new GuardedMap<string, int>(new MapOptions<string> { Name = "scores" });
        scores.GetOrAdd("ada", _ =>
        {
            // The map is being written. Now another thread wants to write, too:
            var other = new Thread(() => Print.Error(() => scores["bob"] = 1));
            other.Start();
            other.Join();
            return 10;
        });
        // </sample>
    }

    public static void ConcurrentReadAndWrite()
    {
        // <sample>
        var scores = new GuardedMap<string, int>(new MapOptions<string> { Name = "scores" });
        scores.GetOrAdd("ada", _ =>
        {
            // The map is being written. Now another thread wants to read:
            var other = new Thread(() => Print.Error(() => scores.TryGetValue("bob", out int found)));
            other.Start();
            other.Join();
            return 10;
        });
        // </sample>
    }

    public static void ConcurrentIterationAndWrite()
    {
        // <sample>
        var scores = new GuardedMap<string, int>(new MapOptions<string> { Name = "scores" }) { ["ada"] = 10 };
        foreach (var (name, score) in scores)
        {
            Print.Error(() => scores.Remove(name));
        }

        using var it = scores.Iterate(IterationContract.FailFast);
        scores["bob"] = 1;
        Print.Error(() => it.MoveNext());
        // </sample>
    }

    public static void ReentrantWrite()
    {
        // <sample>
        var scores = new GuardedMap<string, int>(new MapOptions<string> { Name = "scores" });
        scores.GetOrAdd("ada", _ =>
        {
            // This runs inside the map's own write.
            Print.Error(() => scores["bob"] = 1);
            return 10;
        });
        // </sample>
    }

    public static void ReentrantRead()
    {
        // <sample>
        var scores = new GuardedMap<string, int>(new MapOptions<string> { Name = "scores", Comparer = new NosyComparer() }) { ["ada"] = 10 };

        // From now on the comparer writes into the map whenever the map asks it something.
        NosyComparer.Nose = () => scores["bob"] = 1;
        Print.Error(() => scores.ContainsKey("cleo"));
        // </sample>
    }

    public static void IteratorInUse()
    {
        // <sample>
        var numbers = new GuardedMap<int, int>(new MapOptions<int> { Name = "numbers" });
        for (int i = 0; i < 100_000; i++) numbers[i] = i;

        // Two threads step one iterator.
        using var it = numbers.Iterate();
        using var start = new Barrier(2);
        Thread[] threads = [new(StepAll), new(StepAll)];
        foreach (Thread thread in threads) thread.Start();
        foreach (Thread thread in threads) thread.Join();

        void StepAll() => Print.Error(() =>
        {
            start.SignalAndWait();
            while (it.MoveNext())
            {
            }
        });
        // </sample>
    }

    public static void ForeignIterator()
    {
        // <sample>
        var scores = new GuardedMap<string, int>(new MapOptions<string> { Name = "scores" }) { ["ada"] = 10 };
        using var it = scores.CreateIterator(bound: true);

        var other = new Thread(() => Print.Error(() => it.MoveNext()));
        other.Start();
        other.Join();
        // </sample>
    }

    public static void StaleCount()
    {
        // <sample>
        var scores = new GuardedMap<string, int>(new MapOptions<string> { Name = "scores" }) { ["ada"] = 10, ["bob"] = 20 };
        ICollection<KeyValuePair<string, int>> collection = scores;
        var copy = new KeyValuePair<string, int>[collection.Count];
        var other = new Thread(() => scores.Remove("bob"));
        other.Start();
        other.Join();
        Print.Error(() => collection.CopyTo(copy, 0));
        // </sample>
    }

    public static void DeferredWriteFailed()
    {
        // <sample>
        var scores = new GuardedMap<string, int>(new MapOptions<string> { Name = "scores", Comparer = new NosyComparer() }) { ["ada"] = 10 };
        var it = scores.Iterate(IterationContract.Defer);
        scores["bob"] = 1;
        NosyComparer.Nose = () => throw new FormatException("not today");
        Print.Error(it.Dispose);
        // </sample>
    }

    public static void StaleWrite()
    {
        // <sample>
        var scores = new GuardedMap<string, int>(new MapOptions<string> { Name = "scores", DetectLostUpdates = true }) { ["ada"] = 10 };
        int score = scores["ada"];
        var other = new Thread(() => scores["ada"] += 5);
        other.Start();
        other.Join();
        Print.Error(() => scores["ada"] = score + 1);
        // </sample>
    }

    public static void IteratorDone()
    {
        // <sample>
        var scores = new GuardedMap<string, int>(new MapOptions<string> { Name = "scores" }) { ["ada"] = 10 };
        using var it = scores.Iterate();
        while (it.MoveNext())
        {
        }

        Print.Error(() => it.Entry.Remove());
        // </sample>
    }

    /// <summary>A comparer that cannot keep its hands still.</summary>
    private sealed class NosyComparer : IEqualityComparer<string>
    {
        public static Action? Nose { get; set; }

        public bool Equals(string? x, string? y)
        {
            Poke();
            return string.Equals(x, y, StringComparison.Ordinal);
        }

        public int GetHashCode(string obj)
        {
            Poke();
            return StringComparer.Ordinal.GetHashCode(obj);
        }

        private static void Poke()
        {
            var nose = Nose;
            Nose = null;
            nose?.Invoke();
        }
    }
}
