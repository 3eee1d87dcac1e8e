using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

// The careful paths: what an operation does when the state word has a bit set, when it overlapped another, and how that is told.
public abstract partial class GuardedMapBase<TKey, TValue>
{
    /// <summary>How long a swallowed read waits for a writer to finish before it gives up and throws after all.</summary>
    private static readonly TimeSpan s_longestWait = TimeSpan.FromSeconds(10);

    private const string ReadRemedy =
        "Let readers and writers take turns (protection Synchronized waits instead of failing), or give readers a snapshot.";

    private const string WriteRemedy =
        "Let one thread write at a time, or make the map with protection Synchronized, which waits instead of failing.";

    private const string ReentrantRemedy =
        "A comparer, factory or update callback must not write to, or iterate, the map that called it; return the value and let the map store it.";

    /// <summary>Something to do to the table, compiled once per kind of keys and probe.</summary>
    internal interface ITableAction
    {
        void Run<TOps, TProbe>(ref BucketTable<TKey, TValue> table, TOps ops, TProbe probe)
            where TOps : struct, IKeyOps
            where TProbe : struct, IProbe;
    }

    /// <summary>Runs an action with the map's kind of keys and its probe: the one place where both become types.</summary>
    internal void Run<TAction>(ref TAction action)
        where TAction : struct, ITableAction => Run(ref action, ref _table);

    /// <summary>The same on another table of this map: a snapshot's.</summary>
    internal void Run<TAction>(ref TAction action, ref BucketTable<TKey, TValue> table)
        where TAction : struct, ITableAction
    {
        if (Observer is { } observer) Run(ref action, ref table, new LiveProbe(observer));
        else Run(ref action, ref table, default(NoProbe));
    }

    private void Run<TAction, TProbe>(ref TAction action, ref BucketTable<TKey, TValue> table, TProbe probe)
        where TAction : struct, ITableAction
        where TProbe : struct, IProbe
    {
        ulong seed = table.Seed;
        switch (_ops)
        {
            case KeyOpsKind.BuiltIn:
                action.Run(ref table, new BuiltInOps<TKey>(seed), probe);
                break;
            case KeyOpsKind.Ordinal:
                action.Run(ref table, new OrdinalOps(seed), probe);
                break;
            case KeyOpsKind.OrdinalIgnoreCase:
                action.Run(ref table, new OrdinalIgnoreCaseOps(seed), probe);
                break;
            case KeyOpsKind.Shell:
                action.Run(ref table, new ShellOps(seed), probe);
                break;
            default:
                action.Run(ref table, new CustomOps<TKey>(seed, Comparer), probe);
                break;
        }
    }

    /// <summary>What <see cref="EnterWrite"/> found and <see cref="ExitWrite"/> must undo.</summary>
    /// <param name="Version">The version word the write entered with.</param>
    /// <param name="Verdict">Whether it goes ahead or is to be queued.</param>
    /// <param name="AppliedQueue">Entering applied deferred writes: the table has changed, whatever the write itself comes to.</param>
    private readonly record struct WriteTicket(long Version, WriteVerdict Verdict, bool AppliedQueue = false)
    {
        public bool IsQueued => Verdict == WriteVerdict.Queue;
    }

