namespace GuardedMaps.Lab;

/// <summary>A guarded map with a gate before it. It is a guarded map itself, so that whatever iterates under a lease can do so here.</summary>
internal sealed class SharedGuardedMap : SharedKindMap, IGuardedMap
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
    public IterationContract UnleasedContract => _map.UnleasedContract;

    /// <inheritdoc/>
    public MapProtection Protection => _map.Protection;

    /// <inheritdoc/>
    public ViolationResponse OnViolation => _map.OnViolation;

    /// <inheritdoc/>
    public bool DetectsLostUpdates => _map.DetectsLostUpdates;

    /// <inheritdoc/>
    public long Version => _map.Version;

    /// <inheritdoc/>
    public MapViolation? LastViolation => _map.LastViolation;

    /// <inheritdoc/>
    public long ViolationCount => _map.ViolationCount;

    /// <inheritdoc/>
    public int EndIterations() => _map.EndIterations();

    /// <inheritdoc/>
    public new IMapIterator Iterate(IterationContract? contract = null, ulong? seed = null) =>
        Gate.Pass("lease", AccessKind.Read, null, () => new SharedIterator(_map.Iterate(contract, seed), Gate));

    // Also for who knows it as a map only: a lease is one all the same.
    IMapIteration IMap.Iterate(IterationContract? contract, ulong? seed) => Iterate(contract, seed);

    /// <inheritdoc/>
    public IMapIterator CreateIterator(IterationContract? contract = null, ulong? seed = null, bool bound = false) =>
        Gate.Pass("iterate", AccessKind.Read, null, () => new SharedIterator(_map.CreateIterator(contract, seed, bound), Gate));

    /// <inheritdoc/>
    public IReadOnlyList<MapViolation> GetViolations() => _map.GetViolations();

    /// <inheritdoc/>
    public new MapLayout GetLayout() => _map.GetLayout();

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

        public long VersionAtInit => inner.VersionAtInit;

        public bool MoveNext() => gate.Pass("next", AccessKind.Read, null, inner.MoveNext);

        public IteratorState Step() => gate.Pass("step", AccessKind.Read, null, inner.Step);

        // The end of a lease cannot be held up: it must also happen when the actor is being stopped.
        public void Dispose() => inner.Dispose();
    }
}
