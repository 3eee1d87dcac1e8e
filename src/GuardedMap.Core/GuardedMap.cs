using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>
/// The map itself: everything that <see cref="GuardedMap{TKey, TValue}"/>, a C# user's map, and <see cref="GuardedMap"/>, a shell user's,
/// have in common.
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>
/// <para>
/// The two differ in one face only: PowerShell looks <c>$map.key</c> up in a dictionary unless that is an
/// <see cref="IDictionary{TKey, TValue}"/> with keys other than strings, so the shell's map must not be one.
/// </para>
/// <para>
/// The class has four layers, and this file is the top one. A key is hashed (Hashing), finds its slot (Table), is let in or refused
/// (Guard) and is visited (Iteration); each operation below takes that road once.
/// </para>
/// <code>
///   map[key] = value
///      │ anything unusual in the guard's two words?  ── yes ──▶  the careful path: leases, tracing, foreign comparers ...
///      │ no
///      │ take the map: as its owner, or by swap      ── lost ─▶  ConcurrentWrites
///      │ find the slot, store
///      ▼ let go, one version later
/// </code>
/// <para>
/// Thread-safety: every member may be called from any thread at any time; what overlaps in a forbidden way is refused. Lookups
/// among themselves, and iterations among themselves and with lookups, never conflict. What the guard cannot see is a race between
/// whole operations: <c>map[k] = map[k] + 1</c> is a read and a write, both legal, and loses updates when two threads do
/// it. <see cref="Increment"/>, <see cref="Update"/>, <see cref="GetOrAdd(TKey, Func{TKey, TValue})"/> and
/// <see cref="AddOrUpdate(TKey, TValue, Func{TKey, TValue, TValue})"/> are one operation each.
/// </para>
/// <para>
/// Costs: lookups, inserts and removals are O(1) expected; growth is spread over the writes after it begins. The guard costs a read
/// two loads of a word that is in its cache, a write a few plain stores while only one thread writes, and a compare-and-swap after.
/// </para>
/// </remarks>
[DebuggerDisplay("{Name}: Count = {Count}")]
[DebuggerTypeProxy(typeof(GuardedMapDebugView<,>))]
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "A map is what the field and the shell's users call it.")]
public abstract partial class GuardedMapBase<TKey, TValue> : GuardedMapBase
    where TKey : notnull
{
    // Hot: what every operation reads, together.
    private long _version;
    private long _access;
    private int _ownerBusy;
    private int _ownerLeases;

    // Where the owner stood when it was asked for last; 0 if it is not known. Only the owner changes it.
    private nuint _ownerPage;
    private ulong _writer;
    private BucketTable<TKey, TValue> _table;
    private readonly KeyOpsKind _ops;
    private readonly IEqualityComparer<TKey>? _comparer;

    private readonly MapOptions<TKey> _options;

    // Cold: names, leases, violations, events. Most maps never need it.
    private MapGate<TKey, TValue>? _lazyGate;

    // Whose the map is until another thread writes to it: who made it, or, when that one has ended, who got its stack and was met there. Null if it never was anybody's.
    private ActorThread? _owner;

    // Who began the last plain foreach, by id; 0 for the owner.
    private int _leaseHolder;

    /// <summary>Makes an empty map as <paramref name="options"/> say.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="options"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The capacity or the trace capacity is negative, or an enumeration value does not exist.</exception>
    private protected GuardedMapBase(MapOptions<TKey> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Capacity, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.TraceCapacity, nameof(options));
        _ = ContractRule.For(options.Contract);
        if (options.UnleasedContract is not (IterationContract.FailFast or IterationContract.Tolerate or IterationContract.Snapshot))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options),
                options.UnleasedContract,
                "An enumerator whose end is not known cannot hold a lease: UnleasedContract is FailFast, Tolerate or Snapshot.");
        }

        _ops = KeyOpsKinds.Of(options.Comparer);
        _comparer = options.Comparer;
        _options = options;
        _table = new BucketTable<TKey, TValue>(options.HashSeed, options.Capacity);
        _version = options.Protection switch
        {
            MapProtection.Guarded => options.OnViolation == ViolationResponse.Report ? VersionWord.Synchronized | VersionWord.Reports : 0,
            MapProtection.Synchronized => VersionWord.Synchronized,
            MapProtection.None => VersionWord.Unguarded,
            _ => throw new ArgumentOutOfRangeException(nameof(options), options.Protection, $"There is no such protection. The protections are {string.Join(", ", Enum.GetNames<MapProtection>())}."),
        };
        if (!Enum.IsDefined(options.OnViolation))
            throw new ArgumentOutOfRangeException(nameof(options), options.OnViolation, $"There is no such response. The responses are {string.Join(", ", Enum.GetNames<ViolationResponse>())}.");
        if (options.OnViolation != ViolationResponse.Throw && options.Protection != MapProtection.Guarded)
            throw new ArgumentException($"A map with protection {options.Protection} refuses nothing that could be reported. Leave the protection out, or OnViolation.", nameof(options));
        if (options.DetectLostUpdates)
        {
            if (options.Protection == MapProtection.None)
                throw new ArgumentException("A map with protection None has no version by which a lost update could be noticed. Leave the protection out, or DetectLostUpdates.", nameof(options));
            _readOf = new ReadMark(LastReads<TKey, TValue>.Kind);
            _version |= VersionWord.Detects;
        }

        if (_ops >= KeyOpsKind.Custom || options.ForShell) _version |= VersionWord.Custom;
        if (options.Trace) _version |= VersionWord.Observed;
        bool isOwned = (_version & VersionWord.Synchronized) == 0 && options.Protection == MapProtection.Guarded && ActorThread.MayOwn;
        _access = isOwned ? AccessWord.Owned : AccessWord.Shared;
        if (!isOwned) return;
        _owner = ActorThread.Mine;
        // A shell's first write has to say whose it is, and so asks for everything.
        if (!options.ForShell) _ownerPage = StackPage.Here;
    }

    /// <summary>True if the calling thread owns the map, or stands in for an owner that has ended (<see cref="AccessWord"/>).</summary>
    private bool IsOwner
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            nuint page = StackPage.Here;
            return page == _ownerPage || IsOwnerAt(page);
        }
    }

    /// <summary>True if the calling thread is the very one that owns the map. Takes a call.</summary>
    private bool IsOwnerItself => ReferenceEquals(ActorThread.Mine, _owner);

    private MapGate<TKey, TValue> Gate => Volatile.Read(ref _lazyGate) ?? MakeGate();

    /// <summary>What violations call the map.</summary>
    public string Name => _options.Name ?? Gate.Name;

    /// <summary>Always <see cref="MapKind.Guarded"/>.</summary>
    public MapKind Kind => MapKind.Guarded;

    /// <summary>The contract of leased iterations that name none of their own. Under protection Synchronized that is <see cref="IterationContract.Snapshot"/>, whatever the options say.</summary>
    public IterationContract Contract => HasSnapshotsOnly ? IterationContract.Snapshot : _options.Contract;

    /// <summary>The contract of enumerators whose end is not known. Under protection Synchronized that is <see cref="IterationContract.Snapshot"/>, too.</summary>
    public IterationContract UnleasedContract => HasSnapshotsOnly ? IterationContract.Snapshot : _options.UnleasedContract;

    /// <summary>How the map defends itself.</summary>
    public MapProtection Protection => _options.Protection;

    /// <summary>True if the map records <see cref="MapEvent"/>s.</summary>
    public bool IsTraced => _options.Trace;

    /// <summary>How many writes have completed since the map was made (modulo 2^40).</summary>
    public long Version => VersionWord.Number(Volatile.Read(ref _version));

    /// <summary>True while old buckets remain to be evacuated.</summary>
    public bool IsGrowing => _table.IsGrowing;

    /// <summary>The seed of the map's hash function. It changes when the map becomes empty, unless it was fixed.</summary>
    public ulong HashSeed => _table.NamedSeed;

    /// <summary>How keys are compared.</summary>
    public IEqualityComparer<TKey> Comparer => _comparer ?? EqualityComparer<TKey>.Default;

    /// <summary>The last violation detected on this map, or null.</summary>
    public MapViolation? LastViolation => _lazyGate?.Violations.Last;

    /// <summary>How many violations have been detected on this map.</summary>
    public long ViolationCount => _lazyGate?.Violations.Count ?? 0;

    /// <summary>Raised for every violation, on the thread of the offender, before the exception is thrown.</summary>
    /// <remarks>
    /// A handler may use the map as anybody may. A violation that is raised while handlers run, on their thread, is recorded and thrown, and
    /// notifies nobody: a handler is never called from inside another. What a handler throws goes no further: the offender gets its violation, the other
    /// handlers are called, and the event source <c>GuardedMap</c> tells of it.
    /// </remarks>
    public event EventHandler<MapViolation>? ViolationDetected;

    /// <summary>The number of entries. O(1); never conflicts with anything.</summary>
    public int Count => _table.Count;

    /// <summary>Gets or sets the value of a key. O(1) expected.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="KeyNotFoundException">On get: the key is not there. (A map made for a shell, with values of a reference type, gives null.)</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids.</exception>
    public TValue this[TKey key]
    {
        get => TryGetValue(key, out TValue? value) ? value : Missing(key);
        set => Set(key, value);
    }

    /// <summary>Gets the value of a key, if it is there. O(1) expected.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="MapViolationException">The lookup overlapped a write (<see cref="MapViolationKind.ConcurrentReadAndWrite"/>).</exception>
    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (default(TKey) is null && key is null) ThrowNullKey();
        long version = Volatile.Read(ref _version);
        if ((version & VersionWord.Carefully) == 0)
        {
            ulong hash = HashExact(key);
            ref Slot<TKey, TValue> slot = ref (version & VersionWord.Growing) == 0 ? ref FindExact(key, hash) : ref FindGrowingExact(key, hash);
            bool found = !Unsafe.IsNullRef(ref slot);
            value = found ? slot.Value : default;
            Fence.Loads();
            if (((Volatile.Read(ref _version) ^ version) & VersionWord.ReadStamp) == 0) return found;
        }

        return (version & VersionWord.Carefully) == VersionWord.Detects ? ReadAndNote(key, version, out value) : ReadCarefully(key, mayLatch: _options.ForShell, out value);
    }

    /// <summary>Gets the value of a key; like the indexer, but a violation is always thrown at once, also on a map made for a shell.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="KeyNotFoundException">The key is not there.</exception>
    /// <exception cref="MapViolationException">The lookup overlapped a write.</exception>
    public TValue Get(TKey key)
    {
        if (!TryGet(key, out TValue? value)) ThrowMissing(key);
        return value!;
    }

    /// <summary>Like <see cref="TryGetValue"/>, but a violation is always thrown at once, also on a map made for a shell.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="MapViolationException">The lookup overlapped a write, or a violation of an earlier lookup waits to be thrown.</exception>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (default(TKey) is null && key is null) ThrowNullKey();
        ThrowIfLatched();
        return _options.ForShell ? ReadCarefully(key, mayLatch: false, out value) : TryGetValue(key, out value);
    }

    /// <summary>True if the key is there. O(1) expected.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="MapViolationException">The lookup overlapped a write.</exception>
    public bool ContainsKey(TKey key) => TryGetValue(key, out _);

    /// <summary>True if some key has this value. O(n).</summary>
    /// <exception cref="MapViolationException">The search overlapped a write.</exception>
    public bool ContainsValue(TValue value)
    {
        EqualityComparer<TValue> comparer = EqualityComparer<TValue>.Default;
        using MapIterator<TKey, TValue> iterator = Scan();
        while (iterator.MoveNext())
        {
            if (comparer.Equals(iterator.Current.Value, value)) return true;
        }

        return false;
    }

    /// <summary>The violations detected on this map, oldest first; of many, the newest 64.</summary>
    public IReadOnlyList<MapViolation> GetViolations() => _lazyGate?.Violations.Newest() ?? [];

    /// <summary>The events a traced map has recorded, oldest first; empty for others.</summary>
    public IReadOnlyList<MapEvent> GetEvents() => Observer?.Events() ?? [];

    /// <summary>Copies what the table looks like now. O(buckets).</summary>
    /// <exception cref="MapViolationException">The map was being written meanwhile.</exception>
    public MapLayout GetLayout() => ReadWhole(MapOperation.Read, static map => map._table.Layout(map.Name, map.Version));

    /// <summary>Checks every invariant of the table. O(n). For tests and labs.</summary>
    /// <exception cref="MapInvariantException">One does not hold.</exception>
    /// <exception cref="MapViolationException">The map was being written meanwhile.</exception>
    public void CheckInvariants() => ReadWhole(MapOperation.Read, static map =>
    {
        var check = new InvariantCheck();
        map.Run(ref check);
        return true;
    });

    private MapObserver? Observer => _options.Trace ? Gate.Observer : null;

    private MapGate<TKey, TValue> MakeGate()
    {
        var made = new MapGate<TKey, TValue>(_options);
        return Interlocked.CompareExchange(ref _lazyGate, made, null) ?? made;
    }

    /// <summary>Asks for the thread itself, and remembers where it stands.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsOwnerAt(nuint page)
    {
        if (!IsOwnerItself) return false;
        _ownerPage = page;
        return true;
    }

    private TValue Missing(TKey key)
    {
        if (_options.ForShell && default(TValue) is null) return default!;
        ThrowMissing(key);
        return default!;
    }

    [DoesNotReturn]
    private void ThrowMissing(TKey key) => throw new KeyNotFoundException(SafeText.Message($"The key '{key}' is not in the map '{Name}'."));

    [DoesNotReturn]
    private static void ThrowNullKey(TKey? key = default) => throw new ArgumentNullException(nameof(key), "A map's key cannot be null.");

    private struct InvariantCheck : ITableAction
    {
        public readonly void Run<TOps, TProbe>(ref BucketTable<TKey, TValue> table, TOps ops, TProbe probe)
            where TOps : struct, IKeyOps
            where TProbe : struct, IProbe => table.CheckInvariants(ops);
    }
}

/// <summary>Shows a map's entries in a debugger without taking a lease.</summary>
internal sealed class GuardedMapDebugView<TKey, TValue>(GuardedMapBase<TKey, TValue> map)
    where TKey : notnull
{
    [DebuggerBrowsable(DebuggerBrowsableState.RootHidden)]
    public KeyValuePair<TKey, TValue>[] Entries => [.. (IEnumerable<KeyValuePair<TKey, TValue>>)map];
}
