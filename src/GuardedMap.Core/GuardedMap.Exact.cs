using System.Runtime.CompilerServices;

namespace GuardedMaps;

// The fast paths' way to the table: by exact types.
//
// The runtime compiles one body of this class for all keys that are references, and one for all values that are. In such shared
// code every call to a generic method looks its target up in a table first, two or three dependent loads deep, and most such calls
// are not inlined: a lookup of a string took a third longer for it. But a slot, a bucket array and a table of references have one
// layout whatever the references point to, and the runtime never asks them for their type (arrays of structs are not covariant, and
// nobody casts them). So the fast paths look at the table as one of strings, and of objects as values:
//
//    keys \ values    value type                   reference type
//    value type       BucketTable<TKey, TValue>    BucketTable<TKey, object>
//    string           BucketTable<string, TValue>  BucketTable<string, object>
//
// All four are exact wherever they are used, so everything behind them is compiled for them and inlined. Maps with foreign comparers
// never come here (VersionWord.Carefully), so keys are of a built-in value type or strings.
public abstract partial class GuardedMapBase<TKey, TValue>
{
    private ref BucketTable<TKey, object?> OfObjects => ref Unsafe.As<BucketTable<TKey, TValue>, BucketTable<TKey, object?>>(ref _table);

    private ref BucketTable<string, TValue> OfStrings => ref Unsafe.As<BucketTable<TKey, TValue>, BucketTable<string, TValue>>(ref _table);

    private ref BucketTable<string, object?> OfStringsAndObjects => ref Unsafe.As<BucketTable<TKey, TValue>, BucketTable<string, object?>>(ref _table);

    /// <summary>Hashes a key. Only for keys that are hashed by no foreign code, as all of this file.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong HashExact(TKey key)
    {
        ulong seed = _table.Seed;
        ref byte first = ref Unsafe.As<TKey, byte>(ref key);
        if (typeof(TKey).IsValueType) return new BuiltInOps<TKey>(seed).Hash(ref first);
        return _ops == KeyOpsKind.Ordinal ? new OrdinalOps(seed).Hash(ref first) : new OrdinalIgnoreCaseOps(seed).Hash(ref first);
    }

    /// <summary><see cref="BucketTable{TKey, TValue}.Find"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Slot<TKey, TValue> FindExact(TKey key, ulong hash)
    {
        if (typeof(TKey).IsValueType)
        {
            if (typeof(TValue).IsValueType) return ref _table.Find(key, hash, default(BuiltInOps<TKey>), default(NoProbe));
            return ref Unsafe.As<Slot<TKey, object?>, Slot<TKey, TValue>>(ref OfObjects.Find(key, hash, default(BuiltInOps<TKey>), default(NoProbe)));
        }

        if (_ops != KeyOpsKind.Ordinal) return ref FindIgnoringCase(Unsafe.As<TKey, string>(ref key), hash);
        if (typeof(TValue).IsValueType)
        {
            return ref Unsafe.As<Slot<string, TValue>, Slot<TKey, TValue>>(
                ref OfStrings.Find(Unsafe.As<TKey, string>(ref key), hash, default(OrdinalOps), default(NoProbe)));
        }

        return ref Unsafe.As<Slot<string, object?>, Slot<TKey, TValue>>(
            ref OfStringsAndObjects.Find(Unsafe.As<TKey, string>(ref key), hash, default(OrdinalOps), default(NoProbe)));
    }

    /// <summary>Apart, because two searches in one body are more than the JIT is ready to inline.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ref Slot<TKey, TValue> FindIgnoringCase(string key, ulong hash)
    {
        if (typeof(TValue).IsValueType)
            return ref Unsafe.As<Slot<string, TValue>, Slot<TKey, TValue>>(ref OfStrings.Find(key, hash, default(OrdinalIgnoreCaseOps), default(NoProbe)));
        return ref Unsafe.As<Slot<string, object?>, Slot<TKey, TValue>>(
            ref OfStringsAndObjects.Find(key, hash, default(OrdinalIgnoreCaseOps), default(NoProbe)));
    }

    /// <summary><see cref="BucketTable{TKey, TValue}.FindGrowing"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ref Slot<TKey, TValue> FindGrowingExact(TKey key, ulong hash)
    {
        if (typeof(TKey).IsValueType)
        {
            if (typeof(TValue).IsValueType) return ref _table.FindGrowing(key, hash, default(BuiltInOps<TKey>), default(NoProbe));
            return ref Unsafe.As<Slot<TKey, object?>, Slot<TKey, TValue>>(ref OfObjects.FindGrowing(key, hash, default(BuiltInOps<TKey>), default(NoProbe)));
        }

        string text = Unsafe.As<TKey, string>(ref key);
        bool ordinal = _ops == KeyOpsKind.Ordinal;
        if (typeof(TValue).IsValueType)
        {
            return ref Unsafe.As<Slot<string, TValue>, Slot<TKey, TValue>>(ref ordinal
                ? ref OfStrings.FindGrowing(text, hash, default(OrdinalOps), default(NoProbe))
                : ref OfStrings.FindGrowing(text, hash, default(OrdinalIgnoreCaseOps), default(NoProbe)));
        }

        return ref Unsafe.As<Slot<string, object?>, Slot<TKey, TValue>>(ref ordinal
            ? ref OfStringsAndObjects.FindGrowing(text, hash, default(OrdinalOps), default(NoProbe))
            : ref OfStringsAndObjects.FindGrowing(text, hash, default(OrdinalIgnoreCaseOps), default(NoProbe)));
    }

