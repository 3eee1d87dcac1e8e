using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

// A map whose readers never wait and never fail.
//
// There is not one table but a sequence of versions, each an immutable tree (Snapshots/TreeNode.cs). A reader takes the root that is
// published and has a map that stays as it is for as long as it likes: a lookup, a loop of an hour and a snapshot are the same to it.
//
//     readers:   ── root ──▶ version 7 ──────────────────────▶ still version 7
//     a writer:              version 7 + one group, one path ─▶ publish version 8
//
// What that costs is paid by the writer: each write copies one group (32 entries) and the branches above it, four of 16
// references at a million entries: about 1.2 kB, whether somebody reads or not. The old ones are garbage as soon as nobody holds
// them; the garbage collector does what hazard pointers and epochs do elsewhere. Writers take turns under one lock. They do not wait for
// readers, nor readers for them.
//
// The articles' copy-on-write map copies everything for each write, which is simple and costs 16 MB at that size; it is in the
// benchmarks for comparison.

/// <summary>
/// The map itself: everything that <see cref="SnapshotMap{TKey, TValue}"/>, a C# user's map, and <see cref="SnapshotMap"/>, a shell user's, have in common.
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>
/// <para>
/// Thread-safe: any number of threads may read, iterate and write at once. Every operation is atomic and linearizable. An iteration is of the
/// version that was current when it began; what is written meanwhile, by whomever, it does not see. Writers take turns.
/// </para>
/// <para>Lookups O(log16 n), four steps at a million entries; a write copies one group of 32 entries and one branch of 16 references per step; a snapshot O(1).</para>
/// <para>Choose it where many read or iterate and few write. Where most operations are writes, a <c>ConcurrentDictionary</c> is faster.</para>
/// </remarks>
[DebuggerDisplay("Count = {Count}, Version = {Version}")]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A map is what the field and the shell's users call it.")]
public abstract partial class SnapshotMapBase<TKey, TValue> : MapBase<TKey, TValue>
    where TKey : notnull
{
    private readonly object _writeLock = new();
    private readonly KeyOpsKind _kind;
    private readonly IEqualityComparer<TKey> _comparer;
    private readonly ulong _seed;
    private TreeNode _root;
    private long _written;

    private protected SnapshotMapBase(SnapshotMapOptions<TKey> options)
        : base(options)
    {
        _kind = KeyOpsKinds.Of(options.Comparer);
        _comparer = options.Comparer ?? EqualityComparer<TKey>.Default;
        _seed = options.HashSeed ?? HashMix.NewSeed();
        _root = new Group<TKey, TValue>();
    }

    /// <inheritdoc/>
    public override int Count => Root.Count;

    /// <summary>How many writes, or batches of them, have been published. A version that somebody holds never changes.</summary>
    public long Version => Root.Version;

    /// <summary>What hashes and compares the keys.</summary>
    public IEqualityComparer<TKey> Comparer => _comparer;

    // Whoever loads the root sees all that was stored into its nodes before it was published.
    private TreeNode Root => Volatile.Read(ref _root);

    /// <inheritdoc/>
    public override bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value) => Find(Root, key, out value);

    /// <summary>The map as it is now, for good. O(1): it holds on to the published version.</summary>
    public Snapshot<TKey, TValue> GetSnapshot() => new(this, Root);

    /// <summary>Enumerates the version that is current now.</summary>
    public SnapshotEnumerator<TKey, TValue> GetEnumerator() => new(Root);

    /// <inheritdoc/>
    public override void Clear()
    {
        lock (_writeLock) Publish(new Group<TKey, TValue> { Version = ++_written });
        Observer?.Record(ProbePoint.Cleared, -1, -1, 0);
    }

    /// <summary>
    /// Makes several writes one: readers and iterations see all of them or none. Much cheaper than single writes, since what
    /// is copied once is changed in place from then on.
    /// </summary>
    /// <param name="write">Makes the writes. It holds the lock of the writers: it should be quick, and must not wait for another writer of this map.</param>
    /// <exception cref="ArgumentNullException"><paramref name="write"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The callback wrote to the map itself and not to the batch.</exception>
    /// <remarks>When the callback throws, nothing is changed.</remarks>
    public void Write(Action<SnapshotBatch<TKey, TValue>> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        lock (_writeLock)
        {
            var from = _root;
            var batch = new SnapshotBatch<TKey, TValue>(this, from, ++_written);
            try
            {
                write(batch);
            }
            finally
            {
                batch.Close();
            }

            if (!ReferenceEquals(from, _root))
                throw new InvalidOperationException($"A batch of writes to the map '{Name}' was made on version {from.Version}, and its callback has written to the map itself meanwhile, on the same thread. The batch is dropped. Write to the batch only.");
            if (!ReferenceEquals(from, batch.Root)) Publish(batch.Root);
        }
    }

    /// <summary>Checks that the tree is whole. O(n). For tests and tools.</summary>
    /// <exception cref="InvalidOperationException">An invariant is broken; the message says which.</exception>
    public override void CheckInvariants() => TreeInvariants<TKey, TValue>.Check(Root, HashOf);

    internal TreeNode CurrentRoot => Root;

    internal ulong HashOf(TKey key) => _kind switch
    {
        KeyOpsKind.BuiltIn => new BuiltInOps<TKey>(_seed).Hash(ref Unsafe.As<TKey, byte>(ref key)),
        KeyOpsKind.Ordinal => new OrdinalOps(_seed).Hash(ref Unsafe.As<TKey, byte>(ref key)),
        KeyOpsKind.OrdinalIgnoreCase => new OrdinalIgnoreCaseOps(_seed).Hash(ref Unsafe.As<TKey, byte>(ref key)),
        KeyOpsKind.Shell => new ShellOps(_seed).Hash(ref Unsafe.As<TKey, byte>(ref key)),
        _ => new CustomOps<TKey>(_seed, _comparer).Hash(ref Unsafe.As<TKey, byte>(ref key)),
    };

    internal bool Find(TreeNode root, TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        ThrowIfNull(key);
        Group<TKey, TValue>? group;
        int index;
        if (_kind == KeyOpsKind.BuiltIn) group = Find(root, key, new BuiltInOps<TKey>(_seed), out index);
        else if (_kind == KeyOpsKind.Ordinal) group = Find(root, key, new OrdinalOps(_seed), out index);
        else group = FindOther(root, key, out index);
        if (group is null)
        {
            value = default;
            return false;
        }

        value = group[index].Value;
        return true;
    }

    /// <summary>Runs one write of any kind on a root.</summary>
    /// <returns>The new root; the same one if there is nothing to change.</returns>
    internal TreeNode Apply<TAction>(TreeNode root, long version, TKey key, ref TAction action)
        where TAction : struct, ITreeAction
    {
        ThrowIfNull(key);
        return _kind switch
        {
            KeyOpsKind.BuiltIn => Apply(root, version, key, new BuiltInOps<TKey>(_seed), ref action),
            KeyOpsKind.Ordinal => Apply(root, version, key, new OrdinalOps(_seed), ref action),
            KeyOpsKind.OrdinalIgnoreCase => Apply(root, version, key, new OrdinalIgnoreCaseOps(_seed), ref action),
            KeyOpsKind.Shell => Apply(root, version, key, new ShellOps(_seed), ref action),
            _ => Apply(root, version, key, new CustomOps<TKey>(_seed, _comparer), ref action),
        };
    }

    private protected override bool Store(TKey key, TValue value, bool overwrite)
    {
        var action = new StoreAction { Value = value, Overwrite = overwrite };
        Run(key, ref action);
        return !action.Existed;
    }

    private protected override bool Remove(TKey key, bool hasComparison, TValue? comparison, [MaybeNullWhen(false)] out TValue value)
    {
        var action = new RemoveAction { HasComparison = hasComparison, Comparison = comparison };
        Run(key, ref action);
        value = action.Value;
        return action.Removed;
    }

    private protected override (TValue Value, bool Stored) Change<TChange>(TKey key, ref TChange change)
    {
        var action = new ChangeAction<TChange> { Change = change };
        Run(key, ref action);
        change = action.Change;
        return (action.Value!, action.Stored);
    }

    private protected override IEnumerable<KeyValuePair<TKey, TValue>> Entries() => GetSnapshot();

    private static Group<TKey, TValue>? Find<TOps>(TreeNode root, TKey key, TOps ops, out int index)
        where TOps : struct, IKeyOps => TreeWriter<TKey, TValue, TOps>.Find(root, ref key, ops.Hash(ref Unsafe.As<TKey, byte>(ref key)), ops, out index);

    private static TreeNode Apply<TOps, TAction>(TreeNode root, long version, TKey key, TOps ops, ref TAction action)
        where TOps : struct, IKeyOps
        where TAction : struct, ITreeAction
    {
        ulong hash = ops.Hash(ref Unsafe.As<TKey, byte>(ref key));
        var group = TreeWriter<TKey, TValue, TOps>.Find(root, ref key, hash, ops, out int index);
        switch (action.Decide(group is not null, group is null ? default : group[index].Value, out var value))
        {
            case TreeWrite.Store when group is null:
                var adder = new TreeWriter<TKey, TValue, TOps>(root, version, ops);
                adder.Add(hash, key, value!);
                return adder.Root;
            case TreeWrite.Store:
                var replacer = new TreeWriter<TKey, TValue, TOps>(root, version, ops);
                replacer.Replace(hash, group, index, value!);
                return replacer.Root;
            case TreeWrite.Remove when group is not null:
                var remover = new TreeWriter<TKey, TValue, TOps>(root, version, ops);
                remover.Remove(hash, group, index);
                return remover.Root;
            default:
                return root;
        }
    }

    private Group<TKey, TValue>? FindOther(TreeNode root, TKey key, out int index) => _kind switch
    {
        KeyOpsKind.OrdinalIgnoreCase => Find(root, key, new OrdinalIgnoreCaseOps(_seed), out index),
        KeyOpsKind.Shell => Find(root, key, new ShellOps(_seed), out index),
        _ => Find(root, key, new CustomOps<TKey>(_seed, _comparer), out index),
    };

    private void Run<TAction>(TKey key, ref TAction action)
        where TAction : struct, ITreeAction
    {
        lock (_writeLock)
        {
            // A comparer that writes to the map while it compares is on this very thread, and no lock keeps it out: what it has
            // published is taken as the beginning of another try.
            while (true)
            {
                var from = _root;
                var to = Apply(from, ++_written, key, ref action);
                if (!ReferenceEquals(from, _root)) continue;
                if (!ReferenceEquals(from, to)) Publish(to);
                return;
            }
        }
    }

    private void Publish(TreeNode root)
    {
        root.Version = _written;
        Volatile.Write(ref _root, root);
    }

    internal enum TreeWrite
    {
        Nothing,
        Store,
        Remove,
    }

    internal interface ITreeAction
    {
        TreeWrite Decide(bool exists, TValue? present, out TValue? value);
    }

    internal struct StoreAction : ITreeAction
    {
        public required TValue Value;
        public required bool Overwrite;
        public bool Existed;

        public TreeWrite Decide(bool exists, TValue? present, out TValue? value)
        {
            (Existed, value) = (exists, Value);
            return exists && !Overwrite ? TreeWrite.Nothing : TreeWrite.Store;
        }
    }

    internal struct RemoveAction : ITreeAction
    {
        public required bool HasComparison;
        public required TValue? Comparison;
        public TValue? Value;
        public bool Removed;

        public TreeWrite Decide(bool exists, TValue? present, out TValue? value)
        {
            value = default;
            Removed = exists && (!HasComparison || EqualityComparer<TValue>.Default.Equals(present, Comparison));
            Value = Removed ? present : default;
            return Removed ? TreeWrite.Remove : TreeWrite.Nothing;
        }
    }

    private struct ChangeAction<TChange> : ITreeAction
        where TChange : struct, IValueChange<TValue>
    {
        public required TChange Change;
        public TValue? Value;
        public bool Stored;

        public TreeWrite Decide(bool exists, TValue? present, out TValue? value)
        {
            Stored = Change.Decide(exists, present, out var decided);
            Value = value = decided;
            return Stored ? TreeWrite.Store : TreeWrite.Nothing;
        }
    }
}
