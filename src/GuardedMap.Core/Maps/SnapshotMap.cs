using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

// A map whose readers never wait and never fail.
//
// There is not one table but a sequence of versions of a tree (Snapshots/TreeNode.cs). A reader takes the root that is published; an iteration
// or a snapshot freezes it first, and has a map that stays as it is for as long as it likes.
//
//     a loop:     ── root ──▶ version 7 ──────────────────────▶ still version 7
//     a writer:               version 7 + copies of one group and its path ─▶ version 8 ─▶ 9, 10, ... in place
//
// What that costs is paid by the writer, and only after a snapshot: the first write to a group then copies it (32 entries) and the branches above it,
// four of 16 references at a million entries: about 1.2 kB. All further writes to it are made in place, until the next snapshot
// (Snapshots/SnapshotTree.cs). What nobody holds any more is garbage; the collector does what hazard pointers and epochs do elsewhere.
// Writers take turns under one lock. They do not wait for readers, nor readers for them.
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
/// <para>
/// Lookups O(log16 n), four steps at a million entries; a snapshot O(1). The first write to a group of 32 entries after a snapshot copies the group and
/// one branch of 16 references per step; further ones are made in place.
/// </para>
/// <para>Choose it where many read or iterate and few write. Where most operations are writes, a <c>ConcurrentDictionary</c> is faster.</para>
/// </remarks>
[DebuggerDisplay("Count = {Count}, Version = {Version}")]
[DebuggerTypeProxy(typeof(MapDebugView<,>))]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A map is what the field and the shell's users call it.")]
public abstract partial class SnapshotMapBase<TKey, TValue> : MapBase<TKey, TValue>
    where TKey : notnull
{
    private readonly KeyOpsKind _kind;
    private readonly IEqualityComparer<TKey> _comparer;
    private readonly ulong _seed;
    private readonly SnapshotTree<TKey, TValue> _tree;

    private protected SnapshotMapBase(SnapshotMapOptions<TKey> options, IEnumerable<KeyValuePair<TKey, TValue>>? entries = null)
        : base(options, options is { DetectLostUpdates: true })
    {
        _kind = KeyOpsKinds.Of(options.Comparer);
        _comparer = options.Comparer ?? EqualityComparer<TKey>.Default;
        _seed = HashMix.SeedOf(options.HashSeed);
        KeyValuePair<TKey, TValue>[] all = [.. entries ?? []];
        foreach (var (key, _) in all) ThrowIfNull(key);
        var root = all.Length == 0 ? Group<TKey, TValue>.Nothing : _kind switch
        {
            KeyOpsKind.BuiltIn => Build(new BuiltInOps<TKey>(_seed)),
            KeyOpsKind.Ordinal => Build(new OrdinalOps(_seed)),
            KeyOpsKind.OrdinalIgnoreCase => Build(new OrdinalIgnoreCaseOps(_seed)),
            KeyOpsKind.Shell => Build(new ShellOps(_seed)),
            _ => Build(new CustomOps<TKey>(_seed, _comparer)),
        };
        _tree = new SnapshotTree<TKey, TValue>(root, all.Length);
        if (options.DetectLostUpdates) _watch = new LostUpdateWatch(LastReads<TKey, TValue>.Kind, options.ForShell);

        TreeNode Build<TOps>(TOps ops)
            where TOps : struct, IKeyOps => new TreeBuilder<TKey, TValue, TOps>(ops, version: 1).Build(all, out var duplicate)
                ?? throw new ArgumentException(SafeText.Message($"The key '{duplicate}' is there twice. Leave one of the two entries out."), nameof(entries));
    }

    /// <summary>The number of entries. O(1); a write is counted once it has returned.</summary>
    public override int Count => _tree.Count;

    /// <summary>How many writes, or batches of them, have changed the map.</summary>
    public long Version => _tree.Version;

    /// <summary>What hashes and compares the keys.</summary>
    public IEqualityComparer<TKey> Comparer => _comparer;

    /// <inheritdoc/>
    public override bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (IsSampled) return FindWatched(key, out value);
        return Find(_tree.Root, key, out value);
    }

    /// <summary>The map as it is now, for good. O(1), never waits.</summary>
    public Snapshot<TKey, TValue> GetSnapshot() => new(this, _tree.Freeze());

    /// <summary>Enumerates the map as it is now.</summary>
    public SnapshotEnumerator<TKey, TValue> GetEnumerator() => new(_tree.Freeze());

    /// <inheritdoc/>
    public override void Clear()
    {
        NoteOwnWrite();
        Rewrite(MapOperation.Clear, static (_, _, version, epoch) => (new Group<TKey, TValue> { Version = version, Epoch = epoch }, 0));
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
        NoteOwnWrite();
        bool isPublished = Rewrite(MapOperation.Update, (root, count, version, epoch) =>
        {
            var batch = new SnapshotBatch<TKey, TValue>(this, root, count, version, epoch);
            try
            {
                write(batch);
            }
            finally
            {
                (root, count) = batch.Close();
            }

            return (root, count);
        });
        if (!isPublished)
            throw new InvalidOperationException(SafeText.Message($"The callback of a batch of writes to the map '{Name}' has written to the map itself, on the same thread. The batch is dropped. Write to the batch only."));
    }

    /// <inheritdoc/>
    public override void CheckInvariants() => TreeInvariants<TKey, TValue>.Check(_tree.Freeze(), HashOf);

    internal TreeNode CurrentRoot => _tree.Root;

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
        if (_kind == KeyOpsKind.BuiltIn) return Find(root, key, new BuiltInOps<TKey>(_seed), out value);
        if (_kind == KeyOpsKind.Ordinal) return Find(root, key, new OrdinalOps(_seed), out value);
        return FindOther(root, key, out value);
    }

    /// <summary>Plans one write of a batch, and makes it in the batch's own tree.</summary>
    /// <returns>The root of that tree.</returns>
    internal TreeNode Apply<TAction>(ref PlannedWrite<TKey, TValue> plan, ref TAction action)
        where TAction : struct, ITreeAction<TValue>
    {
        ThrowIfNull(plan.Key);
        return _kind switch
        {
            KeyOpsKind.BuiltIn => Apply(ref plan, new BuiltInOps<TKey>(_seed), ref action),
            KeyOpsKind.Ordinal => Apply(ref plan, new OrdinalOps(_seed), ref action),
            KeyOpsKind.OrdinalIgnoreCase => Apply(ref plan, new OrdinalIgnoreCaseOps(_seed), ref action),
            KeyOpsKind.Shell => Apply(ref plan, new ShellOps(_seed), ref action),
            _ => Apply(ref plan, new CustomOps<TKey>(_seed, _comparer), ref action),
        };
    }

    private protected override bool Store(TKey key, TValue value, bool overwrite)
    {
        var action = new StoreAction<TValue> { Value = value, Overwrite = overwrite };
        Run(overwrite ? MapOperation.Set : MapOperation.Add, key, ref action);
        return !action.Existed;
    }

    private protected override bool Remove(TKey key, bool hasComparison, TValue? comparison, [MaybeNullWhen(false)] out TValue value)
    {
        var action = new RemoveAction<TValue> { HasComparison = hasComparison, Comparison = comparison };
        Run(MapOperation.Remove, key, ref action);
        value = action.Value;
        return action.Removed;
    }

    private protected override (TValue Value, bool Stored) Change<TChange>(TKey key, ref TChange change)
    {
        var action = new ChangeAction<TValue, TChange> { Change = change };
        Run(MapOperation.Update, key, ref action);
        change = action.Change;
        return (action.Value!, action.Stored);
    }

    private protected override IEnumerable<KeyValuePair<TKey, TValue>> Entries() => GetSnapshot();

    private protected override IReadOnlyCollection<KeyValuePair<TKey, TValue>> TakeMoment() => new TreeMoment<TKey, TValue>(_tree.Freeze());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Find<TOps>(TreeNode root, TKey key, TOps ops, [MaybeNullWhen(false)] out TValue value)
        where TOps : struct, IKeyOps => TreeSearch<TKey, TValue>.TryGet(root, ref key, ops.Hash(ref Unsafe.As<TKey, byte>(ref key)), ops, out value);

    private bool FindOther(TreeNode root, TKey key, [MaybeNullWhen(false)] out TValue value) => _kind switch
    {
        KeyOpsKind.OrdinalIgnoreCase => Find(root, key, new OrdinalIgnoreCaseOps(_seed), out value),
        KeyOpsKind.Shell => Find(root, key, new ShellOps(_seed), out value),
        _ => Find(root, key, new CustomOps<TKey>(_seed, _comparer), out value),
    };

    private static TreeNode Apply<TOps, TAction>(ref PlannedWrite<TKey, TValue> plan, TOps ops, ref TAction action)
        where TOps : struct, IKeyOps
        where TAction : struct, ITreeAction<TValue>
    {
        plan.Hash = ops.Hash(ref Unsafe.As<TKey, byte>(ref plan.Key));
        plan.Found = TreeSearch<TKey, TValue>.Find(plan.Root, ref plan.Key, plan.Hash, ops, out plan.Index);
        plan.Decision = action.Decide(plan.Found is not null, plan.Found is null ? default : plan.Found[plan.Index].Value, out plan.Value);
        if (plan.Decision == TreeWrite.Nothing || (plan.Decision == TreeWrite.Remove && plan.Found is null)) return plan.Root;
        var writer = new TreeWriter<TKey, TValue, TOps>(plan.Root, plan.Version, plan.Epoch, ops);
        writer.Write(ref plan);
        return writer.Root;
    }

    private void Run<TAction>(MapOperation operation, TKey key, ref TAction action)
        where TAction : struct, ITreeAction<TValue>
    {
        ThrowIfNull(key);
        if (_watch is null) Run(key, ref action);
        else RunWatched(operation, key, ref action);
        TellChain();
    }

    private void Run<TAction>(TKey key, ref TAction action)
        where TAction : struct, ITreeAction<TValue>
    {
        switch (_kind)
        {
            case KeyOpsKind.BuiltIn:
                _tree.Write(key, new BuiltInOps<TKey>(_seed), ref action);
                break;
            case KeyOpsKind.Ordinal:
                _tree.Write(key, new OrdinalOps(_seed), ref action);
                break;
            case KeyOpsKind.OrdinalIgnoreCase:
                _tree.Write(key, new OrdinalIgnoreCaseOps(_seed), ref action);
                break;
            case KeyOpsKind.Shell:
                _tree.Write(key, new ShellOps(_seed), ref action);
                break;
            default:
                _tree.Write(key, new CustomOps<TKey>(_seed, _comparer), ref action);
                break;
        }
    }
}
