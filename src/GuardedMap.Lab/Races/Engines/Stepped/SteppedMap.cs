using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>Something to do to a stepped table.</summary>
internal interface ISteppedAction
{
    Step<None> Run(SteppedTable table, StepOps ops, StepProbe probe);
}

/// <summary>
/// The map, stepped: <see cref="GuardedMapBase{TKey, TValue}"/> with keys of int and values of long, built-in hashing and a fixed seed.
/// The operations are generated; here is what they need beside it.
/// </summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "Generated code calls them on a map, as the source does.")]
internal sealed partial class SteppedMap
{
    private static readonly MapOptions<int> s_options = new();

    private readonly bool _detects;
    private int _owner;

    /// <param name="seed">The hash seed.</param>
    /// <param name="protection">What stands between actors and the table.</param>
    public SteppedMap(ulong seed, RaceProtection protection)
    {
        _detects = protection == RaceProtection.Detect;
        Reports = protection == RaceProtection.Report;
        Waits = protection.Waits();
        _options = s_options;
        _table._seed = seed;
        _version.Value = (protection.HasGuard() ? 0 : VersionWord.Unguarded) | (_detects ? VersionWord.Detects : 0)
            | (Waits ? VersionWord.Synchronized : 0) | (Reports ? VersionWord.Reports : 0);
        _access.Value = AccessWord.Shared;
        Gate = new SteppedGate();
        _table.Publish(SteppedIndex.Unallocated).Now();
        _table._entries.Value = SlotCells.Empty;
    }

    internal SteppedGate Gate { get; }

    /// <summary>True if operations take turns.</summary>
    internal bool Waits { get; }

    /// <summary>True if it tells as well what a guarded map would have refused.</summary>
    internal bool Reports { get; }

    internal bool IsGuarded => (_version.Value & VersionWord.Unguarded) == 0;

    /// <summary>True if nobody holds the map, or waits in it: how every schedule must leave it.</summary>
    internal bool IsAtRest =>
        (_version.Value & VersionWord.Writing) == 0
        && (_access.Value & (AccessWord.Held | AccessWord.Registered | AccessWord.Queued | AccessWord.AnonymousMask)) == 0
        && _ownerBusy.Value == 0
        && ((_access.Value & AccessWord.Shared) != 0 || _ownerLeases.Value == 0)
        && Gate.Leases.Count == 0
        && !Gate.Lock.IsHeld
        && !Gate.WriteLock.IsHeld;

    /// <summary>Makes an actor the map's owner, as the thread is that made a map.</summary>
    internal void GiveTo(int actor)
    {
        _owner = StepActor.FirstThread + actor;
        _access.Value = AccessWord.Owned;
    }

    /// <summary>The actor that the map belongs to, or belonged to; -1 if it was nobody's.</summary>
    internal int OwningActor => _owner == 0 ? -1 : Actor(_owner);

    /// <summary>What lies under the gate's lock, folded.</summary>
    internal UInt128 GateContent
    {
        get
        {
            var content = StepFold.Of((ulong)Gate.SnapshotReaders, (Gate.SnapshotEscaped ? 1UL : 0) | (Gate.Deferring is null ? 0UL : 2));
            foreach (var lease in Gate.Leases) content = StepFold.Then(content, ((ulong)lease.Holder.ThreadId << 32) | ((ulong)lease.Stepper << 8) | (ulong)lease.Contract);
            return content;
        }
    }

    internal static MapActor Me(MapOperation operation) => new() { ThreadId = StepWorld.Current.MyThread, Operation = operation };

    internal static Exception NotReached(string what) =>
        throw new RaceModelException(string.Create(CultureInfo.InvariantCulture, $"A stepper has come to {what}, which is not modelled. The scenario must not lead there, or the generator's rules must change."));

    internal static Exception NotReached(string what, out bool value)
    {
        value = false;
        return NotReached(what);
    }

    /// <summary>A leased iterator that has not begun; it starts in bucket 0 at slot 0.</summary>
    internal SteppedIterator CreateIterator(IterationContract contract) => new(this, contract);

    internal Step<None> Run<TAction>(TAction action)
        where TAction : ISteppedAction => Run(action, _table);

    internal Step<None> Run<TAction>(TAction action, SteppedTable table)
        where TAction : ISteppedAction => action.Run(table, new StepOps(_table.Seed), StepWorld.Current.Probe);

    internal void Observe(ProbePoint point, int bucket, int slot, ulong data, SteppedIterator? iterator = null)
    {
        _ = iterator;
        StepWorld.Current.Observer?.Record(point, bucket, slot, data);
    }

    // What is thrown. Who was in the way is read without steps: by then everything is decided.

    internal StepViolationException Refused(MapViolationKind kind, MapOperation operation, object? key) =>
        new(kind, operation, key, LeaseHolder(), MapOperation.Iterate);

