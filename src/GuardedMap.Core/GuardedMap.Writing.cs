using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

// Writes. Each has a fast path (one swap, find, store, one plain store) for a map in its ordinary state, and falls back on one
// common careful path, which knows leases, deferral, growth, callbacks and foreign comparers.
public abstract partial class GuardedMapBase<TKey, TValue>
{
    /// <summary>Adds a key that must not be there yet. O(1) amortised.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentException">The key is there already; nothing is changed.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public void Add(TKey key, TValue value)
    {
        if (!TryAdd(key, value))
            throw new ArgumentException(SafeText.Message($"The key '{key}' is already in the map '{Name}'. Use the indexer to replace its value."), nameof(key));
    }

    /// <summary>Adds a key if it is not there yet. One atomic operation; O(1) amortised. Under a deferring lease the answer counts the queued writes.</summary>
    /// <returns>True if the key was added.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public bool TryAdd(TKey key, TValue value) => Store(key, value, overwrite: false);

    /// <summary>Removes a key. O(1) expected. Under a deferring lease the answer counts the queued writes.</summary>
    /// <returns>True if it was there.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public bool Remove(TKey key) => Remove(key, out _);

    /// <summary>Removes a key and gives its value. O(1) expected.</summary>
    /// <returns>True if it was there.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public bool Remove(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (default(TKey) is null && key is null) ThrowNullKey();
        long version = Volatile.Read(ref _version);
        if ((version & VersionWord.Carefully) == 0)
        {
            ulong hash = HashExact(key);
            long signed = version;
            Way way = (version & VersionWord.Growing) == 0 ? EnterFast(version, MapOperation.Remove, out signed) : Way.Barred;
            if (way != Way.Barred)
            {
                Removed removed = TryRemoveExact(key, hash, out value);
                if (removed == Removed.Yes)
                {
                    LeaveFast(way, signed + VersionWord.One);
                    return true;
                }

                LeaveUnchanged(way, version);
                if (removed == Removed.Missing) return false;
            }
        }

