using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

// A fast path for the shell's maps, whose keys are of any type but mostly strings.
//
// Keys of any type mean foreign code: GetHashCode and Equals of whatever is stored, which may throw and re-enter. So such a map takes the
// careful paths. But a string that is looked up is hashed by us and equals nothing but strings (ShellOps), and the table stores the hashes of
// all its keys, so no foreign code runs in here, growth included. What is left out of the careful path is what only foreign code needs.
// The rest is the fast path of every map: the same guard, in the same order.
public abstract partial class GuardedMapBase<TKey, TValue>
{
    /// <summary>What keeps a string out of here. Foreign comparing does not, and what was read is noted and asked for in here, too.</summary>
    private const long CarefullyWithText = VersionWord.Carefully & ~(VersionWord.Custom | VersionWord.Detects);

    // One layout for all references: see GuardedMap.Exact.cs.
    private ref BucketTable<object, object?> OfAnything => ref Unsafe.As<BucketTable<TKey, TValue>, BucketTable<object, object?>>(ref _table);

    /// <summary>Looks a string up.</summary>
    /// <returns>False if the key is no string, or something unusual is the matter: the careful path decides then.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected bool TryReadText(TKey key, out bool found, [MaybeNullWhen(false)] out TValue value)
    {
        found = false;
        value = default;
        long version = Volatile.Read(ref _version);
        if ((version & CarefullyWithText) != 0 || _ops != KeyOpsKind.Shell || typeof(TValue).IsValueType || key is not string text) return false;
        ulong hash = HashMix.OrdinalIgnoreCase(text, _table.Seed);
        ref Slot<object, object?> slot = ref (version & VersionWord.Growing) == 0
            ? ref OfAnything.Find(text, hash, default(ShellOps), default(NoProbe))
            : ref OfAnything.FindGrowing(text, hash, default(ShellOps), default(NoProbe));
        found = !Unsafe.IsNullRef(ref slot);
        object? read = found ? slot.Value : null;
        Fence.Loads();
        if (((Volatile.Read(ref _version) ^ version) & VersionWord.ReadStamp) != 0) return false;
        value = Unsafe.As<object?, TValue>(ref read);
        if ((version & VersionWord.Detects) != 0) NoteRead(key, found, value, VersionWord.Number(version));
        return true;
    }

    /// <summary>Stores under a string.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="overwrite">What becomes of a key that is there.</param>
    /// <param name="stored">True unless the key was there and was to be left alone.</param>
    /// <returns>False if the key is no string, or something unusual is the matter: nothing was done, and the careful path decides.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private protected bool TryStoreText(TKey key, TValue value, bool overwrite, out bool stored)
    {
        stored = false;
        long version = Volatile.Read(ref _version);
        if ((version & CarefullyWithText) != 0 || _ops != KeyOpsKind.Shell || typeof(TValue).IsValueType || key is not string text) return false;
        // Whoever has read the key at this very version, or not at all, buries nothing: both ways in find out whether this still is the version. Anybody else is asked on the careful path.
        int readPlaces = 0;
        if ((version & VersionWord.Detects) != 0 && !LastReads<TKey, TValue>.IsCurrent(_readOf!, text, VersionWord.Number(version), out readPlaces)) return false;
        // Who may have to be named as the writer says so now, as on the careful path.
        if (_options.ForShell) NoteWriter(version);
        ulong hash = HashMix.OrdinalIgnoreCase(text, _table.Seed);
        Way way = EnterFast(version, overwrite ? MapOperation.Set : MapOperation.Add, out long signed);
        if (way == Way.Barred) return false;
        if (readPlaces != 0) LastReads<TKey, TValue>.Forget(_readOf!, readPlaces);
        object? boxed = Unsafe.As<TValue, object?>(ref value);
        stored = true;
        if ((version & VersionWord.Growing) == 0)
        {
            Stored tried = OfAnything.TryStore(text, boxed, hash, overwrite, default(ShellOps), default(NoProbe));
            if (tried == Stored.Yes)
            {
                LeaveFast(way, signed + VersionWord.One);
                return true;
            }

            if (tried == Stored.Kept)
            {
                stored = false;
                LeaveUnchanged(way, version);
                return true;
            }
        }

        stored = StoreTextGrowing(way, signed, text, boxed, hash, overwrite);
        return true;
    }

    /// <summary>The rest of a store, which may fail, because it may allocate.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool StoreTextGrowing(Way way, long signed, string text, object? value, ulong hash, bool overwrite)
    {
        BucketIndex before = _table.Current;
        try
        {
            return OfAnything.Store(text, value, hash, overwrite, new ShellOps(_table.Seed), default(NoProbe));
        }
        finally
        {
            BucketIndex after = _table.Current;
            if (way == Way.Unguarded) NoteGrowth();
            else LeaveFast(way, VersionWord.NextSigned(signed, _table.IsGrowing));
            if (!ReferenceEquals(before, after)) TellGrowth(before, after, requested: false);
            TellChain();
        }
    }
}
