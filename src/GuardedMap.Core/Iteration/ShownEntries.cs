using System.Collections;

namespace GuardedMaps;

// Who prints a map enumerates it as nothing more than an IEnumerable, and sees boxed entries of a type that every dictionary has: a shell then shows them as it shows
// a hashtable's, with whatever control characters a stranger has put into a key. A host that wants to show them in its own way marks each box on the way
// (MapHost.EntryMarker). Nobody else pays for that: foreach, LINQ and IDictionaryEnumerator have enumerators of their own.

/// <summary>Entries that the host marks as it is given them.</summary>
internal class ShownEntries(IEnumerator entries, Action<object> mark) : IEnumerator, IDisposable
{
    private object? _current;

    /// <summary>The same entry is the same box until the next step, so a mark on it is found again.</summary>
    public object Current
    {
        get
        {
            if (_current is null)
            {
                object box = entries.Current!;
                mark(box);
                _current = box;
            }

            return _current;
        }
    }

    /// <summary>The entries as somebody who prints them sees them: marked, if the host asks for that.</summary>
    public static IEnumerator Of(IEnumerator entries) => (MapHost.EntryMarker, entries) switch
    {
        (null, _) => entries,
        ({ } mark, IDictionaryEnumerator pairs) => new OfDictionary(pairs, mark),
        ({ } mark, _) => new ShownEntries(entries, mark),
    };

    public bool MoveNext()
    {
        _current = null;
        return entries.MoveNext();
    }

    public void Reset()
    {
        _current = null;
        entries.Reset();
    }

    public void Dispose() => (entries as IDisposable)?.Dispose();

    private sealed class OfDictionary(IDictionaryEnumerator entries, Action<object> mark) : ShownEntries(entries, mark), IDictionaryEnumerator
    {
        public DictionaryEntry Entry => entries.Entry;

        public object Key => entries.Key;

        public object? Value => entries.Value;
    }
}