        return RemoveCarefully(key, out value);
    }

    /// <summary>Removes every key; keeps the capacity. O(buckets).</summary>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public void Clear()
    {
        var request = new WriteRequest { Mode = WriteMode.Clear, Operation = MapOperation.Clear };
        WriteCarefully(ref request);
    }

    /// <summary>Gets a key's value, or stores and returns <paramref name="value"/> if the key is not there. One atomic operation.</summary>
    /// <remarks>
    /// For a key that is there it is a lookup, and conflicts with what a lookup conflicts with, but for one case: while a lease refuses writes, whatever could be
    /// one is refused, whatever the key's state.
    /// </remarks>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public TValue GetOrAdd(TKey key, TValue value)
    {
        if (TryAnswerByLookup(key, out TValue? present)) return present;
        var request = new WriteRequest { Mode = WriteMode.GetOrAdd, Operation = MapOperation.Update, Key = key, Value = value };
        WriteCarefully(ref request);
        return request.Result!;
    }

    /// <summary>
    /// Gets a key's value, or stores and returns what <paramref name="valueFactory"/> makes. One atomic operation: the factory runs at
    /// most once, while the map is held for writing; it may read this map, but writing to it is a <see cref="MapViolationKind.ReentrantWrite"/>.
    /// </summary>
    /// <remarks><inheritdoc cref="GetOrAdd(TKey, TValue)" path="/remarks"/></remarks>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="valueFactory"/> is null.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> valueFactory)
    {
        ArgumentNullException.ThrowIfNull(valueFactory);
        if (TryAnswerByLookup(key, out TValue? present)) return present;
        var request = new WriteRequest { Mode = WriteMode.GetOrAdd, Operation = MapOperation.Update, Key = key, AddFactory = valueFactory };
        WriteCarefully(ref request);
        return request.Result!;
    }

    /// <summary>
    /// Adds <paramref name="addValue"/> if the key is not there, else replaces its value by what <paramref name="updateValueFactory"/> makes
    /// of it. One atomic operation: unlike ConcurrentDictionary's, the factory runs exactly once, while the map is held for writing.
    /// </summary>
    /// <returns>The value now stored.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="updateValueFactory"/> is null.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public TValue AddOrUpdate(TKey key, TValue addValue, Func<TKey, TValue, TValue> updateValueFactory)
    {
        ArgumentNullException.ThrowIfNull(updateValueFactory);
        if (default(TKey) is null && key is null) ThrowNullKey();
        var request = new WriteRequest { Mode = WriteMode.AddOrUpdate, Operation = MapOperation.Update, Key = key, Value = addValue, UpdateFactory = updateValueFactory };
        WriteCarefully(ref request);
        return request.Result!;
    }

    /// <summary>
    /// Adds what <paramref name="addValueFactory"/> makes if the key is not there, else replaces its value by what
    /// <paramref name="updateValueFactory"/> makes of it. One atomic operation: exactly one of the two runs, once, while the map is held for writing.
    /// </summary>
    /// <returns>The value now stored.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or a factory is null.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public TValue AddOrUpdate(TKey key, Func<TKey, TValue> addValueFactory, Func<TKey, TValue, TValue> updateValueFactory)
    {
        ArgumentNullException.ThrowIfNull(addValueFactory);
        ArgumentNullException.ThrowIfNull(updateValueFactory);
        if (default(TKey) is null && key is null) ThrowNullKey();
        var request = new WriteRequest { Mode = WriteMode.AddOrUpdate, Operation = MapOperation.Update, Key = key, AddFactory = addValueFactory, UpdateFactory = updateValueFactory };
        WriteCarefully(ref request);
        return request.Result!;
    }

    /// <summary>Replaces a key's value by what <paramref name="update"/> makes of it; does nothing if the key is not there. One atomic operation.</summary>
    /// <returns>True if the key was there.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="update"/> is null.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public bool Update(TKey key, Func<TKey, TValue, TValue> update)
    {
        ArgumentNullException.ThrowIfNull(update);
        if (default(TKey) is null && key is null) ThrowNullKey();
        var request = new WriteRequest { Mode = WriteMode.Update, Operation = MapOperation.Update, Key = key, UpdateFactory = update };
        WriteCarefully(ref request);
        return request.Existed;
    }

    /// <summary>
    /// Adds <paramref name="by"/> to a key's number; a missing key counts as zero. One atomic operation: the counter that
    /// <c>map[key]++</c>, a read and a write, is not.
    /// </summary>
    /// <returns>The new number.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The value is not a number; nothing is changed.</exception>
    /// <exception cref="OverflowException">The sum does not fit the number's type; nothing is changed.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public TValue Increment(TKey key, long by = 1)
    {
        if (default(TKey) is null && key is null) ThrowNullKey();
        var request = new WriteRequest { Mode = WriteMode.Increment, Operation = MapOperation.Update, Key = key, By = by };
        WriteCarefully(ref request);
        return request.Result!;
    }

    /// <summary>
    /// Adds one more item to the list that is a key's value; a missing key's list is empty. One atomic operation. The list that was there is
    /// not changed: a longer one takes its place, so whoever holds the old one may go on reading it.
    /// </summary>
    /// <returns>The list now stored: an array if the map's values are arrays, else an <see cref="System.Collections.Immutable.ImmutableList{T}"/>.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="ArgumentException">The item is not of the lists' type; nothing is changed.</exception>
    /// <exception cref="InvalidOperationException">The value is not a list; nothing is changed.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public TValue Append(TKey key, object? item) => AddOrUpdate(
        key,
        _ => Appending<TValue>.Longer(default, item, key),
        (_, present) => Appending<TValue>.Longer(present, item, key));

    /// <summary>Makes room for <paramref name="capacity"/> entries at once. O(n) if it has to.</summary>
    /// <returns>How many entries fit now.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is negative.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public int EnsureCapacity(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        var request = new WriteRequest { Mode = WriteMode.EnsureCapacity, Operation = MapOperation.Resize, Entries = capacity };
        WriteCarefully(ref request);
        return request.Entries;
    }

    /// <summary>Gives back the memory that the present entries do not need. O(n).</summary>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public void TrimExcess()
    {
        var request = new WriteRequest { Mode = WriteMode.TrimExcess, Operation = MapOperation.Resize };
        WriteCarefully(ref request);
    }

    private void Set(TKey key, TValue value) => Store(key, value, overwrite: true);

    /// <summary>The fast path of set and add.</summary>
    /// <returns>True unless the key was there and was to be left alone.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Store(TKey key, TValue value, bool overwrite)
    {
        if (default(TKey) is null && key is null) ThrowNullKey();
        long version = Volatile.Read(ref _version);
        if ((version & VersionWord.Carefully) == 0)
        {
            ulong hash = HashExact(key);
            Way way = EnterFast(version, overwrite ? MapOperation.Set : MapOperation.Add, out long signed);
            if (way == Way.Barred) return StoreCarefully(key, value, overwrite);
            if ((version & VersionWord.Growing) == 0)
            {
                Stored stored = TryStoreExact(key, value, hash, overwrite);
                if (stored == Stored.Yes)
                {
                    LeaveFast(way, signed + VersionWord.One);
                    return true;
                }

                if (stored == Stored.Kept)
                {
                    LeaveUnchanged(way, version);
                    return false;
                }
            }

            return StoreReusing(way, signed, key, value, hash, overwrite);
        }

        return StoreCarefully(key, value, overwrite);
    }

    /// <summary>How a write on the fast path came in.</summary>
    private enum Way
    {
        /// <summary>It did not.</summary>
        Barred,

        /// <summary>Through no guard: protection None.</summary>
        Unguarded,

        /// <summary>As the map's owner.</summary>
        Owner,

        /// <summary>By swap.</summary>
        Swap,
    }

    /// <summary>Lets a write in on the fast path, if nothing unusual is the matter, and signs.</summary>
    /// <param name="version">The version word that the write was prepared with.</param>
    /// <param name="operation">What is going to be done.</param>
    /// <param name="signed">The version word with what it says of this write, to be left with its number one higher.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Way EnterFast(long version, MapOperation operation, out long signed)
    {
        signed = VersionWord.Unsigned(version);
        if ((version & VersionWord.Unguarded) != 0) return Way.Unguarded;
        if (Volatile.Read(ref _access) != AccessWord.Owned || _ownerLeases != 0 || !IsOwner) return EnterBySwap(version, operation);
        Volatile.Write(ref _ownerBusy, 1);
        // No fence between this store and this load: whoever takes the map away runs one for both sides (AccessWord).
        if (Volatile.Read(ref _access) != AccessWord.Owned)
        {
            Volatile.Write(ref _ownerBusy, 0);
            return Way.Barred;
        }

        signed = VersionWord.Signed(version, operation);
        Volatile.Write(ref _version, signed | VersionWord.Writing);
        Fence.Stores();
        return Way.Owner;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private Way EnterBySwap(long version, MapOperation operation)
    {
        if (Interlocked.CompareExchange(ref _access, AccessWord.Shared | AccessWord.Held, AccessWord.Shared) != AccessWord.Shared) return Way.Barred;
        // Somebody may have written between the look at the version and the swap: then the hash may be of a seed gone by.
        if (Volatile.Read(ref _version) != version)
        {
            Volatile.Write(ref _access, AccessWord.Shared);
            return Way.Barred;
        }

        _writer = WriterStamp.Of(version, operation, ActorThread.Id);
        Volatile.Write(ref _version, VersionWord.Unsigned(version) | VersionWord.Writing);
        Fence.Stores();
        return Way.Swap;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void LeaveFast(Way way, long version)
    {
        if (way == Way.Unguarded) return;
        Volatile.Write(ref _version, version);
        if (way == Way.Owner)
        {
            ClaimIfMet();
            Volatile.Write(ref _ownerBusy, 0);
        }
        else
        {
            Volatile.Write(ref _access, AccessWord.Shared);
        }
    }

    private void LeaveUnchanged(Way way, long version)
    {
        // No version was spent, so the stamp must not look as if it belonged to the next write of the same version. (The owner's signature is in the version word, which is put back.)
        if (way == Way.Swap) Volatile.Write(ref _writer, 0);
        LeaveFast(way, version);
    }

    /// <summary>
    /// For a write on the owner's way that somebody has met, who has taken the map away for it: if it is not the owner's, but that of a thread which got the owner's stack, it must be called by its own name.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ClaimIfMet()
    {
        if (Volatile.Read(ref _access) != AccessWord.Owned) Claim();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Claim()
    {
        if (!IsOwnerItself) Volatile.Write(ref _owner, ActorThread.Mine);
    }

    /// <summary>Without a guard there are no versions, but lookups have to know whether there are old buckets.</summary>
    private void NoteGrowth()
    {
        long version = Volatile.Read(ref _version) & ~VersionWord.Growing;
        Volatile.Write(ref _version, _table.IsGrowing ? version | VersionWord.Growing : version);
    }

    /// <summary>A store of a key that is not there, where numbers of entries are used again, and whatever else remains.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool StoreReusing(Way way, long signed, TKey key, TValue value, ulong hash, bool overwrite)
    {
        if (!TryReuseExact(key, value, hash)) return StoreGrowing(way, signed, key, value, hash, overwrite);
        LeaveFast(way, signed + VersionWord.One);
        return true;
    }

    /// <summary>The rest of a store: the table is growing, or has to, or the key's chain needs an overflow bucket. Whatever may fail, because it may allocate, is in here.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool StoreGrowing(Way way, long signed, TKey key, TValue value, ulong hash, bool overwrite)
    {
        BucketIndex before = _table.Current;
        try
        {
            return StoreExact(key, value, hash, overwrite);
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

    /// <summary>Tells a live process's watchers that the table was given new arrays. After the map has been let go: listeners are foreign code.</summary>
    private void TellGrowth(BucketIndex before, BucketIndex after, bool requested)
    {
        if (!MapTelemetry.WatchesGrowth) return;
        GrowReason reason = requested ? GrowReason.Requested
            : before.IsUnallocated ? GrowReason.FirstEntry
            : after.Count > before.Count ? GrowReason.LoadFactor
            : GrowReason.TooManyOverflowBuckets;
        MapTelemetry.Log.ReportGrowth(Name, reason, after.Count);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool StoreCarefully(TKey key, TValue value, bool overwrite)
    {
        if (_ops == KeyOpsKind.Shell && TryStoreText(key, value, overwrite, out bool stored)) return stored;
        var request = new WriteRequest
        {
            Mode = overwrite ? WriteMode.Set : WriteMode.Add,
            Operation = overwrite ? MapOperation.Set : MapOperation.Add,
            Key = key,
            Value = value,
        };
        WriteCarefully(ref request);
        return overwrite || !request.Existed;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool RemoveCarefully(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var request = new WriteRequest { Mode = WriteMode.Remove, Operation = MapOperation.Remove, Key = key };
        WriteCarefully(ref request);
        value = request.Result;
        return request.Existed;
    }

    /// <summary>The one careful path of every write: enter, do it or queue it, leave.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WriteCarefully(ref WriteRequest request)
    {
        if (request.IsKeyed) SampleKey(request.Key!);
        if (_readOf is not null) RecallRead(ref request);
        WriteTicket ticket = EnterWrite(request.Operation, request.Key, request.IsKeyed);
        if (ticket.IsQueued)
        {
            Defer(ref request);
            if (_readOf is not null) ForgetRead(request);
            return;
        }

        if (_readOf is not null) CheckRead(ref request, ticket);
        BucketIndex before = _table.Current;
        BucketIndex after = before;
        try
        {
            Run(ref request);
            after = _table.Current;
        }
        finally
        {
            ExitWrite(ticket, request.Changed);
        }

        if (!ReferenceEquals(before, after)) TellGrowth(before, after, request.Operation == MapOperation.Resize);
        TellChain();
        if (_readOf is not null) ForgetRead(request);
    }

    /// <summary>Asks to write, and writes nothing: for an operation that turns out to have nothing to do, and is refused where others are.</summary>
    private void EnterAndLeave(MapOperation operation) => ExitWrite(EnterWrite(operation, default!, hasKey: false), changed: false);

    private enum WriteMode
    {
        Set,
        Add,
        Remove,
        RemovePair,
        Clear,
        GetOrAdd,
        AddOrUpdate,
        Update,
        UpdateTo,
        Swap,
        Increment,
        EnsureCapacity,
        TrimExcess,
    }

    /// <summary>A write on the careful path, and what came of it.</summary>
    private struct WriteRequest : ITableAction
    {
        public WriteMode Mode;
        public MapOperation Operation;
        public TKey Key;
        public TValue? Value;
        public Func<TKey, TValue>? AddFactory;
        public Func<TKey, TValue, TValue>? UpdateFactory;
        public TValue? Comparison;
        public long By;
        public int Entries;

        /// <summary>What the thread has read of the key, if that is to be held against what is there.</summary>
        public ReadNote<TValue>? Read;

        /// <summary>Where that is remembered.</summary>
        public int ReadPlaces;

        /// <summary>Who wrote last before this write, as a stamp.</summary>
        public ulong LastWriter;

        /// <summary>Do it even if it buries what the thread has not seen.</summary>
        public bool Buries;

        /// <summary>What the thread has read is no longer true.</summary>
        public bool IsStale;

        /// <summary>The key was there.</summary>
        public bool Existed;

        /// <summary>The value now stored, or the one removed.</summary>
        public TValue? Result;

        /// <summary>The table was touched.</summary>
        public bool Changed;

        public readonly bool IsKeyed => Mode is not (WriteMode.Clear or WriteMode.EnsureCapacity or WriteMode.TrimExcess);

        /// <summary>What the key's value becomes. Calls the caller's code, before anything is changed.</summary>
        /// <returns>False if the entry is to be left as it is.</returns>
        public readonly bool TryMakeValue(bool exists, TValue? present, [MaybeNullWhen(false)] out TValue made)
        {
            switch (Mode)
            {
                case WriteMode.Set:
                    made = Value!;
                    return true;
                case WriteMode.Add:
                    made = Value!;
                    return !exists;
                case WriteMode.GetOrAdd:
                    made = exists ? default! : AddFactory is null ? Value! : AddFactory(Key);
                    return !exists;
                case WriteMode.AddOrUpdate:
                    made = exists ? UpdateFactory!(Key, present!) : AddFactory is null ? Value! : AddFactory(Key);
                    return true;
                case WriteMode.Update:
                    made = exists ? UpdateFactory!(Key, present!) : default;
                    return exists;
                case WriteMode.UpdateTo or WriteMode.Swap:
                    made = Value!;
                    return exists;
                case WriteMode.Increment:
                    made = Number<TValue>.Add(exists, present, By, Key);
                    return true;
                default:
                    made = default;
                    return false;
            }
        }

        public void Run<TOps, TProbe>(ref BucketTable<TKey, TValue> table, TOps ops, TProbe probe)
            where TOps : struct, IKeyOps
            where TProbe : struct, IProbe
        {
            switch (Mode)
            {
                case WriteMode.Clear:
                    Changed = table.Count > 0 || table.IsGrowing;
                    table.Clear(probe);
                    return;
                case WriteMode.EnsureCapacity:
                    Changed = Entries > table.Capacity;
                    if (Changed) table.Resize(Entries, probe);
                    Entries = table.Capacity;
                    return;
                case WriteMode.TrimExcess:
                    Changed = true;
                    table.Resize(Math.Max(Entries, table.Count), probe);
                    return;
            }

            ulong hash = ops.Hash(ref Unsafe.As<TKey, byte>(ref Key));
            probe.At(ProbePoint.HashComputed, 0, 0, hash);
            // Foreign code may throw from here on: what it leaves behind is a change only if something was evacuated.
            Changed = table.IsGrowing;
            table.GrowWork(hash, probe);
            CardPlace place = table.PlaceOf(Key, hash, ops, probe);
            ref Slot<TKey, TValue> slot = ref Unsafe.NullRef<Slot<TKey, TValue>>();
            if (place.IsFound) slot = ref table.EntryOf(place.Number);
            Existed = place.IsFound;
            // A pair to be removed, and a value to be replaced, are there only while the value is the one that was named.
            if (Mode is WriteMode.RemovePair or WriteMode.Swap)
                Existed = Existed && EqualityComparer<TValue>.Default.Equals(slot.Value, Mode == WriteMode.Swap ? Comparison : Value);
            if (Mode is WriteMode.Remove or WriteMode.RemovePair)
            {
                if (!Existed) return;
                Changed = true;
                Result = slot.Value;
                table.Remove(place, probe);
                return;
            }

            if (Read is not null && !Read.IsStillTrue(Existed, Existed ? slot.Value : default))
            {
                IsStale = true;
                if (!Buries) return;
            }

            bool store = TryMakeValue(Existed, Existed ? slot.Value : default, out TValue? made);
            if (!store)
            {
                Result = Existed ? slot.Value : default;
                return;
            }

            Changed = true;
            Result = made;
            if (Existed)
            {
                slot.Value = made!;
                probe.At(ProbePoint.EntryUpdated, (int)hash & (table.Current.Count - 1), 0, hash);
            }
            else
            {
                table.Insert(Key, made!, hash, probe);
            }
        }
    }
}