    internal StepViolationException OverlapError(MapViolationKind kind, MapOperation operation, object? key, long version)
    {
        ulong stamp = LastStamp();
        bool isOwn = WriterStamp.Belongs(stamp, version) && ThreadOf(stamp) == StepWorld.Current.MyThread;
        return new(isOwn ? MapViolationKind.ReentrantWrite : kind, operation, key, Writer(), WriterStamp.Operation(stamp));
    }

    internal StepViolationException OverlapError(SteppedIterator iterator, long version)
    {
        _ = iterator;
        return OverlapError(MapViolationKind.ConcurrentIterationAndWrite, MapOperation.Iterate, null, version);
    }

    internal static StepViolationException RefusedError(Lease lease, MapOperation operation, object? key) =>
        new(MapViolationKind.ConcurrentIterationAndWrite, operation, key, Actor(lease.Holder.ThreadId), MapOperation.Iterate);

    internal StepViolationException StaleError(SteppedIterator iterator, ContractRule rule, long version, long expected)
    {
        _ = (iterator, rule, version, expected);
        return new(MapViolationKind.ConcurrentIterationAndWrite, MapOperation.Iterate, null, Writer(), WriterStamp.Operation(LastStamp()));
    }

    internal static StepViolationException DeferringError(MapActor other, MapOperation operation, object? key) =>
        new(MapViolationKind.ConcurrentWrites, operation, key, Actor(other.ThreadId), other.Operation);

    internal StepViolationException ReadOverlap(MapOperation operation, object? key, long version)
    {
        ulong stamp = LastStamp();
        bool isSince = WriterStamp.IsSince(stamp, version);
        bool isOwn = isSince && ThreadOf(stamp) == StepWorld.Current.MyThread;
        return new(
            isOwn ? MapViolationKind.ReentrantRead : MapViolationKind.ConcurrentReadAndWrite,
            operation,
            key,
            isSince ? Writer() : -1,
            isSince ? WriterStamp.Operation(stamp) : MapOperation.None);
    }

    internal StepViolationException IteratorViolation(MapViolationKind kind, SteppedIterator iterator, int holderThread)
    {
        _ = iterator;
        return new(kind, MapOperation.Iterate, null, holderThread == 0 ? -1 : Actor(holderThread), MapOperation.Iterate);
    }

    // What actors have read, each in a memory of its own, as each thread has one. Nobody else can see it, so to touch it is no step. A map of a scenario is looked at less often than
    // a thread remembers lookups, so nothing has to be forgotten for others.

    private object? Memory => _detects ? this : null;

    private static void NoteRead(int key, bool found, long value, long version) => StepWorld.Current.Running?.Reads.Add((key, new ReadNote<long>(found, value, version)));

    private static void RecallRead(WriteRequest request)
    {
        if (request.Mode == WriteMode.Set) request.Read = StepWorld.Current.Running?.Reads.FindLast(read => read.Key == request.Key).Note;
    }

    private static void CheckRead(WriteRequest request, WriteTicket ticket)
    {
        if (request.Read is { } read && read.Version == VersionWord.Number(ticket.Version) && !ticket.AppliedQueue) request.Read = null;
    }

    private void ForgetRead(WriteRequest request)
    {
        if (request.IsStale) throw new StepViolationException(MapViolationKind.StaleWrite, request.Operation, request.Key, Writer(), WriterStamp.Operation(LastStamp()));
        StepWorld.Current.Running?.Reads.RemoveAll(read => !request.IsKeyed || read.Key == request.Key);
    }

    // Taking turns: the lock that writers wait for, and what is asked under it. What a map tells that reports violations is kept by the actor that is told, as its own.

    private async Step<WriteTicket> EnterWaiting(MapOperation operation, int key, bool hasKey, Lease? through)
    {
        bool met = !await TakeTurn();
        bool entered = false;
        StepWorld.BeginTry();
        try
        {
            var ticket = await EnterAtOnce(operation, key, hasKey, through);
            entered = true;
            if (met) Tell(MapViolationKind.ConcurrentWrites);
            else if (Reports) await AskLeases(operation, through);
            return ticket;
        }
        finally
        {
            StepWorld.EndTry();
            if (!entered) await EndTurn();
        }
    }

    private async Step<None> EndTurn()
    {
        await Gate.WriteLock.Exit(SteppedPoints.TurnEnd);
        return default;
    }

    // False if it had to wait, and there was a write meanwhile.
    private async Step<bool> TakeTurn()
    {
        if (await Gate.WriteLock.TryEnter(SteppedPoints.TurnTry)) return true;
        long before = await _version.Read(SteppedPoints.TurnVersion);
        await Gate.WriteLock.Enter(SteppedPoints.TurnTake, SteppedPoints.TurnWait);
        long now = await _version.Read(SteppedPoints.TurnVersion);
        return (before & VersionWord.Writing) == 0 && ((before ^ now) & VersionWord.ReadStamp) == 0;
    }