    /// <summary>
    /// Brings the access word into a form that can be swapped by anybody: if another thread owns the map, takes it away from it.
    /// </summary>
    /// <param name="ownerWrites">True if the former owner is in the middle of a write: whatever the caller wants has overlapped it.</param>
    /// <returns>The access word: shared, or owned by the caller.</returns>
    private long Settle(out bool ownerWrites)
    {
        ownerWrites = false;
        var spin = default(SpinWait);
        while (true)
        {
            long access = Volatile.Read(ref _access);
            if ((access & AccessWord.Handover) == 0)
            {
                if ((access & AccessWord.Shared) != 0 || IsOwnerItself) return access;
                long taken = access | AccessWord.Shared | AccessWord.Handover;
                if (Interlocked.CompareExchange(ref _access, taken, access) != access) continue;
                ActorThread.CountHandover();
            }

            // From here on the former owner either is visibly busy, or will see that it owns the map no more. Everybody who finds the
            // handover unfinished runs the barrier: the one who began it may not have come to it yet.
            Interlocked.MemoryBarrierProcessWide();
            while (Volatile.Read(ref _ownerBusy) != 0)
            {
                if ((Volatile.Read(ref _version) & VersionWord.Writing) != 0)
                {
                    ownerWrites = true;
                    return Volatile.Read(ref _access);
                }

                Uninterrupted.SpinOnce(ref spin);
            }

            access = Volatile.Read(ref _access);
            if ((access & AccessWord.Handover) == 0) continue;
            long settled = (access & ~AccessWord.Handover) + (Volatile.Read(ref _ownerLeases) * AccessWord.AnonymousOne);
            Interlocked.CompareExchange(ref _access, settled, access);
        }
    }

    /// <summary>How many plain foreach loops are under way, in a settled access word.</summary>
    private int AnonymousLeases(long access) =>
        AccessWord.AnonymousLeases(access) + ((access & AccessWord.Shared) == 0 ? Volatile.Read(ref _ownerLeases) : 0);

    /// <summary>
    /// Lets a write in, or throws before anything is touched. On return the map is ours, or the write is to be queued, or the map has
    /// no protection.
    /// </summary>
    /// <param name="operation">What is going to be done.</param>
    /// <param name="key">The key concerned, for messages.</param>
    /// <param name="hasKey">False for operations on the whole map.</param>
    /// <param name="through">The lease whose own cursor writes; it does not object to itself.</param>
    private WriteTicket EnterWrite(MapOperation operation, TKey key, bool hasKey, Lease? through = null)
    {
        long version = Volatile.Read(ref _version);
        ThrowIfLatched();
        if ((version & VersionWord.Unguarded) != 0) return new WriteTicket(version, WriteVerdict.Proceed);
        // A shell's actors hop threads: whoever meets this thread's write has to find the actor's name.
        if (_options.ForShell) NoteWriter(version);
        return (version & VersionWord.Synchronized) != 0
            ? EnterWaiting(operation, key, hasKey, through)
            : EnterAtOnce(operation, key, hasKey, through);
    }

    /// <summary>Under protection Synchronized: waits for its turn. <see cref="ExitWrite"/> releases the lock.</summary>
    private WriteTicket EnterWaiting(MapOperation operation, TKey key, bool hasKey, Lease? through)
    {
        bool locked = false;
        bool entered = false;
        try
        {
            TakeTurn(ref locked, out MapActor? met);
            WriteTicket ticket = EnterAtOnce(operation, key, hasKey, through);
            entered = true;
            if (Reports) NoteWrite(operation, key, hasKey, through, met);
            return ticket;
        }
        finally
        {
            if (locked && !entered) Monitor.Exit(Gate.WriteLock);
        }
    }

    private WriteTicket EnterAtOnce(MapOperation operation, TKey key, bool hasKey, Lease? through)
    {
        while (true)
        {
            long access = Settle(out bool ownerWrites);
            if (ownerWrites || (access & AccessWord.Held) != 0)
                ThrowOverlap(MapViolationKind.ConcurrentWrites, operation, hasKey ? key : null, Volatile.Read(ref _version));
            WriteVerdict verdict = TryEnter(access, operation, key, hasKey, through);
            if (verdict == WriteVerdict.Proceed) return FinishEntering(access, operation, through);
            if (verdict == WriteVerdict.Queue) return new WriteTicket(0, verdict);
        }
    }

