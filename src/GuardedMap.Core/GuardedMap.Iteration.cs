using System.Runtime.CompilerServices;

namespace GuardedMaps;

// Beginning, stepping and ending iterations, and writing through their cursors.
public abstract partial class GuardedMapBase<TKey, TValue>
{
    /// <summary>
    /// Begins a leased iteration: its contract holds until it is disposed or has come to its end.
    /// </summary>
    /// <param name="contract">What happens when somebody writes meanwhile; null takes the map's own.</param>
    /// <param name="seed">Chooses an entry to begin with, as Go does by chance: the iteration goes on from it, and from the first when it has come to the last. Null begins with the first.</param>
    /// <exception cref="MapViolationException">The map is being written (<see cref="MapViolationKind.ConcurrentIterationAndWrite"/>, or
    /// <see cref="MapViolationKind.ReentrantWrite"/> from inside the map's own callback).</exception>
    /// <exception cref="ArgumentException">The map has protection Synchronized, and another contract than Snapshot was asked for.</exception>
    /// <remarks>Under protection Synchronized every iteration is a snapshot. O(1); a snapshot makes the next write copy the table.</remarks>
    public MapIterator<TKey, TValue> Iterate(IterationContract? contract = null, ulong? seed = null)
    {
        MapIterator<TKey, TValue> iterator = CreateIterator(contract, seed);
        iterator.Begin();
        return iterator;
    }

    /// <summary>Makes a leased iterator in state Nil, to be stepped by hand: it looks at the map, and takes its lease, with the first step.</summary>
    /// <param name="contract">What happens when somebody writes meanwhile; null takes the map's own.</param>
    /// <param name="seed">Chooses an entry to begin with, as Go does by chance: the iteration goes on from it, and from the first when it has come to the last. Null begins with the first.</param>
    /// <param name="bound">True to refuse every thread but the calling one (<see cref="MapViolationKind.ForeignIterator"/>).</param>
    /// <exception cref="ArgumentException">The map has protection Synchronized, and another contract than Snapshot was asked for.</exception>
    public MapIterator<TKey, TValue> CreateIterator(IterationContract? contract = null, ulong? seed = null, bool bound = false)
    {
        IterationContract effective = contract ?? Contract;
        // An iteration must never be given less than it asked for, nor something else.
        if (effective != IterationContract.Snapshot && HasSnapshotsOnly && ContractRule.For(effective) is not null)
        {
            throw new ArgumentException(
                SafeText.Message($"The map '{Name}' has protection Synchronized, under which every iteration has the contract Snapshot, and {effective} was asked for. Leave the contract out, or make the map with protection Guarded, which has all five."),
                nameof(contract));
        }

        ulong? random = seed is { } chosen ? HashMix.Mix(chosen, 0x9E6C_63D0_876A_3F35) : null;
        return new MapIterator<TKey, TValue>(this, effective, random, leased: true, bound)
        {
            YieldsDictionaryEntries = _options.ForShell && typeof(TKey) == typeof(object),
        };
    }

    /// <summary>
    /// The map as it is now, read-only and for good: what is written afterwards is not in it, and nobody who reads it disturbs, or is
    /// disturbed by, anybody. O(1); the map's next write copies the table.
    /// </summary>
    /// <exception cref="MapViolationException">The map is being written.</exception>
    public MapSnapshot<TKey, TValue> GetSnapshot()
    {
        // An iteration begun and never stepped: it freezes the arrays, under every protection.
        MapIterator<TKey, TValue> moment = Unleased(IterationContract.Snapshot, yieldsDictionaryEntries: false);
        return new MapSnapshot<TKey, TValue>(this, moment.Frozen, moment.VersionAtInit);
    }

    /// <summary>A lookup in a snapshot's own table, which nobody writes.</summary>
    internal bool ReadSnapshot(ref BucketTable<TKey, TValue> snapshot, TKey key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out TValue value)
    {
        var read = new ReadAction { Key = key };
        Run(ref read, ref snapshot);
        value = read.Value;
        return read.Found;
    }

