using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps;

// What .NET's own maps have, by the names they have it under.
public abstract partial class MapBase<TKey, TValue>
{
    /// <summary>True if there is no entry. O(1).</summary>
    public bool IsEmpty => Count == 0;

    /// <summary>How many entries fit before the map needs more memory; of a map that takes it entry by entry, how many it holds.</summary>
    public virtual int Capacity => Count;

    /// <summary>Looks a key up: <see cref="TryGetValue"/> by the name a guarded map has for a lookup that says at once what is wrong.</summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value) => TryGetValue(key, out value);

    /// <summary>Removes a key and gives its value: <see cref="Remove(TKey, out TValue)"/> by the name a ConcurrentDictionary has for it.</summary>
    /// <returns>True if it was there.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> is null.</exception>
    public bool TryRemove(TKey key, [MaybeNullWhen(false)] out TValue value) => Remove(key, out value);

    /// <summary>Removes a key while it still has this value. One atomic operation.</summary>
    /// <returns>True if it was there with this value.</returns>
    /// <exception cref="ArgumentNullException">The key is null.</exception>
    public bool TryRemove(KeyValuePair<TKey, TValue> item) => RemovePair(item);

    /// <summary>
    /// Replaces a key's value by what <paramref name="update"/> makes of it; does nothing if the key is not there. One atomic operation: no other write of this
    /// key comes between reading the old value and storing the new one.
    /// </summary>
    /// <remarks>The callback runs outside any lock, and once more whenever another write of the key came between. It should do nothing but compute.</remarks>
    /// <returns>True if the key was there.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="update"/> is null.</exception>
    public bool Update(TKey key, Func<TKey, TValue, TValue> update)
    {
        ArgumentNullException.ThrowIfNull(update);
        while (TryGetValue(key, out TValue? present))
        {
            var change = new ExpectedChange<TValue>(existed: true, present, update(key, present));
            if (Make(key, ref change).Stored) return true;
        }

        return false;
    }

    /// <summary>
    /// Gets a key's value, or stores and returns what <paramref name="make"/> makes of the key and an argument. As
    /// <see cref="GetOrAdd(TKey, Func{TKey, TValue})"/>; the argument spares a closure.
    /// </summary>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or <paramref name="make"/> is null.</exception>
    public TValue GetOrAdd<TArg>(TKey key, Func<TKey, TArg, TValue> make, TArg argument)
    {
        ArgumentNullException.ThrowIfNull(make);
        return TryGetValue(key, out TValue? present) ? present : GetOrAdd(key, make(key, argument));
    }

    /// <summary>
    /// Stores what <paramref name="add"/> makes, or what <paramref name="update"/> makes of the value that is there, with an argument for both. As
    /// <see cref="AddOrUpdate(TKey, Func{TKey, TValue}, Func{TKey, TValue, TValue})"/>.
    /// </summary>
    /// <returns>The value stored.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="key"/> or a callback is null.</exception>
    public TValue AddOrUpdate<TArg>(TKey key, Func<TKey, TArg, TValue> add, Func<TKey, TValue, TArg, TValue> update, TArg argument)
    {
        ArgumentNullException.ThrowIfNull(add);
        ArgumentNullException.ThrowIfNull(update);
        return AddOrUpdate(key, k => add(k, argument), (k, present) => update(k, present, argument));
    }

    /// <summary>Gives back the memory that the present entries do not need. A map that takes it entry by entry has none to give back.</summary>
    public void TrimExcess() => Trim(0);

    /// <summary>Gives back the memory that so many entries do not need. A map that takes it entry by entry has none to give back.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="capacity"/> is less than <see cref="Count"/>.</exception>
    public void TrimExcess(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, Count);
        Trim(capacity);
    }

    /// <summary>Keeps memory for the present entries, and for so many at least.</summary>
    private protected virtual void Trim(int capacity)
    {
    }
}
