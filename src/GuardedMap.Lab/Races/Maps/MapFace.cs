namespace GuardedMaps.Lab;

/// <summary>
/// A map as the lab sees it, whatever container is behind it: each operation is one call into the container and nothing around it. No lock, no
/// retry, no catch: a face that helped its container would falsify the race.
/// </summary>
/// <remarks>What a container does not have throws <see cref="NotSupportedException"/>; <see cref="RaceTarget.Verbs"/> says what it has.</remarks>
internal abstract class MapFace<TKey>
    where TKey : notnull
{
    /// <summary>What the container's own <c>Count</c> says.</summary>
    public abstract int Count { get; }

    /// <summary>True when an iteration shows the map as it was at one moment; else each entry it shows or leaves out is a lookup of its own.</summary>
    public virtual bool IterationIsOneMoment => false;

    /// <summary>True when <see cref="Count"/> is exact while others write.</summary>
    public virtual bool CountIsExact => false;

    /// <summary>Whether there is <see cref="TryUpdate"/>.</summary>
    public virtual bool HasTryUpdate => false;

    /// <summary>Whether <see cref="Remove"/> says if the key was there.</summary>
    public virtual bool RemoveAnswers => true;

    /// <summary>Looks a key up; null when it is not there.</summary>
    public abstract long? Get(TKey key);

    /// <summary>Stores a value under a key, new or not.</summary>
    public abstract void Set(TKey key, long value);

    /// <summary>Removes a key; true when it was there, or where the container does not say.</summary>
    public virtual bool Remove(TKey key) => Take(key) is not null;

    /// <summary>Removes a key and gives the value it had.</summary>
    public virtual long? Take(TKey key) => throw HasNone("removal that gives the value");

    /// <summary>Stores a value under a key that is not there; true when it was stored.</summary>
    public virtual bool TryAdd(TKey key, long value) => throw HasNone("TryAdd");

    /// <summary>Replaces a value that is as compared; true when it was replaced.</summary>
    public virtual bool TryUpdate(TKey key, long value, long compared) => throw HasNone("TryUpdate");

    /// <summary>Looks a key up and stores a value if it is not there; gives what is there then.</summary>
    public virtual long GetOrAdd(TKey key, long value) => throw HasNone("GetOrAdd");

    /// <summary>Adds to a key's value in one atomic operation of the container's own, and gives the sum.</summary>
    public virtual long Increment(TKey key, long by) => throw HasNone("atomic increment");

    /// <summary>Removes every key.</summary>
    public abstract void Clear();

    /// <summary>Every entry, in the container's own way of iterating. Keys may be null: a damaged map may show a slot that was never filled.</summary>
    public abstract IEnumerable<KeyValuePair<TKey?, long>> Entries();

    /// <summary>Every entry as of one moment, where the container has such a thing; else an iteration.</summary>
    public virtual IEnumerable<KeyValuePair<TKey?, long>> Snapshot() => Entries();

    /// <summary>Copies every entry, as whoever does who knows only that the container is a collection: asks for <c>Count</c>, and calls <c>CopyTo</c>.</summary>
    public virtual IReadOnlyList<KeyValuePair<TKey?, long>> Copy() => [.. Entries()];

    /// <summary>Goes through all entries as a loop over the container does, and gives the sum of their values.</summary>
    public virtual long Sum()
    {
        long sum = 0;
        foreach (var entry in Entries()) sum += entry.Value;
        return sum;
    }

    /// <summary>
    /// Goes through the entries from one key to another in the order of the keys, and gives the sum of their values. A container without an order has to look at every
    /// entry, and sort what fits.
    /// </summary>
    public virtual long Sum(TKey from, TKey to, IComparer<TKey> order)
    {
        var within = new List<KeyValuePair<TKey, long>>();
        foreach (var (key, value) in Entries())
        {
            if (order.Compare(key, from) >= 0 && order.Compare(key, to) <= 0) within.Add(new(key!, value));
        }

        within.Sort((a, b) => order.Compare(a.Key, b.Key));
        long sum = 0;
        foreach (var entry in within) sum += entry.Value;
        return sum;
    }

    /// <summary>Lets the container check itself, where it can, while nobody is near it. Throws when it finds something broken.</summary>
    public virtual void CheckInvariants()
    {
        // What can be seen from outside, the judge checks for every container.
    }

    private protected static IReadOnlyList<KeyValuePair<TKey?, long>> Listed(ICollection<KeyValuePair<TKey, long>> collection) =>
        Enumerable.ToList((ICollection<KeyValuePair<TKey?, long>>)(object)collection);

    private NotSupportedException HasNone(string what) => new($"A {GetType().Name} has no {what}. Ask the target before a scenario is run on it.");
}
