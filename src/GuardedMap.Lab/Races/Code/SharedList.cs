using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps.Lab;

/// <summary>Any list with a point before each call. An iteration is many calls.</summary>
[SuppressMessage("Naming", "CA1710:Identifiers should have correct suffix", Justification = "It is a list, and is called so.")]
internal sealed class SharedList<T>(IList<T> inner) : IList<T>, IReadOnlyList<T>
{
    public int Count => Read("count", null, () => inner.Count);

    public bool IsReadOnly => inner.IsReadOnly;

    public T this[int index]
    {
        get => Read("get", index, () => inner[index]);
        set => Write("set", index, value, () => inner[index] = value);
    }

    public void Add(T item) => Write("add", null, item, () => inner.Add(item));

    public void Clear()
    {
        OwnMapGate.At(inner, "clear", AccessKind.Write, null);
        inner.Clear();
    }

    public bool Contains(T item) => Read("contains", item, () => inner.Contains(item));

    public void CopyTo(T[] array, int arrayIndex)
    {
        OwnMapGate.At(inner, "copy", AccessKind.Read, null);
        inner.CopyTo(array, arrayIndex);
    }

    public IEnumerator<T> GetEnumerator()
    {
        OwnMapGate.At(inner, "iterate", AccessKind.Read, null);
        return new SharedWalk<T>(inner.GetEnumerator(), inner, "next");
    }

    public int IndexOf(T item) => Read("index of", item, () => inner.IndexOf(item));

    public void Insert(int index, T item) => Write("insert", index, item, () => inner.Insert(index, item));

    public bool Remove(T item)
    {
        OwnMapGate.At(inner, "remove", AccessKind.Write, null);
        bool answer;
        using (RacePoint.Quiet()) answer = inner.Remove(item);
        OwnMapGate.Saw(answer);
        return answer;
    }

    public void RemoveAt(int index)
    {
        OwnMapGate.At(inner, "remove at", AccessKind.Write, index);
        inner.RemoveAt(index);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private TAnswer Read<TAnswer>(string verb, object? key, Func<TAnswer> call)
    {
        OwnMapGate.At(inner, verb, AccessKind.Read, key);
        TAnswer answer;
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
