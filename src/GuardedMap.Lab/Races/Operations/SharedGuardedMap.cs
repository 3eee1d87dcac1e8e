namespace GuardedMaps.Lab;

/// <summary>A guarded map with a gate before it. It is a guarded map itself, so that whatever iterates under a lease can do so here.</summary>
internal sealed class SharedGuardedMap : SharedMap, IGuardedMap
{
    private readonly IGuardedMap _map;

    public SharedGuardedMap(IGuardedMap inner, OperationGate gate, MemberCalls calls)
        : base(inner, gate, calls) => _map = inner;

    /// <inheritdoc/>
    public event EventHandler<MapViolation>? ViolationDetected
    {
        add => _map.ViolationDetected += value;
        remove => _map.ViolationDetected -= value;
    }

    /// <inheritdoc/>
    public string Name => _map.Name;

    /// <inheritdoc/>
    public MapKind Kind => _map.Kind;

    /// <inheritdoc/>
    public IterationContract Contract => _map.Contract;

    /// <inheritdoc/>
    public IterationContract UnleasedContract => _map.UnleasedContract;

    /// <inheritdoc/>
    public MapProtection Protection => _map.Protection;

    /// <inheritdoc/>
    public long Version => _map.Version;

    /// <inheritdoc/>
    public bool IsTraced => _map.IsTraced;

    /// <inheritdoc/>
    public MapViolation? LastViolation => _map.LastViolation;

    /// <inheritdoc/>
    public long ViolationCount => _map.ViolationCount;

    /// <inheritdoc/>
    public Type KeyType => _map.KeyType;

    /// <inheritdoc/>
    public Type ValueType => _map.ValueType;

    /// <inheritdoc/>
    public IMapIterator Iterate(IterationContract? contract = null, ulong? seed = null) =>
        Gate.Pass("lease", AccessKind.Read, null, () => new SharedIterator(_map.Iterate(contract, seed), Gate));

    IMapIteration IMap.Iterate(IterationContract? contract, ulong? seed) => Iterate(contract, seed);

    /// <inheritdoc/>
    public IMapIterator CreateIterator(IterationContract? contract = null, ulong? seed = null, bool bound = false) =>
        Gate.Pass("iterate", AccessKind.Read, null, () => new SharedIterator(_map.CreateIterator(contract, seed, bound), Gate));

    /// <inheritdoc/>
    public object? Increment(object key, long by = 1) => Gate.Pass("increment", AccessKind.Write, key, () => _map.Increment(key, by));

    /// <inheritdoc/>
    public object? Append(object key, object? item) => Gate.Pass("append", AccessKind.Write, key, () => _map.Append(key, item));

    /// <inheritdoc/>
    public object? AddOrUpdate(object key, Func<object?, object?> change) => Gate.Pass("update", AccessKind.Write, key, () => _map.AddOrUpdate(key, change));

    /// <inheritdoc/>
    public IMapSnapshot GetSnapshot() => Gate.Pass("snapshot", AccessKind.Read, null, _map.GetSnapshot);

    /// <inheritdoc/>
    public IReadOnlyList<MapViolation> GetViolations() => _map.GetViolations();

    /// <inheritdoc/>
    public IReadOnlyList<MapEvent> GetEvents() => _map.GetEvents();

    IMapLayout IMap.GetLayout() => GetLayout();

    /// <inheritdoc/>
    public MapLayout GetLayout() => _map.GetLayout();

    /// <inheritdoc/>
    public void StartHotKeys(int counters = 1000) => _map.StartHotKeys(counters);

    /// <inheritdoc/>
    public void StopHotKeys() => _map.StopHotKeys();

    /// <inheritdoc/>
    public HotKeyReport? GetHotKeys(int count = 10) => _map.GetHotKeys(count);

    /// <inheritdoc/>
    public void CheckInvariants() => _map.CheckInvariants();

    private sealed class SharedIterator(IMapIterator inner, OperationGate gate) : IMapIterator
    {
        public IteratorState State => inner.State;

        public IterationContract Contract => inner.Contract;

        public IMapEntry Entry => new SharedEntry(inner.Entry, gate);

        public int StartBucket => inner.StartBucket;

        public int Offset => inner.Offset;

        public int Bucket => inner.Bucket;

        public int Slot => inner.Slot;

        public bool Wrapped => inner.Wrapped;

        public bool InOldBuckets => inner.InOldBuckets;

        public long VersionAtInit => inner.VersionAtInit;

        public bool MoveNext() => gate.Pass("next", AccessKind.Read, null, inner.MoveNext);

        public IteratorState Step() => gate.Pass("step", AccessKind.Read, null, inner.Step);

        // The end of a lease cannot be held up: it must also happen when the actor is being stopped.
        public void Dispose() => inner.Dispose();
    }

    private sealed class SharedEntry(IMapEntry inner, OperationGate gate) : IMapEntry
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
