namespace GuardedMaps.Tests.Model;

// Writes, alone and in bursts: what the oracle says of one, what the map answers, and what its callback is given.
internal sealed partial class ModelRun<TKey>
{
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
        while (limit < others + room + 4) limit = limit == 8 ? 10 : limit * 2;
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
        // GetOrAdd of a key that is there is a lookup, unless an iteration holds a lease: then it is judged as the write that it could be.
        bool isRead = kind == StepKind.GetOrAdd && !_model.HasQueue && !_model.HasLeases && _model.TryGet(key, out _);
        ModelVerdict verdict = isRead ? ModelVerdict.Proceed : _model.Judge(actor, isResize, through: null);
        if (verdict == ModelVerdict.Proceed && !isRead && _model.BeforeProceeding()) _statistics.Applied++;
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

    /// <summary>Thrown by callbacks that throw.</summary>
    private sealed class CallbackException : Exception;
}
