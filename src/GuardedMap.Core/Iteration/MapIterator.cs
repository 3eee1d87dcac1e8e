using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

/// <summary>
/// An iteration over a map, under any contract: by <c>foreach</c>, or stepped by hand.
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>
/// <para>
/// Made by <see cref="GuardedMapBase{TKey, TValue}.Iterate"/> it is <em>leased</em>: its end is known, because somebody disposes it, and
/// its contract holds until then. The enumerators behind the interfaces are <em>unleased</em>: nobody can be relied on to dispose
/// them, so they ask nothing of writers and at most fail themselves.
/// </para>
/// <code>
///  Nil ──▶ Init ──▶ Bucket ◀──▶ NextBucket ──▶ Done          (one way; nothing leaves Done)
///      begin the     an entry     eight entries     the lease ends
///      lease                      are done
/// </code>
/// <para>
/// Thread-safety: one thread at a time. Two threads inside at once are always detected (<see cref="MapViolationKind.IteratorInUse"/>);
/// taking turns is allowed, since a runspace or an async method may hop threads, unless the iterator was made bound.
/// </para>
/// </remarks>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "It is an iterator that foreach accepts, not a collection.")]
public sealed class MapIterator<TKey, TValue> : IMapIterator, IEnumerator<KeyValuePair<TKey, TValue>>, IEnumerable<KeyValuePair<TKey, TValue>>, IDictionaryEnumerator, IWalkView
    where TKey : notnull
{
    private readonly GuardedMapBase<TKey, TValue> _map;
    private readonly ContractRule _rule;
    private readonly ulong? _random;
    private readonly int _boundTo;
    private EntryWalk<TKey, TValue> _walk;
    private BucketTable<TKey, TValue> _snapshot;
    private Lease? _lease;
    private int _inside;
    private bool _endRequested;
    private long _step;
    private long _expectedVersion;
    private bool _onEntry;

    internal MapIterator(GuardedMapBase<TKey, TValue> map, IterationContract contract, ulong? random, bool leased, bool bound)
    {
        _map = map;
        Contract = contract;
        IsLeased = leased;
        Watched = map.WatchedRule(contract);
        _rule = ContractRule.For(Watched is null ? contract : IterationContract.Snapshot);
        _random = random;
        _boundTo = bound ? ActorThread.Id : 0;
    }

    /// <inheritdoc/>
    public IteratorState State { get; private set; }

    /// <inheritdoc/>
    public IterationContract Contract { get; }

    /// <summary>True if the iteration's end is known and its contract can therefore bind writers.</summary>
    public bool IsLeased { get; }

    /// <inheritdoc/>
    public int StartBucket => _walk.StartBucket;

    /// <inheritdoc/>
    public int Offset => _walk.Offset;

    /// <inheritdoc/>
    public int Bucket => _walk.Bucket;

    /// <inheritdoc/>
    public int Slot => _onEntry ? _walk.Place.Number % Card.PerBucket : -1;

    /// <inheritdoc/>
    public bool Wrapped => _walk.Wrapped;

    /// <inheritdoc/>
    public long VersionAtInit { get; private set; }

    /// <summary>The entry the iterator stands on, as key and value.</summary>
    /// <exception cref="InvalidOperationException">The iterator has not come to an entry yet.</exception>
    /// <exception cref="MapViolationException">The iterator is done.</exception>
    public KeyValuePair<TKey, TValue> Current
    {
        get
        {
            long step = ThrowUnlessOnEntry();
            var entry = new KeyValuePair<TKey, TValue>(_walk.Key, _walk.Value);
            ThrowUnlessStill(step);
            return entry;
        }
    }

    /// <summary>The entry the iterator stands on, as a cursor to write through.</summary>
    /// <exception cref="InvalidOperationException">The iterator has not come to an entry yet.</exception>
    /// <exception cref="MapViolationException">The iterator is done.</exception>
    public MapEntry<TKey, TValue> Entry
    {
        get
        {
            long step = ThrowUnlessOnEntry();
            var entry = new MapEntry<TKey, TValue>(this, step, _walk.Key, _walk.Value);
            ThrowUnlessStill(step);
            return entry;
        }
    }

    IMapEntry IMapIteration.Entry => Entry;

    object IEnumerator.Current => YieldsDictionaryEntries ? ((IDictionaryEnumerator)this).Entry : Current;

    DictionaryEntry IDictionaryEnumerator.Entry => new(Current.Key, Current.Value);

    object IDictionaryEnumerator.Key => Current.Key;

    object? IDictionaryEnumerator.Value => Current.Value;

    int IWalkView.Buckets => _walk.Buckets;

    int IWalkView.Slot => Slot;

    /// <summary>True where a non-generic caller expects <see cref="DictionaryEntry"/>, as from a Hashtable.</summary>
    internal bool YieldsDictionaryEntries { get; init; }

    internal Lease? Lease => _lease;

    /// <summary>The rule that the iteration is measured by, on a map that reports violations instead of refusing anything; else null.</summary>
    internal ContractRule? Watched { get; }

    /// <summary>The table an iteration under contract Snapshot reads.</summary>
    internal BucketTable<TKey, TValue> Frozen => _snapshot;

    /// <inheritdoc/>
    /// <exception cref="MapViolationException">The step overlapped a write, another thread's step, or the contract says so.</exception>
    public bool MoveNext()
    {
        Enter();
        try
        {
            if (State == IteratorState.Done) return false;
            IteratorState state;
            do state = StepInside(toEntry: true);
            while (state is IteratorState.Init or IteratorState.NextBucket);
            return state == IteratorState.Bucket;
        }
        finally
        {
            Leave();
        }
    }

    /// <inheritdoc/>
    /// <exception cref="MapViolationException">As <see cref="MoveNext"/>; also when the iterator is done (<see cref="MapViolationKind.IteratorDone"/>).</exception>
    public IteratorState Step()
    {
        Enter();
        try
        {
            if (State == IteratorState.Done) throw _map.IteratorViolation(MapViolationKind.IteratorDone, this, holderThread: 0);
            return StepInside(toEntry: false);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>
    /// Ends the iteration and its lease. May be called again, and from any thread; if another thread is inside a step at that
    /// moment, the iteration ends with that step.
    /// </summary>
    public void Dispose()
    {
        if (State == IteratorState.Done && _lease is null) return;
        int thread = ActorThread.Id;
        if (Interlocked.CompareExchange(ref _inside, thread, 0) != 0)
        {
            Volatile.Write(ref _endRequested, true);
            // Whoever is inside looks at the request after opening the door, with plain loads and stores. This barrier makes every
            // thread finish its stores first: either it sees the request, or we see the door open.
            Interlocked.MemoryBarrierProcessWide();
            if (Interlocked.CompareExchange(ref _inside, thread, 0) != 0) return;
        }

        EndAndLeave();
    }

    /// <summary>Not supported: an iterator goes one way. (An enumerator of the interfaces does begin anew: <see cref="IEnumerator.Reset"/>.)</summary>
    /// <exception cref="NotSupportedException">The iterator is not done.</exception>
    /// <exception cref="MapViolationException">The iterator is done.</exception>
    public void Reset()
    {
        if (State == IteratorState.Done) throw _map.IteratorViolation(MapViolationKind.IteratorDone, this, holderThread: 0);
        throw new NotSupportedException("A map iterator goes one way. Start a new iteration instead.");
    }

    /// <summary>
    /// Begins the enumeration anew, over the map as it is now, as a hashtable's enumerator does: whoever has an unleased one knows it as an
    /// <see cref="IEnumerator"/>. An iterator with a lease goes one way, through this face, too.
    /// </summary>
    void IEnumerator.Reset()
    {
        if (IsLeased)
        {
            Reset();
            return;
        }

        Enter();
        try
        {
            // Nobody has to be asked to let it go: it holds nothing.
            _onEntry = false;
            _walk = default;
            _snapshot = default;
            Volatile.Write(ref _endRequested, false);
            Volatile.Write(ref _step, _step + 1);
            State = IteratorState.Nil;
            Begin();
        }
        finally
        {
            Leave();
        }
    }

    IReadOnlyList<BucketLayout> IWalkView.DescribeWalked() =>
        _rule.ReadsSnapshot && State is not (IteratorState.Nil or IteratorState.Done) ? _snapshot.DescribeEntries(_walk) : _map.DescribeWalked(_walk);

    /// <summary>This iterator, for <c>foreach</c>.</summary>
    public MapIterator<TKey, TValue> GetEnumerator() => this;

    IEnumerator<KeyValuePair<TKey, TValue>> IEnumerable<KeyValuePair<TKey, TValue>>.GetEnumerator() => this;

    IEnumerator IEnumerable.GetEnumerator() => this;

    /// <summary>Begins the iteration: Nil to Init.</summary>
    internal void Begin()
    {
        if (State != IteratorState.Nil) return;
        long version = _map.BeginIteration(this, _rule, ref _lease, ref _snapshot);
        VersionAtInit = version;
        _expectedVersion = version;
        if (_rule.ReadsSnapshot) _walk.Start(_snapshot, _random);
        else _map.StartWalk(this, ref _walk, _random, _rule.MeetsWrites);
        MoveTo(IteratorState.Init);
    }

    internal bool WriteThroughCursor(long step, TKey key, bool remove, TValue value)
    {
        Enter();
        try
        {
            if (step != _step || !_onEntry) throw _map.IteratorViolation(MapViolationKind.IteratorDone, this, holderThread: 0);
            long expected = _rule.FailsAfterWrite ? _expectedVersion : -1;
            bool written = _map.WriteThroughCursor(this, _walk.Place, key, remove, value, expected, ref _expectedVersion);
            if (written && !remove) _walk.Value = value;
            return written;
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Shuts the door behind one thread: a second one inside is the violation, wherever the first one is.</summary>
    private void Enter()
    {
        int thread = ActorThread.Id;
        if (_boundTo != 0 && _boundTo != thread) throw _map.IteratorViolation(MapViolationKind.ForeignIterator, this, _boundTo);
        int inside = Interlocked.CompareExchange(ref _inside, thread, 0);
        if (inside != 0) throw _map.IteratorViolation(MapViolationKind.IteratorInUse, this, inside);
    }

    private void Leave()
    {
        Volatile.Write(ref _inside, 0);
        if (Volatile.Read(ref _endRequested)
            && State != IteratorState.Done
            && Interlocked.CompareExchange(ref _inside, ActorThread.Id, 0) == 0) EndAndLeave();
    }

    private void EndAndLeave()
    {
        try
        {
            if (State != IteratorState.Done) End();
        }
        finally
        {
            Volatile.Write(ref _inside, 0);
        }
    }

    /// <param name="toEntry">True if the ends of chains on the way are of no interest, unless somebody watches.</param>
    private IteratorState StepInside(bool toEntry)
    {
        if (State == IteratorState.Nil)
        {
            Begin();
            return State;
        }

        if (_lease is not null && !_lease.TryStep(ActorThread.Id)) throw _map.IteratorViolation(MapViolationKind.IteratorDone, this, holderThread: 0);
        _onEntry = false;
        // Seen by a thread that reads the current entry meanwhile, so that it does not take half of one and half of the next.
        Volatile.Write(ref _step, _step + 1);
        Fence.Stores();
        WalkStep step;
        try
        {
            step = _rule.ReadsSnapshot
                ? _map.StepSnapshot(ref _walk, ref _snapshot, toEntry)
                : _map.StepLive(this, ref _walk, _rule, ref _expectedVersion, toEntry);
        }
        catch (Exception) when (_lease?.EndedBy is not null)
        {
            throw _map.IteratorViolation(MapViolationKind.IteratorDone, this, holderThread: 0);
        }

        if (Watched is not null) _map.ReportStale(this, ref _expectedVersion);
        // The lease may have been taken away during the step; then writers came in, and what the step has met is no answer, and no error either.
        if (_lease?.EndedBy is not null) throw _map.IteratorViolation(MapViolationKind.IteratorDone, this, holderThread: 0);
        switch (step)
        {
            case WalkStep.Entry:
                _onEntry = true;
                MoveTo(IteratorState.Bucket);
                break;
            case WalkStep.ChainEnd:
                MoveTo(IteratorState.NextBucket);
                break;
            default:
                End();
                break;
        }

        return State;
    }

    private void End()
    {
        _onEntry = false;
        bool began = State is not (IteratorState.Nil or IteratorState.Done);
        MoveTo(IteratorState.Done);
        Lease? lease = Interlocked.Exchange(ref _lease, null);
        if (began) _map.EndIteration(this, lease, _rule, _snapshot);
        _snapshot = default;
    }

    /// <summary>Throws if the entry just read was stepped away from meanwhile.</summary>
    private void ThrowUnlessStill(long step)
    {
        Fence.Loads();
        if (Volatile.Read(ref _step) != step) throw _map.IteratorViolation(MapViolationKind.IteratorInUse, this, Volatile.Read(ref _inside));
    }

    private void MoveTo(IteratorState state)
    {
        State = state;
        _map.Observe(ProbePoint.IteratorMoved, _walk.Bucket, Slot, (ulong)state, this);
    }

    /// <returns>The number of the step that came to the entry, for <see cref="ThrowUnlessStill"/>.</returns>
    private long ThrowUnlessOnEntry()
    {
        long step = Volatile.Read(ref _step);
        int inside = Volatile.Read(ref _inside);
        if (inside != 0 && inside != ActorThread.Id) throw _map.IteratorViolation(MapViolationKind.IteratorInUse, this, inside);
        if (_onEntry) return step;
        if (State == IteratorState.Done) throw _map.IteratorViolation(MapViolationKind.IteratorDone, this, holderThread: 0);
        IteratorState state = State;
        throw new InvalidOperationException(SafeText.Message($"The iterator is in state {state} and stands on no entry. Call MoveNext first."));
    }
}
