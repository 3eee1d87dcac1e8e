namespace GuardedMaps.Tests.Maps.Model;

/// <summary>
/// Runs one program on a map of any kind and on a Dictionary, and compares them after every step: answers, entries, invariants, the snapshots
/// taken so far, and what the iteration under way may and must see by the contract of the map.
/// </summary>
internal sealed class KindRun<TKey, TValue>(IDictionary<TKey, TValue> map, IEqualityComparer<TKey> equality, Func<int, TKey> keyOf, Func<int, TValue> valueOf, bool canIncrement)
    where TKey : notnull
{
    private const int KeptSnapshots = 3;

    private readonly IMap _face = (IMap)map;
    private readonly Dictionary<TKey, TValue> _model = new(equality);
    private readonly Queue<(IMapSnapshot Taken, Dictionary<TKey, TValue> Then)> _snapshots = new();
    private Walk? _walk;
    private int _stored;

    /// <summary>Runs the program. Throws where map and model differ.</summary>
    public void Run(IEnumerable<KindStep> program)
    {
        foreach (var step in program)
        {
            Do(step);
            _face.CheckInvariants();
            Assert.Equal(_model.Count, map.Count);
        }

        if (_walk is not null) Finish();
        CheckAll();
    }

    private void Do(KindStep step)
    {
        var key = keyOf(step.Key);
        bool exists = _model.TryGetValue(key, out var present);
        switch (step.Verb)
        {
            case KindVerb.Set:
                map[key] = _model[key] = Next(step);
                break;
            case KindVerb.Add:
                var added = Next(step);
                if (exists)
                {
                    Assert.Throws<ArgumentException>(() => map.Add(key, added));
                }
                else
                {
                    map.Add(key, added);
                    _model.Add(key, added);
                }

                break;
            case KindVerb.Remove:
                Assert.Equal(_model.Remove(key), map.Remove(key));
                _walk?.Removed(key);
                break;
            case KindVerb.RemovePair:
                var compared = step.Number < 5 && exists ? present! : valueOf(-1 - step.Number);
                bool matches = exists && EqualityComparer<TValue>.Default.Equals(present, compared);
                Assert.Equal(matches, map.Contains(new(key, compared)));
                Assert.Equal(matches, map.Remove(new KeyValuePair<TKey, TValue>(key, compared)));
                if (!matches) break;
                _model.Remove(key);
                _walk?.Removed(key);
                break;
            case KindVerb.Get:
                Assert.Equal(exists, map.TryGetValue(key, out var found));
                Assert.Equal(present, found);
                Assert.Equal(exists, map.ContainsKey(key));
                if (!exists) Assert.Throws<KeyNotFoundException>(() => map[key]);
                break;
            case KindVerb.Update:
                var updated = Next(step);
                object? given = null;
                _face.AddOrUpdate(key, before =>
                {
                    given = before;
                    return updated;
                });
                Assert.Equal(exists ? present : null, given);
                _model[key] = updated;
                break;
            case KindVerb.Increment when canIncrement:
                object? sum = _face.Increment(key, step.Number);
                _model[key] = (TValue)sum!;
                Assert.Equal(Convert.ToDecimal(exists ? present : 0, null) + step.Number, Convert.ToDecimal(sum, null));
                break;
            case KindVerb.GetOrAdd:
                var offered = Next(step);
                if (!exists) _model[key] = offered;
                Assert.Equal(_model[key], map is MapBase<TKey, TValue> other ? other.GetOrAdd(key, offered) : ((GuardedMap<TKey, TValue>)map).GetOrAdd(key, offered));
                break;
            case KindVerb.Clear:
                map.Clear();
                foreach (var gone in _model.Keys) _walk?.Removed(gone);
                _model.Clear();
                break;
            case KindVerb.TakeSnapshot:
                _snapshots.Enqueue((_face.GetSnapshot(), new Dictionary<TKey, TValue>(_model, equality)));
                if (_snapshots.Count > KeptSnapshots) Check(_snapshots.Dequeue());
                CheckAll();
                break;
            case KindVerb.BeginIteration:
                if (_walk is not null) Finish();
                _walk = new Walk(_face.Iterate(), _model, equality);
                break;
            case KindVerb.StepIteration when _walk is not null:
                if (!_walk.Step(_model)) EndWalk();
                break;
            case KindVerb.SetThroughCursor when _walk is { Stands: true, At: var at }:
                var written = Next(step);
                // Through the cursor a value is replaced, and only where the key is still there.
                bool wasThere = _model.ContainsKey(at);
                try
                {
                    _walk.Iteration.Entry.Value = written;
                    if (wasThere) _model[at] = written;
                }
                catch (InvalidOperationException) when (!wasThere)
                {
                    break; // A guarded map's cursor says that its entry is gone.
                }

                break;
            case KindVerb.RemoveThroughCursor when _walk is { Stands: true, At: var at }:
                Assert.Equal(_model.Remove(at), _walk.Iteration.Entry.Remove());
                _walk.Removed(at);
                break;
            default:
                break; // A step that needs an iteration, or a number, where there is none.
        }
    }

    private TValue Next(KindStep step) => valueOf((++_stored * 10) + step.Number);

    private void Finish()
    {
        while (_walk!.Step(_model))
        {
        }

        EndWalk();
    }

    private void EndWalk()
    {
        _walk!.Iteration.Dispose();
        _walk = null;
    }

    private void CheckAll()
    {
        Assert.Equal(_model.Count, map.Select(e => e.Key).ToHashSet(equality).Count);
        Assert.All(map, e => Assert.Equal(_model[e.Key], e.Value));
        Assert.All(_model, e => Assert.Equal(e.Value, map[e.Key]));
        foreach (var kept in _snapshots) Check(kept);
    }

    // Nobody else writes while it is taken, so every kind's snapshot is of one moment here.
    private static void Check((IMapSnapshot Taken, Dictionary<TKey, TValue> Then) kept)
    {
        Assert.Equal(kept.Then.Count, kept.Taken.Count);
        Assert.All(kept.Then, e => Assert.Equal(e.Value, kept.Taken[e.Key]));
        Assert.Equal(kept.Then.Count, kept.Taken.Keys.Cast<TKey>().ToHashSet(kept.Then.Comparer).Count);
    }

    /// <summary>An iteration under way, and what it has to see.</summary>
    private sealed class Walk(IMapIteration iteration, Dictionary<TKey, TValue> model, IEqualityComparer<TKey> equality)
    {
        private readonly Dictionary<TKey, TValue> _atBegin = new(model, equality);
        private readonly HashSet<TKey> _throughout = new(model.Keys, equality);
        private readonly HashSet<TKey> _seen = new(equality);

        public IMapIteration Iteration => iteration;

        public bool Stands { get; private set; }

        /// <summary>The key it stands on, or the last one it stood on.</summary>
        public TKey At { get; private set; } = default!;

        private bool IsSnapshot => iteration.Contract == IterationContract.Snapshot;

        public void Removed(TKey key)
        {
            _throughout.Remove(key);
            if (!IsSnapshot) _seen.Remove(key); // Should it come again, it may be seen again.
        }

        public bool Step(Dictionary<TKey, TValue> now)
        {
            if (!iteration.MoveNext())
            {
                Stands = false;
                if (IsSnapshot) Assert.Equal(_atBegin.Count, _seen.Count);
                else Assert.All(_throughout, key => Assert.Contains(key, _seen));
                return false;
            }

            var key = (TKey)iteration.Entry.Key!;
            (Stands, At) = (true, key);
            Assert.True(_seen.Add(key), $"The key '{key}' came twice.");
            // What is seen is there: in a snapshot at the beginning, else now.
            Assert.Equal(IsSnapshot ? _atBegin[key] : now[key], iteration.Entry.Value);
            return true;
        }
    }
}