    // Which iteration a guarded map would have kept this write from.
    private async Step<None> AskLeases(MapOperation operation, Lease? through)
    {
        await Gate.Lock.Enter(SteppedPoints.AskTake, SteppedPoints.AskWait);
        bool refuses = Lease.Ask(Gate.Leases, operation, through, StepWorld.Current.MyThread).Refusing is not null;
        StepWorld.Current.Running?.Saw(refuses ? 1UL : 0);
        if (refuses) Tell(MapViolationKind.ConcurrentIterationAndWrite);
        await Gate.Lock.Exit(SteppedPoints.AskEnd);
        return default;
    }

    private async Step<long> ReadLocked(ReadAction read)
    {
        await Gate.WriteLock.Enter(SteppedPoints.TurnTake, SteppedPoints.TurnWait);
        long version;
        StepWorld.BeginTry();
        try
        {
            version = await _version.Read(SteppedPoints.TurnVersion);
            await Run(read);
        }
        finally
        {
            StepWorld.EndTry();
            await EndTurn();
        }

        Tell(MapViolationKind.ConcurrentReadAndWrite);
        return version;
    }

    private async Step<long> BeginWatched(SteppedIterator iterator, CellRef<Lease?> lease, SteppedTable snapshot)
    {
        bool met = !await TakeTurn();
        long version;
        StepWorld.BeginTry();
        try
        {
            version = await Freeze(iterator, snapshot);
            if (Reports && iterator.IsLeased && ContractRule.For(iterator.Contract).IsRegistered)
            {
                await Gate.Lock.Enter(SteppedPoints.AskTake, SteppedPoints.AskWait);
                await lease.Write(SteppedPoints.AskEnd, Gate.AddLease(iterator.Contract, Me(MapOperation.Iterate), iterator));
                await Gate.Lock.Exit(SteppedPoints.AskEnd);
            }
        }
        finally
        {
            StepWorld.EndTry();
            await EndTurn();
        }

        if (met) Tell(MapViolationKind.ConcurrentIterationAndWrite);
        return version;
    }

    private void Tell(MapViolationKind kind)
    {
        if (Reports && StepWorld.Current.Running is { } actor) actor.Told |= 1u << (int)kind;
    }

    // Not modelled.

    private static Step<None> Defer(WriteRequest request) => throw NotReached($"deferral ({request.Operation})");

    private static Step<bool> TryDefer(WriteRequest request, Lease? through = null) => throw NotReached($"deferral ({request.Operation}, {through})");

    private static Step<None> DrainDeferred() => throw NotReached("deferral");

    private static Step<DeferredFailures?> ApplyDeferred() => throw NotReached("deferral");

    private static Step<None> Latch(StepViolationException violation) => throw NotReached($"a latched violation ({violation.Kind})");

    private bool IsOwner => _owner == StepWorld.Current.MyThread;

    private bool IsOwnerItself => IsOwner;

    private static int Actor(int thread) => thread >= StepActor.FirstThread ? thread - StepActor.FirstThread : -1;

    private int Writer()
    {
        ulong stamp = LastStamp();
        return WriterStamp.Operation(stamp) == MapOperation.None ? -1 : Actor(ThreadOf(stamp));
    }

    private ulong LastStamp() => WriterStamp.Last(_version.Value, _writer.Value);

    private int ThreadOf(ulong stamp) => WriterStamp.IsOwners(stamp) ? _owner : WriterStamp.Thread(stamp);

    private int LeaseHolder() => Gate.Leases.Count > 0 ? Actor(Gate.Leases[0].Holder.ThreadId) : -1;
}

/// <summary>
/// What C#'s <c>foreach</c> walks with, by hand: the product's enumerator keeps a run of entries at hand as fields of its own, which says nothing about races. Where the runs lie, and which holes are
/// between them, is generated (EntriesSideBySide, EntriesFrom), and so is the lease (BeginAnonymousLease, EndAnonymousLease). That somebody ends all loops by name (EndIterations) is not modelled.
/// </summary>
internal sealed class SteppedEnumerator(SteppedMap map)
{
    private const int LongestRun = 1024;

    private SlotCells _entries = SlotCells.Empty;
    private int _first;
    private int _at;
    private int _end;
    private int _next;
    private ulong _more;

    public (int Key, long Value) Current { get; private set; }

