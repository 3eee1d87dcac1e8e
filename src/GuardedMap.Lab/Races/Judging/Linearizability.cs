namespace GuardedMaps.Lab;

/// <summary>What the checker says of a history.</summary>
internal sealed record LinearizabilityResult
{
    /// <summary>True when some order of the operations explains every answer.</summary>
    public required bool Linearizable { get; init; }

    /// <summary>
    /// Such an order; of each key apart when the history was checked key by key. When there is none: the longest
    /// beginning of one that was found.
    /// </summary>
    public required IReadOnlyList<HistoryOperation> Witness { get; init; }

    /// <summary>When there is no order: the operations that could come next in real time, none of whose answers fits.</summary>
    public required IReadOnlyList<HistoryOperation> Stuck { get; init; }

    /// <summary>How many different situations were looked at.</summary>
    public required int Situations { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Linearizable
        ? $"linearizable: {string.Join("; ", Witness)}"
        : $"not linearizable: after [{string.Join("; ", Witness)}] none of [{string.Join("; ", Stuck)}] can come next";
}

// Is there an order of the operations, one that keeps "a returned before b was called", in which a dictionary used by one
// thread would have given the very same answers? (Herlihy and Wing 1990.)
//
// The search (Wing and Gong 1993): whichever operation comes first in the order, none can have returned before it was
// called. So the candidates are the operations called before the earliest return among those that are left. Take one, ask the
// dictionary, go on if the answer fits, take it back if not.
//
//     A  |--Set(1, 10)--|                        earliest return: Set(1, 10)
//     B       |---Get(1) = missing---|           candidates: Set and Get; Count is called after that return
//     A                  |--Count = 1--|
//
// The memory (Lowe 2017): where the search has been once with these operations done and this content, it need not
// go again. Without it the search takes n! steps on a history that is wrong.
//
// Operations on different keys have nothing to do with each other, so a history is linearizable when the part of each key is
// (locality; "P-compositionality"). Count, Clear and reading all are about all keys, and a history with one is searched as a whole.

/// <summary>Checks histories of operations on keys, of clearing, counting and reading all against a dictionary used by one thread.</summary>
internal static class Linearizability
{
    /// <summary>How many operations a history may have that is searched as a whole; one bit each.</summary>
    public const int MaxOperations = 64;

    /// <summary>Checks a history.</summary>
    /// <param name="history">The operations in any order.</param>
    /// <param name="initial">What the map held before; null for nothing.</param>
    /// <exception cref="ArgumentException">The history is contradictory or too long.</exception>
    public static LinearizabilityResult Check(IReadOnlyList<HistoryOperation> history, IReadOnlyDictionary<int, long>? initial = null)
    {
        ArgumentNullException.ThrowIfNull(history);
        initial ??= new Dictionary<int, long>();
        foreach (var operation in history)
        {
            if (operation.Returned <= operation.Invoked)
                throw new ArgumentException($"The operation '{operation}' returned before it was invoked. Number the moments as they happen.", nameof(history));
        }

        if (history.Any(o => o.IsOfAllKeys)) return new HistorySearch(history, initial).Run();

        var witness = new List<HistoryOperation>();
        int situations = 0;
        foreach (var ofKey in history.GroupBy(o => o.Key))
        {
            var result = new HistorySearch([.. ofKey], initial).Run();
            situations += result.Situations;
            if (!result.Linearizable) return result with { Situations = situations };
            witness.AddRange(result.Witness);
        }

        return new LinearizabilityResult { Linearizable = true, Witness = witness, Stuck = [], Situations = situations };
    }
}
