using System.ComponentModel;

namespace GuardedMaps;

/// <summary>
/// The entry an iteration stands on, as a cursor: it knows its slot, so writing through it is legal under every contract, also
/// while the table grows. Valid until the iteration is stepped.
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
public sealed class MapEntry<TKey, TValue> : MapEntry, IMapEntry
    where TKey : notnull
{
    private readonly MapIterator<TKey, TValue> _iterator;
    private readonly long _step;
    private TValue _value;

    internal MapEntry(MapIterator<TKey, TValue> iterator, long step, TKey key, TValue value)
    {
        _iterator = iterator;
        _step = step;
        Key = key;
        _value = value;
    }

    /// <summary>The key.</summary>
    public TKey Key { get; }

    /// <summary>The value as the iteration found it, or as it was set here. Setting it is <see cref="SetValue"/>.</summary>
    /// <exception cref="MapViolationException">On set: as <see cref="SetValue"/>.</exception>
    public TValue Value
    {
        get => _value;
        set => SetValue(value);
    }

    object? IMapEntry.Key => Key;

    object? IMapEntry.Value
    {
        get => _value;
        set => SetValue(ValueCast.To<TValue>(value));
    }

    /// <summary>Replaces the entry's value in the map.</summary>
    /// <returns>
    /// True if it was written at once, or queued because another iteration defers; false if the entry is no longer in the map
    /// (deleted under Tolerate or Snapshot since the iteration came to it).
    /// </returns>
    /// <exception cref="MapViolationException">
    /// The iteration has gone on (<see cref="MapViolationKind.IteratorDone"/>), or another iteration's contract forbids the write.
    /// </exception>
    public bool SetValue(TValue value)
    {
        bool written = _iterator.WriteThroughCursor(_step, Key, remove: false, value);
        if (written) _value = value;
        return written;
    }

    /// <summary>Removes the entry from the map.</summary>
    /// <returns>True if it was removed at once, or its removal queued because another iteration defers; false if it was no longer there.</returns>
    /// <exception cref="MapViolationException">As <see cref="SetValue"/>.</exception>
    public bool Remove() => _iterator.WriteThroughCursor(_step, Key, remove: true, default!);

    /// <inheritdoc/>
    public override string ToString() => $"[{Key}, {_value}]";
}

/// <summary>
/// What the entries of all maps are, whatever their types: a name by which a shell can know them, since it knows types by the names of
/// classes, and those of <see cref="MapEntry{TKey, TValue}"/> are as many as there are types.
/// </summary>
public abstract class MapEntry
{
    private protected MapEntry()
    {
    }

    /// <summary>The key, as PowerShell calls that of any dictionary's entry: <c>Sort-Object Name</c> works on these as on those.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public object Name => ((IMapEntry)this).Key!;
}

/// <summary>Casts the values that come through untyped faces, with errors that name the types.</summary>
internal static class ValueCast
{
    public static T To<T>(object? value, string parameter = "value")
    {
        if (value is T typed) return typed;
        if (value is null)
        {
            return default(T) is null
                ? default!
                : throw new ArgumentNullException(parameter, $"The map holds values of type {typeof(T)}, which cannot be null.");
        }

        throw new ArgumentException(SafeText.Message($"The map holds values of type {typeof(T)}, not {value.GetType()}."), parameter);
    }
}
