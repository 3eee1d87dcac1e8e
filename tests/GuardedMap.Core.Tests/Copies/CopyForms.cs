using System.Collections;
using System.Collections.Concurrent;
using System.Text.Json;

namespace GuardedMaps.Tests.Copies;

/// <summary>The ways in which a program that knows only an interface copies a collection. Each gives what it copied, and nothing else.</summary>
internal static class CopyForms
{
    /// <summary>Those of whoever knows the items' type.</summary>
    public static IEnumerable<(string Form, Func<IEnumerable> Copy)> Typed<T>(ICollection<T> all, Func<string, T> make, Func<T, string> text)
    {
        T more = make("more");
        return
        [
            ("ToArray", () => all.ToArray()),
            ("ToList", () => all.ToList()),
            ("new List", () => new List<T>(all)),
            ("new HashSet", () => new HashSet<T>(all)),
            ("ToHashSet", () => all.ToHashSet()),
            ("spread to an array", () => (T[])[.. all]),
            ("spread to a list", () => (List<T>)[.. all]),
            ("OrderBy", () => all.OrderBy(text, StringComparer.Ordinal)),
            ("OrderBy, ToList", () => all.OrderBy(text, StringComparer.Ordinal).ToList()),
            ("ToDictionary", () => all.ToDictionary(text, StringComparer.Ordinal).Values),
            ("CopyTo, exact", () => Exact(all)),
            ("CopyTo, larger", () => Larger(all)),
            ("AddRange", () => AddRange(all, more)),
            ("InsertRange", () => InsertRange(all, more)),
            ("Append", () => all.Append(more).ToArray()[..^1]),
            ("Concat", () => Halves(all.Concat(all).ToArray(), text)),
            ("Reverse", () => all.Reverse().ToArray()),
            ("Queue", () => new Queue<T>(all)),
            ("Stack", () => new Stack<T>(all)),
            ("ConcurrentQueue", () => new ConcurrentQueue<T>(all)),
            ("string.Join", () => string.Join('|', all.Select(text)).Split('|')),
            ("JSON", () => JsonSerializer.Deserialize<T[]>(JsonSerializer.Serialize(all))!),
        ];
    }

    /// <summary>Those of whoever does not.</summary>
    public static IEnumerable<(string Form, Func<IEnumerable> Copy)> Untyped(ICollection all) =>
    [
        ("new ArrayList", () => new ArrayList(all)),
        ("ArrayList.AddRange", () => Grown(list => list.AddRange(all))),
        ("ArrayList.InsertRange", () => Grown(list => list.InsertRange(0, all))),
        ("CopyTo, exact, untyped", () => Exact(all)),
    ];

    private static T[] Exact<T>(ICollection<T> all)
    {
        var array = new T[all.Count];
        all.CopyTo(array, 0);
        return array;
    }

    private static object[] Exact(ICollection all)
    {
        var array = new object[all.Count];
        all.CopyTo(array, 0);
        return array;
    }

    /// <summary>As a pool gives an array: longer than was asked for, and the first so many count.</summary>
    private static T[] Larger<T>(ICollection<T> all)
    {
        int count = all.Count;
        var array = new T[count + 8];
        all.CopyTo(array, 0);
        return array[..count];
    }

    private static List<T> AddRange<T>(ICollection<T> all, T first)
    {
        List<T> list = [first];
        list.AddRange(all);
        list.RemoveAt(0);
        return list;
    }

    private static List<T> InsertRange<T>(ICollection<T> all, T last)
    {
        List<T> list = [last];
        list.InsertRange(0, all);
        list.RemoveAt(list.Count - 1);
        return list;
    }

    private static ArrayList Grown(Action<ArrayList> grow)
    {
        var list = new ArrayList();
        grow(list);
        return list;
    }

    /// <summary>A map twice, one after the other: the second time, if there is nothing wrong with the first.</summary>
    private static T[] Halves<T>(T[] twice, Func<T, string> text)
    {
        Assert.DoesNotContain(default, twice);
        T[] stable = [.. twice.Where(item => text(item) != CopySubject.Fleeting)];
        Assert.Equal(CopySubject.Stable, stable[..(stable.Length / 2)].Select(text).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        return stable[(stable.Length / 2)..];
    }
}