    /// <summary>An iterator whose end is not known.</summary>
    internal MapIterator<TKey, TValue> Unleased(bool yieldsDictionaryEntries = false) => Unleased(UnleasedContract, yieldsDictionaryEntries);

    /// <summary>An iterator for an operation that is one piece, such as ContainsValue: if a write comes in between, the whole of it fails.</summary>
    internal MapIterator<TKey, TValue> Scan() => Unleased(IterationContract.FailFast, yieldsDictionaryEntries: false);

    private MapIterator<TKey, TValue> Unleased(IterationContract contract, bool yieldsDictionaryEntries)
    {
        if (HasSnapshotsOnly) contract = IterationContract.Snapshot;
        var iterator = new MapIterator<TKey, TValue>(this, contract, random: null, leased: false, bound: false)
        {
            YieldsDictionaryEntries = yieldsDictionaryEntries,
        };
        iterator.Begin();
        return iterator;
    }

    /// <summary>Lets an iteration begin: registers its lease, or freezes the arrays for its snapshot.</summary>
    /// <returns>The map's version.</returns>
    internal long BeginIteration(MapIterator<TKey, TValue> iterator, ContractRule rule, ref Lease? lease, ref BucketTable<TKey, TValue> snapshot)
    {
        ThrowIfLatched();
        if (HasProtection(VersionWord.Unguarded))
        {
            snapshot = _table;
            // No write will copy the arrays for us, so a snapshot has to.
            if (rule.ReadsSnapshot)
            {
                var copy = default(CopyArraysAction);
                Run(ref copy, ref snapshot);
            }

            return Version;
        }

        if (HasProtection(VersionWord.Synchronized))
        {
            return BeginWatched(iterator, ref lease, ref snapshot);
        }

        if (rule.ReadsSnapshot) return Freeze(iterator, ref snapshot);
        if (rule.IsRegistered && iterator.IsLeased) return Register(iterator, out lease);
        WantPositions(WritesAfterIteration);
        return VersionWord.Number(UnwrittenVersion(iterator));
    }

    /// <summary>Fixes where a walk over the live table begins.</summary>
    internal void StartWalk(MapIterator<TKey, TValue> iterator, ref EntryWalk<TKey, TValue> walk, ulong? random, bool meetsWrites)
    {
        long version;
        do
        {
            // Without a lease a write may come in between; then begin again with what it left.
            bool unguarded = HasProtection(VersionWord.Unguarded);
            version = unguarded ? Volatile.Read(ref _version) : UnwrittenVersion(iterator);
            // Without protection no contract keeps writers away from any walk.
            walk.Start(_table, random, meetsWrites || unguarded ? _table.NotesForWalk() : null);
            Fence.Loads();
        }
        while (!IsUnwritten(version));
    }

    /// <summary>One step over the live table. A step that fails has not been made.</summary>
    internal WalkStep StepLive(MapIterator<TKey, TValue> iterator, ref EntryWalk<TKey, TValue> walk, ContractRule rule, ref long expectedVersion, bool toEntry)
    {
        var action = new WalkAction { Walk = walk, ToEntry = toEntry };
        if (HasProtection(VersionWord.Unguarded))
        {
            Run(ref action);
            walk = action.Walk;
            return action.Result;
        }

        ThrowIfLatched();
        long version = UnwrittenVersion(iterator);
        if (rule.FailsAfterWrite && VersionWord.Number(version) != expectedVersion) ThrowStale(iterator, rule, version, expectedVersion);
        try
        {
            Run(ref action);
        }
        catch (Exception) when (!IsUnwritten(version))
        {
            ThrowStale(iterator, rule, version, expectedVersion);
        }

        Fence.Loads();
        // A leased iteration that no writer may disturb need not look again; for it this is never true.
        if (!IsUnwritten(version)) ThrowStale(iterator, rule, version, expectedVersion);
        walk = action.Walk;
        return action.Result;
    }

