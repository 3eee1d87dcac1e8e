using System.Runtime.CompilerServices;

namespace GuardedMaps;

// OnViolation = Report: a map that lets a running system run, and tells where it races.
//
// Nobody switches exceptions on in a system that works, or seems to. Such a map refuses nothing. It does what a map with protection Synchronized does, so no entry
// is lost or torn either: writes take turns, lookups that met one wait for it, and iterations read the map as it was when they began. What a guarded map would
// have refused it finds out beside that:
//
//     a write, a copy, an iteration's start that had to wait for another's write     it waited, and the version has moved meanwhile
//     a lookup that met a write                                                      the version moved under it
//     a write during an iteration that refuses it (Reject, Tolerate; a resize        the leases are kept here as well, only that
//     under Defer)                                                                   no writer has to obey them
//     a step after a write, where the iteration would have failed (FailFast)         the version it began with
//     a copy whose Count is no longer true                                           the version that came with the Count
//
// What is found while the map is held is told when it has been let go: handlers are foreign code.
//
// Some things are refused all the same, since to wait would be to wait for oneself, or since no order of operations makes sense of them: a write from inside of the map's own
// callbacks, an iterator that two threads step at once, or that is over.
public abstract partial class GuardedMapBase<TKey, TValue>
{
    private const long Told = -1;
    private const int MostWarned = 256;

    /// <summary>What the map does about a forbidden overlap.</summary>
    public ViolationResponse OnViolation => _options.OnViolation;

    private bool Reports
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => HasProtection(VersionWord.Reports);
    }

    /// <summary>True if every iteration has the contract Snapshot, and no other is to be had.</summary>
    private bool HasSnapshotsOnly => (Volatile.Read(ref _version) & (VersionWord.Synchronized | VersionWord.Reports)) == VersionWord.Synchronized;

    /// <summary>The rule an iteration is measured by though it is not kept to it; null if it is kept to its rule.</summary>
    internal ContractRule? WatchedRule(IterationContract contract) => Reports ? ContractRule.For(contract) : null;

    /// <summary>Takes the lock that writers take turns by.</summary>
    /// <param name="locked">True once it is taken.</param>
    /// <param name="met">Another's write that this waits for; null if there is none.</param>
    /// <returns>False if it had to wait.</returns>
    private bool TakeTurn(ref bool locked, out MapActor? met)
    {
        met = null;
        Monitor.TryEnter(Gate.WriteLock, ref locked);
        if (locked) return true;
        long before = Volatile.Read(ref _version);
        MapActor? writer = Reports ? Writer(before) : null;
        Monitor.Enter(Gate.WriteLock, ref locked);
        long now = Volatile.Read(ref _version);
        // Somebody who only read held the lock, or it was a write that has changed nothing and was over at once.
        bool isWrite = (before & VersionWord.Writing) != 0 || ((before ^ now) & VersionWord.ReadStamp) != 0;
        if (isWrite && Reports) met = writer ?? Writer(now);
        return !isWrite;
    }

    /// <summary>Remembers what to tell about a write that is let in, while the map is held.</summary>
    private void NoteWrite(MapOperation operation, TKey key, bool hasKey, Lease? through, MapActor? met)
    {
        object? which = hasKey ? key : null;
        long version = Volatile.Read(ref _version);
        if (met is not null)
        {
            Note(new ViolationFacts(MapViolationKind.ConcurrentWrites, operation, which) { Holder = met, Version = version, Remedy = WriteRemedy });
            return;
        }

        Lease? refusing;
        using (Uninterrupted.Lock(Gate.Lock))
        {
            Gate.DropAbandoned();
            refusing = Lease.Ask(Gate.Leases, operation, through, ActorThread.Id).Refusing;
        }

        if (refusing is not null) Note(Refused(refusing, operation, which));
    }

    // Under the writers' lock.
    private void Note(in ViolationFacts facts) => (Gate.Noted ??= []).Add(facts);

    /// <summary>Takes what is to be told. Under the writers' lock.</summary>
    private List<ViolationFacts>? TakeNoted()
    {
        List<ViolationFacts>? noted = Gate.Noted;
        Gate.Noted = null;
        return noted;
    }

    /// <summary>Tells it. The map must be free.</summary>
    private void Tell(List<ViolationFacts>? noted)
    {
        foreach (ViolationFacts facts in noted ?? []) Describe(facts);
    }

    /// <summary>Warns of each pair of places once: a race in a loop would bury everything else.</summary>
    private void WarnOnce(MapViolation violation)
    {
        if (MapHost.Warning is not { } warn) return;
        var places = (violation.Kind, Place(violation.Offender), Place(violation.Holder));
        using (Uninterrupted.Lock(Gate.Lock))
        {
            // Positions are few, statements typed at a prompt may be many.
            var warned = Gate.Warned ??= [];
            if (warned.Count == MostWarned || !warned.Add(places)) return;
        }

        warn(violation);

        static (MapOperation Operation, string? Position) Place(MapActor? actor) => (actor?.Operation ?? MapOperation.None, actor?.Position);
    }

    /// <summary>A lookup, or a copy, has met a write and waited for it.</summary>
    private void ReportRead(MapOperation operation, object? key, long version)
    {
        if (Reports) Describe(ReadOverlap(operation, key, version));
    }

    /// <summary>An iteration begins: it reads a snapshot, and what is not allowed beside it is found out by its lease.</summary>
    private long BeginWatched(MapIterator<TKey, TValue> iterator, ref Lease? lease, ref BucketTable<TKey, TValue> snapshot)
    {
        bool locked = false;
        MapActor? met;
        long version;
        try
        {
            TakeTurn(ref locked, out met);
            version = Freeze(iterator, ref snapshot);
            if (iterator.Watched is { IsRegistered: true } && iterator.IsLeased)
            {
                MapActor holder = IterationActor();
                using (Uninterrupted.Lock(Gate.Lock)) lease = Gate.AddLease(iterator.Contract, holder, iterator);
                Observe(ProbePoint.LeaseBegun, 0, 0, (ulong)iterator.Contract);
            }
        }
        finally
        {
            if (locked) Monitor.Exit(Gate.WriteLock);
        }

        WantPositions(WritesAfterIteration);
        if (met is not null)
        {
            Describe(new ViolationFacts(MapViolationKind.ConcurrentIterationAndWrite, MapOperation.Iterate, null)
            {
                Holder = met,
                Contract = iterator.Contract,
                Iterator = iterator.State,
                Version = version << VersionWord.Shift,
                Remedy = ReadRemedy,
            });
        }

        return version;
    }

    /// <summary>A step of an iteration that fails on a guarded map, if somebody has written since it began. It would have failed once, so it is told once.</summary>
    internal void ReportStale(MapIterator<TKey, TValue> iterator, ref long expectedVersion)
    {
        long version = Volatile.Read(ref _version);
        if (iterator.Watched is not { FailsAfterWrite: true } rule || expectedVersion == Told || VersionWord.Number(version) == expectedVersion) return;
        long expected = expectedVersion;
        expectedVersion = Told;
        Describe(Stale(iterator, rule, version, expected));
    }
}
