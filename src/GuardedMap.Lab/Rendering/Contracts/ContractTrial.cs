using System.Globalization;

namespace GuardedMaps.Lab.Rendering;

/// <summary>A write that meets an iteration.</summary>
public enum ContractWrite
{
    /// <summary>A key is added that was not there.</summary>
    Add,

    /// <summary>The value of a key that the iteration has yet to visit is replaced.</summary>
    Update,

    /// <summary>A key that the iteration has yet to visit is removed.</summary>
    Remove,

    /// <summary>All keys are removed.</summary>
    Clear,
}

/// <summary>What became of the write.</summary>
public enum ContractVerdict
{
    /// <summary>It got the error, and nothing was written.</summary>
    Refused,

    /// <summary>It was done at once.</summary>
    Written,

    /// <summary>It was done when the iteration had ended.</summary>
    Queued,
}

/// <summary>How often the rest of the iteration saw what the write had left.</summary>
public enum ContractSight
{
    /// <summary>In no run.</summary>
    Never,

    /// <summary>In some runs: it depends on where the iteration began.</summary>
    Sometimes,

    /// <summary>In every run.</summary>
    Always,

    /// <summary>The iteration was over.</summary>
    NotLooked,
}

/// <summary>
/// What happens when a write meets an iteration under a contract: not known, but tried, on real maps, with iterations that begin at different
/// places.
/// </summary>
/// <remarks>
/// <code>
///   100 keys ─ iterate under the contract ── half way: write ── go on to the end ── look at the map
///                                             │                     │                  │
///                                             refused?              error? what seen?  done in the end?
/// </code>
/// The contract that no guarded map has is tried on a SyncMap and on an OrderedMap, in turn. A trial also looks whether each key that was there throughout is visited exactly once, and is an error if not: that is the one promise all
/// contracts make.
/// </remarks>
public sealed record ContractTrial
{
    /// <summary>From how many places the iterations begin.</summary>
    public const int Runs = 24;

    private const int Keys = 100; // More than a block of an OrderedMap holds: an iteration copies a block when it comes to it, and sees what is written to the next.
    private const int NewValue = 1_000;
    private const int HalfWay = Keys / 2;

    /// <summary>The iteration's contract.</summary>
    public required IterationContract Contract { get; init; }

    /// <summary>The write.</summary>
    public required ContractWrite Write { get; init; }

    /// <summary>True if another thread made it.</summary>
    public required bool FromOtherThread { get; init; }

    /// <summary>What became of the write.</summary>
    public required ContractVerdict Verdict { get; init; }

    /// <summary>The violation that the write was refused with, or the iteration failed with; null if nobody got one.</summary>
    public required MapViolationKind? Violation { get; init; }

    /// <summary>True if the iteration's next step failed.</summary>
    public required bool IterationFailed { get; init; }

    /// <summary>
    /// Whether the rest of the iteration saw the new key, the new value, the removed key, or, after a clear, any key at all.
    /// </summary>
    public required ContractSight Sight { get; init; }

    /// <summary>Tries a write under a contract.</summary>
    /// <exception cref="InvalidOperationException">The map has broken its promise.</exception>
    public static ContractTrial Run(IterationContract contract, ContractWrite write, bool fromOtherThread)
    {
        var runs = Enumerable.Range(0, Runs).Select(seed => RunOnce(contract, write, fromOtherThread, (ulong)seed)).ToList();
        ContractTrial first = runs[0].Trial;
        if (runs.Any(run => run.Trial != first)) throw new InvalidOperationException(SafeText.Message($"What becomes of {write} under {contract} depends on where the iteration begins."));
        int seen = runs.Count(static run => run.Seen);
        return first with
        {
            Sight = first.IterationFailed ? ContractSight.NotLooked : seen == 0 ? ContractSight.Never : seen == Runs ? ContractSight.Always : ContractSight.Sometimes,
        };
    }

