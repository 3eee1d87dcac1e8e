using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace GuardedMaps.Lab.Tests.Races;

// Containers whose behaviour is certain, so that what the lab must say about them is certain too. They
// have a parameterless constructor, because a child process has to make them as well.

/// <summary>Right in every respect: one lock, snapshots for iterations.</summary>
internal class PerfectTarget : MapFace<string>
{
    private readonly Dictionary<string, long> _map = new(StringComparer.Ordinal);

    protected object Gate { get; } = new();

    protected int Stores { get; private set; }

    public override int Count
    {
        get
        {
            lock (Gate) return _map.Count;
        }
    }

    public override void Set(string key, long value)
    {
        lock (Gate)
        {
            Stores++;
            _map[key] = value;
        }
    }

    public override bool Remove(string key)
    {
        lock (Gate) return _map.Remove(key);
    }

    public override long? Get(string key)
    {
        lock (Gate) return _map.TryGetValue(key, out long value) ? value : null;
    }

    public override long Increment(string key, long by)
    {
        lock (Gate) return _map[key] = _map.GetValueOrDefault(key) + by;
    }

    public override void Clear()
    {
        lock (Gate) _map.Clear();
    }

    public override IEnumerable<KeyValuePair<string?, long>> Entries()
    {
        lock (Gate) return [.. _map.Select(e => new KeyValuePair<string?, long>(e.Key, e.Value))];
    }

    protected bool Has(string key)
    {
        lock (Gate) return _map.ContainsKey(key);
    }
}

/// <summary>Acknowledges every write and forgets one key.</summary>
internal sealed class LosingTarget : PerfectTarget
{
    public override void Set(string key, long value)
    {
        if (key != "k3") base.Set(key, value);
    }
}

/// <summary>Refuses to write one key, with an error, and does not write it.</summary>
internal sealed class RefusingTarget : PerfectTarget
{
    public override void Set(string key, long value)
    {
        if (key == "k3") throw new TimeoutException("k3 is not to be written.");
        base.Set(key, value);
    }
}

/// <summary>Refuses to write one key, with an error, and writes it all the same.</summary>
internal sealed class HypocriticalTarget : PerfectTarget
{
    public override void Set(string key, long value)
    {
        base.Set(key, value);
        if (key == "k3") throw new TimeoutException("k3 is not to be written.");
    }
}

/// <summary>Counts one entry too many.</summary>
internal sealed class MiscountingTarget : PerfectTarget
{
    public override int Count => base.Count + 1;
}

/// <summary>Shows one key twice.</summary>
internal sealed class DoublingTarget : PerfectTarget
{
    public override int Count => base.Count + 1;

    public override IEnumerable<KeyValuePair<string?, long>> Entries() => base.Entries().SelectMany(e => Enumerable.Repeat(e, e.Key == "k3" ? 2 : 1));
}

/// <summary>Its iterations leave one key out.</summary>
internal sealed class SkippingTarget : PerfectTarget
{
    public override int Count => base.Count - 1;

    public override IEnumerable<KeyValuePair<string?, long>> Entries() => base.Entries().Where(e => e.Key != "k3");
}

/// <summary>Its iterations show the newest of every entry, and of the first that was overwritten the value it had before.</summary>
internal sealed class PatchworkTarget : PerfectTarget
{
    private (string Key, long Value)? _first;

    public override void Set(string key, long value)
    {
        if (_first is null && Get(key) is { } before) _first = (key, before);
        base.Set(key, value);
    }

    public override IEnumerable<KeyValuePair<string?, long>> Entries()
    {
        // Not before there is something to mix: two hundred are there at the beginning.
        SpinWait.SpinUntil(() => Stores > 220);
        return base.Entries().Select(e => _first is { } first && first.Key == e.Key ? new KeyValuePair<string?, long>(e.Key, first.Value) : e);
    }
}

/// <summary>Its first iteration shows what is there, all others of a race what was there at its beginning.</summary>
internal sealed class GoingBackTarget : PerfectTarget
{
    private readonly List<KeyValuePair<string?, long>> _beginning = [];
    private int _removals;
    private int _iterations;

    public override void Set(string key, long value)
    {
        base.Set(key, value);
        _beginning.Add(new(key, value));
    }

    public override bool Remove(string key)
    {
        bool removed = base.Remove(key);
        Interlocked.Increment(ref _removals);
        return removed;
    }

    public override IEnumerable<KeyValuePair<string?, long>> Entries()
    {
        SpinWait.SpinUntil(() => Volatile.Read(ref _removals) > 20);
        return ++_iterations is 1 or > 6 ? base.Entries() : [.. _beginning];
    }
}

