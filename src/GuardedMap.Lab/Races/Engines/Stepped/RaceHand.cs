using System.Runtime.InteropServices;

namespace GuardedMaps.Lab;

/// <summary>
/// What an actor of a map scenario can do: the map's operations under the race's protection, each recorded with its answer and with
/// the steps between which it took place.
/// </summary>
internal sealed class RaceHand(SteppedMap map, Cells<int>? flag, NaiveGuard? naive, ScenarioCut cut, StepActor actor) : IActorEnding
{
    private const int Writing = 1;

    private readonly List<RaceRecord> _records = [];
    private bool _isCalled;
    private int _iterations;
    private long? _read;

    /// <summary>Counts the steps of the schedule.</summary>
    public int Step { get; set; }

    public int Index => actor.Index;

    public StepActor Actor => actor;

    public IReadOnlyList<RaceRecord> Records => _records;

    public string? Refusal => actor.Error is StepViolationException violation ? violation.Kind.ToString() : null;

    public Exception? Crash => actor.Error is StepViolationException ? null : actor.Error;

    public IReadOnlyList<MapViolationKind> Told => actor.Told == 0 ? [] : [.. Enum.GetValues<MapViolationKind>().Where(kind => (actor.Told & (1u << (int)kind)) != 0)];

    public long Folded => actor.Error switch
    {
        null => actor.Told,
        StepViolationException error => ((long)error.Kind << 40) | ((long)Index << 32) | (uint)error.Holder,
        { } crash => -1 - crash.GetType().Name.Length,
    };

    /// <summary>The operation it is in, or was in last.</summary>
    public string Operation => _records.Count == 0 ? "" : _records[^1].ToString();

    /// <summary>The operations it has been asked for so far in this schedule, those that are left out included. Begin stands for a foreach.</summary>
    public List<(Verb Verb, int Key)> Calls { get; } = [];

    private bool IsFlagged => flag is not null;

    public void Reset()
    {
        _records.Clear();
        _isCalled = false;
        _iterations = 0;
        _read = null;
        Returned = 0;
        Calls.Clear();
    }

    /// <summary>How many of its operations have come back.</summary>
    public int Returned { get; private set; }

    /// <summary>Where it stands in its operations; null when its next step begins one.</summary>
    public ulong? Place => _isCalled ? null : ((ulong)_records.Count << 16) | (uint)Returned;

    /// <summary>Told before each of the actor's steps.</summary>
    /// <param name="step">The number of the step.</param>
    /// <param name="all">All actors' hands: an operation knows which others had come back before it began.</param>
    public void StepBegins(int step, RaceHand[] all)
    {
        Step = step;
        if (!_isCalled) return;
        _isCalled = false;
        foreach (var other in all)
        {
            if (other != this) actor.Saw((ulong)other.Returned);
        }

        CollectionsMarshal.AsSpan(_records)[^1].FirstStep = step;
    }

    /// <summary>Does an actor's program.</summary>
    /// <param name="program">What it does.</param>
    /// <param name="shared">The iterator that is there before the race; null if there is none.</param>
    public async Step<None> Act(IReadOnlyList<Operation> program, SteppedIterator? shared)
    {
        var iterator = shared;
        for (int i = 0; i < program.Count; i++)
        {
            var operation = program[i];
            if (operation.Verb != Verb.Begin)
            {
                await Do(operation, iterator);
                continue;
            }

            iterator = await Begin(operation.Contract);
            if (operation.Contract == IterationContract.Reject) i = await ActWithin(iterator, program, i + 1);
        }

        return default;
    }

    // A lease ends whatever happens in the loop, as that of a foreach does.
    private async Step<int> ActWithin(SteppedIterator iterator, IReadOnlyList<Operation> program, int from)
    {
        int at = from;
        StepWorld.BeginTry();
        try
        {
            for (; program[at].Verb != Verb.Finish; at++) await Do(program[at], iterator);
            await Rest(iterator);
        }
        finally
        {
            StepWorld.EndTry();
            await End(iterator);
        }

        return at;
    }

