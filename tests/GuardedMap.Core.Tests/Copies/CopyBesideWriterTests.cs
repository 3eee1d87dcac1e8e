using System.Collections;
using System.Text.Json;

namespace GuardedMaps.Tests.Copies;

/// <summary>
/// Every way to copy a map beside one who writes: the copy is whole, or, of a guarded map, it is refused. A hole (an entry that nobody stored), a key
/// that is there all the time and is missing, or an error other than the violation, is a copy that was made of two operations.
/// </summary>
public sealed class CopyBesideWriterTests
{
    private const int CopiesPerForm = 40;
    private const int RoundsPerForm = 10;

    [Theory]
    [MemberData(nameof(CopySubject.All), MemberType = typeof(CopySubject))]
    public void A_copy_beside_a_writer_is_whole_or_refused(string name)
    {
        CopySubject subject = CopySubject.Make(name);
        using var writer = new Writer(subject.Map);
        var faults = new List<string>();
        foreach ((string form, Func<IEnumerable> copy) in Forms(subject))
        {
            long before = writer.Rounds;
            int refused = 0;
            int whole = 0;
            // So many copies, and the writer has been by meanwhile: or they were not beside one.
            for (int made = 0; made < CopiesPerForm || writer.Rounds - before < RoundsPerForm; made++)
            {
                Assert.True(made < 1_000_000, $"{form}: the writer stands still.");
                try
                {
                    if (Fault(copy()) is { } fault) faults.Add($"{form}: {fault}");
                    whole++;
                }
                catch (MapViolationException e) when (subject.Refuses && e.Kind is MapViolationKind.StaleCount or MapViolationKind.ConcurrentReadAndWrite or MapViolationKind.ConcurrentIterationAndWrite)
                {
                    refused++;
                }
                catch (Exception e)
                {
                    faults.Add($"{form}: {e.GetType().Name}: {e.Message}");
                }
            }

            Assert.True(whole > 0 || refused > 0, form);
        }

        writer.End();
        Assert.True(faults.Count == 0, $"{faults.Count} copies were neither whole nor refused:\n{string.Join('\n', faults.GroupBy(f => f, StringComparer.Ordinal).Select(f => $"{f.Count()} x {f.Key}").Take(20))}");
    }

    /// <summary>Every way to copy every face of the map.</summary>
    private static IEnumerable<(string Form, Func<IEnumerable> Copy)> Forms(CopySubject subject)
    {
        foreach ((string way, Func<IEnumerable> copy) in subject.Own) yield return ($"own {way}", copy);
        foreach ((string part, object face) in new[] { ("map", subject.Map), ("Keys", subject.Keys), ("Values", subject.Values) })
        {
            IEnumerable<(string Form, Func<IEnumerable> Copy)> forms = CopyForms.Untyped((ICollection)face);
            forms = face switch
            {
                ICollection<KeyValuePair<string, string>> entries => forms.Concat(CopyForms.Typed(entries, static key => new(key, key), static entry => entry.Key)),
                ICollection<string> texts => forms.Concat(CopyForms.Typed(texts, static key => key, static text => text)),
                ICollection<object> objects => forms.Concat(CopyForms.Typed<object>(objects, static key => key, static o => o.ToString()!)),
                _ => forms,
            };
            foreach ((string form, Func<IEnumerable> copy) in forms) yield return ($"{part} as {face.GetType().Name}: {form}", copy);
        }

        yield return ("JSON of the map", () => Names(JsonSerializer.Serialize(subject.Map)));
        yield return ("Keys and Values through IDictionary", () => Exact(subject.Map.Keys));
    }

    private static List<string> Names(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject().Select(static p => p.Name)];
    }

    private static object[] Exact(ICollection all)
    {
        var array = new object[all.Count];
        all.CopyTo(array, 0);
        return array;
    }

    /// <summary>What is wrong with a copy, or null.</summary>
    private static string? Fault(IEnumerable copy)
    {
        var seen = new List<string>();
        foreach (object? item in copy)
        {
            string? text = item switch
            {
                KeyValuePair<string, string> entry => entry.Key == entry.Value ? entry.Key : null,
                DictionaryEntry entry => Equals(entry.Key, entry.Value) ? (string?)entry.Key : null,
                KeyValuePair<object, object?> entry => Equals(entry.Key, entry.Value) ? (string?)entry.Key : null,
                JsonElement { ValueKind: JsonValueKind.String } element => element.GetString(),
                _ => item as string,
            };
            if (text is null) return $"a hole after {seen.Count} entries";
            seen.Add(text);
        }

        seen.Remove(CopySubject.Fleeting);
        seen.Sort(StringComparer.Ordinal);
        return seen.SequenceEqual(CopySubject.Stable, StringComparer.Ordinal) ? null : $"it has {string.Join(' ', seen)}";
    }

    /// <summary>A thread that stores a key and removes it, for ever.</summary>
    private sealed class Writer : IDisposable
    {
        private readonly Thread _thread;
        private Exception? _error;
        private long _rounds;
        private bool _isOver;

        public Writer(IDictionary map)
        {
            _thread = new Thread(() =>
            {
                try
                {
                    while (!Volatile.Read(ref _isOver))
                    {
                        map[CopySubject.Fleeting] = CopySubject.Fleeting;
                        Thread.SpinWait((int)(_rounds & 127));
                        map.Remove(CopySubject.Fleeting);
                        Thread.SpinWait((int)(_rounds & 127));
                        Interlocked.Increment(ref _rounds);
                    }
                }
                catch (Exception e)
                {
                    _error = e; // On a thread of its own it would end the process.
                }
            })
            { IsBackground = true };
            _thread.Start();
        }

        public long Rounds => _error is null ? Interlocked.Read(ref _rounds) : throw new InvalidOperationException("The writer was refused.", _error);

        public void End()
        {
            Volatile.Write(ref _isOver, true);
            Assert.True(_thread.Join(TimeSpan.FromMinutes(1)));
            Assert.Null(_error);
        }

        public void Dispose() => Volatile.Write(ref _isOver, true);
    }
}
