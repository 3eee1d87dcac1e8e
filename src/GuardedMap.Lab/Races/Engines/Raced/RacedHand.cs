using System.Diagnostics;

namespace GuardedMaps.Lab;

/// <summary>One actor's operations on a raced map, each recorded with its answer and with the steps between which it took place.</summary>
internal sealed class RacedHand(int index, Scenario scenario) : IActorEnding
{
    private readonly List<RaceRecord> _records = [];
    private bool _isCalled;
    private int _firstStep;
    private int _step;
    private Operation? _does;
    private long? _read;

    public int Index => index;

    /// <summary>The answers so far. A weakly consistent iteration is there as a lookup of each key.</summary>
    public IReadOnlyList<RaceRecord> Records => _records;

    /// <summary>These maps refuse nothing.</summary>
    public string? Refusal => null;

    /// <summary>What ended it, which these maps never should.</summary>
    public Exception? Crash { get; set; }

    /// <summary>What contradicts itself in an answer; null if nothing does.</summary>
    public ScheduleOutcome? Contradiction { get; private set; }

    public long Folded => ((long)(Contradiction?.Text.GetHashCode(StringComparison.Ordinal) ?? 0) << 32) | (uint)(Crash?.GetType().Name.GetHashCode(StringComparison.Ordinal) ?? 0);

    /// <summary>The operation it is in, or was in last.</summary>
    public string Operation => _does?.ToString() ?? "";

    /// <summary>The answer that came back in a step, in words.</summary>
    public string? AnswerOf(int step) => _records.Count > 0 && _records[^1].LastStep == step ? RaceHistory.Of(_records[^1])!.ToString()[3..] : null;

    /// <summary>How many of its operations have come back.</summary>
    public int Returned { get; private set; }

    /// <summary>Where it stands in its operations; null when its next step begins one.</summary>
    public ulong? Place => _isCalled ? null : (uint)Returned;

    public void Reset()
    {
        _records.Clear();
        _read = null;
        (_isCalled, _firstStep, _step, _does, Crash, Contradiction, Returned) = (false, 0, 0, null, null, null, 0);
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

    private void Do(RacedMap map, Operation step)
    {
        _does = step;
        _isCalled = true;
        var on = map.Map;
        switch (step.Verb)
        {
            case Verb.Iterate when map.Snapshot is { } take:
                var (count, entries) = take();
                var moment = Return();
                // The moment is that of taking it; what is read from it later must be of that moment.
                var content = Read(entries);
                if (count != content.Count) Contradiction ??= new(ScheduleOutcomeKind.WrongCount, FormattableString.Invariant($"{Schedule.Letter(index)} has a snapshot of {content.Count} entries whose Count is {count}"));
                Note(new RaceRecord { Verb = step.Verb, Content = content }, moment);
                break;
            case Verb.Iterate:
                var shown = Read(on.Entries());
                moment = Return();
                foreach (int key in scenario.Keys) Note(new RaceRecord { Verb = Verb.Get, Key = key, Found = shown.TryGetValue(key, out long value), Value = value }, moment);
                break;
            case Verb.SetAll:
                map.SetAll!(step.Entries!);
                Note(new RaceRecord { Verb = step.Verb, Content = step.Entries }, Return());
                break;
            default:
                var made = step.Verb == Verb.SetRead ? step with { Verb = Verb.Set, Value = (_read ?? 0) + step.Value } : step;
                var record = MapOperations.Do(on, made, takes: true);
                if (made.Verb == Verb.Get) _read = record.Found ? record.Value : null;
                Note(record, Return());
                break;
        }
    }

    private void Note(RaceRecord record, (int First, int Last) moment) =>
        _records.Add(record with { Actor = (byte)index, Returned = true, FirstStep = moment.First, LastStep = moment.Last });

    private Dictionary<int, long> Read(IEnumerable<KeyValuePair<int, long>> entries)
    {
        var content = new Dictionary<int, long>();
        foreach (var (key, value) in entries)
        {
            if (!content.TryAdd(key, value)) Contradiction ??= new(ScheduleOutcomeKind.DuplicateEntry, FormattableString.Invariant($"{Schedule.Letter(index)} is shown key {key} twice"));
        }

        return content;
    }

    private (int First, int Last) Return()
    {
        Returned++;
        return (_firstStep, _step);
    }
}