    /// <summary>One step over a snapshot's own table.</summary>
    internal WalkStep StepSnapshot(ref EntryWalk<TKey, TValue> walk, ref BucketTable<TKey, TValue> snapshot, bool toEntry)
    {
        ThrowIfLatched();
        var action = new WalkAction { Walk = walk, ToEntry = toEntry };
        Run(ref action, ref snapshot);
        walk = action.Walk;
        return action.Result;
    }

    /// <summary>Ends an iteration's hold on the map, and applies what was deferred if it was the last. May be called from any thread.</summary>
    internal void EndIteration(MapIterator<TKey, TValue> iterator, Lease? lease, ContractRule rule, in BucketTable<TKey, TValue> snapshot)
    {
        if (rule.ReadsSnapshot && iterator.IsLeased) Thaw(snapshot);
        if (lease is null) return;
        using (Uninterrupted.Lock(Gate.Lock))
        {
            Gate.Leases.Remove(lease);
            Gate.DropAbandoned();
            if (Gate.Leases.Count == 0) Interlocked.And(ref _access, ~AccessWord.Registered);
        }

        Observe(ProbePoint.LeaseEnded, 0, 0, (ulong)lease.Contract);
        if ((Volatile.Read(ref _access) & AccessWord.Queued) != 0) DrainDeferred();
    }

    /// <summary>Writes through an iteration's cursor.</summary>
    /// <param name="iterator">The iteration.</param>
    /// <param name="place">Where the entry lay when the iteration came to it.</param>
    /// <param name="key">The entry's key.</param>
    /// <param name="remove">Remove the entry, or set its value.</param>
    /// <param name="value">The value to set.</param>
    /// <param name="onlyAtVersion">The version the map must still have, or -1.</param>
    /// <param name="versionAfter">The map's version after the write, if it was done.</param>
    /// <returns>False if the entry is no longer there.</returns>
    internal bool WriteThroughCursor(
        MapIterator<TKey, TValue> iterator,
        in EntryPlace place,
        TKey key,
        bool remove,
        TValue value,
        long onlyAtVersion,
        ref long versionAfter)
    {
        WriteTicket ticket;
        int places = 0;
        if (_readOf is not null) LastReads<TKey, TValue>.Find(_readOf, key, Comparer, out places);
        while (true)
        {
            Lease? own = iterator.Lease;
            if (own is not null && own.EndedBy is not null) throw IteratorViolation(MapViolationKind.IteratorDone, iterator, holderThread: 0);
            ticket = EnterWrite(MapOperation.CursorWrite, key, hasKey: true, own);
            if (!ticket.IsQueued) break;
            var request = new WriteRequest
            {
                Mode = remove ? WriteMode.Remove : WriteMode.UpdateTo,
                Operation = MapOperation.CursorWrite,
                Key = key,
                Value = value,
            };
            if (TryDefer(ref request, own)) return request.Existed;
        }

        var write = new CursorWriteAction { Place = place, Key = key, Value = value, IsRemoval = remove };
        try
        {
            if (onlyAtVersion >= 0 && VersionWord.Number(ticket.Version) != onlyAtVersion)
                ThrowStale(iterator, ContractRule.For(IterationContract.FailFast), ticket.Version, onlyAtVersion);
            Run(ref write);
        }
        finally
        {
            ExitWrite(ticket, write.Done);
            // What came out of the queue is not the iteration's own write: then it has been overtaken after all.
            if (write.Done && !ticket.AppliedQueue) versionAfter = VersionWord.Number(ticket.Version + VersionWord.One);
        }

        if (_readOf is not null) LastReads<TKey, TValue>.Forget(_readOf, places);
        return write.Done;
    }

