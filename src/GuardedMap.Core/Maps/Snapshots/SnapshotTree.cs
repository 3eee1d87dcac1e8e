using System.Runtime.CompilerServices;

namespace GuardedMaps;

// The published tree of a SnapshotMap: how one writer at a time and any number of readers and snapshots get along without waiting.
//
// A snapshot is the root of the tree, and the promise that nothing below it ever changes. Keeping the promise by copying for each write
// what it touches would cost every write a kilobyte, whether anybody took a snapshot or not. So the map counts epochs. A node bears
// the epoch it was made in, and taking a snapshot begins a new one:
//
//     epoch 7   root₇ ── branch₇ ── group₇      writes change group₇ itself, by single stores
//     a snapshot is taken: epoch 8              all of these are frozen
//     epoch 8   root₈ ── branch₈ ── group₈      the first write copies its path, and publishes the new root
//                 └───── branch₇ ── group₇      what is not written stays common to both
//               writes to group₈ are made in place again; the first one to another group copies that group, and so on
//
// One difficulty remains: the writer sees that a node may be changed, a snapshot is taken, and then the writer's store arrives.
// Neither side may wait for the other: a writer may be stopped by the system between any two instructions. So the writer announces
// its store first (WriteInPlace), and both decide about it by one compare-and-swap:
//
//     writer                                       snapshot
//     announce the write            (full fence)   begin a new epoch             (full fence)
//     is the epoch still the same? no: copy        is a write announced?
//     undecided ─▶ done, then store                undecided ─▶ refused, or it is done: store it as well
//
// Whichever comes later sees the other, as in Dekker's algorithm. Done: the write is in the snapshot, and whoever of both stores it last stores the
// same. Refused: the writer copies the path. A new root is published by one store, snapshot or not, so a writer is
// refused at most once and never starves.
//
// A lookup needs none of this. It goes down from the root and finds the group its hash leads to; all that changes there changes by one
// store (Group.cs). If a copy of the group has been published meanwhile, it answers what was true at that moment.

/// <summary>The tree a <see cref="SnapshotMap{TKey, TValue}"/> publishes, and the rules of changing it.</summary>
internal sealed class SnapshotTree<TKey, TValue>
{
    private readonly object _writers = new();
    private TreeNode _root;
    private WriteInPlace? _announced;
    private long _epoch;
    private long _version; // Changed under the lock.
    private int _count; // Changed under the lock.

    /// <summary>Publishes a first tree, made for no epoch in particular.</summary>
    public SnapshotTree(TreeNode root, int count)
    {
        // An empty root is every empty map's.
        if (count > 0) root.Count = count;
        (_root, _count, _version) = (root, count, root.Version);
    }

    /// <summary>The root of the published tree.</summary>
    public TreeNode Root => Volatile.Read(ref _root);

    /// <summary>The number of entries, with every write that has returned.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>How many writes, or batches of them, have changed the tree.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>Freezes the tree as it is now. O(1); never waits, and tries again only when a new root was published in between.</summary>
    public FrozenTree Freeze()
    {
        while (true)
        {
            var root = Root;
            long epoch = Volatile.Read(ref _epoch);
            // An older root was frozen by somebody else's snapshot, and nothing has been written since.
            if (root.Epoch == epoch) Interlocked.CompareExchange(ref _epoch, epoch + 1, epoch);
            var write = Volatile.Read(ref _announced);
            bool isUnderRoot = write is not null && ReferenceEquals(write.Root, root);
            bool isMade = isUnderRoot && write!.Settle();
            if (!ReferenceEquals(root, Root)) continue;
            if (!isUnderRoot) return new FrozenTree(root, root.Version, root.Count);
            return isMade ? new FrozenTree(root, write!.Version, write.CountAfter) : new FrozenTree(root, write!.Version - 1, write.CountBefore);
        }
    }

    /// <summary>Makes one write: whatever the action decides, given what is there.</summary>
    public void Write<TOps, TAction>(TKey key, TOps ops, ref TAction action)
        where TOps : struct, IKeyOps
        where TAction : struct, ITreeAction<TValue>
    {
        ulong hash = ops.Hash(ref Unsafe.As<TKey, byte>(ref key));
        lock (_writers)
        {
            while (true)
            {
                var plan = new PlannedWrite<TKey, TValue> { Root = _root, Epoch = Volatile.Read(ref _epoch), Version = _version + 1, Hash = hash, Key = key };
                plan.Found = TreeSearch<TKey, TValue>.Find(plan.Root, ref key, hash, ops, out plan.Index);
                // A comparer that writes to the map while it compares is on this very thread, and no lock keeps it out: what it has
                // written is taken as the beginning of another try.
                if (_version != plan.Version - 1) continue;
                plan.Decision = action.Decide(plan.Found is not null, plan.Found is null ? default : plan.Found[plan.Index].Value, out plan.Value);
                if (plan.Decision == TreeWrite.Nothing || (plan.Decision == TreeWrite.Remove && plan.Found is null)) return;
                (plan.CountBefore, plan.CountAfter) = (_count, _count + plan.Growth);
                // In a frozen tree the path is copied, and also where more than a single store is needed.
                if (plan.Root.Epoch == plan.Epoch && TryWriteInPlace(ref plan) is { } isMade)
                {
                    if (isMade) return;
                    continue; // Refused: the tree is frozen now.
                }

                var writer = new TreeWriter<TKey, TValue, TOps>(plan.Root, plan.Version, plan.Epoch, ops);
                writer.Write(ref plan);
                if (_version != plan.Version - 1) continue;
                Publish(writer.Root, plan.Version, plan.CountAfter);
                return;
            }
        }
    }

