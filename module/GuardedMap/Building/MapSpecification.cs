using System.Reflection;

namespace GuardedMaps.Shell;

/// <summary>What kind of map <c>New-GuardedMap</c> was asked for, and the making of an empty one.</summary>
/// <remarks>
/// Without key or value type it is the class <see cref="GuardedMap"/>, which behaves as <c>@{}</c> does. With one, it is
/// <see cref="GuardedMap{TKey, TValue}"/> of those types, made for a shell all the same, and with PowerShell's rule for
/// string keys: case does not matter unless asked.
/// </remarks>
internal sealed record MapSpecification
{
    private static readonly MethodInfo s_makeTyped =
        typeof(MapSpecification).GetMethod(nameof(MakeTyped), BindingFlags.NonPublic | BindingFlags.Instance)!;

    public Type? KeyType { get; init; }

    public Type? ValueType { get; init; }

    public bool CaseSensitive { get; init; }

    public int Capacity { get; init; }

    public IterationContract Contract { get; init; }

    public MapProtection Protection { get; init; }

    public ulong? HashSeed { get; init; }

    public string? Name { get; init; }

    public bool Trace { get; init; }

    /// <summary>PowerShell's rule for keys of any type, as this map applies it.</summary>
    public ShellKeyComparer KeyRule => CaseSensitive ? ShellKeyComparer.CaseSensitive : ShellKeyComparer.CaseInsensitive;

    /// <summary>True for a type that a variable, and so a map's key or value, can have.</summary>
    public static bool CanBeStored(Type type) =>
        !(type.IsByRef || type.IsPointer || type.IsByRefLike || type.ContainsGenericParameters || type == typeof(void) || (type.IsAbstract && type.IsSealed));

    /// <summary>Makes the empty map.</summary>
    public IGuardedMap Make()
    {
        if (KeyType is null && ValueType is null) return new GuardedMap(Options<object>(KeyRule));
        return (IGuardedMap)s_makeTyped
            .MakeGenericMethod(KeyType ?? typeof(object), ValueType ?? typeof(object))
            .Invoke(this, BindingFlags.DoNotWrapExceptions, binder: null, parameters: null, culture: null)!;
    }

    private GuardedMap<TKey, TValue> MakeTyped<TKey, TValue>()
        where TKey : notnull
    {
        object? comparer = typeof(TKey) == typeof(string) ? CaseSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase
            : typeof(TKey) == typeof(object) ? KeyRule
            : null;
        return new GuardedMap<TKey, TValue>(Options((IEqualityComparer<TKey>?)comparer));
    }

    private MapOptions<TKey> Options<TKey>(IEqualityComparer<TKey>? comparer) => new()
    {
        Capacity = Capacity,
        Comparer = comparer,
        Contract = Contract,
        Protection = Protection,
        HashSeed = HashSeed,
        Name = Name,
        Trace = Trace,
        ForShell = true,
    };
}
