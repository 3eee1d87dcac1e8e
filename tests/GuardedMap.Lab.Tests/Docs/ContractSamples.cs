using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps.Lab.Tests.Docs;

/// <summary>The code of <c>docs/contracts.md</c>, of the README's C# part and of the page that the Core package shows. What stands between the marks is what the pages show.</summary>
[SuppressMessage("Usage", "MA0002:IEqualityComparer<string> or IComparer<string> is missing", Justification = "The page shows the shortest form, whose keys are compared ordinally.")]
internal static class ContractSamples
{
    public static void Reject()
    {
        var map = ThreeKeys();
        // <sample>
        int visited = 0;
        foreach (var (key, value) in map)
        {
            visited++;
            try
            {
                map.Remove(key);
            }
            catch (MapViolationException violation)
            {
                Print.Line($"refused: {violation.Kind}");
            }
        }

        Print.Line($"visited {visited}, Count is {map.Count}");
        // </sample>
    }

    public static void FailFast()
    {
        var map = ThreeKeys();
        // <sample>
        using var it = map.Iterate(IterationContract.FailFast);
        it.MoveNext();
        map["d"] = 4;
        Print.Error(() => it.MoveNext());
        Print.Line($"Count is {map.Count}");
        // </sample>
    }

    public static void Tolerate()
    {
        var map = ThreeKeys();
        // <sample>
        int visited = 0;
        using var it = map.Iterate(IterationContract.Tolerate);
        while (it.MoveNext())
        {
            visited++;
            foreach (string other in (string[])["a", "b", "c"])
            {
                if (other != it.Entry.Key) map.Remove(other);
            }
        }

        Print.Line($"visited {visited}, Count is {map.Count}");
        // </sample>
    }

    public static void Snapshot()
    {
        var map = ThreeKeys();
        // <sample>
        int visited = 0;
        using var it = map.Iterate(IterationContract.Snapshot);
        map.Clear();
        while (it.MoveNext()) visited++;
        Print.Line($"visited {visited}, Count is {map.Count}");
        // </sample>
    }

    public static void Defer()
    {
        var map = ThreeKeys();
        // <sample>
        using (var it = map.Iterate(IterationContract.Defer))
        {
            while (it.MoveNext())
            {
                map.Remove(it.Entry.Key);
                Print.Line($"inside, Count is {map.Count}");
            }
        }

        Print.Line($"afterwards, Count is {map.Count}");
        // </sample>
    }

    public static void WeaklyConsistent()
    {
        // <sample>
        IMap seen = new OrderedMap<string, int> { ["a"] = 1, ["b"] = 2, ["c"] = 3 };
        using (IMapIteration it = seen.Iterate())
        {
            while (it.MoveNext())
            {
                if (it.Entry.Key is "b") it.Entry.Remove();
                seen["d"] = 4;
            }
        }

        Print.Line($"{seen.Contract}: {string.Join(", ", seen.Keys.Cast<string>())}");
        try
        {
            seen.Iterate(IterationContract.Snapshot);
        }
        catch (ArgumentException refused)
        {
            Print.Line(refused.Message);
        }

        // </sample>
    }

    public static void InForce()
    {
        // <sample>
        var shared = new GuardedMap<string, int>(new MapOptions<string> { Name = "shared", Protection = MapProtection.Synchronized });
        Print.Line($"in force: {shared.Contract}");
        try
        {
            shared.Iterate(IterationContract.Reject);
        }
        catch (ArgumentException refused)
        {
            Print.Line(refused.Message);
        }

        // </sample>
    }

    public static void Cursor()
    {
        var map = ThreeKeys();
        // <sample>
        using (var it = map.Iterate())
        {
            while (it.MoveNext())
            {
                if (it.Entry.Key == "b") it.Entry.Remove();
                else it.Entry.Value *= 100;
            }
        }

        Print.Line($"a is {map["a"]}, c is {map["c"]}, Count is {map.Count}");
        // </sample>
    }

    public static void Readme()
    {
        // <sample>
        var map = new GuardedMap<string, int> { ["a"] = 1, ["b"] = 2, ["c"] = 3 };

        int sum = 0;
        foreach (var (key, value) in map) sum += value;
        Print.Line($"{map.Count} entries, {sum} together");

        // A write during an iteration is refused, and leaves no trace.
        foreach (var (key, value) in map)
        {
            try
            {
                map.Remove(key);
            }
            catch (MapViolationException violation)
            {
                Print.Line($"{violation.Kind}: {violation.Remedy}");
                break;
            }
        }

        // Through the iteration's own cursor it is legal.
        using (var it = map.Iterate())
        {
            while (it.MoveNext())
            {
                if (it.Entry.Value < 2) it.Entry.Remove();
            }
        }

        // A copy is one operation, too.
        KeyValuePair<string, int>[] copy = map.ToArray();

        // Counting from several threads: one operation instead of a read and a write.
        map.Increment("b");
        Print.Line($"b is {map["b"]}, was {copy.Single(e => e.Key == "b").Value}, Count is {map.Count}");
        // </sample>
    }

    public static void CorePackage()
    {
        // <sample>
        var map = new GuardedMap<string, int>(new MapOptions<string> { Name = "map" }) { ["a"] = 1, ["b"] = 2, ["c"] = 3 };
        int visited = 0;
        foreach (var (key, value) in map)
        {
            visited++;
            try
            {
                map.Remove(key);
            }
            catch (MapViolationException violation)
            {
                Print.Line($"refused: {violation.Kind}");
            }
        }

        Print.Line($"visited {visited}, Count is {map.Count}");
        // </sample>
    }

    private static GuardedMap<string, int> ThreeKeys() => new(new MapOptions<string> { Name = "map" }) { ["a"] = 1, ["b"] = 2, ["c"] = 3 };
}
