using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace GuardedMaps;

/// <summary>How the keys of a <see cref="SyncMap{TKey, TValue}"/> are hashed, compared and found in a part. It has the seed, so each map makes its own.</summary>
internal readonly partial struct SyncKeys<TKey>
    where TKey : notnull
{
    private readonly KeyOpsKind _kind;
    private readonly ulong _seed;

    public SyncKeys(IEqualityComparer<TKey>? comparer, ulong? seed)
    {
        _seed = HashMix.SeedOf(seed);
        Comparer = comparer ?? EqualityComparer<TKey>.Default;
        // Here it does not matter whether the default equality of a value type is the framework's or its author's: it is only called directly.
        bool isDirect = typeof(TKey).IsValueType && ReferenceEquals(Comparer, EqualityComparer<TKey>.Default);
        _kind = isDirect ? KeyOpsKind.BuiltIn : KeyOpsKinds.Of(comparer);
    }

    public IEqualityComparer<TKey> Comparer { get; }

    public uint Hash(TKey key)
    {
        ref byte first = ref Unsafe.As<TKey, byte>(ref key);
        return (uint)(_kind switch
        {
            KeyOpsKind.BuiltIn => new BuiltInOps<TKey>(_seed).Hash(ref first),
            KeyOpsKind.Ordinal => new OrdinalOps(_seed).Hash(ref first),
            KeyOpsKind.OrdinalIgnoreCase => new OrdinalIgnoreCaseOps(_seed).Hash(ref first),
            KeyOpsKind.Shell => new ShellOps(_seed).Hash(ref first),
            _ => new CustomOps<TKey>(_seed, Comparer).Hash(ref first),
        });
    }

    /// <summary>True if <see cref="FindDirectly"/> finds this map's keys.</summary>
    public bool IsDirect
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _kind == (typeof(TKey).IsValueType ? KeyOpsKind.BuiltIn : KeyOpsKind.Ordinal);
    }

    /// <summary>The entry of a key; null if there is none.</summary>
    public SyncEntry<TKey, TValue>? Find<TValue>(in SyncSlots<TKey, TValue> slots, TKey key) => IsDirect ? FindDirectly(slots, key) : _kind switch
    {
        KeyOpsKind.OrdinalIgnoreCase => Find(slots, key, new OrdinalIgnoreCaseOps(_seed)),
        KeyOpsKind.Shell => Find(slots, key, new ShellOps(_seed)),
        _ => Find(slots, key, new CustomOps<TKey>(_seed, Comparer)),
    };

    /// <summary>The entry of a key that is a number or the like, or a string compared ordinally; null if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public SyncEntry<TKey, TValue>? FindDirectly<TValue>(in SyncSlots<TKey, TValue> slots, TKey key) =>
        typeof(TKey).IsValueType ? Find(slots, key, new BuiltInOps<TKey>(_seed)) : Find(slots, key, new OrdinalOps(_seed));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static SyncEntry<TKey, TValue>? Find<TValue, TOps>(in SyncSlots<TKey, TValue> slots, TKey key, TOps ops)
        where TOps : struct, IKeyOps
    {
        uint hash = (uint)ops.Hash(ref Unsafe.As<TKey, byte>(ref key));
        // An index under the mask is within the entries, which are a power of two; the tags have a window's length more. Some slot is free, so the
        // search ends.
        uint mask = (uint)slots.Entries.Length - 1;
        ref var entries = ref MemoryMarshal.GetArrayDataReference(slots.Entries);
        ref byte tags = ref MemoryMarshal.GetArrayDataReference(slots.Tags);
        var tag = Vector128.Create(SyncSlots.Tag(hash));
        for (uint at = hash & mask; ; at = (at + SyncSlots.Window) & mask)
        {
            // Most entries lie near their home. To ask for that line now, and not when the tags have come, is to wait once instead of twice.
            _ = Volatile.Read(ref Unsafe.Add(ref entries, at));
            var window = Vector128.LoadUnsafe(ref tags, at);
            uint free = Vector128.Equals(window, Vector128<byte>.Zero).ExtractMostSignificantBits();
            // Of those that match, the ones before the first free slot.
            uint matching = Vector128.Equals(window, tag).ExtractMostSignificantBits() & ((free & (0 - free)) - 1);
            for (; matching != 0; matching &= matching - 1)
            {
                var entry = Unsafe.Add(ref entries, (at + (uint)BitOperations.TrailingZeroCount(matching)) & mask)!;
                if (ops.Equals(ref Unsafe.As<TKey, byte>(ref Unsafe.AsRef(in entry.Key)), ref Unsafe.As<TKey, byte>(ref key))) return entry;
            }

            if (free != 0) return null;
        }
    }
}
