namespace GuardedMaps;

/// <summary>A key of a type that has no order was given to a map that keeps its keys in order. Nothing was changed.</summary>
public sealed class KeyOrderException : ArgumentException
{
    /// <summary>Makes the exception for a key's type.</summary>
    /// <param name="keyType">The type that has no order.</param>
    /// <param name="cause">What the type's own comparison threw, if it has one.</param>
    public KeyOrderException(Type keyType, Exception? cause = null)
        : base(Say(keyType, cause), "key", cause) => KeyType = keyType;

    /// <summary>The type that has no order.</summary>
    public Type KeyType { get; }

    private static string Say(Type keyType, Exception? cause)
    {
        ArgumentNullException.ThrowIfNull(keyType);
        string why = cause is null ? "it does not implement IComparable" : $"comparing two of them failed: {cause.Message}";
        return $"Keys of type {keyType} have no order ({why}), and an ordered map keeps its keys in order. Use a property that has one as the key, or a map that needs none: SyncMap or SnapshotMap.";
    }
}