    private async Step<None> Do(Operation operation, SteppedIterator? iterator)
    {
        switch (operation.Verb)
        {
            case Verb.Get:
                _read = await Get(operation.Key);
                break;
            case Verb.Set:
                await Set(operation.Key, operation.Value);
                break;
            case Verb.SetRead:
                await Set(operation.Key, (_read ?? 0) + operation.Value);
                break;
            case Verb.Remove:
                await Remove(operation.Key);
                break;
            case Verb.Clear:
                await Clear();
                break;
            case Verb.Increment:
            case Verb.AddOrUpdate:
                await Increment(operation.Key, byFunction: operation.Verb == Verb.AddOrUpdate);
                break;
            case Verb.TryAdd:
                await TryAdd(operation.Key, operation.Value);
                break;
            case Verb.TryUpdate:
                await TryUpdate(operation.Key, operation.Value, operation.Compared);
                break;
            case Verb.GetOrAdd:
                await GetOrAdd(operation.Key, operation.Value);
                break;
            case Verb.Resize:
                await Resize((int)operation.Value);
                break;
            case Verb.ForEach:
                await PlainForEach();
                break;
            case Verb.Iterate:
                await ForEach(operation.Contract);
                break;
            case Verb.Next:
                await Next(iterator!);
                break;
            case Verb.Finish:
                await Finish(iterator!);
                break;
            default:
                throw new InvalidProgramException($"The stepped map has no {operation.Verb}. {nameof(SteppedModel)}.{nameof(SteppedModel.IsPossible)} should have said so.");
        }

        return default;
    }

    private async Step<None> Set(int key, long value)
    {
        if (IsLeftOut(Verb.Set, key)) return default;
        Call(Verb.Set, key, value);
        await Enter(MapOperation.Set, key);
        await map.Set(key, value);
        await Leave(MapOperation.Set, key);
        Return(found: true, value);
        return default;
    }

    private async Step<long?> Get(int key)
    {
        if (IsLeftOut(Verb.Get, key)) return null;
        Call(Verb.Get, key, 0);
        if (IsFlagged) await Look(MapOperation.Read, MapViolationKind.ConcurrentReadAndWrite, key);
        var value = StepWorld.Local(0L);
        bool found = await map.TryGetValue(key, value);
        Return(found, found ? value.Value : 0);
        return found ? value.Value : null;
    }

    private async Step<None> Remove(int key)
    {
        if (IsLeftOut(Verb.Remove, key)) return default;
        Call(Verb.Remove, key, 0);
        await Enter(MapOperation.Remove, key);
        bool existed = await map.Remove(key, StepWorld.Local(0L));
        await Leave(MapOperation.Remove, key);
        Return(existed, 0);
        return default;
    }

    private async Step<None> Clear()
    {
        if (IsLeftOut(Verb.Clear, 0)) return default;
        Call(Verb.Clear, 0, 0);
        await Enter(MapOperation.Clear, null);
        await map.Clear();
        await Leave(MapOperation.Clear, null);
        Return(found: true, 0);
        return default;
    }

    // By the map's own number, or by a function: to whoever asks both are the same.
    private async Step<None> Increment(int key, bool byFunction)
    {
        if (IsLeftOut(Verb.Increment, key)) return default;
        Call(Verb.Increment, key, 1);
        await Enter(MapOperation.Update, key);
        long value = byFunction ? await map.AddOrUpdate(key, 1, static (_, present) => present + 1) : await map.Increment(key, 1);
        await Leave(MapOperation.Update, key);
        Return(found: true, value);
        return default;
    }

    private async Step<None> TryAdd(int key, long value)
    {
        if (IsLeftOut(Verb.TryAdd, key)) return default;
        Call(Verb.TryAdd, key, value);
        await Enter(MapOperation.Add, key);
        bool isStored = await map.TryAdd(key, value);
        await Leave(MapOperation.Add, key);
        Return(isStored, value);
        return default;
    }

    private async Step<None> TryUpdate(int key, long value, long compared)
    {
        if (IsLeftOut(Verb.TryUpdate, key)) return default;
        Call(Verb.TryUpdate, key, value);
        CollectionsMarshal.AsSpan(_records)[^1].Compared = compared;
        await Enter(MapOperation.Update, key);
        bool isStored = await map.TryUpdate(key, value, compared);
        await Leave(MapOperation.Update, key);
        Return(isStored, value);
        return default;
    }

