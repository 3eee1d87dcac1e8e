using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>Which hash and equality a map's keys use.</summary>
internal enum KeyOpsKind : byte
{
    /// <summary>A built-in value type under its own equality: primitives, enums, Guid and the like.</summary>
    BuiltIn,

    /// <summary>Strings, ordinal.</summary>
    Ordinal,

    /// <summary>Strings, ordinal ignoring case.</summary>
    OrdinalIgnoreCase,

    /// <summary>Anything else: an <see cref="IEqualityComparer{T}"/>, whose methods are somebody else's code.</summary>
    Custom,

    /// <summary>
    /// Keys of any type by <see cref="ShellKeyComparer"/>'s rule, ignoring case: strings are as <see cref="OrdinalIgnoreCase"/>, all others are
    /// somebody else's code, as <see cref="Custom"/>.
    /// </summary>
    Shell,
}

/// <summary>
/// Hashing and comparing as a type parameter, so that the table's loops are compiled once per kind with the calls inlined.
/// </summary>
/// <remarks>
/// <para>
/// All kinds but <see cref="CustomOps{TKey}"/> and <see cref="ShellOps"/> are <em>pure</em>: they cannot throw, cannot re-enter the map and give the
/// same hash each time, so the table may hash a key again whenever it likes and stores no hashes. A custom comparer may do
/// all of that. For it the table stores 32 bits of each hash and never calls it while the table is in two minds.
/// </para>
/// <para>
/// A key comes as a reference to its first byte, and the kinds for strings are no generic types, for one reason: the runtime compiles one
/// body for all keys that are references, and in such code a call through a generic interface or to a generic struct is made through a
/// table that is looked up anew each time, and is never inlined. A string lookup takes a third less time this way. Whoever calls passes
/// a reference to a variable of the table's own key type; only <see cref="KeyOpsKinds"/> decides which kind goes with which type.
/// </para>
/// </remarks>
internal interface IKeyOps
{
    ulong Hash(ref byte key);

    bool Equals(ref byte a, ref byte b);
}

internal readonly struct BuiltInOps<TKey>(ulong seed) : IKeyOps
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Hash(ref byte key) => KeyBits.Hash<TKey>(ref key, seed);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(ref byte a, ref byte b) =>
        EqualityComparer<TKey>.Default.Equals(Unsafe.As<byte, TKey>(ref a), Unsafe.As<byte, TKey>(ref b));
}

internal readonly struct OrdinalOps(ulong seed) : IKeyOps
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Hash(ref byte key) => HashMix.Ordinal(Unsafe.As<byte, string>(ref key), seed);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(ref byte a, ref byte b) =>
        string.Equals(Unsafe.As<byte, string>(ref a), Unsafe.As<byte, string>(ref b), StringComparison.Ordinal);
}

internal readonly struct OrdinalIgnoreCaseOps(ulong seed) : IKeyOps
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Hash(ref byte key) => HashMix.OrdinalIgnoreCase(Unsafe.As<byte, string>(ref key), seed);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(ref byte a, ref byte b) =>
        TextEquality.IgnoringCase(Unsafe.As<byte, string>(ref a), Unsafe.As<byte, string>(ref b));
}

/// <summary>Compares strings whose tophashes match, which are nearly always equal, and nearly always written the same way.</summary>
internal static class TextEquality
{
    /// <summary>Equal under <see cref="StringComparison.OrdinalIgnoreCase"/>. To compare bits first takes half the time when they are the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IgnoringCase(string a, string b) =>
        a.Length == b.Length && (a.AsSpan().SequenceEqual(b) || string.Equals(a, b, StringComparison.OrdinalIgnoreCase));
}

internal readonly struct CustomOps<TKey>(ulong seed, IEqualityComparer<TKey> comparer) : IKeyOps
{
    public ulong Hash(ref byte key) => HashMix.Mix((uint)comparer.GetHashCode(Unsafe.As<byte, TKey>(ref key)!), seed);

    public bool Equals(ref byte a, ref byte b) => comparer.Equals(Unsafe.As<byte, TKey>(ref a), Unsafe.As<byte, TKey>(ref b));
}

/// <summary>
/// Keys of any type, strings among them ignoring case. To look a string up calls no foreign code, whatever lies in the table: only a string
/// equals a string.
/// </summary>
internal readonly struct ShellOps(ulong seed) : IKeyOps
{
    public ulong Hash(ref byte key)
    {
        object o = Unsafe.As<byte, object>(ref key);
        return o is string text ? HashMix.OrdinalIgnoreCase(text, seed) : KeyBits.Hash(o, seed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Equals(ref byte a, ref byte b)
    {
        object stored = Unsafe.As<byte, object>(ref a);
        object key = Unsafe.As<byte, object>(ref b);
        if (ReferenceEquals(stored, key)) return true;
        return key is string text ? stored is string other && TextEquality.IgnoringCase(other, text) : stored.Equals(key);
    }
}

/// <summary>Decides which kind a key type and comparer are.</summary>
internal static class KeyOpsKinds
{
    public static KeyOpsKind Of<TKey>(IEqualityComparer<TKey>? comparer)
    {
        if (typeof(TKey) == typeof(string))
        {
            if (comparer is null || ReferenceEquals(comparer, StringComparer.Ordinal) || ReferenceEquals(comparer, EqualityComparer<TKey>.Default))
                return KeyOpsKind.Ordinal;
            return ReferenceEquals(comparer, StringComparer.OrdinalIgnoreCase) ? KeyOpsKind.OrdinalIgnoreCase : KeyOpsKind.Custom;
        }

        if (ReferenceEquals(comparer, ShellKeyComparer.CaseInsensitive)) return KeyOpsKind.Shell;
        if (!typeof(TKey).IsValueType) return KeyOpsKind.Custom;
        bool isDefault = comparer is null || ReferenceEquals(comparer, EqualityComparer<TKey>.Default);
        return isDefault && Purity<TKey>.IsPure ? KeyOpsKind.BuiltIn : KeyOpsKind.Custom;
    }

    /// <summary>True for the kinds whose keys are texts and nothing else, hashed here.</summary>
    public static bool IsText(KeyOpsKind kind) => kind is KeyOpsKind.Ordinal or KeyOpsKind.OrdinalIgnoreCase;

    /// <summary>True for value types whose equality is the framework's own: it cannot throw, re-enter or change its mind.</summary>
    private static bool IsPure(Type type) =>
        type.IsPrimitive || type.IsEnum
        || type == typeof(Guid) || type == typeof(decimal) || type == typeof(DateTime) || type == typeof(DateTimeOffset)
        || type == typeof(TimeSpan) || type == typeof(DateOnly) || type == typeof(TimeOnly)
        || type == typeof(Int128) || type == typeof(UInt128) || type == typeof(Half) || type == typeof(System.Text.Rune);

    /// <summary>Asked once per key type: reflection is too slow to ask for every map.</summary>
    private static class Purity<TKey>
    {
        public static readonly bool IsPure = KeyOpsKinds.IsPure(typeof(TKey));
    }
}