/// <summary>Its iterations never end.</summary>
internal sealed class EndlessTarget : PerfectTarget
{
    public override IEnumerable<KeyValuePair<string?, long>> Entries()
    {
        while (true)
        {
            foreach (var entry in base.Entries()) yield return entry;
        }
    }
}

/// <summary>Never overwrites.</summary>
internal sealed class StaleTarget : PerfectTarget
{
    public override void Set(string key, long value)
    {
        if (!Has(key)) base.Set(key, value);
    }
}

/// <summary>Gives back a number that nobody stored.</summary>
internal sealed class TearingTarget : PerfectTarget
{
    public override long? Get(string key) => key == "k3" ? -77 : base.Get(key);
}

/// <summary>Does not remove what it says it has removed.</summary>
internal sealed class HoardingTarget : PerfectTarget
{
    public override bool Remove(string key) => true;
}

/// <summary>Adds by fits and starts: every tenth increment is acknowledged and dropped.</summary>
internal sealed class ForgetfulCounterTarget : PerfectTarget
{
    private int _increments;

    public override long Increment(string key, long by) => Interlocked.Increment(ref _increments) % 10 != 0 ? base.Increment(key, by) : 0;
}

/// <summary>Cannot be read any more once it has a hundred entries.</summary>
internal sealed class CollapsingTarget : PerfectTarget
{
    public override long? Get(string key) =>
        Count < 100 ? base.Get(key) : throw new IndexOutOfRangeException("the table is no more");
}

/// <summary>Notes which threads have stored.</summary>
internal sealed class ThreadNotingTarget : PerfectTarget
{
    private static readonly ConcurrentDictionary<Thread, bool> s_threads = new();

    /// <summary>The threads that have stored in any map of this class.</summary>
    public static ICollection<Thread> Threads => s_threads.Keys;

    public override void Set(string key, long value)
    {
        s_threads.TryAdd(Thread.CurrentThread, true);
        base.Set(key, value);
    }
}

/// <summary>Loops for ever when it has stored enough, as a Hashtable may. Leaves its process id where the test can find it.</summary>
internal sealed class HangingTarget : PerfectTarget
{
    public const string PidFileVariable = "GUARDEDMAP_TEST_PID_FILE";
    public override void Set(string key, long value)
    {
        base.Set(key, value);
        if (Stores < 150) return;
        if (Environment.GetEnvironmentVariable(PidFileVariable) is { Length: > 0 } file) LeaveProcessId(file);
        for (; ; ) Thread.SpinWait(100); // Busy and not asleep, since that is what a damaged chain of buckets looks like.
    }

    private void LeaveProcessId(string file)
    {
        lock (Gate)
        {
            // Under its name the file is there with the whole number in it, or not at all.
            string inTheMaking = $"{file}.new";
            File.WriteAllText(inTheMaking, Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture));
            File.Move(inTheMaking, file, overwrite: true);
        }
    }
}

/// <summary>Hangs the check after the race, not the race.</summary>
internal sealed class HangingReadTarget : PerfectTarget
{
    public override void CheckInvariants()
    {
        for (; ; ) Thread.SpinWait(100);
    }
}

/// <summary>Takes its process with it.</summary>
internal sealed class DyingTarget : PerfectTarget
{
    private static int s_isDying;

    public override void Set(string key, long value)
    {
        base.Set(key, value);
        if (Stores < 150 || Interlocked.Exchange(ref s_isDying, 1) != 0) return; // Two actors, one death.
        Console.Error.WriteLine("these are my last words");
        Environment.Exit(42);
    }
}

/// <summary>Stops its whole process, so that not even its watching thread runs on.</summary>
internal sealed class FreezingTarget : PerfectTarget
{
    private const int SigStop = 19; // On Linux; the test that uses it runs there only.

    public override void Set(string key, long value)
    {
        base.Set(key, value);
        if (Stores == 150 && Kill(Environment.ProcessId, SigStop) != 0) throw new InvalidOperationException("The process could not be stopped.");
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}

/// <summary>Prints to the output that the child process answers on.</summary>
internal sealed class ChattyTarget : PerfectTarget
{
    public override void Set(string key, long value)
    {
        base.Set(key, value);
        Console.WriteLine("{\"Done\":true}");
    }
}

/// <summary>Copies as a map does that shrank after it was counted: the last entry is one that nobody stored.</summary>
internal sealed class HolesTarget : PerfectTarget
{
    public override IReadOnlyList<KeyValuePair<string?, long>> Copy() => [.. Entries(), default];
}
