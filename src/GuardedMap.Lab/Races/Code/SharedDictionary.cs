using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps.Lab;

/// <summary>Any dictionary with a point before each call. An iteration is many calls, and so are those of its keys and values.</summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "It is a dictionary, and is called so.")]
internal sealed class SharedDictionary<TKey, TValue>(IDictionary<TKey, TValue> inner) : IDictionary<TKey, TValue>, IReadOnlyDictionary<TKey, TValue>
    where TKey : notnull
{
    public ICollection<TKey> Keys => new SharedItems<TKey>(Read("keys", null, () => inner.Keys, isSeen: false), inner, "key");

    public ICollection<TValue> Values => new SharedItems<TValue>(Read("values", null, () => inner.Values, isSeen: false), inner, "value");

    public int Count => Read("count", null, () => inner.Count);

    public bool IsReadOnly => inner.IsReadOnly;

    IEnumerable<TKey> IReadOnlyDictionary<TKey, TValue>.Keys => Keys;

    IEnumerable<TValue> IReadOnlyDictionary<TKey, TValue>.Values => Values;

    public TValue this[TKey key]
    {
        get => Read("get", key, () => inner[key]);
        set => Write("set", key, value, () => inner[key] = value);
    }

    public void Add(TKey key, TValue value) => Write("add", key, value, () => inner.Add(key, value));

    public void Add(KeyValuePair<TKey, TValue> item) => Write("add", item.Key, item.Value, () => inner.Add(item));

    public void Clear()
    {
        OwnMapGate.At(inner, "clear", AccessKind.Write, null);
        inner.Clear();
    }

    public bool Contains(KeyValuePair<TKey, TValue> item) => Read("contains", item.Key, () => inner.Contains(item));

    public bool ContainsKey(TKey key) => Read("contains", key, () => inner.ContainsKey(key));

    public void CopyTo(KeyValuePair<TKey, TValue>[] array, int arrayIndex)
    {
        OwnMapGate.At(inner, "copy", AccessKind.Read, null);
        inner.CopyTo(array, arrayIndex);
    }

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator() => new SharedWalk<KeyValuePair<TKey, TValue>>(Read("iterate", null, inner.GetEnumerator, isSeen: false), inner, "next");

    public bool Remove(TKey key) => Changed("remove", key, () => inner.Remove(key));

    public bool Remove(KeyValuePair<TKey, TValue> item) => Changed("remove", item.Key, () => inner.Remove(item));

    public bool TryGetValue(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        OwnMapGate.At(inner, "try get", AccessKind.Read, key);
        bool isThere;
        using (RacePoint.Quiet()) isThere = inner.TryGetValue(key, out value);
        OwnMapGate.Saw(isThere ? value : null);
        return isThere;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private T Read<T>(string verb, object? key, Func<T> call, bool isSeen = true)
    {
        OwnMapGate.At(inner, verb, AccessKind.Read, key);
        T answer;
        using (RacePoint.Quiet()) answer = call();
        if (isSeen) OwnMapGate.Saw(answer);
        return answer;
    }

    private bool Changed(string verb, object? key, Func<bool> call)
    {
        OwnMapGate.At(inner, verb, AccessKind.Write, key);
        bool answer;
        using (RacePoint.Quiet()) answer = call();
        OwnMapGate.Saw(answer);
        return answer;
    }

    private void Write(string verb, object? key, object? value, Action call)
    {
        OwnMapGate.At(inner, verb, AccessKind.Write, key);
        OwnMapGate.Saw(value);
        using (RacePoint.Quiet()) call();
    }
}

/// <summary>An iteration with a point before each step.</summary>
/// <param name="inner">The iteration.</param>
/// <param name="container">What it walks.</param>
/// <param name="verb">How a step is called.</param>
internal sealed class SharedWalk<T>(IEnumerator<T> inner, object container, string verb) : IEnumerator<T>
{
    public T Current => inner.Current;

    object? IEnumerator.Current => Current;

    public bool MoveNext()
    {
        OwnMapGate.At(container, verb, AccessKind.Read, null);
        bool isThere;
        using (RacePoint.Quiet()) isThere = inner.MoveNext();
        OwnMapGate.Saw(isThere ? inner.Current : null);
        return isThere;
    }

    public void Reset() => inner.Reset();

    // The end of an iteration cannot be held up: it must also happen when the actor is being ended.
    public void Dispose() => inner.Dispose();
}

/// <summary>The keys or the values of a shared dictionary.</summary>
internal sealed class SharedItems<T>(ICollection<T> inner, object container, string of) : ICollection<T>
{
    public int Count
    {
        get
        {
            OwnMapGate.At(container, "count", AccessKind.Read, null);
            int count = inner.Count;
            OwnMapGate.Saw(count);
            return count;
        }
    }

    public bool IsReadOnly => true;

    public void Add(T item) => inner.Add(item);

    public void Clear() => inner.Clear();

    public bool Contains(T item)
    {
        OwnMapGate.At(container, $"contains {of}", AccessKind.Read, item);
        bool isThere = inner.Contains(item);
        OwnMapGate.Saw(isThere);
        return isThere;
    }

    public void CopyTo(T[] array, int arrayIndex)
    {
        OwnMapGate.At(container, "copy", AccessKind.Read, null);
        inner.CopyTo(array, arrayIndex);
    }

    public IEnumerator<T> GetEnumerator()
    {
        OwnMapGate.At(container, "iterate", AccessKind.Read, null);
        return new SharedWalk<T>(inner.GetEnumerator(), container, $"next {of}");
    }

    public bool Remove(T item) => inner.Remove(item);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
