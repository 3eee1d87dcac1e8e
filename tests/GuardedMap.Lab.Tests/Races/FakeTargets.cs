using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace GuardedMaps.Lab.Tests.Races;

// Containers whose behaviour is certain, so that what the lab must say about them is certain too. They are public and
// have a parameterless constructor, because a child process has to make them as well.

/// <summary>Right in every respect: one lock, snapshots for iterations.</summary>
public class PerfectTarget : IRaceTarget
{
    private readonly Dictionary<string, long> _map = new(StringComparer.Ordinal);

    protected object Gate { get; } = new();

    protected int Stores { get; private set; }

    public virtual int Count
    {
        get
        {
            lock (Gate) return _map.Count;
        }
    }

    public virtual void Store(string key, long value)
    {
        lock (Gate)
        {
            Stores++;
            _map[key] = value;
        }
    }

    public virtual bool Remove(string key)
    {
        lock (Gate) return _map.Remove(key);
    }

    public virtual bool TryGet(string key, out long value)
    {
        lock (Gate) return _map.TryGetValue(key, out value);
    }

    public virtual void Increment(string key, long by)
    {
        lock (Gate) _map[key] = _map.GetValueOrDefault(key) + by;
    }

    public virtual void Iterate(Func<string?, long, bool> visit)
    {
        KeyValuePair<string, long>[] entries;
        lock (Gate) entries = [.. _map];
        foreach (var (key, value) in entries)
        {
            if (!visit(key, value)) return;
        }
    }

    public virtual void CheckInvariants()
    {
        // Nothing here can break.
    }

    protected bool Has(string key)
    {
        lock (Gate) return _map.ContainsKey(key);
    }
}

/// <summary>Acknowledges every write and forgets one key.</summary>
public sealed class LosingTarget : PerfectTarget
{
    public override void Store(string key, long value)
    {
        if (key != "k3") base.Store(key, value);
    }
}

/// <summary>Refuses to write one key, with an error, and does not write it.</summary>
public sealed class RefusingTarget : PerfectTarget
{
    public override void Store(string key, long value)
    {
        if (key == "k3") throw new TimeoutException("k3 is not to be written.");
        base.Store(key, value);
    }
}

/// <summary>Refuses to write one key, with an error, and writes it all the same.</summary>
public sealed class HypocriticalTarget : PerfectTarget
{
    public override void Store(string key, long value)
    {
        base.Store(key, value);
        if (key == "k3") throw new TimeoutException("k3 is not to be written.");
    }
}

/// <summary>Counts one entry too many.</summary>
public sealed class MiscountingTarget : PerfectTarget
{
    public override int Count => base.Count + 1;
}

/// <summary>Shows one key twice.</summary>
public sealed class DoublingTarget : PerfectTarget
{
    public override int Count => base.Count + 1;

    public override void Iterate(Func<string?, long, bool> visit) =>
        base.Iterate((key, value) => visit(key, value) && (key != "k3" || visit(key, value)));
}

/// <summary>Its iterations leave one key out.</summary>
public sealed class SkippingTarget : PerfectTarget
{
    public override int Count => base.Count - 1;

    public override void Iterate(Func<string?, long, bool> visit) => base.Iterate((key, value) => key == "k3" || visit(key, value));
}

/// <summary>Its iterations show the newest of every entry, and of the first that was overwritten the value it had before.</summary>
public sealed class PatchworkTarget : PerfectTarget
{
    private (string Key, long Value)? _first;

    public override void Store(string key, long value)
    {
        if (_first is null && TryGet(key, out long before)) _first = (key, before);
        base.Store(key, value);
    }

    public override void Iterate(Func<string?, long, bool> visit)
    {
        // Not before there is something to mix: two hundred are there at the beginning.
        SpinWait.SpinUntil(() => Stores > 220);
        base.Iterate((key, value) => visit(key, _first is { } first && first.Key == key ? first.Value : value));
    }
}

/// <summary>Its first iteration shows what is there, all others of a race what was there at its beginning.</summary>
public sealed class GoingBackTarget : PerfectTarget
{
    private readonly List<KeyValuePair<string, long>> _beginning = [];
    private int _removals;
    private int _iterations;

    public override void Store(string key, long value)
    {
        base.Store(key, value);
        _beginning.Add(new(key, value));
    }

    public override bool Remove(string key)
    {
        bool removed = base.Remove(key);
        Interlocked.Increment(ref _removals);
        return removed;
    }

