namespace GuardedMaps.Tests.Model;

// Iterations: begun in every way, stepped, written through, ended.
internal sealed partial class ModelRun<TKey>
{
    private void Start(int slot, Iteration how, IterationContract? contract, int actor)
    {
        // Without a guard there are no contracts, and nothing is promised about an iteration that somebody writes under.
        if (IsUnguarded) return;
        if (_slots[slot] is { } before)
        {
            if (before.Model.IsLeased) Dispose(before);
            else _model.End(before.Model);
        }

        // Protection Synchronized has one contract, and refuses to be asked for another.
        if (_program.Setup.Protection == MapProtection.Synchronized) contract = null;
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

        bool applied = verdict == ModelVerdict.Proceed && _model.BeforeProceeding();
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
}