    /// <summary>Asks the leases and swaps the held bit in.</summary>
    /// <returns>Refuse if the swap was lost and everything has to be looked at again.</returns>
    private WriteVerdict TryEnter(long access, MapOperation operation, TKey key, bool hasKey, Lease? through)
    {
        if (AnonymousLeases(access) > 0)
        {
            throw Violation(new ViolationFacts(MapViolationKind.ConcurrentIterationAndWrite, operation, hasKey ? key : null)
            {
                Holder = AnonymousHolder(),
                Contract = IterationContract.Reject,
                Version = Volatile.Read(ref _version),
                Remedy = ContractRule.For(IterationContract.Reject).Remedy,
                WayOut = Lease.WayOutOfLoop,
            });
        }

        if ((access & AccessWord.Registered) == 0)
        {
            // The last lease may have ended while a deferred write was still being made up.
            if ((access & AccessWord.Queued) != 0 && Deferring() is { } other) ThrowDeferring(other, operation, hasKey ? key : null);
            return TryHold(access);
        }

        Lease? refusing;
        MapActor? deferring;
        // Under the lock no lease can come or go between the question and the swap. Violations are described outside: that runs
        // the host's code.
        lock (Gate.Lock)
        {
            if (Gate.DropAbandoned())
            {
                // With the last of them go the marks that they have set, and what was queued for them is to be applied: look again.
                if (Gate.Leases.Count == 0) Interlocked.And(ref _access, ~AccessWord.Registered);
                return WriteVerdict.Refuse;
            }

            deferring = Gate.Deferring;
            // A cursor's write does not wait for its own iteration, but never overtakes what does: answers were given as if that had been done.
            bool waitsBehind = WaitsBehind(through, access);
            (Lease? Refusing, bool Queues) asked = Lease.Ask(Gate.Leases, operation, through, ActorThread.Id);
            refusing = asked.Refusing;
            if (refusing is null && deferring is null) return waitsBehind || asked.Queues ? WriteVerdict.Queue : TryHold(access);
        }

        if (refusing is null) ThrowDeferring(deferring!, operation, hasKey ? key : null);
        ThrowRefused(refusing, operation, hasKey ? key : null);
        return WriteVerdict.Refuse;
    }

    // What is queued may not be applied while the iteration that the cursor belongs to goes on, unless that tolerates writes.
    private static bool WaitsBehind(Lease? through, long access) =>
        (access & AccessWord.Queued) != 0 && through is { Contract: not IterationContract.Tolerate };

    private WriteVerdict TryHold(long access) =>
        Interlocked.CompareExchange(ref _access, access | AccessWord.Held, access) == access ? WriteVerdict.Proceed : WriteVerdict.Refuse;

    /// <summary>With the map held: sign, mark the version, leave frozen arrays to their snapshot, apply what was queued.</summary>
    private WriteTicket FinishEntering(long access, MapOperation operation, Lease? through = null, MapActor? after = null)
    {
        long version = Volatile.Read(ref _version);
        Volatile.Write(ref _writer, WriterStamp.Of(version, operation, ActorThread.Id));
        Volatile.Write(ref _version, VersionWord.Unsigned(version) | VersionWord.Writing);
        Fence.Stores();
        bool apply = (access & AccessWord.Queued) != 0 && !WaitsBehind(through, access);
        var ticket = new WriteTicket(version, WriteVerdict.Proceed, apply);
        if ((access & AccessWord.Frozen) == 0 && !apply) return ticket;
        bool entered = false;
        DeferredFailures? failed = null;
        try
        {
            if ((access & AccessWord.Frozen) != 0) CopyFrozen();
            if (apply) failed = ApplyDeferred();
            entered = failed is null;
        }
        finally
        {
            if (!entered) Release(ticket, changed: true);
        }

        if (failed is null) return ticket;
        ReportDeferredFailed(failed, after);
        // It was released for the report.
        return new WriteTicket(0, WriteVerdict.Queue);
    }

    /// <summary>Lets go of the map. Never throws.</summary>
    /// <param name="ticket">What <see cref="EnterWrite"/> returned.</param>
    /// <param name="changed">False if nothing at all was touched, not even by evacuation: then no version is spent.</param>
    private void ExitWrite(WriteTicket ticket, bool changed)
    {
        if (ticket.IsQueued) return;
        if ((ticket.Version & VersionWord.Unguarded) != 0)
        {
            NoteGrowth();
            return;
        }

        Release(ticket, changed);
        if ((ticket.Version & VersionWord.Synchronized) != 0) EndTurn();
    }