    private async Step<None> GetOrAdd(int key, long value)
    {
        if (IsLeftOut(Verb.GetOrAdd, key)) return default;
        Call(Verb.GetOrAdd, key, value);
        await Enter(MapOperation.Update, key);
        long result = await map.GetOrAdd(key, value);
        await Leave(MapOperation.Update, key);
        CollectionsMarshal.AsSpan(_records)[^1].Result = result;
        Return(found: true, value);
        return default;
    }

    private async Step<None> Resize(int entries)
    {
        if (IsLeftOut(Verb.Resize, 0)) return default;
        Call(Verb.Resize, 0, entries);
        await Enter(MapOperation.Resize, null);
        if (entries == 0) await map.TrimExcess();
        else await map.EnsureCapacity(entries);
        await Leave(MapOperation.Resize, null);
        Return(found: true, entries);
        return default;
    }

    /// <summary>A whole <c>foreach</c> as C# has it: with a lease that has no name, or, where it cannot have that, with one that has.</summary>
    private async Step<None> PlainForEach()
    {
        if (IsLeftOut(Verb.Begin, 0)) return default;
        int number = ++_iterations;
        Call(Verb.Begin, 0, 0, number);
        if (IsFlagged) await Look(MapOperation.Iterate, MapViolationKind.ConcurrentIterationAndWrite, null);
        var lease = await map.BeginAnonymousLease();
        if (lease == SteppedMap.Way.Barred)
        {
            var iterator = map.CreateIterator(IterationContract.Reject);
            iterator.Number = number;
            await iterator.Begin();
            Return(found: true, (long)iterator.Effective);
            iterator.Beginning = _records[^1];
            return await Finish(iterator);
        }

        Return(found: true, (long)IterationContract.Reject);
        StepWorld.BeginTry();
        try
        {
            var enumerator = new SteppedEnumerator(map);
            while (true)
            {
                Call(Verb.Next, 0, 0, number);
                bool more = await enumerator.MoveNext();
                ref var record = ref CollectionsMarshal.AsSpan(_records)[^1];
                if (more) record.Key = enumerator.Current.Key;
                else record.Verb = Verb.End;
                Return(more, more ? enumerator.Current.Value : 0);
                if (!more) break;
            }
        }
        finally
        {
            StepWorld.EndTry();
            await map.EndAnonymousLease(lease);
        }

        return default;
    }

    /// <summary>Begins an iteration; <see cref="Next"/> steps it and <see cref="End"/> must end it.</summary>
    public async Step<SteppedIterator> Begin(IterationContract contract = IterationContract.Reject)
    {
        var iterator = map.CreateIterator(contract);
        await Begin(iterator);
        return iterator;
    }

    public async Step<None> Begin(SteppedIterator iterator)
    {
        iterator.Number = ++_iterations;
        Call(Verb.Begin, 0, 0, iterator.Number);
        if (IsFlagged) await Look(MapOperation.Iterate, MapViolationKind.ConcurrentIterationAndWrite, null);
        if (naive is not null) await naive.IterationBegins();
        await iterator.Begin();
        Return(found: true, (long)iterator.Effective);
        iterator.Beginning = _records[^1];
        return default;
    }

    /// <summary>Steps an iteration to its next entry.</summary>
    public async Step<bool> Next(SteppedIterator iterator)
    {
        Call(Verb.Next, 0, 0, iterator.Number);
        if (IsFlagged) await Look(MapOperation.Iterate, MapViolationKind.ConcurrentIterationAndWrite, null);
        // Only the product's iterator knows who is inside.
        bool more = map.IsGuarded ? await iterator.MoveNext() : await MoveNextUnwatched(iterator);
        if (!more)
        {
            Return(found: false, 0);
            CollectionsMarshal.AsSpan(_records)[^1].Verb = Verb.End;
            return false;
        }

        // Asking for Current is another operation; here the entry is taken in the step in which MoveNext came to it.
        CollectionsMarshal.AsSpan(_records)[^1].Key = actor.Visited.Key;
        Return(found: true, actor.Visited.Value);
        if (iterator.Effective == IterationContract.Snapshot)
        {
            ref var record = ref CollectionsMarshal.AsSpan(_records)[^1];
            (record.FirstStep, record.LastStep) = (iterator.Beginning.FirstStep, iterator.Beginning.LastStep);
        }

        return true;
    }