    /// <summary><see cref="BucketTable{TKey, TValue}.TryStore"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Stored TryStoreExact(TKey key, TValue value, ulong hash, bool overwrite)
    {
        if (typeof(TKey).IsValueType)
        {
            return typeof(TValue).IsValueType
                ? _table.TryStore(key, value, hash, overwrite, default(BuiltInOps<TKey>), default(NoProbe))
                : OfObjects.TryStore(key, Unsafe.As<TValue, object?>(ref value), hash, overwrite, default(BuiltInOps<TKey>), default(NoProbe));
        }

        string text = Unsafe.As<TKey, string>(ref key);
        if (_ops != KeyOpsKind.Ordinal) return TryStoreIgnoringCase(text, value, hash, overwrite);
        return typeof(TValue).IsValueType
            ? OfStrings.TryStore(text, value, hash, overwrite, default(OrdinalOps), default(NoProbe))
            : OfStringsAndObjects.TryStore(text, Unsafe.As<TValue, object?>(ref value), hash, overwrite, default(OrdinalOps), default(NoProbe));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Stored TryStoreIgnoringCase(string text, TValue value, ulong hash, bool overwrite) => typeof(TValue).IsValueType
        ? OfStrings.TryStore(text, value, hash, overwrite, default(OrdinalIgnoreCaseOps), default(NoProbe))
        : OfStringsAndObjects.TryStore(text, Unsafe.As<TValue, object?>(ref value), hash, overwrite, default(OrdinalIgnoreCaseOps), default(NoProbe));

    /// <summary><see cref="BucketTable{TKey, TValue}.TryReuse"/>.</summary>
    private bool TryReuseExact(TKey key, TValue value, ulong hash)
    {
        if (typeof(TKey).IsValueType)
        {
            return typeof(TValue).IsValueType
                ? _table.TryReuse(key, value, hash, default(NoProbe))
                : OfObjects.TryReuse(key, Unsafe.As<TValue, object?>(ref value), hash, default(NoProbe));
        }

        string text = Unsafe.As<TKey, string>(ref key);
        return typeof(TValue).IsValueType
            ? OfStrings.TryReuse(text, value, hash, default(NoProbe))
            : OfStringsAndObjects.TryReuse(text, Unsafe.As<TValue, object?>(ref value), hash, default(NoProbe));
    }

    /// <summary><see cref="BucketTable{TKey, TValue}.TryRemove"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Removed TryRemoveExact(TKey key, ulong hash, out TValue value)
    {
        if (typeof(TKey).IsValueType && typeof(TValue).IsValueType) return _table.TryRemove(key, hash, default(BuiltInOps<TKey>), default(NoProbe), out value);
        Unsafe.SkipInit(out value);
        ref object? boxed = ref Unsafe.As<TValue, object?>(ref value!);
        if (typeof(TKey).IsValueType) return OfObjects.TryRemove(key, hash, default(BuiltInOps<TKey>), default(NoProbe), out boxed);
        string text = Unsafe.As<TKey, string>(ref key);
        if (_ops != KeyOpsKind.Ordinal) return TryRemoveIgnoringCase(text, hash, out value);
        return typeof(TValue).IsValueType
            ? OfStrings.TryRemove(text, hash, default(OrdinalOps), default(NoProbe), out value)
            : OfStringsAndObjects.TryRemove(text, hash, default(OrdinalOps), default(NoProbe), out boxed);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Removed TryRemoveIgnoringCase(string text, ulong hash, out TValue value)
    {
        Unsafe.SkipInit(out value);
        ref object? boxed = ref Unsafe.As<TValue, object?>(ref value!);
        return typeof(TValue).IsValueType
            ? OfStrings.TryRemove(text, hash, default(OrdinalIgnoreCaseOps), default(NoProbe), out value)
            : OfStringsAndObjects.TryRemove(text, hash, default(OrdinalIgnoreCaseOps), default(NoProbe), out boxed);
    }

    /// <summary><see cref="BucketTable{TKey, TValue}.Store"/>. May grow the table, so may fail, if an allocation does.</summary>
    private bool StoreExact(TKey key, TValue value, ulong hash, bool overwrite)
    {
        ulong seed = _table.Seed;
        if (typeof(TKey).IsValueType)
        {
            return typeof(TValue).IsValueType
                ? _table.Store(key, value, hash, overwrite, new BuiltInOps<TKey>(seed), default(NoProbe))
                : OfObjects.Store(key, Unsafe.As<TValue, object?>(ref value), hash, overwrite, new BuiltInOps<TKey>(seed), default(NoProbe));
        }

        string text = Unsafe.As<TKey, string>(ref key);
        bool ordinal = _ops == KeyOpsKind.Ordinal;
        if (typeof(TValue).IsValueType)
        {
            return ordinal
                ? OfStrings.Store(text, value, hash, overwrite, new OrdinalOps(seed), default(NoProbe))
                : OfStrings.Store(text, value, hash, overwrite, new OrdinalIgnoreCaseOps(seed), default(NoProbe));
        }

        object? boxed = Unsafe.As<TValue, object?>(ref value);
        return ordinal
            ? OfStringsAndObjects.Store(text, boxed, hash, overwrite, new OrdinalOps(seed), default(NoProbe))
            : OfStringsAndObjects.Store(text, boxed, hash, overwrite, new OrdinalIgnoreCaseOps(seed), default(NoProbe));
    }
}
