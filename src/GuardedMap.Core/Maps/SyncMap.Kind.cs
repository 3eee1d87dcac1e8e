namespace GuardedMaps;

// What a SyncMap says of itself to those who know only an IMap.
public abstract partial class SyncMapBase<TKey, TValue>
{
    /// <inheritdoc/>
    public override MapKind Kind => MapKind.Sync;

    private protected override IEqualityComparer<TKey> KeyEquality => Comparer;

    /// <summary>Always <see cref="IterationContract.WeaklyConsistent"/>.</summary>
    public override IterationContract Contract => IterationContract.WeaklyConsistent;

    /// <summary>Puts all keys into the read part, as an iteration does.</summary>
    private protected void PromoteAll()
    {
        using var held = Hold();
        Promote();
    }

    /// <summary>A copy of the entries, as an iteration sees them: not of one moment where others write meanwhile. O(n).</summary>
    public KindSnapshot<TKey, TValue> GetSnapshot() =>
        new KindSnapshot<TKey, TValue>(Name, new Dictionary<TKey, TValue>(Entries(), Comparer), version: 0, isOneMoment: false);

    private protected override IMapSnapshot TakeSnapshot() => GetSnapshot();
}