    public override void Iterate(Func<string?, long, bool> visit)
    {
        SpinWait.SpinUntil(() => Volatile.Read(ref _removals) > 20);
        int iteration = ++_iterations;
        if (iteration is 1 or > 6) base.Iterate(visit);
        else foreach (var entry in _beginning) visit(entry.Key, entry.Value);
    }
}

/// <summary>Its iterations never end.</summary>
public sealed class EndlessTarget : PerfectTarget
{
    public override void Iterate(Func<string?, long, bool> visit)
    {
        bool goesOn = true;
        while (goesOn)
        {
            base.Iterate((key, value) => goesOn = visit(key, value));
        }
    }
}

/// <summary>Never overwrites.</summary>
public sealed class StaleTarget : PerfectTarget
{
    public override void Store(string key, long value)
    {
        if (!Has(key)) base.Store(key, value);
    }
}

/// <summary>Gives back a number that nobody stored.</summary>
public sealed class TearingTarget : PerfectTarget
{
    public override bool TryGet(string key, out long value)
    {
        bool found = base.TryGet(key, out value);
        if (key == "k3") value = -77;
        return found;
    }
}

/// <summary>Does not remove what it says it has removed.</summary>
public sealed class HoardingTarget : PerfectTarget
{
    public override bool Remove(string key) => true;
}

/// <summary>Adds by fits and starts: every tenth increment is acknowledged and dropped.</summary>
public sealed class ForgetfulCounterTarget : PerfectTarget
{
    private int _increments;

    public override void Increment(string key, long by)
    {
        if (Interlocked.Increment(ref _increments) % 10 != 0) base.Increment(key, by);
    }
}

/// <summary>Cannot be read any more once it has a hundred entries.</summary>
public sealed class CollapsingTarget : PerfectTarget
{
    public override bool TryGet(string key, out long value) =>
        Count < 100 ? base.TryGet(key, out value) : throw new IndexOutOfRangeException("the table is no more");
}

/// <summary>Notes which threads have stored.</summary>
public sealed class ThreadNotingTarget : PerfectTarget
{
    private static readonly ConcurrentDictionary<Thread, bool> s_threads = new();

    /// <summary>The threads that have stored in any map of this class.</summary>
    public static ICollection<Thread> Threads => s_threads.Keys;

    public override void Store(string key, long value)
    {
        s_threads.TryAdd(Thread.CurrentThread, true);
        base.Store(key, value);
    }
}

/// <summary>Loops for ever when it has stored enough, as a Hashtable may. Leaves its process id where the test can find it.</summary>
public sealed class HangingTarget : PerfectTarget
{
    public const string PidFileVariable = "GUARDEDMAP_TEST_PID_FILE";
    public override void Store(string key, long value)
    {
        base.Store(key, value);
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
public sealed class HangingReadTarget : PerfectTarget
{
    public override void CheckInvariants()
    {
        for (; ; ) Thread.SpinWait(100);
    }
}

/// <summary>Takes its process with it.</summary>
public sealed class DyingTarget : PerfectTarget
{
    private static int s_isDying;

    public override void Store(string key, long value)
    {
        base.Store(key, value);
        if (Stores < 150 || Interlocked.Exchange(ref s_isDying, 1) != 0) return; // Two actors, one death.
        Console.Error.WriteLine("these are my last words");
        Environment.Exit(42);
    }
}

/// <summary>Stops its whole process, so that not even its watching thread runs on.</summary>
public sealed class FreezingTarget : PerfectTarget
{
    private const int SigStop = 19; // On Linux; the test that uses it runs there only.

    public override void Store(string key, long value)
    {
        base.Store(key, value);
        if (Stores == 150 && Kill(Environment.ProcessId, SigStop) != 0) throw new InvalidOperationException("The process could not be stopped.");
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}

/// <summary>Prints to the output that the child process answers on.</summary>
public sealed class ChattyTarget : PerfectTarget
{
    public override void Store(string key, long value)
    {
        base.Store(key, value);
        Console.WriteLine("{\"Done\":true}");
    }
}

/// <summary>Copies as a map does that shrank after it was counted: the last entry is one that nobody stored.</summary>
public sealed class HolesTarget : PerfectTarget, IRaceTarget
{
    IReadOnlyList<KeyValuePair<string?, long>> IRaceTarget.Copy()
    {
        var entries = new List<KeyValuePair<string?, long>>();
        Iterate((key, value) =>
        {
            entries.Add(new(key, value));
            return true;
        });
        entries.Add(default);
        return entries;
    }
}
