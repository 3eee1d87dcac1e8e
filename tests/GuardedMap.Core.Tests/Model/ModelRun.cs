namespace GuardedMaps.Tests.Model;

/// <summary>
/// Runs one program on a map and on the oracle, and compares them at every step: the answer or the violation, the number of entries,
/// the table's invariants, and whether the version moved.
/// </summary>
/// <remarks>
/// The version is what FailFast goes by, so it is tested from both sides: an operation that changed the content must have moved it, one
/// that was refused, queued or only read must not. In between (removing a key that is not there may still evacuate a bucket) the map
/// is free, and a FailFast iteration has to fail exactly if the version moved.
/// </remarks>
internal sealed class ModelRun<TKey>
    where TKey : notnull
{
    /// <summary>A map larger than this has its invariants checked at every sixteenth operation of a burst, and always at its end.</summary>
    private const int SmallMap = 200;

    /// <summary>A value no entry ever has: values count up from 1, their complements are negative and odd ones out are never this small.</summary>
    private const int NobodysValue = int.MinValue + 1;

    private readonly ModelProgram _program;
    private readonly KeyDomain<TKey> _keys;
    private readonly ModelStatistics _statistics;
    private readonly GuardedMap<TKey, int> _map;
    private readonly MapModel<TKey> _model;
    private readonly Handle?[] _slots = new Handle?[ModelProgram.Slots];
    private int _lastValue;
    private int _burst;
    private int _churned = 5000;
    private int _unchurned = 5000;
    private long _growths;
    private bool _wasGrowing;
    private long _versionBefore;
    private long _changesBefore;

    public ModelRun(ModelProgram program, KeyDomain<TKey> keys, ModelStatistics statistics)
    {
        ModelSetup setup = program.Setup;
        _program = program;
        _keys = keys;
        _statistics = statistics;
        _model = new MapModel<TKey>(keys.OracleComparer, setup.Protection);
        _map = new GuardedMap<TKey, int>(new MapOptions<TKey>
        {
            Capacity = setup.Capacity,
            Comparer = keys.Comparer,
            Contract = setup.Contract,
            UnleasedContract = setup.UnleasedContract,
            Protection = setup.Protection,
            HashSeed = setup.HashSeed,
            Trace = setup.Trace,
            Name = "model",
        });
    }

    private bool IsUnguarded => _program.Setup.Protection == MapProtection.None;

    /// <summary>Runs the program to its end or to the first difference.</summary>
    public Divergence? Run()
    {
        int step = 0;
        try
        {
            for (; step < _program.Steps.Count; step++) Take(_program.Steps[step]);
            End();
            _statistics.Programs++;
            return null;
        }
        catch (DifferenceException difference)
        {
            return new Divergence(step, difference.Message);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever else the map throws is a difference too: every exception it may throw is expected where it may.
            return new Divergence(step, e.ToString());
        }
    }

    private void Take(Step step)
    {
        if (!step.Other)
        {
            Take(step, actor: 0);
            return;
        }

        _statistics.ByOtherThread++;
        OtherThread.Current.Run(() => Take(step, actor: 1));
    }

    private void Take(Step step, int actor)
    {
        switch (step.Kind)
        {
            case StepKind.Get:
                Get(step.A);
                break;
            case StepKind.ReadAll:
                ReadAll();
                break;
            case StepKind.Fill:
                Burst(step.B, i => Write(StepKind.Set, step.A + i, 0, actor));
                break;
            case StepKind.Drain:
                Burst(step.B, i => Write(StepKind.Remove, step.A + i, 0, actor));
                break;
            case StepKind.Churn:
                Churn(step.A, step.B, actor);
                break;
            case StepKind.Start:
                Start(step.A, (Iteration)step.B, step.C < 0 ? null : (IterationContract)step.C, actor);
                break;
            case StepKind.MoveNext:
                if (_slots[step.A] is { } handle) MoveNext(handle, actor);
                break;
            case StepKind.StepOnce:
                if (_slots[step.A] is { Iterator: not null } byHand) StepOnce(byHand, actor);
                break;
            case StepKind.Finish:
                if (_slots[step.A] is { } finished) Finish(finished, actor);
                break;
            case StepKind.CursorSet or StepKind.CursorRemove:
                if (_slots[step.A] is { Iterator: not null } cursor) WriteThroughCursor(cursor, step.Kind, step.B != 0, actor);
                break;
            case StepKind.Dispose:
                if (_slots[step.A] is { } disposed) Dispose(disposed);
                break;
            default:
                Write(step.Kind, step.A, step.B, actor);
                break;
        }

        if (_burst > 0) _map.CheckInvariants();
        _burst = 0;
    }

    private void Burst(int count, Func<int, bool> write)
    {
        // A refused write would be refused again.
        for (int i = 0; i < count && write(i); i++) _burst++;
    }

    /// <summary>Fills the map to just below a count at which a table doubles, with keys no other step uses, and replaces those by others.</summary>
    private void Churn(int rounds, int room, int actor)
    {
        int mine = 0;
        for (int i = _unchurned + 1; i <= _churned; i++)
        {
            if (_model.Content.ContainsKey(_keys.KeyOf(i))) mine++;
        }

        int others = _model.Content.Count - mine;
        int limit = 8;
        while (limit < others + room + 4) limit = limit == 8 ? 13 : limit * 2;
        int window = limit - room - others;
        Burst(Math.Max(0, window - mine), _ => Write(StepKind.Set, ++_churned, 0, actor));
        Burst(rounds, _ => Write(StepKind.Set, ++_churned, 0, actor) && Forget(window, actor));
    }

    private bool Forget(int window, int actor)
    {
        while (_churned - _unchurned > window)
        {
            if (!Write(StepKind.Remove, ++_unchurned, 0, actor)) return false;
        }

        return true;
    }

    /// <summary>One write, whatever its kind.</summary>
    /// <returns>False if it was refused.</returns>
    private bool Write(StepKind kind, int number, int operand, int actor)
    {
        BeginOperation();
        TKey key = _keys.KeyOf(number);
        bool isResize = kind is StepKind.EnsureCapacity or StepKind.TrimExcess;
        // GetOrAdd of a key that is there is a lookup, unless the queue may know better.
        bool isRead = kind == StepKind.GetOrAdd && !_model.HasQueue && _model.TryGet(key, out _);
        ModelVerdict verdict = isRead ? ModelVerdict.Proceed : _model.Judge(actor, isResize, through: null);
        if (verdict == ModelVerdict.Proceed && !isRead && _model.BeforeProceeding(through: null)) _statistics.Applied++;
        bool exists = verdict == ModelVerdict.Queue ? _model.TryGetQueued(key, out int present) : _model.TryGet(key, out present);

        var call = new WriteCall<TKey>(
            kind,
            key,
            kind == StepKind.RemovePair ? (operand != 0 && exists ? present : NobodysValue) : ++_lastValue,
            kind is StepKind.GetOrAdd or StepKind.AddOrUpdate or StepKind.Update ? (Callback)operand : Callback.None,
            kind == StepKind.EnsureCapacity ? number : operand);
        Answer expected = MapModel<TKey>.Decide(call, exists, present, out StepKind? effect, out int stored);
        if (verdict == ModelVerdict.Refuse) expected = new Answer(Error: nameof(MapViolationKind.ConcurrentIterationAndWrite));

        var callback = new CallbackCheck(this, call, present)
        {
            CannotWrite = !IsUnguarded,
            CannotIterate = !IsUnguarded && verdict == ModelVerdict.Proceed,
        };
        bool calls = verdict != ModelVerdict.Refuse && kind switch
        {
            StepKind.GetOrAdd => !exists && call.Callback != Callback.None,
            StepKind.AddOrUpdate or StepKind.Update => exists,
            _ => false,
        };
        Answer got = Call(call, callback, isResize);
        if (callback.Problem is { } problem) throw new DifferenceException(problem);
        if (callback.Calls != (calls ? 1 : 0)) throw new DifferenceException($"the callback was called {callback.Calls} times");
        if (got != expected) throw new DifferenceException($"[{key}] expected {expected}, got {got}{(verdict == ModelVerdict.Queue ? " for a queued write" : "")}");

        switch (verdict)
        {
            case ModelVerdict.Proceed:
                _model.Apply(effect, key, stored);
                break;
            case ModelVerdict.Queue:
                _statistics.Queued++;
                _model.Enqueue(effect, key, stored);
                break;
            default:
                _statistics.Refused++;
                break;
        }

        EndOperation(mayMoveVersion: verdict == ModelVerdict.Proceed && !isRead);
        return verdict != ModelVerdict.Refuse;
    }

    private Answer Call(in WriteCall<TKey> call, CallbackCheck callback, bool isResize)
    {
        TKey key = call.Key;
        int value = call.Value;
        try
        {
            switch (call.Kind)
            {
                case StepKind.Set:
                    _map[key] = value;
                    return default;
                case StepKind.Add:
                    _map.Add(key, value);
                    return new Answer(true);
                case StepKind.TryAdd:
                    return new Answer(_map.TryAdd(key, value));
                case StepKind.Remove:
                    bool removed = _map.Remove(key, out int was);
                    return new Answer(removed, was);
                case StepKind.RemovePair:
                    return new Answer(((ICollection<KeyValuePair<TKey, int>>)_map).Remove(new(key, value)));
                case StepKind.Clear:
                    _map.Clear();
                    return default;
                case StepKind.EnsureCapacity:
                    int room = _map.EnsureCapacity(call.By);
                    if (room < call.By || room < _map.Count) throw new DifferenceException($"EnsureCapacity({call.By}) says there is room for {room}");
                    return default;
                case StepKind.TrimExcess:
                    _map.TrimExcess();
                    return default;
                case StepKind.GetOrAdd:
                    return new Answer(Value: call.Callback == Callback.None ? _map.GetOrAdd(key, value) : _map.GetOrAdd(key, callback.Add));
                case StepKind.AddOrUpdate:
                    return new Answer(Value: _map.AddOrUpdate(key, value, callback.Update));
                case StepKind.Update:
                    return new Answer(_map.Update(key, callback.Update));
                case StepKind.Increment:
                    return new Answer(Value: _map.Increment(key, call.By));
                default:
                    throw new InvalidOperationException($"{call.Kind} is not a write.");
            }
        }
        catch (MapViolationException e)
        {
            CheckRefusal(e, isResize);
            return new Answer(Error: e.Kind.ToString());
        }
        catch (ArgumentException) when (call.Kind == StepKind.Add)
        {
            return new Answer(Error: "duplicate");
        }
        catch (OverflowException) when (call.Kind == StepKind.Increment)
        {
            return new Answer(Error: "overflow");
        }
        catch (CallbackException) when (call.Callback == Callback.Throws)
        {
            return new Answer(Error: "callback");
        }
    }

    /// <summary>A refusal must name a contract that is there and refuses, and be remembered by the map.</summary>
    private void CheckRefusal(MapViolationException e, bool isResize)
    {
        if (!ReferenceEquals(_map.LastViolation, e.Violation)) throw new DifferenceException("the map's LastViolation is not the one thrown");
        if (e.Kind != MapViolationKind.ConcurrentIterationAndWrite) return;
        bool plausible = e.Violation.Contract switch
        {
            IterationContract.Reject or IterationContract.Tolerate => _model.HasLease(e.Violation.Contract.Value),
            IterationContract.Defer => isResize && _model.HasLease(IterationContract.Defer),
            _ => false,
        };
        if (!plausible) throw new DifferenceException($"the violation names contract {e.Violation.Contract}, under which no iteration refuses this");
    }

    private void Get(int number)
    {
        BeginOperation();
        TKey key = _keys.KeyOf(number);
        bool exists = _model.TryGet(key, out int expected);
        bool found = _map.TryGetValue(key, out int value);
        if (found != exists || value != expected) throw new DifferenceException($"[{key}] expected {(exists ? expected : "nothing")}, got {(found ? value : "nothing")}");
        if (_map.ContainsKey(key) != exists) throw new DifferenceException($"[{key}] ContainsKey says {!exists}");
        if (exists && (_map[key] != expected || _map.Get(key) != expected)) throw new DifferenceException($"[{key}] the indexer or Get disagrees with TryGetValue");
        EndOperation(mayMoveVersion: false);
    }

    /// <summary>Reads the whole map through each of its faces.</summary>
    private void ReadAll()
    {
        BeginOperation();
        var left = new Dictionary<TKey, ModelEntry<TKey>>(_model.Content, _keys.OracleComparer);
        foreach (KeyValuePair<TKey, int> entry in _map) Tick("foreach", left, entry.Key, entry.Value);
        CheckAllTicked("foreach", left);

        left = new Dictionary<TKey, ModelEntry<TKey>>(_model.Content, _keys.OracleComparer);
        foreach (KeyValuePair<TKey, int> entry in (IEnumerable<KeyValuePair<TKey, int>>)_map) Tick("the enumerator", left, entry.Key, entry.Value);
        CheckAllTicked("the enumerator", left);

        var copy = new KeyValuePair<TKey, int>[_model.Content.Count];
        _map.CopyTo(copy, 0);
        left = new Dictionary<TKey, ModelEntry<TKey>>(_model.Content, _keys.OracleComparer);
        foreach (KeyValuePair<TKey, int> entry in copy) Tick("CopyTo", left, entry.Key, entry.Value);
        CheckAllTicked("CopyTo", left);

        left = new Dictionary<TKey, ModelEntry<TKey>>(_model.Content, _keys.OracleComparer);
        foreach (TKey key in _map.Keys) Tick("Keys", left, key, null);
        CheckAllTicked("Keys", left);

        long sum = 0;
        foreach (int value in _map.Values) sum += value;
        long expected = _model.Content.Values.Sum(static entry => (long)entry.Value);
        if (sum != expected) throw new DifferenceException($"Values add up to {sum}, not {expected}");

        foreach (ModelEntry<TKey> entry in _model.Content.Values)
        {
            if (!_map.TryGetValue(entry.Key, out int value) || value != entry.Value) throw new DifferenceException($"a lookup of '{entry.Key}' does not give {entry.Value}");
        }

        EndOperation(mayMoveVersion: false);
    }

    private static void Tick(string face, Dictionary<TKey, ModelEntry<TKey>> left, TKey key, int? value)
    {
        if (!left.Remove(key, out ModelEntry<TKey>? entry)) throw new DifferenceException($"{face} gives '{key}', which is not there or was given before");
        if (value is not null && value != entry.Value) throw new DifferenceException($"{face} gives [{key}, {value}], the value is {entry.Value}");
    }

    private static void CheckAllTicked(string face, Dictionary<TKey, ModelEntry<TKey>> left)
    {
        if (left.Count > 0) throw new DifferenceException($"{face} does not give '{left.Keys.First()}' and {left.Count - 1} more");
    }

    private void Start(int slot, Iteration how, IterationContract? contract, int actor)
    {
        // Without a guard there are no contracts, and nothing is promised about an iteration that somebody writes under.
        if (IsUnguarded) return;
        if (_slots[slot] is { } before)
        {
            if (before.Model.IsLeased) Dispose(before);
            else _model.End(before.Model);
        }

        BeginOperation();
        bool isLeased = how is not (Iteration.Unleased or Iteration.Keys);
        IterationContract effective = _program.Setup.Protection == MapProtection.Synchronized ? IterationContract.Snapshot
            : !isLeased ? _program.Setup.UnleasedContract
            : how == Iteration.ForEach ? _program.Setup.Contract
            : contract ?? _program.Setup.Contract;
        var handle = new Handle(how, new ModelIteration<TKey>(effective, isLeased, _keys.OracleComparer))
        {
            BoundTo = how == Iteration.CreateBound ? actor : -1,
        };
        switch (how)
        {
            case Iteration.Iterate:
                handle.Iterator = _map.Iterate(contract);
                break;
            case Iteration.Create or Iteration.CreateBound:
                handle.Iterator = _map.CreateIterator(contract, bound: how == Iteration.CreateBound);
                break;
            case Iteration.ForEach:
                handle.Loop = _map.GetEnumerator();
                break;
            case Iteration.Unleased:
                handle.Iterator = (MapIterator<TKey, int>)((IEnumerable<KeyValuePair<TKey, int>>)_map).GetEnumerator();
                break;
            default:
                handle.Keys = _map.Keys.GetEnumerator();
                break;
        }

        if (handle.Iterator is { } iterator && iterator.Contract != effective) throw new DifferenceException($"the iterator's contract is {iterator.Contract}, not {effective}");
        _slots[slot] = handle;
        if (how is not (Iteration.Create or Iteration.CreateBound)) Begin(handle, actor);
        EndOperation(mayMoveVersion: false);
    }

    private void Begin(Handle handle, int actor)
    {
        _model.Begin(handle.Model, actor);
        handle.ExpectedVersion = _map.Version;
        handle.GrowthsAtBegin = _growths;
    }

    /// <summary>One step to the next entry.</summary>
    /// <returns>True if there was one.</returns>
    private bool MoveNext(Handle handle, int actor)
    {
        BeginOperation();
        if (!MayEnter(handle, actor, static h => h.MoveNext())) return false;
        if (handle.Model.Phase == IterationPhase.Ended)
        {
            if (handle.MoveNext()) throw new DifferenceException("an iteration that had ended moved on");
            EndOperation(mayMoveVersion: false);
            return false;
        }

        if (handle.Model.Phase == IterationPhase.New) Begin(handle, actor);
        if (IsStale(handle, static h => h.MoveNext(), out bool moved)) return false;
        if (handle.Iterator is { } iterator && iterator.State != (moved ? IteratorState.Bucket : IteratorState.Done))
            throw new DifferenceException($"MoveNext gave {moved} and left the iterator in state {iterator.State}");
        handle.Model.Stepper = actor;
        if (moved) Visit(handle);
        else ReachEnd(handle);
        EndOperation(mayMoveVersion: !moved);
        return moved;
    }

    /// <summary>One transition of the state machine.</summary>
    private void StepOnce(Handle handle, int actor)
    {
        BeginOperation();
        MapIterator<TKey, int> iterator = handle.Iterator!;
        if (!MayEnter(handle, actor, static h => h.Iterator!.Step())) return;
        IteratorState before = iterator.State;
        if (handle.Model.Phase == IterationPhase.Ended)
        {
            ExpectViolation(MapViolationKind.IteratorDone, () => iterator.Step(), "stepping an iterator that was done");
            EndOperation(mayMoveVersion: false);
            return;
        }

        if (handle.Model.Phase == IterationPhase.New)
        {
            Begin(handle, actor);
            if (iterator.Step() != IteratorState.Init) throw new DifferenceException($"the first step led from Nil to {iterator.State}");
            EndOperation(mayMoveVersion: false);
            return;
        }

        if (IsStale(handle, static h => h.Iterator!.Step(), out IteratorState state)) return;
        handle.Model.Stepper = actor;
        bool isLegal = state switch
        {
            IteratorState.Bucket => before is IteratorState.Init or IteratorState.NextBucket or IteratorState.Bucket,
            IteratorState.NextBucket => before is IteratorState.Init or IteratorState.Bucket or IteratorState.NextBucket,
            // Straight from Init only if there is nothing to walk: the map was empty then, or has been since.
            IteratorState.Done => before is IteratorState.NextBucket
                || (before == IteratorState.Init && (handle.Model.Initial.Count == 0 || handle.Model.EmptiedAtBegin != _model.Emptied)),
            _ => false,
        };
        if (!isLegal || iterator.State != state) throw new DifferenceException($"a step led from {before} to {state}, and the iterator says {iterator.State}");
        if (state == IteratorState.Bucket) Visit(handle);
        else if (state == IteratorState.Done) ReachEnd(handle);
        else handle.Model.OnEntry = false;
        EndOperation(mayMoveVersion: state == IteratorState.Done);
    }

    private void Finish(Handle handle, int actor)
    {
        // A walk that never ends is a difference too. The bound is generous: every entry twice, and what was there at the beginning.
        int limit = (2 * _model.Content.Count) + handle.Model.Initial.Count + 1;
        for (int i = 0; MoveNext(handle, actor); i++)
        {
            if (i > limit) throw new DifferenceException($"the iteration goes on after {i} entries");
        }
    }

    /// <summary>A bound iterator lets nobody else in.</summary>
    private bool MayEnter<T>(Handle handle, int actor, Func<Handle, T> call)
    {
        if (handle.BoundTo < 0 || handle.BoundTo == actor) return true;
        ExpectViolation(MapViolationKind.ForeignIterator, () => call(handle), "another thread's step of a bound iterator");
        EndOperation(mayMoveVersion: false);
        return false;
    }

    /// <summary>Steps; a FailFast iteration has to fail if the map was written since, and nothing else may.</summary>
    private bool IsStale<T>(Handle handle, Func<Handle, T> call, out T result)
    {
        bool mustFail = handle.Model.Contract == IterationContract.FailFast && _map.Version != handle.ExpectedVersion;
        try
        {
            result = call(handle);
        }
        catch (MapViolationException e)
        {
            if (!mustFail) throw;
            if (e.Kind != MapViolationKind.ConcurrentIterationAndWrite || e.Violation.Contract != IterationContract.FailFast)
                throw new DifferenceException($"a stale step failed with {e.Kind} under {e.Violation.Contract}");
            _statistics.Stale++;
            handle.Model.OnEntry = false;
            EndOperation(mayMoveVersion: false);
            result = default!;
            return true;
        }

        if (mustFail) throw new DifferenceException("a FailFast iteration went on after a write");
        return false;
    }

    private void Visit(Handle handle)
    {
        ModelIteration<TKey> iteration = handle.Model;
        _statistics.Visits++;
        iteration.OnEntry = true;
        if (handle.Keys is { } keys)
        {
            Complain(_model.Visit(iteration, keys.Current, null));
            return;
        }

        KeyValuePair<TKey, int> current = handle.Iterator?.Current ?? handle.Loop!.Current;
        Complain(_model.Visit(iteration, current.Key, current.Value));
        iteration.Key = current.Key;
        iteration.Value = current.Value;
        if (handle.Iterator is not { } iterator) return;
        handle.EarlierEntry = handle.Entry;
        handle.Entry = iterator.Entry;
        if (handle.Entry.Value != current.Value) throw new DifferenceException($"the cursor's value is {handle.Entry.Value}, the iterator's {current.Value}");
    }

    private void ReachEnd(Handle handle)
    {
        Complain(_model.Finish(handle.Model));
        // foreach disposes at once.
        handle.Loop?.Dispose();
        _statistics.Finished++;
        if (handle.Model.Contract == IterationContract.Tolerate && _growths != handle.GrowthsAtBegin) _statistics.FinishedAcrossGrowth++;
        if (handle.Model.Contract == IterationContract.Snapshot && _model.Changes != handle.Model.ChangesAtBegin) _statistics.SnapshotsOutlived++;
        if (_model.End(handle.Model)) _statistics.Applied++;
    }

    private void Dispose(Handle handle)
    {
        BeginOperation();
        handle.Dispose();
        if (_model.End(handle.Model)) _statistics.Applied++;
        if (handle.Iterator is { } iterator && iterator.State != IteratorState.Done) throw new DifferenceException($"a disposed iterator is in state {iterator.State}");
        EndOperation(mayMoveVersion: true);
    }

    private void WriteThroughCursor(Handle handle, StepKind kind, bool stale, int actor)
    {
        BeginOperation();
        ModelIteration<TKey> iteration = handle.Model;
        MapEntry<TKey, int>? entry = stale ? handle.EarlierEntry : handle.Entry;
        if (entry is null) return;
        int value = ++_lastValue;
        bool WriteIt(Handle _) => kind == StepKind.CursorSet ? entry.SetValue(value) : entry.Remove();
        if (!MayEnter(handle, actor, WriteIt)) return;
        if (stale || !iteration.OnEntry)
        {
            ExpectViolation(MapViolationKind.IteratorDone, () => WriteIt(handle), "a write through an entry the iteration has left");
            if (!iteration.OnEntry) ExpectNoEntry(handle);
            EndOperation(mayMoveVersion: false);
            return;
        }

        TKey key = iteration.Key;
        ModelVerdict verdict = _model.Judge(actor, isResize: false, iteration);
        if (verdict == ModelVerdict.Refuse)
        {
            MapViolationException refused = ExpectViolation(MapViolationKind.ConcurrentIterationAndWrite, () => WriteIt(handle), "a cursor write that another iteration refuses");
            CheckRefusal(refused, isResize: false);
            _statistics.Refused++;
            EndOperation(mayMoveVersion: false);
            return;
        }

        bool applied = verdict == ModelVerdict.Proceed && _model.BeforeProceeding(iteration);
        if (applied) _statistics.Applied++;
        if (verdict == ModelVerdict.Proceed && iteration.Contract == IterationContract.FailFast && _map.Version != handle.ExpectedVersion)
        {
            ExpectViolation(MapViolationKind.ConcurrentIterationAndWrite, () => WriteIt(handle), "a write through the cursor of a FailFast iteration after another write");
            _statistics.Stale++;
            EndOperation(mayMoveVersion: true);
            return;
        }

        bool wasGrowing = _map.IsGrowing;
        bool exists = verdict == ModelVerdict.Queue ? _model.TryGetQueued(key, out int present) : _model.TryGet(key, out present);
        Answer expected = MapModel<TKey>.Decide(new WriteCall<TKey>(kind, key, value), exists, present, out StepKind? effect, out int stored);
        bool written = WriteIt(handle);
        if (written != expected.Found) throw new DifferenceException($"a write through the cursor of '{key}' gave {written}");
        if (verdict == ModelVerdict.Queue)
        {
            _statistics.Queued++;
            _model.Enqueue(effect, key, stored);
        }
        else
        {
            _model.Apply(effect, key, stored);
            // What came out of the queue is not the iteration's own write.
            if (written && !applied) handle.ExpectedVersion = _map.Version;
            if (written) _statistics.CursorWrites++;
            if (written && wasGrowing) _statistics.CursorWritesInGrowth++;
        }

        if (written && kind == StepKind.CursorSet) iteration.Value = value;
        KeyValuePair<TKey, int> current = handle.Iterator!.Current;
        if (current.Value != iteration.Value || entry.Value != iteration.Value)
            throw new DifferenceException($"after the write the iterator's value is {current.Value} and the cursor's {entry.Value}, not {iteration.Value}");
        EndOperation(mayMoveVersion: verdict == ModelVerdict.Proceed);
    }

    /// <summary>An iterator that stands on no entry says so, and says whether it is done.</summary>
    private static void ExpectNoEntry(Handle handle)
    {
        try
        {
            _ = handle.Iterator!.Current;
        }
        catch (MapViolationException e) when (handle.Model.Phase == IterationPhase.Ended && e.Kind == MapViolationKind.IteratorDone)
        {
            return;
        }
        catch (InvalidOperationException e) when (handle.Model.Phase != IterationPhase.Ended && e is not MapViolationException)
        {
            return;
        }

        throw new DifferenceException("an iterator that stands on no entry gave one");
    }

    private MapViolationException ExpectViolation(MapViolationKind kind, Action action, string what)
    {
        try
        {
            action();
        }
        catch (MapViolationException e)
        {
            if (e.Kind != kind) throw new DifferenceException($"{what} was refused as {e.Kind}, not as {kind}");
            if (!ReferenceEquals(_map.LastViolation, e.Violation)) throw new DifferenceException("the map's LastViolation is not the one thrown");
            return e;
        }

        throw new DifferenceException($"{what} was let in; {kind} was expected");
    }

    private static void Complain(string? complaint)
    {
        if (complaint is not null) throw new DifferenceException(complaint);
    }

    private void BeginOperation()
    {
        _statistics.Operations++;
        _versionBefore = _map.Version;
        _changesBefore = _model.Changes;
    }

    /// <summary>What must hold after every operation.</summary>
    private void EndOperation(bool mayMoveVersion)
    {
        int count = _map.Count;
        if (count != _model.Content.Count) throw new DifferenceException($"Count is {count}, not {_model.Content.Count}");
        if (count > _statistics.LargestCount) _statistics.LargestCount = count;
        if (!IsUnguarded)
        {
            bool moved = _map.Version != _versionBefore;
            if (moved && !mayMoveVersion) throw new DifferenceException("the version moved, but nothing may have been written");
            if (!moved && _model.Changes != _changesBefore) throw new DifferenceException("the content changed, but the version did not move");
        }

        bool growing = _map.IsGrowing;
        if (growing && !_wasGrowing)
        {
            // Copying the layout of a large table takes long.
            if (_growths++ % 8 == 0 || count <= SmallMap)
            {
                if (_map.GetLayout().GrowReason == GrowReason.LoadFactor) _statistics.Doublings++;
                else _statistics.Repackings++;
            }
        }

        _wasGrowing = growing;
        if (_burst == 0 || count <= SmallMap || _burst % 16 == 0) _map.CheckInvariants();
    }

    /// <summary>After the last step: every lease ends, what was queued is applied, and the map takes writes again.</summary>
    private void End()
    {
        foreach (Handle? handle in _slots)
        {
            if (handle is { Model.IsLeased: true }) Dispose(handle);
        }

        Write(StepKind.Set, 0, 0, actor: 0);
        ReadAll();
    }

    /// <summary>An iteration of the program: the oracle's, and the map's in one of three shapes.</summary>
    private sealed class Handle(Iteration how, ModelIteration<TKey> model)
    {
        public Iteration How => how;

        public ModelIteration<TKey> Model => model;

        public MapIterator<TKey, int>? Iterator { get; set; }

        public IEnumerator<KeyValuePair<TKey, int>>? Loop { get; set; }

        public IEnumerator<TKey>? Keys { get; set; }

        /// <summary>The cursor of the entry visited last.</summary>
        public MapEntry<TKey, int>? Entry { get; set; }

        /// <summary>The cursor of the entry visited before that one.</summary>
        public MapEntry<TKey, int>? EarlierEntry { get; set; }

        /// <summary>Whom it is bound to, or -1.</summary>
        public int BoundTo { get; init; }

        public long ExpectedVersion { get; set; }

        public long GrowthsAtBegin { get; set; }

        public bool MoveNext() => Iterator?.MoveNext() ?? Loop?.MoveNext() ?? Keys!.MoveNext();

        public void Dispose()
        {
            Iterator?.Dispose();
            Loop?.Dispose();
            Keys?.Dispose();
        }
    }

    /// <summary>A factory or update callback that looks at what it is given and does as the step says.</summary>
    private sealed class CallbackCheck(ModelRun<TKey> run, WriteCall<TKey> call, int present)
    {
        /// <summary>A write from inside is a violation.</summary>
        public bool CannotWrite { get; init; }

        /// <summary>The beginning of an iteration is one. (Not for a write that is made up for the queue: nobody is writing then.)</summary>
        public bool CannotIterate { get; init; }

        public int Calls { get; private set; }

        public string? Problem { get; private set; }

        public int Add(TKey key)
        {
            Enter(key);
            return call.Value;
        }

        public int Update(TKey key, int value)
        {
            if (value != present) Problem = $"the callback was given {value}, not {present}";
            Enter(key);
            return ~call.Value;
        }

        private void Enter(TKey key)
        {
            Calls++;
            if (!EqualityComparer<TKey>.Default.Equals(key, call.Key)) Problem = $"the callback was given the key '{key}', not '{call.Key}'";
            switch (call.Callback)
            {
                case Callback.Throws:
                    throw new CallbackException();
                case Callback.Reads:
                    bool exists = run._model.TryGet(key, out int expected);
                    if (run._map.TryGetValue(key, out int found) != exists || found != expected) Problem = $"a lookup of '{key}' from inside a callback gave {found}";
                    break;
                case Callback.Writes when CannotWrite:
                    Expect(() => run._map[key] = NobodysValue);
                    break;
                case Callback.Iterates when CannotIterate:
                    Expect(() => run._map.Iterate().Dispose());
                    break;
            }
        }

        private void Expect(Action action)
        {
            try
            {
                action();
                Problem = "a write from inside a callback was let in";
            }
            catch (MapViolationException e)
            {
                if (e.Kind != MapViolationKind.ReentrantWrite) Problem = $"a write from inside a callback was refused as {e.Kind}";
            }
        }
    }

    /// <summary>The map did something else than the oracle.</summary>
    private sealed class DifferenceException(string message) : Exception(message);

    /// <summary>Thrown by callbacks that throw.</summary>
    private sealed class CallbackException : Exception;
}