    public async Step<bool> MoveNext()
    {
        if (_at == _end && _more != 0)
        {
            _at = (_at & ~63) + System.Numerics.BitOperations.TrailingZeroCount(_more);
            _end = _at + 1;
            _more &= _more - 1;
        }
        else if (_at == _end)
        {
            (_at, _end, _more) = await map._table.EntriesSideBySide(_next, LongestRun);
            if (_at == _end) return false;
            _next = _more == 0 ? _end : (_at | 63) + 1;
            var first = StepWorld.Local(0);
            _entries = await map._table.EntriesFrom(_at, first);
            _first = first.Value;
        }

        int index = _at++ - _first;
        Current = (await _entries.Keys.Ref(index).Read(SteppedPoints.LoopEntry), await _entries.Values.Ref(index).Read(SteppedPoints.LoopEntry));
        return true;
    }
}

/// <summary>The iterator, stepped.</summary>
internal sealed partial class SteppedIterator
{
    /// <summary>Which of an actor's iterations it is.</summary>
    public int Number { get; set; }

    /// <summary>The record of its beginning: the moment of a snapshot lies within.</summary>
    public RaceRecord Beginning { get; set; }

    /// <summary>What is in force, whatever was asked for: where operations take turns every iteration reads a snapshot.</summary>
    public IterationContract Effective => _rule.ReadsSnapshot ? IterationContract.Snapshot : Contract;

    public SteppedIterator(SteppedMap map, IterationContract contract)
    {
        _map = map;
        Contract = contract;
        IsLeased = true;
        _rule = ContractRule.For(map.Waits ? IterationContract.Snapshot : contract);
        _random = 0;
        _boundTo = 0;
    }

    /// <summary>Begins anew, as no iterator of the product does: what a naive one does when it is stepped after its end.</summary>
    public async Step<None> Wrap()
    {
        _walk.Rewind();
        await State.Write(SteppedPoints.FlagWrite, IteratorState.Nil);
        return default;
    }
}

/// <summary>The table, stepped.</summary>
internal sealed partial class SteppedTable
{
    // A seed that is fixed is never replaced, not by Clear and not by the last removal either.
    public SteppedTable() => _namedSeed = 0;

    // Entries lie in segments from 32,768 on.
    internal readonly struct Segment;

    // Only a race leads here, with a number that nobody has: there are no segments, and the source stumbles over that as well.
    private static Step<SlotRef> SegmentEntryOf(int number)
    {
        _ = Array.Empty<int>()[number];
        return new Step<SlotRef>(default(SlotRef));
    }

    // A number from before or after the array that it is looked up in.
    private static Step<SlotRef> SegmentEntryOrNull(int number)
    {
        _ = number;
        return new Step<SlotRef>(default(SlotRef));
    }

    private static Step<SlotCells> SegmentFrom(int number, CellRef<int> first) => throw SteppedMap.NotReached($"the entry {number} of a map in segments ({first})");

    private static Step<None> AddSegments(int entries) => throw SteppedMap.NotReached($"a map of {entries} entries, in segments");

    private static Step<Cells<Segment>?> CopySegments() => new(default(Cells<Segment>));

    private void CopyConstants(SteppedTable other) => _seed = other._seed;
}

/// <summary>The index, stepped.</summary>
internal sealed partial class SteppedIndex
{
    internal static SteppedIndex Unallocated => StepWorld.Current.Unallocated;

    /// <summary>A card of a bucket, looked at without a step: for oracles and pictures.</summary>
    internal uint CardAt(int id, int place) =>
        IsPrimary(id) ? Cards[(id * Card.PerBucket) + place] : _overflow.Value!.Cards[((id - Count) * Card.PerBucket) + place];
}

/// <summary>
/// The walk, stepped. It is one actor's own, and copied for each step as the source copies it; on an iterator that two actors
/// share, copying and putting back are a step each.
/// </summary>
internal sealed partial class SteppedWalk : IStepShared
{
    // Stands for all fields together, and holds their fold.
    private readonly Cells<ulong> _whole = StepWorld.Field<ulong>("walk");

    public long Identity => _whole.Location;

    private ulong Content => (ulong)StepFold.Then(
        StepFold.Then(StepFold.Then(StepFold.Of((ulong)Key, (ulong)Value), StepFold.Bits(_holes)), StepFold.Bits(_reborn)),
        (uint)_next | ((ulong)(uint)_end << 12) | ((ulong)(uint)_start << 24) | ((ulong)(uint)_holeCount << 36) | ((ulong)(uint)_clears << 48) | (Wrapped ? 1UL << 62 : 0) | (_inStretch ? 1UL << 63 : 0));

    public void Share() => _whole.Share();

    internal void Rewind() => Take(new SteppedWalk());

    internal async Step<SteppedWalk> Copy(int point)
    {
        var copy = new SteppedWalk();
        await _whole.Read(point);
        copy.Take(this);
        return copy;
    }

    internal async Step<None> Assign(int read, int write, SteppedWalk other)
    {
        _ = read;
        await _whole.Write(write, other.Content);
        Take(other);
        if (StepWorld.Current.Running is { } actor) actor.Visited = (Key, Value);
        return default;
    }
}