    private void EndTurn()
    {
        List<ViolationFacts>? noted = TakeNoted();
        Monitor.Exit(Gate.WriteLock);
        Tell(noted);
    }

    private void Release(WriteTicket ticket, bool changed)
    {
        long version = VersionWord.Next(ticket.Version, _table.IsGrowing);
        if (!changed && !ticket.AppliedQueue && version - VersionWord.One == VersionWord.Unsigned(ticket.Version))
        {
            // No version is spent, so the stamp must not look as if it belonged to the next write of the same version.
            Volatile.Write(ref _writer, 0);
            version = ticket.Version;
        }

        Volatile.Write(ref _version, version);
        // Others may set or clear their own bits meanwhile: leases end, violations latch.
        Interlocked.And(ref _access, ~AccessWord.Held);
    }

    private void CopyFrozen()
    {
        var copy = default(CopyArraysAction);
        Run(ref copy);
        using (Uninterrupted.Lock(Gate.Lock))
        {
            Gate.SnapshotReaders = 0;
            Gate.SnapshotEscaped = false;
            Interlocked.And(ref _access, ~AccessWord.Frozen);
        }
    }

    /// <summary>
    /// A lookup that cannot take the fast path, or was overlapped there.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="mayLatch">True if a violation may be kept for later and the lookup repeated until it is right.</param>
    /// <param name="value">The value found.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadCarefully(TKey key, bool mayLatch, [MaybeNullWhen(false)] out TValue value)
    {
        SampleKey(key);
        if (_ops == KeyOpsKind.Shell && TryReadText(key, out bool found, out value)) return found;
        MapViolation? overlapped = null;
        var read = new ReadAction { Key = key };
        var spin = default(SpinWait);
        long giveUpAt = 0;
        long readAt;
        while (true)
        {
            long version = Volatile.Read(ref _version);
            readAt = version;
            if (TryRead(version, ref read)) break;
            if (HasProtection(VersionWord.Synchronized))
            {
                readAt = ReadLocked(ref read);
                ReportRead(MapOperation.Read, key, version);
                break;
            }

            if (overlapped is null)
            {
                overlapped = Describe(ReadOverlap(MapOperation.Read, key, version));
                if (!mayLatch) throw MapHost.ToException(overlapped);
                giveUpAt = Environment.TickCount64 + (long)s_longestWait.TotalMilliseconds;
            }
            else if (Environment.TickCount64 > giveUpAt)
            {
                throw MapHost.ToException(overlapped);
            }

            spin.SpinOnce();
        }

        // What a write's own callback reads is that write's business.
        if (_readOf is not null && (readAt & VersionWord.Writing) == 0) NoteRead(key, read.Found, read.Value, VersionWord.Number(readAt));
        if (overlapped is not null) Latch(overlapped);
        value = read.Value;
        return read.Found;
    }

    /// <summary>A lookup under protection Synchronized that keeps the writers waiting meanwhile.</summary>
    /// <returns>The version it read at.</returns>
    private long ReadLocked(ref ReadAction read)
    {
        bool isOneTable;
        long version;
        lock (Gate.WriteLock)
        {
            version = Volatile.Read(ref _version);
            Run(ref read);
            isOneTable = IsUnwritten(version);
        }

        // Nobody else can have written: it was the lookup's own comparer.
        if (!isOneTable) throw MapHost.ToException(Describe(ReadOverlap(MapOperation.Read, read.Key, version)));
        return version;
    }

    /// <summary>One attempt at a lookup.</summary>
    /// <returns>False if a write overlapped it and the result means nothing.</returns>
    private bool TryRead(long version, ref ReadAction read)
    {
        bool alone = (version & VersionWord.Unguarded) != 0
            || ((version & VersionWord.Writing) != 0 && IsOwnWrite(version));
        if (alone)
        {
            // Without protection there is nothing to compare. Inside our own write's callback the table is consistent: foreign
            // code is only called before anything moves.
            Run(ref read);
            return true;
        }

        if ((version & VersionWord.Writing) != 0) return false;
        try
        {
            Run(ref read);
        }
        catch (Exception) when (!IsUnwritten(version))
        {
            // What a racing lookup stumbled over (an index, a half-written key in foreign code) is the overlap, not an error of its own.
            return false;
        }

        Fence.Loads();
        return IsUnwritten(version);
    }

