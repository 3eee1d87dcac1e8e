namespace GuardedMaps;

/// <summary>
/// The answer to the one question a map's interface has to answer:
/// what shall happen when somebody writes while you iterate? A guarded map gives the first five; <see cref="WeaklyConsistent"/> is the answer of other kinds.
/// </summary>
public enum IterationContract
{
    /// <summary>
    /// The writer gets the error and nothing is written; the iteration goes on untouched. Needs a
    /// <em>lease</em>, an iteration whose end is known: C# <c>foreach</c>, <c>using var it = map.Iterate()</c>,
    /// <c>Invoke-MapIteration</c>.
    /// </summary>
    Reject,

    /// <summary>
    /// The writer proceeds; the iteration gets the error at its next step. What .NET's Hashtable and Java's
    /// HashMap do as a best effort is exact here.
    /// </summary>
    FailFast,

    /// <summary>
    /// Go's language rule. The iterating thread may write: each key present throughout is visited exactly
    /// once, a deleted one is not visited after its deletion, an inserted one may be. A write by another
    /// thread is a violation.
    /// </summary>
    Tolerate,

    /// <summary>The writer proceeds; the iteration sees the map as it was when the iteration began.</summary>
    Snapshot,

    /// <summary>
    /// The write is queued and applied, in order, when the last lease ends; the iteration goes on untouched
    /// and reads see the map without the queued writes. The write answers its caller at once, as if everything queued before it had
    /// been applied. Its comparer and factory run then and there, and count as a write under way: a second write meanwhile is a violation.
    /// A change of the table's size cannot be queued and is refused.
    /// </summary>
    Defer,

    /// <summary>
    /// Nobody gets an error, on whatever thread the writer is: each key that is there from beginning to end is seen exactly once, none is seen twice, one that is removed is
    /// not seen after its removal, and one that is added may be seen or not. What the iterations of a <see cref="SyncMap{TKey, TValue}"/> and of an
    /// <see cref="OrderedMap{TKey, TValue}"/> give, and theirs alone: a guarded map that is asked for it refuses.
    /// </summary>
    WeaklyConsistent,
}
