using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

// The race between two legal operations: a thread reads a key, makes a new value of what it has read, and sets it; another has set the key in between. No operation
// overlaps another, and the other's update is lost all the same. A map with DetectLostUpdates remembers what a thread has read (Guard/LastReads.cs) and
// asks when it sets the key: has anybody written since, and is what is there not what was read? Then the set would bury a write that its thread has never seen.
// It is refused before the table is touched.
//
//     no version has passed since the lookup          nobody has written: nothing to ask
//     what is there is the same object, or bits       somebody has written something else, or the same again
//     else                                            StaleWrite
//
// The question is asked while the map is held, so nobody can write between it and the set. A check-then-act is the same: what was read is that the key is missing.
public abstract partial class GuardedMapBase<TKey, TValue>
{
    // Stands for the map among what threads remember, so that what they remember does not keep it; null if it does not detect lost updates.
    private readonly ReadMark? _readOf;

    /// <summary>True if a set is refused that would overwrite a value which its thread has read and somebody else has changed since.</summary>
    public bool DetectsLostUpdates => _readOf is not null;

    /// <summary>The fast lookup of a map that detects lost updates: that of any other map, and a note of what it has found.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool ReadAndNote(TKey key, long version, [MaybeNullWhen(false)] out TValue value)
    {
        ulong hash = HashExact(key);
        ref Slot<TKey, TValue> slot = ref (version & VersionWord.Growing) == 0 ? ref FindExact(key, hash) : ref FindGrowingExact(key, hash);
        bool found = !Unsafe.IsNullRef(ref slot);
        value = found ? slot.Value : default;
        Fence.Loads();
        if (((Volatile.Read(ref _version) ^ version) & VersionWord.ReadStamp) != 0) return ReadCarefully(key, mayLatch: _options.ForShell, out value);
        NoteRead(key, found, value, VersionWord.Number(version));
        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void NoteRead(TKey key, bool found, TValue? value, long version) => LastReads<TKey, TValue>.Note(_readOf!, key, found, value, version);

    /// <summary>Finds what the calling thread has read of a key it is about to set. Calls the comparer.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RecallRead(ref WriteRequest request)
    {
        ReadNote<TValue>? read = request.IsKeyed ? LastReads<TKey, TValue>.Find(_readOf!, request.Key, Comparer, out request.ReadPlaces) : null;
        if (request.Mode == WriteMode.Set) request.Read = read;
        request.Buries = Reports;
        // While the map is held the stamp is our own.
        if (request.Read is not null) request.LastWriter = LastStamp(Volatile.Read(ref _version));
    }

    /// <summary>Drops what was read, if nobody has written since: then it is what is there.</summary>
    private static void CheckRead(ref WriteRequest request, WriteTicket ticket)
    {
        if (request.Read is { } read && read.Version == VersionWord.Number(ticket.Version) && !ticket.AppliedQueue) request.Read = null;
    }

    /// <summary>A write is done, or queued: its thread knows what it has written. One that was refused is not, and what was read stays true or false.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ForgetRead(in WriteRequest request)
    {
        if (request.IsStale) TellStaleWrite(request, request.Read!);
        if (request.IsKeyed) LastReads<TKey, TValue>.Forget(_readOf!, request.ReadPlaces);
        else LastReads<TKey, TValue>.Forget(_readOf!);
    }

    /// <summary>A set that would have buried another's write was not done, or, on a map that reports, was.</summary>
    private void TellStaleWrite(in WriteRequest request, ReadNote<TValue> read)
    {
        long version = Volatile.Read(ref _version);
        var facts = new ViolationFacts(MapViolationKind.StaleWrite, request.Operation, request.Key)
        {
            // The last to write is mostly who has written this key; if that was this thread, somebody did before.
            Holder = IsOwnStamp(request.LastWriter) ? null : Signatory(request.LastWriter),
            Version = version,
            VersionExpected = read.Version,
            Remedy = LostUpdateWatch.Remedy,
        };
        if (!Reports) throw Violation(facts);
        Describe(facts);
    }
}
