namespace GuardedMaps.Lab;

/// <summary>
/// A map as the lab sees it: the few operations a race needs, each one call into the container under test and nothing
/// around it. No lock, no retry, no catch: an adapter that helped its container would falsify the race.
/// </summary>
public interface IRaceTarget
{
    /// <summary>What the container's own <c>Count</c> says.</summary>
    int Count { get; }

    /// <summary>Stores a value under a key, new or not.</summary>
    void Store(string key, long value);

    /// <summary>Removes a key; true when it was there.</summary>
    bool Remove(string key);

    /// <summary>Looks a key up.</summary>
    bool TryGet(string key, out long value);

    /// <summary>Adds to a key's value in one atomic operation of the container's own.</summary>
    /// <exception cref="NotSupportedException">The container has none.</exception>
    void Increment(string key, long by);

    /// <summary>Shows every entry to <paramref name="visit"/>, in the container's own way of iterating, until it returns false.</summary>
    void Iterate(Func<string?, long, bool> visit);

    /// <summary>Copies every entry, as whoever does who knows only that the container is a collection: it asks for <c>Count</c>, and calls <c>CopyTo</c>.</summary>
    /// <remarks>A target without such a face copies by iterating.</remarks>
    IReadOnlyList<KeyValuePair<string?, long>> Copy()
    {
        var entries = new List<KeyValuePair<string?, long>>();
        Iterate((key, value) =>
        {
            entries.Add(new(key, value));
            return true;
        });
        return entries;
    }

    /// <summary>Lets the container check itself, where it can. Throws when it finds something broken.</summary>
    void CheckInvariants();
}
