using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

// The careful paths: what an operation does when the state word has a bit set, when it overlapped another, and how that is told.
public partial class GuardedMap<TKey, TValue>
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
            where TOps : struct, IKeyOps<TKey>
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
                action.Run(ref table, new OrdinalOps<TKey>(seed), probe);
                break;
            case KeyOpsKind.OrdinalIgnoreCase:
                action.Run(ref table, new OrdinalIgnoreCaseOps<TKey>(seed), probe);
                break;
            default:
                action.Run(ref table, new CustomOps<TKey>(seed, Comparer), probe);
                break;
        }
    }

    /// <summary>What <see cref="EnterWrite"/> found and <see cref="ExitWrite"/> must undo.</summary>
    /// <param name="State">The state word the write entered with.</param>
    /// <param name="Verdict">Whether it goes ahead or is to be queued.</param>
    /// <param name="AppliedQueue">Entering applied deferred writes: the table has changed, whatever the write itself comes to.</param>
    private readonly record struct WriteTicket(long State, WriteVerdict Verdict, bool AppliedQueue = false)
    {
        public bool IsQueued => Verdict == WriteVerdict.Queue;
    }

    /// <summary>
    /// Lets a write in, or throws before anything is touched. On return the writer bit is ours, or the write is to be queued,
    /// or the map has no protection.
    /// </summary>
    /// <param name="operation">What is going to be done.</param>
    /// <param name="key">The key concerned, for messages; null for the whole map.</param>
    /// <param name="through">The lease whose own cursor writes; it does not object to itself.</param>
    private WriteTicket EnterWrite(MapOperation operation, object? key, Lease? through = null)
    {
        int thread = Environment.CurrentManagedThreadId;
        ThrowIfLatched();
        bool locked = false;
        try
        {
            while (true)
            {
                long state = Volatile.Read(ref _state);
                if ((state & GuardWord.Unguarded) != 0) return new WriteTicket(state, WriteVerdict.Proceed);
                if ((state & GuardWord.Writing) != 0 && (!HasProtection(GuardWord.Synchronized) || WriterIs(state, thread)))
                    ThrowOverlap(MapViolationKind.ConcurrentWrites, operation, key, state);
                if (HasProtection(GuardWord.Synchronized) && !locked)
                {
                    Monitor.Enter(Gate.WriteLock, ref locked);
                    continue;
                }

                WriteVerdict verdict = TryEnter(state, operation, key, through, thread);
                if (verdict == WriteVerdict.Refuse) continue;
                // From here on ExitWrite releases the lock, also when entering fails.
                locked = false;
                bool applied = verdict == WriteVerdict.Proceed && FinishEntering(state, operation, thread, through);
                return new WriteTicket(state, verdict, applied);
            }
        }
        finally
        {
            if (locked) Monitor.Exit(Gate.WriteLock);
        }
    }

    /// <summary>Asks the leases and swaps the writer bit in.</summary>
    /// <returns>Refuse if the swap was lost and everything has to be looked at again.</returns>
    private WriteVerdict TryEnter(long state, MapOperation operation, object? key, Lease? through, int thread)
    {
        if ((state & GuardWord.AnonymousMask) != 0)
        {
            throw Violation(new ViolationFacts(MapViolationKind.ConcurrentIterationAndWrite, operation, key)
            {
                Holder = AnonymousHolder(),
                Contract = IterationContract.Reject,
                State = state,
                Remedy = ContractRule.For(IterationContract.Reject).Remedy,
            });
        }

        if ((state & GuardWord.Registered) == 0)
        {
            // The last lease may have ended while a deferred write was still being made up.
            if ((state & GuardWord.Queued) != 0 && Deferring() is { } other) ThrowDeferring(other, operation, key, state);
            return Interlocked.CompareExchange(ref _state, state | GuardWord.Writing, state) == state
                ? WriteVerdict.Proceed
                : WriteVerdict.Refuse;
        }

        Lease? refusing = null;
        MapActor? deferring;
        // Under the lock no lease can come or go between the question and the swap. Violations are described outside: that runs
        // the host's code.
        lock (Gate.Lock)
        {
            deferring = Gate.Deferring;
            bool queue = false;
            foreach (Lease lease in Gate.Leases)
            {
                if (ReferenceEquals(lease, through)) continue;
                WriteVerdict verdict = lease.Rule.Judge(lease, thread);
                queue |= verdict == WriteVerdict.Queue;
                if (verdict != WriteVerdict.Refuse && (verdict != WriteVerdict.Queue || operation != MapOperation.Resize)) continue;
                refusing = lease;
                break;
            }

            if (refusing is null && deferring is null)
            {
                if (queue) return WriteVerdict.Queue;
                return Interlocked.CompareExchange(ref _state, state | GuardWord.Writing, state) == state
                    ? WriteVerdict.Proceed
                    : WriteVerdict.Refuse;
            }
        }

        if (refusing is null) ThrowDeferring(deferring!, operation, key, state);
        ThrowRefused(refusing, operation, key, state);
        return WriteVerdict.Refuse;
    }

    /// <summary>With the writer bit won: sign, leave frozen arrays to their snapshot, apply what was queued.</summary>
    /// <returns>True if queued writes were applied.</returns>
    private bool FinishEntering(long state, MapOperation operation, int thread, Lease? through = null)
    {
        Volatile.Write(ref _writer, WriterStamp.Of(state, operation, thread));
        if ((state & (GuardWord.Frozen | GuardWord.Queued)) == 0) return false;
        // A cursor's write is its iteration's own; what is queued goes on waiting for that iteration, unless it tolerates it.
        bool apply = (state & GuardWord.Queued) != 0 && through is null or { Contract: IterationContract.Tolerate };
        bool entered = false;
        try
        {
            if ((state & GuardWord.Frozen) != 0) CopyFrozen();
            if (apply) ApplyDeferred();
            entered = true;
            return apply;
        }
        finally
        {
            if (!entered) ExitWrite(new WriteTicket(state, WriteVerdict.Proceed), changed: true);
        }
    }

    /// <summary>Releases the guard. Never throws.</summary>
    /// <param name="ticket">What <see cref="EnterWrite"/> returned.</param>
    /// <param name="changed">False if nothing at all was touched, not even by evacuation: then no version is spent.</param>
    private void ExitWrite(WriteTicket ticket, bool changed)
    {
        if (ticket.IsQueued || (ticket.State & GuardWord.Unguarded) != 0) return;
        // Others may set or clear their own bits meanwhile (leases end, violations latch), so add the difference instead of storing.
        long delta = -GuardWord.Writing;
        long growing = _table.IsGrowing ? GuardWord.Growing : 0;
        delta += growing - (ticket.State & GuardWord.Growing);
        if (changed || ticket.AppliedQueue || delta != -GuardWord.Writing) delta += GuardWord.VersionOne;
        else Volatile.Write(ref _writer, 0);
        Interlocked.Add(ref _state, delta);
        if (HasProtection(GuardWord.Synchronized)) Monitor.Exit(Gate.WriteLock);
    }

    private void CopyFrozen()
    {
        var copy = default(CopyArraysAction);
        Run(ref copy);
        lock (Gate.Lock)
        {
            Gate.SnapshotReaders = 0;
            Gate.SnapshotEscaped = false;
            Interlocked.And(ref _state, ~GuardWord.Frozen);
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
        MapViolation? overlapped = null;
        var read = new ReadAction { Key = key };
        var spin = default(SpinWait);
        long giveUpAt = 0;
        while (true)
        {
            long state = Volatile.Read(ref _state);
            if (TryRead(state, ref read)) break;
            if (HasProtection(GuardWord.Synchronized))
            {
                ReadLocked(ref read);
                break;
            }

            if (overlapped is null)
            {
                overlapped = Describe(ReadOverlap(MapOperation.Read, key, state));
                if (!mayLatch) throw MapHost.ToException(overlapped);
                giveUpAt = Environment.TickCount64 + (long)s_longestWait.TotalMilliseconds;
            }
            else if (Environment.TickCount64 > giveUpAt)
            {
                throw MapHost.ToException(overlapped);
            }

            spin.SpinOnce();
        }

        if (overlapped is not null) Latch(overlapped);
        value = read.Value;
        return read.Found;
    }

    /// <summary>A lookup under protection Synchronized that keeps the writers waiting meanwhile.</summary>
    private void ReadLocked(ref ReadAction read)
    {
        bool isOneTable;
        long state;
        lock (Gate.WriteLock)
        {
            state = Volatile.Read(ref _state);
            Run(ref read);
            isOneTable = IsUnwritten(state);
        }

        // Nobody else can have written: it was the lookup's own comparer.
        if (!isOneTable) throw MapHost.ToException(Describe(ReadOverlap(MapOperation.Read, read.Key, state)));
    }

    /// <summary>One attempt at a lookup.</summary>
    /// <returns>False if a write overlapped it and the result means nothing.</returns>
    private bool TryRead(long state, ref ReadAction read)
    {
        bool alone = (state & GuardWord.Unguarded) != 0
            || ((state & GuardWord.Writing) != 0 && WriterIs(state, Environment.CurrentManagedThreadId));
        if (alone)
        {
            // Without protection there is nothing to compare. Inside our own write's callback the table is consistent: foreign
            // code is only called before anything moves.
            Run(ref read);
            return true;
        }

        if ((state & GuardWord.Writing) != 0) return false;
        try
        {
            Run(ref read);
        }
        catch (Exception) when (!IsUnwritten(state))
        {
            // What a racing lookup stumbled over (an index, a half-written key in foreign code) is the overlap, not an error of its own.
            return false;
        }

        ReadFence();
        return IsUnwritten(state);
    }

    /// <summary>Reads something that takes long, and throws if a write overlapped it.</summary>
    private T ReadWhole<T>(MapOperation operation, Func<GuardedMap<TKey, TValue>, T> read)
    {
        if (HasProtection(GuardWord.Unguarded)) return read(this);
        if (HasProtection(GuardWord.Synchronized))
        {
            lock (Gate.WriteLock) return read(this);
        }

        long state = Volatile.Read(ref _state);
        bool ours = (state & GuardWord.Writing) != 0 && WriterIs(state, Environment.CurrentManagedThreadId);
        if (ours) return read(this);
        if ((state & GuardWord.Writing) == 0)
        {
            try
            {
                T result = read(this);
                ReadFence();
                if (IsUnwritten(state)) return result;
            }
            catch (Exception) when (!IsUnwritten(state))
            {
                // Reported below as what it is: an overlap.
            }
        }

        throw MapHost.ToException(Describe(ReadOverlap(operation, null, state)));
    }

    /// <summary>True if nothing has been written since <paramref name="state"/> was taken.</summary>
    private bool IsUnwritten(long state) => ((Volatile.Read(ref _state) ^ state) & GuardWord.ReadStamp) == 0;

    /// <summary>Protection bits never change, so any copy of the word will do.</summary>
    private bool HasProtection(long bit) => (Volatile.Read(ref _state) & bit) != 0;

    /// <summary>True if the write under way in <paramref name="state"/> is the calling thread's own, further up its stack.</summary>
    private bool WriterIs(long state, int thread)
    {
        ulong stamp = Volatile.Read(ref _writer);
        return WriterStamp.Belongs(stamp, state) && WriterStamp.Thread(stamp) == thread;
    }

    private void Latch(MapViolation violation)
    {
        Gate.Latch(violation);
        var spin = default(SpinWait);
        long giveUpAt = Environment.TickCount64 + (long)s_longestWait.TotalMilliseconds;
        // Never set a bit under a writer on the fast path: it leaves with a plain store, which would wipe the bit out.
        while (Environment.TickCount64 < giveUpAt)
        {
            long state = Volatile.Read(ref _state);
            if ((state & GuardWord.Writing) == 0
                && Interlocked.CompareExchange(ref _state, state | GuardWord.Latched, state) == state) return;
            spin.SpinOnce();
        }

        throw MapHost.ToException(violation);
    }

    /// <summary>Throws the violation of an earlier lookup of this actor whose exception a shell swallowed.</summary>
    private void ThrowIfLatched()
    {
        if ((Volatile.Read(ref _state) & GuardWord.Latched) == 0) return;
        string? label = MapHost.CurrentLabel();
        MapViolation? violation;
        // In one go: a violation latched between the two would be forgotten.
        lock (Gate.Lock)
        {
            violation = Gate.TakeLatched(label, out bool moreWait);
            if (!moreWait) Interlocked.And(ref _state, ~GuardWord.Latched);
        }

        if (violation is not null) throw MapHost.ToException(violation);
    }

    /// <summary>What is known of a forbidden overlap when it is found.</summary>
    private readonly record struct ViolationFacts(MapViolationKind Kind, MapOperation Operation, object? Key)
    {
        public MapActor? Holder { get; init; }

        public IterationContract? Contract { get; init; }

        public IteratorState? Iterator { get; init; }

        /// <summary>The state word the offender saw.</summary>
        public long State { get; init; }

        public long? VersionExpected { get; init; }

        public required string Remedy { get; init; }
    }

    private MapViolation Describe(in ViolationFacts facts)
    {
        long found = GuardWord.Version(Volatile.Read(ref _state));
        var violation = new MapViolation
        {
            Kind = facts.Kind,
            MapName = Name,
            Operation = facts.Operation,
            Key = facts.Key,
            Offender = MapActor.Current(facts.Operation),
            Holder = facts.Holder,
            Contract = facts.Contract,
            IteratorState = facts.Iterator,
            VersionExpected = facts.VersionExpected ?? GuardWord.Version(facts.State),
            VersionFound = found,
            Remedy = facts.Remedy,
        };
        Gate.LastViolation = violation;
        Observer?.Record(ProbePoint.ViolationDetected, 0, 0, (ulong)facts.Kind);
        MapTelemetry.Log.Report(violation);
        ViolationDetected?.Invoke(this, violation);
        return violation;
    }

    private MapViolationException Violation(in ViolationFacts facts) => MapHost.ToException(Describe(facts));

    /// <summary>A write, or an iteration's start or step, met a write: another thread's, or our own further up the stack.</summary>
    [DoesNotReturn]
    private void ThrowOverlap(MapViolationKind kind, MapOperation operation, object? key, long state, IterationContract? contract = null, IteratorState? iterator = null)
    {
        bool own = WriterIs(state, Environment.CurrentManagedThreadId);
        throw Violation(new ViolationFacts(own ? MapViolationKind.ReentrantWrite : kind, operation, key)
        {
            Holder = Writer(state),
            Contract = contract,
            Iterator = iterator,
            State = state,
            Remedy = own ? ReentrantRemedy : kind == MapViolationKind.ConcurrentWrites ? WriteRemedy : ReadRemedy,
        });
    }

    /// <summary>A write met one that is still being made up for the queue: another thread's, or our own further up the stack.</summary>
    [DoesNotReturn]
    private void ThrowDeferring(MapActor other, MapOperation operation, object? key, long state)
    {
        bool own = other.ThreadId == Environment.CurrentManagedThreadId;
        throw Violation(new ViolationFacts(own ? MapViolationKind.ReentrantWrite : MapViolationKind.ConcurrentWrites, operation, key)
        {
            Holder = other,
            State = state,
            Remedy = own ? ReentrantRemedy : WriteRemedy,
        });
    }

    [DoesNotReturn]
    private void ThrowRefused(Lease lease, MapOperation operation, object? key, long state) =>
        throw Violation(new ViolationFacts(MapViolationKind.ConcurrentIterationAndWrite, operation, key)
        {
            Holder = lease.Holder,
            Contract = lease.Contract,
            State = state,
            Remedy = lease.Rule.Remedy,
        });

    private ViolationFacts ReadOverlap(MapOperation operation, object? key, long state)
    {
        ulong stamp = StampOf(state);
        // A stamp from before the lookup began is that of a write that had ended, not of the one in the way.
        MapActor? writer = WriterStamp.IsSince(stamp, state) ? Signatory(stamp) : null;
        bool own = writer is not null && writer.ThreadId == Environment.CurrentManagedThreadId;
        return new ViolationFacts(own ? MapViolationKind.ReentrantRead : MapViolationKind.ConcurrentReadAndWrite, operation, key)
        {
            Holder = writer,
            State = state,
            Remedy = own ? ReentrantRemedy : ReadRemedy,
        };
    }

    /// <summary>Names the writer seen in <paramref name="state"/>, or, when it has left, the one that wrote last.</summary>
    private MapActor? Writer(long state) => Signatory(StampOf(state));

    private ulong StampOf(long state)
    {
        long now = Volatile.Read(ref _state);
        // The overlap may have begun after the word was taken.
        if ((state & GuardWord.Writing) == 0 && (now & GuardWord.Writing) != 0) state = now;
        // The stamp follows the writer bit by a few instructions; give it the time.
        var spin = default(SpinWait);
        ulong stamp = Volatile.Read(ref _writer);
        while ((state & GuardWord.Writing) != 0 && !WriterStamp.Belongs(stamp, state) && !IsOver(state) && spin.Count < 100)
        {
            spin.SpinOnce();
            stamp = Volatile.Read(ref _writer);
        }

        return stamp;

        bool IsOver(long seen) => ((Volatile.Read(ref _state) ^ seen) & GuardWord.ReadStamp) != 0;
    }

    private static MapActor? Signatory(ulong stamp) => WriterStamp.Operation(stamp) == MapOperation.None ? null : new MapActor
    {
        ThreadId = WriterStamp.Thread(stamp),
        Operation = WriterStamp.Operation(stamp),
        Label = ActorDirectory.LabelOf(WriterStamp.Thread(stamp)),
    };

    private MapActor AnonymousHolder()
    {
        ulong stamp = Volatile.Read(ref _leaseStamp);
        return new MapActor
        {
            ThreadId = LeaseStamp.Thread(stamp),
            Operation = MapOperation.Iterate,
            Label = ActorDirectory.LabelOf(LeaseStamp.Thread(stamp)),
            Since = DateTimeOffset.Now.AddMilliseconds(-LeaseStamp.AgeInMilliseconds(stamp)),
        };
    }

    private struct ReadAction : ITableAction
    {
        public TKey Key;
        public TValue? Value;
        public bool Found;

        public void Run<TOps, TProbe>(ref BucketTable<TKey, TValue> table, TOps ops, TProbe probe)
            where TOps : struct, IKeyOps<TKey>
            where TProbe : struct, IProbe
        {
            ulong hash = ops.Hash(Key);
            probe.At(ProbePoint.HashComputed, 0, 0, hash);
            ref Slot<TKey, TValue> slot = ref table.FindGrowing(Key, hash, ops, probe);
            Found = !Unsafe.IsNullRef(ref slot);
            Value = Found ? slot.Value : default;
        }
    }

    private struct CopyArraysAction : ITableAction
    {
        public readonly void Run<TOps, TProbe>(ref BucketTable<TKey, TValue> table, TOps ops, TProbe probe)
            where TOps : struct, IKeyOps<TKey>
            where TProbe : struct, IProbe => table.CopyArrays(probe);
    }
}