    /// <summary>Ends an iteration, as <c>foreach</c> does whatever happens in it.</summary>
    public async Step<None> End(SteppedIterator iterator)
    {
        await iterator.Dispose();
        if (naive is not null) await naive.IterationEnds();
        return default;
    }

    /// <summary>A whole <c>foreach</c> over the map.</summary>
    public async Step<None> ForEach(IterationContract contract = IterationContract.Reject)
    {
        if (IsLeftOut(Verb.Begin, 0)) return default;
        var iterator = await Begin(contract);
        await Finish(iterator);
        return default;
    }

    /// <summary>The rest of a <c>foreach</c>.</summary>
    public async Step<None> Finish(SteppedIterator iterator)
    {
        StepWorld.BeginTry();
        try
        {
            await Rest(iterator);
        }
        finally
        {
            StepWorld.EndTry();
            await End(iterator);
        }

        return default;
    }

    /// <summary>Steps an iteration until it says it is over.</summary>
    private async Step<None> Rest(SteppedIterator iterator)
    {
        while (await Next(iterator))
        {
            // Next records what it finds.
        }

        return default;
    }

    private async Step<bool> MoveNextUnwatched(SteppedIterator iterator)
    {
        if (iterator.State.Value == IteratorState.Done)
        {
            if (naive is not { Kind: NaiveGuardKind.Wraps }) return false;
            await iterator.Wrap();
        }

        IteratorState state;
        do state = await iterator.StepInside(toEntry: true);
        while (state is IteratorState.Init or IteratorState.NextBucket);
        return state == IteratorState.Bucket;
    }

    private async Step<None> Enter(MapOperation operation, object? key)
    {
        if (naive is not null) await naive.WriterComes();
        if (IsFlagged) await Raise(operation, key);
        return default;
    }

    private async Step<None> Leave(MapOperation operation, object? key)
    {
        if (IsFlagged) await Lower(operation, key);
        return default;
    }

    // Go 1.24, runtime/map_noswiss.go: mapassign and mapdelete look, toggle by XOR, work, look again and clear; mapaccess and
    // mapiternext look. Toggling and clearing are a load and a store.

    private async Step<None> Look(MapOperation operation, MapViolationKind kind, object? key)
    {
        if ((await flag!.Read(SteppedPoints.FlagLook) & Writing) != 0) throw await new ThrowStep(StepWorld.Current, new StepViolationException(kind, operation, key, -1, MapOperation.None));
        return default;
    }

    private async Step<None> Raise(MapOperation operation, object? key)
    {
        await Look(operation, MapViolationKind.ConcurrentWrites, key);
        await flag!.Write(SteppedPoints.FlagWrite, await flag.Read(SteppedPoints.FlagRead) ^ Writing);
        return default;
    }

    private async Step<None> Lower(MapOperation operation, object? key)
    {
        if ((await flag!.Read(SteppedPoints.FlagLookAgain) & Writing) == 0)
            throw await new ThrowStep(StepWorld.Current, new StepViolationException(MapViolationKind.ConcurrentWrites, operation, key, -1, MapOperation.None));
        await flag.Write(SteppedPoints.FlagWrite, await flag.Read(SteppedPoints.FlagRead) & ~Writing);
        return default;
    }

    private bool IsLeftOut(Verb verb, int key)
    {
        Calls.Add((verb, key));
        return cut.LeavesOut(actor.Index, Calls.Count);
    }

    private void Call(Verb verb, int key, long value, int iteration = 0)
    {
        _records.Add(new RaceRecord { Verb = verb, Actor = (byte)actor.Index, Key = key, Value = value, Iteration = (byte)iteration });
        _isCalled = true;
    }

    private void Return(bool found, long value)
    {
        ref var record = ref CollectionsMarshal.AsSpan(_records)[^1];
        Returned++;
        record.Returned = true;
        record.Found = found;
        record.Value = value;
        record.LastStep = Step;
        if (record.FirstStep == 0) record.FirstStep = Step;
        _isCalled = false;
    }
}
