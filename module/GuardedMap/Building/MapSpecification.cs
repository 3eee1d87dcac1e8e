using System.Reflection;

namespace GuardedMaps.Shell;

/// <summary>What kind of map <c>New-GuardedMap</c> was asked for, and the making of an empty one.</summary>
/// <remarks>
/// Without key or value type it is the class <see cref="GuardedMap"/>, or that of another kind, which behaves as <c>@{}</c> does. With one, it is
/// <see cref="GuardedMap{TKey, TValue}"/> of those types, made for a shell all the same, and with PowerShell's rule for
/// string keys: case does not matter unless asked.
/// </remarks>
internal sealed record MapSpecification
{
    private static readonly MethodInfo s_makeTyped =
        typeof(MapSpecification).GetMethod(nameof(MakeTyped), BindingFlags.NonPublic | BindingFlags.Instance)!;

    public MapKind Kind { get; init; }

    public Type? KeyType { get; init; }

    public Type? ValueType { get; init; }

    public bool CaseSensitive { get; init; }

    public int Capacity { get; init; }

    public IterationContract Contract { get; init; }

    public MapProtection Protection { get; init; }

    public ViolationResponse OnViolation { get; init; }

    public bool DetectLostUpdates { get; init; }

    public ulong? HashSeed { get; init; }

    public string? Name { get; init; }

    public bool Trace { get; init; }

    /// <summary>PowerShell's rule for keys of any type, as this map applies it.</summary>
    public ShellKeyComparer KeyRule => CaseSensitive ? ShellKeyComparer.CaseSensitive : ShellKeyComparer.CaseInsensitive;

    private ShellKeyOrder KeyOrder => CaseSensitive ? ShellKeyOrder.CaseSensitive : ShellKeyOrder.CaseInsensitive;

    /// <summary>True for a type that a variable, and so a map's key or value, can have.</summary>
    public static bool CanBeStored(Type type) =>
        !(type.IsByRef || type.IsPointer || type.IsByRefLike || type.ContainsGenericParameters || type == typeof(void) || (type.IsAbstract && type.IsSealed));

    /// <summary>Makes the empty map.</summary>
    public IMap Make()
    {
        if (KeyType is null && ValueType is null)
        {
            return Kind switch
            {
                MapKind.Guarded => new GuardedMap(Guarded<object>(KeyRule)),
                MapKind.Snapshot => new SnapshotMap(Snapshot<object>(KeyRule)),
                MapKind.Sync => new SyncMap(Sync<object>(KeyRule)),
                _ => new OrderedMap(Ordered<object>(KeyOrder)),
            };
        }

        return (IMap)s_makeTyped
            .MakeGenericMethod(KeyType ?? typeof(object), ValueType ?? typeof(object))
            .Invoke(this, BindingFlags.DoNotWrapExceptions, binder: null, parameters: null, culture: null)!;
    }

    private IMap MakeTyped<TKey, TValue>()
        where TKey : notnull
    {
        object? rule = typeof(TKey) == typeof(string) ? CaseSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase
            : typeof(TKey) != typeof(object) ? null
            : Kind == MapKind.Ordered ? KeyOrder : KeyRule;
        return Kind switch
        {
            MapKind.Guarded => new GuardedMap<TKey, TValue>(Guarded((IEqualityComparer<TKey>?)rule)),
            MapKind.Snapshot => new SnapshotMap<TKey, TValue>(Snapshot((IEqualityComparer<TKey>?)rule)),
            MapKind.Sync => new SyncMap<TKey, TValue>(Sync((IEqualityComparer<TKey>?)rule)),
            _ => new OrderedMap<TKey, TValue>(Ordered((IComparer<TKey>?)rule)),
        };
    }

    private MapOptions<TKey> Guarded<TKey>(IEqualityComparer<TKey>? comparer) => new()
    {
        Capacity = Capacity,
        Comparer = comparer,
        Contract = Contract,
        Protection = Protection,
        OnViolation = OnViolation,
        DetectLostUpdates = DetectLostUpdates,
        HashSeed = HashSeed,
        Name = Name,
        Trace = Trace,
        ForShell = true,
    };

    private SnapshotMapOptions<TKey> Snapshot<TKey>(IEqualityComparer<TKey>? comparer) =>
        new() { Comparer = comparer, DetectLostUpdates = DetectLostUpdates, HashSeed = HashSeed, Name = Name, Trace = Trace, ForShell = true };

    private SyncMapOptions<TKey> Sync<TKey>(IEqualityComparer<TKey>? comparer) => new() { Comparer = comparer, HashSeed = HashSeed, Name = Name, Trace = Trace, ForShell = true };

    private OrderedMapOptions<TKey> Ordered<TKey>(IComparer<TKey>? order) => new() { Comparer = order, Name = Name, Trace = Trace, ForShell = true };
}
