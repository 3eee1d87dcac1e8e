using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

// What .NET's own maps have, by the names they have it under.
public abstract partial class GuardedMapBase<TKey, TValue>
{
    /// <summary>True if there is no entry. O(1); never conflicts with anything.</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>How many entries fit before the table grows. O(1); never conflicts with anything.</summary>
    public int Capacity => _table.Capacity;

    /// <summary>Removes a key and gives its value: <see cref="Remove(TKey, out TValue)"/> by the name a ConcurrentDictionary has for it.</summary>
    /// <returns>True if it was there.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public bool TryRemove(TKey key, [MaybeNullWhen(false)] out TValue value) => Remove(key, out value);

    /// <summary>Removes a key while it still has this value. One atomic operation; O(1) expected.</summary>
    /// <returns>True if it was there with this value.</returns>
    /// <exception cref="ArgumentNullException">The key is null.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public bool TryRemove(KeyValuePair<TKey, TValue> item) => RemovePair(item.Key, item.Value);

    /// <summary>Replaces a key's value while it still is the one compared with. One atomic operation; O(1) expected.</summary>
    /// <returns>True if it was replaced.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public bool TryUpdate(TKey key, TValue value, TValue comparison)
    {
        if (default(TKey) is null && key is null) ThrowNullKey();
        var request = new WriteRequest { Mode = WriteMode.Swap, Operation = MapOperation.Update, Key = key, Value = value, Comparison = comparison };
        WriteCarefully(ref request);
        return request.Existed;
    }

    /// <summary>
    /// Gets a key's value, or stores and returns what <paramref name="valueFactory"/> makes of the key and an argument. As
    /// <see cref="GetOrAdd(TKey, Func{TKey, TValue})"/>; the argument spares a key that is there the allocation of a closure.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="valueFactory"/> is null.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public TValue GetOrAdd<TArg>(TKey key, Func<TKey, TArg, TValue> valueFactory, TArg factoryArgument)
    {
        ArgumentNullException.ThrowIfNull(valueFactory);
        return TryAnswerByLookup(key, out TValue? present) ? present : Make(key, valueFactory, factoryArgument);

        // Apart, or its closure would be made before the question.
        TValue Make(TKey key, Func<TKey, TArg, TValue> factory, TArg argument) => GetOrAdd(key, k => factory(k, argument));
    }

    /// <summary>
    /// Adds what <paramref name="addValueFactory"/> makes, or replaces the value by what <paramref name="updateValueFactory"/> makes of it, with an argument
    /// for both. As <see cref="AddOrUpdate(TKey, Func{TKey, TValue}, Func{TKey, TValue, TValue})"/>.
    /// </summary>
    /// <returns>The value now stored.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or a factory is null.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public TValue AddOrUpdate<TArg>(TKey key, Func<TKey, TArg, TValue> addValueFactory, Func<TKey, TValue, TArg, TValue> updateValueFactory, TArg factoryArgument)
    {
        ArgumentNullException.ThrowIfNull(addValueFactory);
        ArgumentNullException.ThrowIfNull(updateValueFactory);
        return AddOrUpdate(key, k => addValueFactory(k, factoryArgument), (k, present) => updateValueFactory(k, present, factoryArgument));
    }

    /// <summary>Gives back the memory that so many entries do not need. O(n).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than <see cref="Count"/>.</exception>
    /// <exception cref="MapViolationException">The operation overlapped another in a way its contract forbids; nothing is changed.</exception>
    public void TrimExcess(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, Count);
        var request = new WriteRequest { Mode = WriteMode.TrimExcess, Operation = MapOperation.Resize, Entries = capacity };
        WriteCarefully(ref request);
    }
}
