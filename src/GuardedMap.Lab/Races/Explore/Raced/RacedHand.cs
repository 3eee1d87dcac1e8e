using System.Diagnostics;

namespace GuardedMaps.Lab;

/// <summary>One actor's operations on a raced map, each recorded with its answer and with the steps between which it took place.</summary>
internal sealed class RacedHand(int index, RacedScenario scenario)
{
    private readonly List<HistoryOperation> _operations = [];
    private bool _isCalled;
    private int _firstStep;
    private int _step;
    private RacedStep? _does;

    public int Index => index;

    /// <summary>The answers so far. A weakly consistent iteration is there as a lookup of each key.</summary>
    public IReadOnlyList<HistoryOperation> Operations => _operations;

    /// <summary>The operation it is in, or was in last.</summary>
    public string Operation => _does?.ToString() ?? "";

    /// <summary>The answer that came back in a step, in words.</summary>
    public string? AnswerOf(int step) => _operations.Count > 0 && _operations[^1].Returned == (2L * step) + 1 ? _operations[^1].ToString()[3..] : null;

    /// <summary>What contradicts itself in an answer; null if nothing does.</summary>
    public ScheduleOutcome? Fault { get; private set; }

    /// <summary>How many of its operations have come back.</summary>
    public int Returned { get; private set; }

    /// <summary>Where it stands in its operations; null when its next step begins one.</summary>
    public ulong? Place => _isCalled ? null : (uint)Returned;

    public void Reset()
    {
        _operations.Clear();
        (_isCalled, _firstStep, _step, _does, Fault, Returned) = (false, 0, 0, null, null, 0);
    }

    /// <summary>Whether it stands where it always does before its first step: in the call of its first operation.</summary>
    public bool IsBeginning => _isCalled && Returned == 0 && _does == scenario.Programs[index][0];

    /// <summary>Stands there.</summary>
    public void Begin() => (_isCalled, _does) = (true, scenario.Programs[index][0]);

    /// <summary>Told as each of the actor's steps begins, on its thread.</summary>
    /// <param name="actor">The actor.</param>
    /// <param name="step">The number of the step.</param>
    /// <param name="all">All hands: an operation knows which others had come back before it began.</param>
    public void StepBegins(RacedActor actor, int step, RacedHand[] all)
    {
        _step = step;
        if (!_isCalled) return;
        (_isCalled, _firstStep) = (false, step);
        foreach (var other in all)
        {
            if (other != this) actor.Saw((ulong)other.Returned);
        }
    }

    /// <summary>Does its part of the scenario.</summary>
    public void Act(RacedMap map)
    {
        foreach (var step in scenario.Programs[index]) Do(map, step);
    }

    private void Do(RacedMap map, RacedStep step)
    {
        _does = step;
        _isCalled = true;
        var on = map.Map;
        switch (step.Verb)
        {
            case HistoryVerb.ReadAll when map.Snapshot is { } take:
                var (count, entries) = take();
                var (first, last) = Return();
                // The moment is that of taking it; what is read from it later must be of that moment.
                var content = Read(entries);
                if (count != content.Count) Fault ??= new(ScheduleOutcomeKind.WrongCount, FormattableString.Invariant($"{Schedule.Letter(index)} has a snapshot of {content.Count} entries whose Count is {count}"));
                _operations.Add(new(index, step.Verb, 0, 0, null, first, last) { Content = content });
                break;
            case HistoryVerb.ReadAll:
                var shown = Read(on.Entries());
                (first, last) = Return();
                foreach (int key in scenario.Keys) _operations.Add(new(index, HistoryVerb.Get, key, 0, shown.TryGetValue(key, out long value) ? value : null, first, last));
                break;
            case HistoryVerb.SetAll:
                map.SetAll!(step.Entries!);
                (first, last) = Return();
                _operations.Add(new(index, step.Verb, 0, 0, null, first, last) { Content = step.Entries });
                break;
            default:
                long? result = Result(on, step);
                (first, last) = Return();
                _operations.Add(new(index, step.Verb, step.Key, step.Verb == HistoryVerb.Add ? 1 : step.Value, result, first, last) { Compared = step.Compared });
                break;
        }
    }

    /// <summary>Makes one operation without a race.</summary>
    public static long? Result(RecordedMap map, RacedStep step)
    {
        switch (step.Verb)
        {
            case HistoryVerb.Get:
                return map.Get(step.Key);
            case HistoryVerb.Set:
                map.Set(step.Key, step.Value);
                return null;
            case HistoryVerb.TryAdd:
                return map.TryAdd(step.Key, step.Value) ? 1 : 0;
            case HistoryVerb.TryUpdate:
                return map.TryUpdate(step.Key, step.Value, step.Compared) ? 1 : 0;
            case HistoryVerb.GetOrAdd:
                return map.GetOrAdd(step.Key, step.Value);
            case HistoryVerb.Add:
                return map.Add(step.Key, 1);
            case HistoryVerb.Take:
                return map.Take(step.Key);
            case HistoryVerb.Clear:
                map.Clear();
                return null;
            case HistoryVerb.Count:
                return map.Count;
            case HistoryVerb.ReadAll:
                return map.Entries().Count();
            default:
                throw new UnreachableException(step.Verb.ToString());
        }
    }

    private Dictionary<int, long> Read(IEnumerable<KeyValuePair<int, long>> entries)
    {
        var content = new Dictionary<int, long>();
        foreach (var (key, value) in entries)
        {
            if (!content.TryAdd(key, value)) Fault ??= new(ScheduleOutcomeKind.DuplicateEntry, FormattableString.Invariant($"{Schedule.Letter(index)} is shown key {key} twice"));
        }

        return content;
    }

    private (long First, long Last) Return()
    {
        Returned++;
        return (2L * _firstStep, (2L * _step) + 1);
    }
}
