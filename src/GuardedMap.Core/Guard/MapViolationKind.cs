namespace GuardedMaps;

/// <summary>The forbidden overlaps. In PowerShell the name is the first part of the error's id.</summary>
public enum MapViolationKind
{
    /// <summary>Two writes overlapped. The one that came second gets the error.</summary>
    ConcurrentWrites,

    /// <summary>A lookup and a write overlapped. The lookup gets the error.</summary>
    ConcurrentReadAndWrite,

    /// <summary>
    /// An iteration and a write overlapped. The iteration's contract says who gets the error:
    /// the writer (<see cref="IterationContract.Reject"/>) or the iteration (<see cref="IterationContract.FailFast"/>).
    /// </summary>
    ConcurrentIterationAndWrite,

    /// <summary>
    /// A write, or the start or step of an iteration, came from inside another write on the same thread:
    /// from a comparer, a value factory or an update callback.
    /// </summary>
    ReentrantWrite,

    /// <summary>A lookup on a thread overlapped a write that its own comparer made.</summary>
    ReentrantRead,

    /// <summary>Two threads were inside one iterator at once.</summary>
    IteratorInUse,

    /// <summary>A bound iterator was stepped by a thread that did not create it.</summary>
    ForeignIterator,

    /// <summary>An iterator was stepped, reset, read or written through after it was done, or after <see cref="IGuardedMap.EndIterations"/> had ended it.</summary>
    IteratorDone,

    /// <summary>
    /// Somebody wrote between a thread's <c>Count</c> and its <c>CopyTo</c> through an interface, which is how LINQ and the framework's lists copy
    /// a collection. The copy gets the error: it would have had a hole, or would not have fitted.
    /// </summary>
    StaleCount,

    /// <summary>
    /// A write that was deferred (<see cref="IterationContract.Defer"/>) could not be applied when the last lease ended: the comparer threw. It was dropped, and the
    /// rest of the queue applied.
    /// </summary>
    DeferredWriteFailed,

    /// <summary>
    /// A thread set a key whose value it had read, and somebody else had changed it in between (<see cref="MapOptions{TKey}.DetectLostUpdates"/>). The set gets the error: it would
    /// have buried a write that its thread has never seen.
    /// </summary>
    StaleWrite,
}