    /// <summary>Reads something that takes long, and throws if a write overlapped it.</summary>
    private T ReadWhole<T>(MapOperation operation, Func<GuardedMapBase<TKey, TValue>, T> read)
    {
        if (HasProtection(VersionWord.Unguarded)) return read(this);
        if (HasProtection(VersionWord.Synchronized))
        {
            return ReadInTurn(operation, read);
        }

        long version = Volatile.Read(ref _version);
        bool ours = (version & VersionWord.Writing) != 0 && IsOwnWrite(version);
        if (ours) return read(this);
        if ((version & VersionWord.Writing) == 0)
        {
            try
            {
                T result = read(this);
                Fence.Loads();
                if (IsUnwritten(version)) return result;
            }
            catch (Exception) when (!IsUnwritten(version))
            {
                // Reported below as what it is: an overlap.
            }
        }

        throw MapHost.ToException(Describe(ReadOverlap(operation, null, version)));
    }

    private T ReadInTurn<T>(MapOperation operation, Func<GuardedMapBase<TKey, TValue>, T> read)
    {
        bool locked = false;
        long before = Volatile.Read(ref _version);
        T result;
        bool hasWaited;
        try
        {
            hasWaited = !TakeTurn(ref locked, out _);
            result = read(this);
        }
        finally
        {
            if (locked) Monitor.Exit(Gate.WriteLock);
        }

        if (hasWaited) ReportRead(operation, null, before);
        return result;
    }

    /// <summary>True if nothing has been written since <paramref name="version"/> was taken.</summary>
    private bool IsUnwritten(long version) => ((Volatile.Read(ref _version) ^ version) & VersionWord.ReadStamp) == 0;

    /// <summary>Protection bits never change, so any copy of the word will do.</summary>
    private bool HasProtection(long bit) => (Volatile.Read(ref _version) & bit) != 0;

    /// <summary>True if the write under way at this version is the calling thread's, further up its stack.</summary>
    private bool IsOwnWrite(long version)
    {
        if ((version & VersionWord.Writing) != 0 && VersionWord.Signature(version) != MapOperation.None) return IsOwnerItself;
        ulong stamp = Volatile.Read(ref _writer);
        return WriterStamp.Belongs(stamp, version) && WriterStamp.Thread(stamp) == ActorThread.Id;
    }

    /// <summary>True if a stamp is the calling thread's.</summary>
    private bool IsOwnStamp(ulong stamp) => WriterStamp.IsOwners(stamp) ? IsOwner : WriterStamp.Thread(stamp) == ActorThread.Id;

    private void Latch(MapViolation violation)
    {
        Gate.Latch(violation);
        var spin = default(SpinWait);
        long giveUpAt = Environment.TickCount64 + (long)s_longestWait.TotalMilliseconds;
        // Never set a bit under a writer that came in by swap: on the fast path it leaves with a plain store, which would wipe it out.
        while (Environment.TickCount64 < giveUpAt)
        {
            long access = Volatile.Read(ref _access);
            if ((access & AccessWord.Held) == 0
                && Interlocked.CompareExchange(ref _access, access | AccessWord.Latched, access) == access) return;
            Uninterrupted.SpinOnce(ref spin);
        }

        throw MapHost.ToException(violation);
    }

    /// <summary>Throws the violation of an earlier lookup of this actor whose exception a shell swallowed.</summary>
    private void ThrowIfLatched()
    {
        if ((Volatile.Read(ref _access) & AccessWord.Latched) == 0) return;
        string? label = MapHost.CurrentLabel();
        MapViolation? violation;
        // In one go: a violation latched between the two would be forgotten.
        lock (Gate.Lock)
        {
            violation = Gate.TakeLatched(label, out bool moreWait);
            if (!moreWait) Interlocked.And(ref _access, ~AccessWord.Latched);
        }

        if (violation is not null) throw MapHost.ToException(violation);
    }