    internal void Observe(ProbePoint point, int bucket, int slot, ulong data, IMapIterator? iterator = null) => Observer?.Record(point, bucket, slot, data, iterator);

    internal MapViolationException IteratorViolation(MapViolationKind kind, MapIterator<TKey, TValue> iterator, int holderThread) =>
        Violation(new ViolationFacts(kind, MapOperation.Iterate, null)
        {
            Holder = holderThread == 0 ? null : new MapActor { ThreadId = holderThread, Operation = MapOperation.Iterate, Label = ActorDirectory.LabelOf(holderThread) },
            Contract = iterator.Contract,
            Iterator = iterator.State,
            Version = Volatile.Read(ref _version),
            VersionExpected = iterator.VersionAtInit,
            Remedy = kind switch
            {
                MapViolationKind.IteratorInUse => "Give each thread an iteration of its own; iterations do not disturb one another.",
                MapViolationKind.ForeignIterator => "Step a bound iterator on the thread that made it, or make it without binding.",
                _ when iterator.Lease?.EndedBy is { } by => $"EndIterations() has ended this iteration, called by {by}. Start a new one, and call EndIterations() only for iterations that nobody steps any more.",
                _ => "Start a new iteration; an entry is valid until the iteration that gave it goes on.",
            },
        });

    private long Register(MapIterator<TKey, TValue> iterator, out Lease lease)
    {
        MapActor holder = IterationActor();
        while (true)
        {
            long access = UnwrittenAccess(iterator);
            lock (Gate.Lock)
            {
                if (Interlocked.CompareExchange(ref _access, access | AccessWord.Registered, access) != access) continue;
                lease = Gate.AddLease(iterator.Contract, holder, iterator);
                Observe(ProbePoint.LeaseBegun, 0, 0, (ulong)lease.Contract);
                // From the swap on nobody writes without asking the lease.
                return Version;
            }
        }
    }

    private MapActor IterationActor() => MapActor.Current(MapOperation.Iterate) with
    {
        Since = DateTimeOffset.Now,
        Stack = IsTraced ? Environment.StackTrace : null,
    };

    private long Freeze(MapIterator<TKey, TValue> iterator, ref BucketTable<TKey, TValue> snapshot)
    {
        while (true)
        {
            long access = UnwrittenAccess(iterator);
            lock (Gate.Lock)
            {
                if (Interlocked.CompareExchange(ref _access, access | AccessWord.Frozen, access) != access) continue;
                // The arrays will not change any more; if a writer comes between the swap and this copy, take the next version.
                long version = Volatile.Read(ref _version);
                snapshot = _table;
                Fence.Loads();
                if ((version & VersionWord.Writing) != 0 || !IsUnwritten(version)) continue;
                if (iterator.IsLeased) Gate.SnapshotReaders++;
                else Gate.SnapshotEscaped = true;
                return VersionWord.Number(version);
            }
        }
    }

    /// <summary>A snapshot is no longer read: if it was the last and nobody has written, the next write need not copy.</summary>
    private void Thaw(in BucketTable<TKey, TValue> snapshot)
    {
        if (HasProtection(VersionWord.Unguarded)) return;
        using (Uninterrupted.Lock(Gate.Lock))
        {
            // A writer has copied since: the arrays we read are ours alone, and the count is of another generation.
            if (!ReferenceEquals(snapshot.Current, _table.Current) || Gate.SnapshotReaders == 0) return;
            if (--Gate.SnapshotReaders == 0 && !Gate.SnapshotEscaped) Interlocked.And(ref _access, ~AccessWord.Frozen);
        }
    }

    /// <summary>The version word, if it says that nobody is writing.</summary>
    private long UnwrittenVersion(MapIterator<TKey, TValue> iterator)
    {
        long version = Volatile.Read(ref _version);
        if ((version & VersionWord.Writing) != 0) ThrowOverlap(iterator, version);
        return version;
    }

