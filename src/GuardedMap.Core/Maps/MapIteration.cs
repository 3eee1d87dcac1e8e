using System.Diagnostics;

namespace GuardedMaps;

// An iteration over a map that cannot race, with a cursor.
//
// It holds nothing that anybody waits for, so its end matters to nobody but itself; it can be disposed of, since IMapIteration can, and is over then.
// Writing through the cursor is a write of the key like any other, and here so that whoever walks a map of any kind can say $_.Remove(). One thing is different
// from writing to the map by hand: a value is only replaced where the key is still there.

/// <summary>An iteration over a map that cannot race: <see cref="MapBase{TKey, TValue}.Iterate"/>.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>It is of one thread at a time; each thread takes its own. Two that step one at once are refused.</remarks>
[DebuggerDisplay("{Contract} over {_map.Name}")]
public sealed class MapIteration<TKey, TValue> : IMapIteration
    where TKey : notnull
{
    private readonly MapBase<TKey, TValue> _map;
    private readonly IEnumerator<KeyValuePair<TKey, TValue>> _entries;
    private MapCursor<TKey, TValue>? _entry;
    private int _busy;
    private bool _isOver;

    internal MapIteration(MapBase<TKey, TValue> map, IEnumerator<KeyValuePair<TKey, TValue>> entries) => (_map, _entries) = (map, entries);

    /// <inheritdoc/>
    public IterationContract Contract => _map.Contract;

    /// <summary>The entry the iteration stands on: the cursor to write through.</summary>
    /// <exception cref="InvalidOperationException">It stands on none: before the first or after the last.</exception>
    public MapCursor<TKey, TValue> Entry =>
        _entry ?? throw new InvalidOperationException("The iteration stands on no entry: call MoveNext, and go on only while it answers true.");

    IMapEntry IMapIteration.Entry => Entry;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Another thread is stepping it at this moment.</exception>
    public bool MoveNext()
    {
        if (Interlocked.Exchange(ref _busy, 1) != 0)
            throw new InvalidOperationException(SafeText.Message($"Two threads have stepped one iteration over the map '{_map.Name}' at once. Let each thread begin its own with Iterate."));
        try
        {
            _entry = null;
            if (_isOver) return false;
            if (_entries.MoveNext())
            {
                var (key, value) = _entries.Current;
                _entry = new MapCursor<TKey, TValue>(_map, key, value);
                return true;
            }

            End();
            return false;
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>Ends the iteration. May be called again.</summary>
    public void Dispose()
    {
        _entry = null;
        if (!_isOver) End();
    }

    private void End()
    {
        _isOver = true;
        _entries.Dispose();
    }
}

/// <summary>The entry that an iteration over a map that cannot race stands on, as a cursor: it writes to the map.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
/// <remarks>It may be kept: it knows its key, and is as good after the iteration has gone on as before.</remarks>
public sealed class MapCursor<TKey, TValue> : MapEntry, IMapEntry
    where TKey : notnull
{
    private readonly MapBase<TKey, TValue> _map;
    private TValue _value;

    internal MapCursor(MapBase<TKey, TValue> map, TKey key, TValue value) => (_map, Key, _value) = (map, key, value);

    /// <summary>The key.</summary>
    public TKey Key { get; }

    /// <summary>The value as the iteration found it, or as it was set here. Setting it is <see cref="SetValue"/>.</summary>
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

    /// <summary>Replaces the value of the key in the map, if it is still there. One atomic operation.</summary>
    /// <returns>False if the key was removed since the iteration came to it; it is not added anew.</returns>
    public bool SetValue(TValue value)
    {
        bool written = _map.Replace(Key, value);
        if (written) _value = value;
        return written;
    }

    /// <summary>Removes the key from the map, whatever its value is by now. One atomic operation.</summary>
    /// <returns>False if it was removed already.</returns>
    public bool Remove() => _map.Remove(Key);

    /// <inheritdoc/>
    public override string ToString() => $"[{Key}, {_value}]";
}