    private MapViolation Describe(in ViolationFacts facts)
    {
        long found = Version;
        var violation = new MapViolation
        {
            Kind = facts.Kind,
            MapName = Name,
            Operation = facts.Operation,
            Key = facts.Key,
            Offender = facts.Offender ?? MapActor.Current(facts.Operation),
            Cause = facts.Cause,
            Holder = facts.Holder,
            Contract = facts.Contract,
            IteratorState = facts.Iterator,
            VersionExpected = facts.VersionExpected ?? VersionWord.Number(facts.Version),
            VersionFound = found,
            Remedy = facts.Remedy,
            WayOut = facts.WayOut,
        };
        WantPositions(WritesAfterViolation);
        Gate.Violations.Add(violation);
        Observer?.Record(ProbePoint.ViolationDetected, 0, 0, (ulong)facts.Kind);
        ViolationNotice.Tell(this, ViolationDetected, violation);
        if (Reports) WarnOnce(violation);
        return violation;
    }

    private MapViolationException Violation(in ViolationFacts facts) => MapHost.ToException(Describe(facts));

    /// <summary>A write, or an iteration's start or step, met a write: another thread's, or our own further up the stack.</summary>
    [DoesNotReturn]
    private void ThrowOverlap(MapViolationKind kind, MapOperation operation, object? key, long version, IterationContract? contract = null, IteratorState? iterator = null)
    {
        bool own = IsOwnWrite(version);
        throw Violation(new ViolationFacts(own ? MapViolationKind.ReentrantWrite : kind, operation, key)
        {
            Holder = Writer(version),
            Contract = contract,
            Iterator = iterator,
            Version = version,
            Remedy = own ? ReentrantRemedy : kind == MapViolationKind.ConcurrentWrites ? WriteRemedy : ReadRemedy,
        });
    }

    /// <summary>A write met one that is still being made up for the queue: another thread's, or our own further up the stack.</summary>
    [DoesNotReturn]
    private void ThrowDeferring(MapActor other, MapOperation operation, object? key)
    {
        bool own = other.ThreadId == ActorThread.Id;
        throw Violation(new ViolationFacts(own ? MapViolationKind.ReentrantWrite : MapViolationKind.ConcurrentWrites, operation, key)
        {
            Holder = other,
            Version = Volatile.Read(ref _version),
            Remedy = own ? ReentrantRemedy : WriteRemedy,
        });
    }

    [DoesNotReturn]
    private void ThrowRefused(Lease lease, MapOperation operation, object? key) => throw Violation(Refused(lease, operation, key));

    private ViolationFacts Refused(Lease lease, MapOperation operation, object? key) => new(MapViolationKind.ConcurrentIterationAndWrite, operation, key)
    {
        Holder = lease.Holder,
        Contract = lease.Contract,
        Version = Volatile.Read(ref _version),
        Remedy = lease.Rule.Remedy,
        WayOut = lease.WayOut(),
    };

    private ViolationFacts ReadOverlap(MapOperation operation, object? key, long version)
    {
        ulong stamp = StampOf(version);
        // A stamp from before the lookup began is that of a write that had ended, not of the one in the way.
        MapActor? writer = WriterStamp.IsSince(stamp, version) ? Signatory(stamp) : null;
        bool own = writer is not null && IsOwnStamp(stamp);
        return new ViolationFacts(own ? MapViolationKind.ReentrantRead : MapViolationKind.ConcurrentReadAndWrite, operation, key)
        {
            Holder = writer,
            Version = version,
            Remedy = own ? ReentrantRemedy : ReadRemedy,
        };
    }

    /// <summary>Names the writer seen at this version, or, when it has left, the one that wrote last.</summary>
    private MapActor? Writer(long version) => Signatory(StampOf(version));

