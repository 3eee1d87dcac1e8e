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
internal sealed partial class ModelRun<TKey>
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
        // After a thousand handovers in a process new maps belong to nobody; a program must not depend on how many ran before.
        ActorThread.ForgetHandovers();
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
        IterationContract? tolerant = setup.Protection == MapProtection.Synchronized ? null : IterationContract.Tolerate;
        if (setup.Shared) OtherThread.Current.Run(() => _map.Iterate(tolerant).Dispose());
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

    /// <summary>The map did something else than the oracle.</summary>
    private sealed class DifferenceException(string message) : Exception(message);
}
