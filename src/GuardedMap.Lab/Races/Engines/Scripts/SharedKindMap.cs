namespace GuardedMaps.Lab;

/// <summary>A map of any kind with a gate before it. It is a map itself, so that whatever takes one takes this.</summary>
internal class SharedKindMap : SharedMap, IMap
{
    private readonly IMap _map;

    public SharedKindMap(IMap inner, OperationGate gate, MemberCalls calls)
        : base(inner, gate, calls) => _map = inner;

    /// <inheritdoc/>
    public string Name => _map.Name;

    /// <inheritdoc/>
    public MapKind Kind => _map.Kind;

    /// <inheritdoc/>
    public IterationContract Contract => _map.Contract;

    /// <inheritdoc/>
    public bool IsTraced => _map.IsTraced;

    /// <inheritdoc/>
    public Type KeyType => _map.KeyType;

    /// <inheritdoc/>
    public Type ValueType => _map.ValueType;

    /// <inheritdoc/>
    public IMapIteration Iterate(IterationContract? contract = null, ulong? seed = null) =>
        Gate.Pass("iterate", AccessKind.Read, null, () => new SharedIteration(_map.Iterate(contract, seed), Gate));

    /// <inheritdoc/>
    public object? Increment(object key, long by = 1) => Gate.Pass("increment", AccessKind.Write, key, () => _map.Increment(key, by));

    /// <inheritdoc/>
    public object? Append(object key, object? item) => Gate.Pass("append", AccessKind.Write, key, () => _map.Append(key, item));

    /// <inheritdoc/>
    public object? AddOrUpdate(object key, Func<object?, object?> change) => Gate.Pass("update", AccessKind.Write, key, () => _map.AddOrUpdate(key, change));

    /// <inheritdoc/>
    public IMapSnapshot GetSnapshot() => Gate.Pass("snapshot", AccessKind.Read, null, _map.GetSnapshot);

    /// <inheritdoc/>
    public IReadOnlyList<MapEvent> GetEvents() => _map.GetEvents();

    /// <inheritdoc/>
    public IMapLayout GetLayout() => _map.GetLayout();

    /// <inheritdoc/>
    public void StartHotKeys(int counters = 1000) => _map.StartHotKeys(counters);

    /// <inheritdoc/>
    public void StopHotKeys() => _map.StopHotKeys();

    /// <inheritdoc/>
    public HotKeyReport? GetHotKeys(int count = 10) => _map.GetHotKeys(count);

    /// <inheritdoc/>
    public void CheckInvariants() => _map.CheckInvariants();

    private sealed class SharedIteration(IMapIteration inner, OperationGate gate) : IMapIteration
    {
        public IterationContract Contract => inner.Contract;

        public IMapEntry Entry => new SharedEntry(inner.Entry, gate);

        public bool MoveNext() => gate.Pass("next", AccessKind.Read, null, inner.MoveNext);

        // The end of an iteration cannot be held up: it must also happen when the actor is being stopped.
        public void Dispose() => inner.Dispose();
    }

    /// <summary>An entry of an iteration, whose writes pass the gate.</summary>
    private protected sealed class SharedEntry(IMapEntry inner, OperationGate gate) : IMapEntry
    {
        public object? Key => inner.Key;

        public object? Value
        {
            get => inner.Value;
            set => gate.Pass("set by cursor", AccessKind.Write, inner.Key, () => inner.Value = value);
        }

        public bool Remove() => gate.Pass("remove by cursor", AccessKind.Write, inner.Key, inner.Remove);
    }
}