    /// <summary>Replaces the tree by what somebody makes of it in private: a batch of writes, or nothing at all.</summary>
    /// <returns>False if the map was written to, on this thread, while the batch was made: it is not published then.</returns>
    public bool TryRewrite(TreeRewrite rewrite)
    {
        lock (_writers)
        {
            long version = _version + 1;
            var (root, count) = rewrite(_root, _count, version, Volatile.Read(ref _epoch));
            if (_version != version - 1) return false;
            if (!ReferenceEquals(root, _root)) Publish(root, version, count);
            return true;
        }
    }

    // Null if the write is more than a single store; false if a snapshot came first.
    private bool? TryWriteInPlace(ref PlannedWrite<TKey, TValue> plan)
    {
        var path = default(TreePath<TKey, TValue>);
        path.Descend(plan.Root, plan.Hash);
        var group = path.Group;
        if (group.Next is not null) return null;
        bool isNew = plan is { Decision: TreeWrite.Store, Found: null };
        if (isNew && group.Used == Group<TKey, TValue>.Capacity) return null;
        if (plan.Decision == TreeWrite.Remove && path.CouldMerge(group.Size - 1)) return null;
        bool replacesGroup = plan.Decision == TreeWrite.Store && !isNew && !AtomicValue<TValue>.IsAtomic;
        if (replacesGroup && path.Depth == 0) return null;
        path.Thaw(plan.Epoch, ref plan.Index, withGroup: !replacesGroup);
        return plan.Decision == TreeWrite.Remove ? TryRemove(ref plan, path.Group)
            : isNew ? TryAdd(ref plan, path.Group)
            : replacesGroup ? TryReplaceGroup(ref plan, ref path)
            : TryMake(ref plan, new ValueWrite<TKey, TValue>(path.Group, plan.Index, plan.Value!) { Root = plan.Root, Version = plan.Version, CountBefore = plan.CountBefore, CountAfter = plan.CountAfter });
    }

    private bool TryAdd(ref PlannedWrite<TKey, TValue> plan, Group<TKey, TValue> group)
    {
        ref var entry = ref group[group.Used];
        (entry.Key, entry.Value) = (plan.Key, plan.Value!);
        if (!TryMake(ref plan, new TagWrite<TKey, TValue>(group, group.Used, Group<TKey, TValue>.TagOf(plan.Hash)) { Root = plan.Root, Version = plan.Version, CountBefore = plan.CountBefore, CountAfter = plan.CountAfter }))
        {
            entry = default;
            return false;
        }

        group.Used++;
        return true;
    }

    private bool TryRemove(ref PlannedWrite<TKey, TValue> plan, Group<TKey, TValue> group)
    {
        if (!TryMake(ref plan, new TagWrite<TKey, TValue>(group, plan.Index, Group<TKey, TValue>.Tombstone) { Root = plan.Root, Version = plan.Version, CountBefore = plan.CountBefore, CountAfter = plan.CountAfter })) return false;
        group.Forget(plan.Index);
        return true;
    }

    private bool TryReplaceGroup(ref PlannedWrite<TKey, TValue> plan, ref TreePath<TKey, TValue> path)
    {
        var copy = path.Group.Copy(TreeNode.MadeInPlace, plan.Epoch, ref plan.Index);
        copy[plan.Index].Value = plan.Value!;
        var (branch, start, span) = path.Place;
        return TryMake(ref plan, new GroupWrite<TKey, TValue>(branch, start, span, copy) { Root = plan.Root, Version = plan.Version, CountBefore = plan.CountBefore, CountAfter = plan.CountAfter });
    }

    private bool TryMake(ref PlannedWrite<TKey, TValue> plan, WriteInPlace write)
    {
        Interlocked.Exchange(ref _announced, write);
        // Refused by the writer itself, or by who took the snapshot: it is all one.
        if (Volatile.Read(ref _epoch) != plan.Epoch) return write.Settle();
        if (!write.TryMake()) return false;
        Completed(plan.Version, plan.CountAfter);
        return true;
    }

    private void Publish(TreeNode root, long version, int count)
    {
        root.Count = count;
        Volatile.Write(ref _root, root);
        // In this order: a snapshot that finds nothing announced finds the new root, too. And no tree is kept alive by what was announced for it.
        Volatile.Write(ref _announced, null);
        Completed(version, count);
    }

    private void Completed(long version, int count)
    {
        Volatile.Write(ref _count, count);
        Volatile.Write(ref _version, version);
    }
}

/// <summary>Makes a new tree of a published one.</summary>
/// <param name="root">The root of the published tree.</param>
/// <param name="count">How many entries it has.</param>
/// <param name="version">The number to stamp new nodes with, by which the maker knows them as its own.</param>
/// <param name="epoch">The epoch to stamp new nodes with.</param>
/// <returns>The root of the new tree, and how many entries that has.</returns>
internal delegate (TreeNode Root, int Count) TreeRewrite(TreeNode root, int count, long version, long epoch);

/// <summary>A tree that never changes again.</summary>
/// <param name="Root">Its root.</param>
/// <param name="Version">The number of the last write it has.</param>
/// <param name="Count">How many entries it has.</param>
internal readonly record struct FrozenTree(TreeNode Root, long Version, int Count);