    private ulong StampOf(long version)
    {
        long now = Volatile.Read(ref _version);
        // The overlap may have begun after the word was taken.
        if ((version & VersionWord.Writing) == 0 && (now & VersionWord.Writing) != 0) version = now;
        if ((version & VersionWord.Writing) == 0) return LastStamp(now);
        if (VersionWord.Signature(version) != MapOperation.None) return WriterStamp.OfOwner(version);
        // The stamp follows the writer bit by a few instructions; give it the time.
        var spin = default(SpinWait);
        ulong stamp = Volatile.Read(ref _writer);
        while ((version & VersionWord.Writing) != 0 && !WriterStamp.Belongs(stamp, version) && !IsOver(version) && spin.Count < 100)
        {
            Uninterrupted.SpinOnce(ref spin);
            stamp = Volatile.Read(ref _writer);
        }

        return stamp;

        bool IsOver(long seen) => ((Volatile.Read(ref _version) ^ seen) & VersionWord.ReadStamp) != 0;
    }

    /// <summary>The stamp of the write that is under way, or of the last one, as far as it can be seen at a version word.</summary>
    private ulong LastStamp(long version) => WriterStamp.Last(version, Volatile.Read(ref _writer));

    private MapActor? Signatory(ulong stamp)
    {
        if (WriterStamp.Operation(stamp) == MapOperation.None) return null;
        if (WriterStamp.IsOwners(stamp) && _owner is { IsAlive: false }) AwaitClaim();
        MapActor actor = WriterStamp.IsOwners(stamp) ? OwnerAsActor() : ActorOf(WriterStamp.Thread(stamp));
        return actor with { Operation = WriterStamp.Operation(stamp), Position = PositionOf(stamp) };
    }

    /// <summary>
    /// The owner has ended, and a thread may write in its place that got its stack. If it is in the middle of that write, it says who it is when it is through, since the map is taken away from it.
    /// </summary>
    private void AwaitClaim()
    {
        Settle(out bool isWriting);
        var spin = default(SpinWait);
        long giveUpAt = Environment.TickCount64 + (long)s_longestWait.TotalMilliseconds;
        while (isWriting && Volatile.Read(ref _ownerBusy) != 0 && Environment.TickCount64 < giveUpAt) Uninterrupted.SpinOnce(ref spin);
    }

    private static MapActor ActorOf(int thread) => new() { ThreadId = thread, Label = ActorDirectory.LabelOf(thread) };

    private MapActor OwnerAsActor()
    {
        ActorThread owner = Volatile.Read(ref _owner)!;
        int number = owner.Number;
        // Its number may be another thread's by now, and its work that of a thread which got its stack.
        return owner.IsAlive ? ActorOf(number) : new MapActor { Label = string.Create(CultureInfo.InvariantCulture, $"thread {number}, which has ended, or one that got its stack") };
    }

    private MapActor AnonymousHolder()
    {
        int holder = Volatile.Read(ref _leaseHolder);
        return (holder == 0 && _owner is not null ? OwnerAsActor() : ActorOf(holder)) with { Operation = MapOperation.Iterate };
    }

    private struct ReadAction : ITableAction
    {
        public TKey Key;
        public TValue? Value;
        public bool Found;

        public void Run<TOps, TProbe>(ref BucketTable<TKey, TValue> table, TOps ops, TProbe probe)
            where TOps : struct, IKeyOps
            where TProbe : struct, IProbe
        {
            ulong hash = ops.Hash(ref Unsafe.As<TKey, byte>(ref Key));
            probe.At(ProbePoint.HashComputed, 0, 0, hash);
            ref Slot<TKey, TValue> slot = ref table.FindGrowing(Key, hash, ops, probe);
            Found = !Unsafe.IsNullRef(ref slot);
            Value = Found ? slot.Value : default;
        }
    }

    private struct CopyArraysAction : ITableAction
    {
        public readonly void Run<TOps, TProbe>(ref BucketTable<TKey, TValue> table, TOps ops, TProbe probe)
            where TOps : struct, IKeyOps
            where TProbe : struct, IProbe => table.CopyArrays(probe);
    }
}
