namespace GuardedMaps;

/// <summary>What an actor was doing to a map, as named in violations and events.</summary>
public enum MapOperation
{
    /// <summary>Nothing is known of the operation.</summary>
    None,

    /// <summary>A lookup: <c>map[key]</c>, <c>TryGetValue</c>, <c>ContainsKey</c>, <c>Get</c>.</summary>
    Read,

    /// <summary>Storing under a key, new or not: <c>map[key] = value</c>.</summary>
    Set,

    /// <summary>Storing under a new key: <c>Add</c>, <c>TryAdd</c>.</summary>
    Add,

    /// <summary>Removing a key.</summary>
    Remove,

    /// <summary>Removing every key.</summary>
    Clear,

    /// <summary>An atomic read-modify-write: <c>GetOrAdd</c>, <c>AddOrUpdate</c>, <c>Update</c>, <c>Increment</c>.</summary>
    Update,

    /// <summary>Changing the table's size: <c>EnsureCapacity</c>, <c>TrimExcess</c>.</summary>
    Resize,

    /// <summary>Starting, stepping or ending an iteration.</summary>
    Iterate,

    /// <summary>A write through an iteration's own cursor.</summary>
    CursorWrite,

    /// <summary>Applying writes that an iteration under <see cref="IterationContract.Defer"/> had queued.</summary>
    ApplyDeferred,

    /// <summary>Copying the whole map, or its keys or values: <c>ToArray</c>, <c>ToList</c>, <c>CopyTo</c>.</summary>
    Copy,
}
