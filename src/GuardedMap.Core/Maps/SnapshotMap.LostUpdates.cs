using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace GuardedMaps;

// The one thing a SnapshotMap can refuse: a set that would bury a write which its thread has not seen (GuardedMap.LostUpdates.cs tells the race; an option here as
// there). Nothing else of it can collide.
//
// A lookup takes the version first and the tree then, so what it finds may be newer than its version, and never older. That errs towards a question too many: a set
// whose thread has read at this very version is let through unasked, and any other compares what is there with what was read. It asks under the writers' lock, so
// nobody writes between the answer and the set. A set that is refused decides to do nothing, and tells so when the lock is free.
public abstract partial class SnapshotMapBase<TKey, TValue> : IRefusingMap
{
    // Null if the map does not detect lost updates.
    private readonly LostUpdateWatch? _watch;

    /// <summary>Raised for every violation, on the thread of the offender, before the exception is thrown.</summary>
    /// <remarks><inheritdoc cref="GuardedMapBase{TKey, TValue}.ViolationDetected" path="/remarks"/></remarks>
    public event EventHandler<MapViolation>? ViolationDetected;

    /// <inheritdoc cref="GuardedMapBase{TKey, TValue}.DetectsLostUpdates"/>
    public bool DetectsLostUpdates => _watch is not null;

    /// <summary>The last violation detected on this map, or null. Only a map that detects lost updates has any.</summary>
    public MapViolation? LastViolation => _watch?.Violations.Last;

    /// <summary>How many violations have been detected on this map.</summary>
    public long ViolationCount => _watch?.Violations.Count ?? 0;

    /// <summary>The violations detected on this map, oldest first; of many, the newest 64.</summary>
    public IReadOnlyList<MapViolation> GetViolations() => _watch?.Violations.Newest() ?? [];

    /// <summary>A lookup that somebody looks at.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool FindWatched(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        SampleKey(key);
        if (_watch is null) return Find(_tree.Root, key, out value);
        long version = _tree.Version;
        bool found = Find(_tree.Root, key, out value);
        LastReads<TKey, TValue>.Note(_watch, key, found, value, version);
        return found;
    }

    /// <summary>A write of a key on a map that detects lost updates. Only a set is refused: any other write decides by what is there.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void RunWatched<TAction>(MapOperation operation, TKey key, ref TAction action)
        where TAction : struct, ITreeAction<TValue>
    {
        ReadNote<TValue>? read = LastReads<TKey, TValue>.Find(_watch!, key, _comparer, out int places);
        var asked = new WatchedAction<TKey, TValue, TAction>
        {
            Action = action,
            Tree = _tree,
            Watch = _watch!,
            Signature = _watch!.Sign(operation),
            Read = operation == MapOperation.Set ? read : null,
        };
        Run(key, ref asked);
        action = asked.Action;
        if (asked.IsStale) RefuseStale(key, read!, asked.LastWriter);
        LastReads<TKey, TValue>.Forget(_watch!, places);
    }

    /// <summary>Rewrites the tree as a whole. What its thread has read is forgotten: it has had its say about all of it.</summary>
    /// <returns>False if nothing was published, since the thread has written in between.</returns>
    private bool Rewrite(MapOperation operation, TreeRewrite rewrite)
    {
        if (_watch is not { } watch) return _tree.TryRewrite(rewrite);
        WriteSignature signature = watch.Sign(operation);
        bool isPublished = _tree.TryRewrite((root, count, version, epoch) =>
        {
            var result = rewrite(root, count, version, epoch);
            if (!ReferenceEquals(result.Root, root)) watch.LastWriter = signature;
            return result;
        });
        LastReads<TKey, TValue>.Forget(watch);
        return isPublished;
    }

    [DoesNotReturn]
    private void RefuseStale(TKey key, ReadNote<TValue> read, WriteSignature? last)
    {
        var violation = new MapViolation
        {
            Kind = MapViolationKind.StaleWrite,
            MapName = Name,
            Operation = MapOperation.Set,
            Key = key,
            Offender = MapActor.Current(MapOperation.Set),
            // The last to write is mostly who has written this key; if that was this thread, somebody did before.
            Holder = last is null || last.ThreadId == ActorThread.Id ? null : last.ToActor(),
            VersionExpected = read.Version,
            VersionFound = Version,
            Remedy = LostUpdateWatch.Remedy,
        };
        _watch!.Add(violation);
        Observer?.Record(ProbePoint.ViolationDetected, 0, 0, (ulong)violation.Kind);
        ViolationNotice.Tell(this, ViolationDetected, violation);
        throw MapHost.ToException(violation);
    }
}
