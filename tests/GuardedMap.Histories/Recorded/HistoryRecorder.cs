using System.Diagnostics;
using GuardedMaps.Lab;

namespace GuardedMaps.Tests.Histories;

// What real threads were answered, written down so that it can be judged.
//
//     thread A   stamp 7 ── Set(1, 105) ── stamp 11
//     thread B         stamp 8 ── Get(1) = 105 ── stamp 9          overlaps the Set: either answer is right
//     thread B                                      stamp 12 ── Get(1) = missing ── stamp 13        wrong: the Set was over
//
// A stamp is drawn from one counter by an interlocked increment. So if an operation's last stamp is smaller than another's first, then the
// one was over, with all it had stored, before the other began: the order of the stamps is an order in time that every
// processor agrees on. A clock would not be: a store may still wait in its processor when the clock is read.
//
// The threads draw what they do from a seed; when they meet is up to the machine. A round lasts some microseconds, and threads left to themselves are
// through one after the other. So before each operation a thread waits a moment for those that are behind, and they begin it together.

/// <summary>What an actor does next.</summary>
internal readonly record struct RecordedStep(Verb Verb, int Key, long Value);

/// <summary>One actor's operations and their answers, written by its thread alone.</summary>
internal sealed class HistoryRecorder(int actor, MapFace<int> map, IReadOnlyList<RecordedStep> steps, HistoryClock clock)
{
    private const int Patience = 40; // Looks, not time: who is behind may have lost its processor.

    private readonly long[] _last = new long[RecordedRound.MaxKeys]; // What it saw of each key last, to compare with.

    public List<HistoryOperation> Operations { get; } = new(steps.Count);

    /// <summary>What an operation threw: no operation of a map that cannot race may.</summary>
    public Exception? Error { get; private set; }

    public void Run()
    {
        try
        {
            for (int i = 0; i < steps.Count; i++)
            {
                clock.Arrive(actor, i);
                for (int looks = 0; looks < Patience && clock.IsAhead(i); looks++) Thread.SpinWait(1);
                Do(steps[i]);
            }
        }
        catch (Exception error)
        {
            Error = error; // It is the answer of the operation, and the round is judged by it.
        }
        finally
        {
            clock.Arrive(actor, int.MaxValue);
        }
    }

    private void Do(RecordedStep step)
    {
        long compared = _last[step.Key];
        IReadOnlyDictionary<int, long>? content = null;
        long invoked = clock.Stamp();
        long? result = step.Verb switch
        {
            Verb.Get => map.Get(step.Key),
            Verb.Set => Set(step),
            Verb.TryAdd => map.TryAdd(step.Key, step.Value) ? 1 : 0,
            Verb.TryUpdate => map.TryUpdate(step.Key, step.Value, compared) ? 1 : 0,
            Verb.GetOrAdd => map.GetOrAdd(step.Key, step.Value),
            Verb.Increment => map.Increment(step.Key, step.Value),
            Verb.Take => map.Take(step.Key),
            Verb.Clear => Clear(),
            Verb.Count => map.Count,
            Verb.Iterate => Read(out content),
            _ => throw new UnreachableException(step.Verb.ToString()),
        };
        long returned = clock.Stamp();
        if (result is { } seen && step.Verb is Verb.Get or Verb.GetOrAdd or Verb.Increment) _last[step.Key] = seen;
        else if (step.Verb == Verb.Set) _last[step.Key] = step.Value;

        if (content is null || map.IterationIsOneMoment)
        {
            Operations.Add(new(actor, step.Verb, step.Key, step.Value, result, invoked, returned) { Compared = compared, Content = content });
            return;
        }

        // An iteration that is weakly consistent is a lookup of each key at some time of its own; what it leaves out is missing.
        for (int key = 0; key < step.Value; key++)
            Operations.Add(new(actor, Verb.Get, key, 0, content.TryGetValue(key, out long value) ? value : null, invoked, returned));
    }

    private long? Set(RecordedStep step)
    {
        map.Set(step.Key, step.Value);
        return null;
    }

    private long? Clear()
    {
        map.Clear();
        return null;
    }

    private long? Read(out IReadOnlyDictionary<int, long> content)
    {
        var read = new Dictionary<int, long>();
        content = read;
        foreach (var (key, value) in map.Entries())
        {
            if (!read.TryAdd(key, value)) throw new InvalidOperationException($"An iteration has shown the key {key} twice: {read[key]} and {value}.");
        }

        return null;
    }
}

/// <summary>Numbers moments, and knows how far each thread has come.</summary>
internal sealed class HistoryClock(int threads)
{
    private const int Apart = 16; // On cache lines of their own, since everybody looks at them.

    private readonly int[] _places = new int[threads * Apart];
    private long _now;

    public long Stamp() => Interlocked.Increment(ref _now);

    public void Arrive(int thread, int place) => Volatile.Write(ref _places[thread * Apart], place);

    /// <summary>Whether some thread has not come to this place yet.</summary>
    public bool IsAhead(int place)
    {
        for (int i = 0; i < _places.Length; i += Apart)
        {
            if (Volatile.Read(ref _places[i]) < place) return true;
        }

        return false;
    }
}