    /// <summary>The access word, settled, if it says that nobody is writing.</summary>
    private long UnwrittenAccess(MapIterator<TKey, TValue> iterator)
    {
        long access = Settle(out bool ownerWrites);
        if (ownerWrites || (access & AccessWord.Held) != 0) ThrowOverlap(iterator, Volatile.Read(ref _version));
        return access;
    }

    private void ThrowOverlap(MapIterator<TKey, TValue> iterator, long version) =>
        ThrowOverlap(MapViolationKind.ConcurrentIterationAndWrite, MapOperation.Iterate, null, version, iterator.Contract, iterator.State);

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private void ThrowStale(MapIterator<TKey, TValue> iterator, ContractRule rule, long version, long expectedVersion) =>
        throw Violation(Stale(iterator, rule, version, expectedVersion));

    private ViolationFacts Stale(MapIterator<TKey, TValue> iterator, ContractRule rule, long version, long expectedVersion) =>
        new(MapViolationKind.ConcurrentIterationAndWrite, MapOperation.Iterate, null)
        {
            Holder = Writer(version),
            Contract = iterator.Contract,
            Iterator = iterator.State,
            Version = version,
            VersionExpected = expectedVersion,
            Remedy = rule.Remedy,
        };

    private struct WalkAction : ITableAction
    {
        public EntryWalk<TKey, TValue> Walk;
        public bool ToEntry;
        public WalkStep Result;

        public void Run<TOps, TProbe>(ref BucketTable<TKey, TValue> table, TOps ops, TProbe probe)
            where TOps : struct, IKeyOps
            where TProbe : struct, IProbe
        {
            // The ends of chains on the way are steps for somebody who watches, and nothing for others.
            do Result = Walk.Step(ref table, ops, probe);
            while (ToEntry && typeof(TProbe) == typeof(NoProbe) && Result == WalkStep.ChainEnd);
        }
    }

    private struct CursorWriteAction : ITableAction
    {
        public EntryPlace Place;
        public TKey Key;
        public TValue Value;
        public bool IsRemoval;
        public bool Done;

        public void Run<TOps, TProbe>(ref BucketTable<TKey, TValue> table, TOps ops, TProbe probe)
            where TOps : struct, IKeyOps
            where TProbe : struct, IProbe
        {
            CardPlace place = default;
            // An entry of a snapshot, or of a time before the map was cleared, is another's by now, or nobody's.
            if (Place.Clears == table.Clears && Place.Number < table.Top && Place.Reborn?.Has(Place.Number) != true) place = StillThere(table, ops);
            if (!place.IsFound)
            {
                // Gone since, and perhaps stored again (the lease holder's own writes under Tolerate, or a snapshot's map went on): find it by key.
                place = table.PlaceOf(Key, ops.Hash(ref Unsafe.As<TKey, byte>(ref Key)), ops, probe);
                if (!place.IsFound) return;
            }

            Done = true;
            if (IsRemoval)
            {
                table.Remove(place, probe);
                return;
            }

            table.EntryOf(place.Number).Value = Value;
            probe.At(ProbePoint.EntryUpdated, place.Id, place.Place, 0);
        }

        private CardPlace StillThere<TOps>(in BucketTable<TKey, TValue> table, TOps ops)
            where TOps : struct, IKeyOps
        {
            CardPlace place = table.PlaceOf(Place.Number, ops.Hash(ref Unsafe.As<TKey, byte>(ref Key)));
            if (!place.IsFound) return default;
            TKey key = table.EntryOf(Place.Number).Key;
            ref byte found = ref Unsafe.As<TKey, byte>(ref key);
            ref byte sought = ref Unsafe.As<TKey, byte>(ref Key);
            // A key that is not equal to itself can only be recognised by its number, which no other entry has got since.
            return ops.Equals(ref found, ref sought) || (!ops.Equals(ref sought, ref sought) && !ops.Equals(ref found, ref found)) ? place : default;
        }
    }
}
