namespace GuardedMaps;

// What a SnapshotMap says of itself to those who know only an IMap.
public abstract partial class SnapshotMapBase<TKey, TValue>
{
    /// <inheritdoc/>
    public override MapKind Kind => MapKind.Snapshot;

    private protected override IEqualityComparer<TKey> KeyEquality => _comparer;

    /// <summary>Always <see cref="IterationContract.Snapshot"/>.</summary>
    public override IterationContract Contract => IterationContract.Snapshot;

    private protected override IMapSnapshot TakeSnapshot()
    {
        var taken = GetSnapshot();
        return new KindSnapshot<TKey, TValue>(Name, taken, taken.Version, isOneMoment: true);
    }
}
