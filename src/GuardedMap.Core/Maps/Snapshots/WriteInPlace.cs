namespace GuardedMaps;

/// <summary>Whether a write that changes a node in place is part of a snapshot that is taken at the same moment.</summary>
internal static class WriteFate
{
    /// <summary>It is announced, and nobody has said yet.</summary>
    public const int Undecided = 0;

    /// <summary>The writer was first: the write is done, or as good as done. A snapshot that begins now has it.</summary>
    public const int Done = 1;

    /// <summary>A snapshot was first: the node is frozen, and the writer must write to a copy.</summary>
    public const int Refused = 2;
}

/// <summary>
/// A write on its way that is one store into a node that readers see. It is announced before it is made, so that whoever takes a snapshot
/// can decide together with the writer which of them was first.
/// </summary>
internal abstract class WriteInPlace
{
    private int _fate;

    /// <summary>The root under which the node lies.</summary>
    public required TreeNode Root { get; init; }

    /// <summary>The number of the write: the map's version after it.</summary>
    public required long Version { get; init; }

    /// <summary>The number of entries before it.</summary>
    public required int CountBefore { get; init; }

    /// <summary>The number of entries after it.</summary>
    public required int CountAfter { get; init; }

    /// <summary>The writer's side: makes the write, unless a snapshot was first.</summary>
    public bool TryMake()
    {
        if (Interlocked.CompareExchange(ref _fate, WriteFate.Done, WriteFate.Undecided) != WriteFate.Undecided) return false;
        Store();
        return true;
    }

    /// <summary>The snapshot's side: true if the write is part of it, and then it has been made.</summary>
    /// <remarks>
    /// The writer may have stopped just before its store, for as long as it likes, so the store is made here as well. Twice is as good as once: the node
    /// is frozen, nothing else will ever be stored there.
    /// </remarks>
    public bool Settle()
    {
        if (Interlocked.CompareExchange(ref _fate, WriteFate.Refused, WriteFate.Undecided) != WriteFate.Done) return false;
        Store();
        return true;
    }

    /// <summary>Makes the write, or makes it again.</summary>
    protected abstract void Store();
}

/// <summary>Shows an entry that lies ready in a free place, or turns an entry into a tombstone.</summary>
internal sealed class TagWrite<TKey, TValue>(Group<TKey, TValue> group, int index, byte tag) : WriteInPlace
{
    protected override void Store() => group.SetTag(index, tag);
}

/// <summary>Replaces a value of one machine word.</summary>
internal sealed class ValueWrite<TKey, TValue>(Group<TKey, TValue> group, int index, TValue value) : WriteInPlace
{
    // The fence before it is that of the decision.
    protected override void Store() => group[index].Value = value;
}

/// <summary>Puts a changed copy of a group into its place.</summary>
internal sealed class GroupWrite<TKey, TValue>(Branch branch, int start, int span, Group<TKey, TValue> group) : WriteInPlace
{
    protected override void Store() => branch.Fill(start, span, group);
}