    private static (ContractTrial Trial, bool Seen) RunOnce(IterationContract contract, ContractWrite write, bool fromOtherThread, ulong seed)
    {
        IMap map = contract != IterationContract.WeaklyConsistent ? new GuardedMap<string, int>(new MapOptions<string> { HashSeed = 7, Name = "trial" })
            : (seed & 1) == 0 ? new SyncMap<string, int>(new SyncMapOptions<string> { HashSeed = 7, Name = "trial" })
            : new OrderedMap<string, int>(new OrderedMapOptions<string> { Comparer = StringComparer.Ordinal, Name = "trial" });
        for (int i = 0; i < Keys; i++) map[string.Create(CultureInfo.InvariantCulture, $"k{i}")] = i;
        var visited = new List<KeyValuePair<string, int>>();
        MapViolationKind? refused = null;
        MapViolationKind? failed = null;
        string target;
        bool doneAtOnce;
        using (var iterator = map.Iterate(contract, (seed << 32) | seed))
        {
            while (visited.Count < HalfWay && iterator.MoveNext()) visited.Add(Visited(iterator.Entry));
            target = write == ContractWrite.Add ? string.Create(CultureInfo.InvariantCulture, $"new{seed}") : map.Keys.Cast<string>().Where(key => visited.TrueForAll(v => v.Key != key)).Min(StringComparer.Ordinal)!;
            refused = Try(map, write, target, fromOtherThread);
            doneAtOnce = IsDone(map, write, target);
            try
            {
                while (iterator.MoveNext()) visited.Add(Visited(iterator.Entry));
            }
            catch (MapViolationException violation)
            {
                failed = violation.Kind;
            }
        }

        bool done = IsDone(map, write, target);
        if (refused is not null && done) throw new InvalidOperationException(SafeText.Message($"{write} under {contract} was refused and done all the same."));
        if (failed is null) CheckVisits(map, visited, contract, write, target);
        var trial = new ContractTrial
        {
            Contract = contract,
            Write = write,
            FromOtherThread = fromOtherThread,
            Verdict = refused is not null ? ContractVerdict.Refused : doneAtOnce ? ContractVerdict.Written : done ? ContractVerdict.Queued : throw new InvalidOperationException(SafeText.Message($"{write} under {contract} was neither refused nor done.")),
            Violation = refused ?? failed,
            IterationFailed = failed is not null,
            Sight = default,
        };
        return (trial, Saw(visited, write, target));
    }

    private static KeyValuePair<string, int> Visited(IMapEntry entry) => new((string)entry.Key!, (int)entry.Value!);

    private static MapViolationKind? Try(IMap map, ContractWrite write, string target, bool fromOtherThread)
    {
        MapViolationKind? kind = null;
        if (fromOtherThread)
        {
            var thread = new Thread(Attempt);
            thread.Start();
            thread.Join();
        }
        else
        {
            Attempt();
        }

        return kind;

        void Attempt()
        {
            try
            {
                switch (write)
                {
                    case ContractWrite.Add:
                        map.Add(target, NewValue);
                        break;
                    case ContractWrite.Update:
                        map[target] = NewValue;
                        break;
                    case ContractWrite.Remove:
                        map.Remove(target);
                        break;
                    default:
                        map.Clear();
                        break;
                }
            }
            catch (MapViolationException violation)
            {
                kind = violation.Kind;
            }
        }
    }

    private static bool IsDone(IMap map, ContractWrite write, string target) => write switch
    {
        ContractWrite.Add => map.Contains(target),
        ContractWrite.Update => map[target] is NewValue,
        ContractWrite.Remove => !map.Contains(target),
        _ => map.Count == 0,
    };

    private static bool Saw(List<KeyValuePair<string, int>> visited, ContractWrite write, string target) => write switch
    {
        ContractWrite.Add or ContractWrite.Remove => visited.Exists(v => v.Key == target),
        ContractWrite.Update => visited.Exists(static v => v.Value == NewValue),
        _ => visited.Count > HalfWay,
    };

    private static void CheckVisits(IMap map, List<KeyValuePair<string, int>> visited, IterationContract contract, ContractWrite write, string target)
    {
        if (visited.Select(static v => v.Key).Distinct(StringComparer.Ordinal).Count() != visited.Count) throw new InvalidOperationException(SafeText.Message($"Under {contract} a key was visited twice after {write}."));
        if (write == ContractWrite.Clear) return;
        foreach (string key in map.Keys.Cast<string>().Where(key => key != target))
        {
            if (!visited.Exists(v => v.Key == key)) throw new InvalidOperationException(SafeText.Message($"Under {contract} the key '{key}' was not visited after {write}."));
        }
    }
}
