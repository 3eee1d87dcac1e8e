namespace GuardedMaps.Analyzers.Tests;

public class ChangedInForeachTests
{
    [Theory]
    [InlineData("void M(List<int> l) { foreach (int n in l) l.Add(n); } //! GM2001")]
    [InlineData("void M(List<int> l) { foreach (int n in l) l[0] = n; } //! GM2001")]
    [InlineData("void M(List<int> l) { foreach (int n in l) l[0]++; } //! GM2001")]
    [InlineData("void M(List<int> l) { foreach (int n in l) l[0] += n; } //! GM2001")]
    [InlineData("void M(List<int> l) { foreach (int n in (IEnumerable<int>)l) { if (n > 1) { l.Remove(n); } } } //! GM2001")]
    [InlineData("void M(Dictionary<string, int> d) { foreach (var p in d) d.Add(p.Key + 1, 1); } //! GM2001")]
    [InlineData("void M(Dictionary<string, int> d) { foreach (string k in d.Keys) d[k + 1] = 1; } //! GM2001")]
    [InlineData("void M(HashSet<int> s) { foreach (int n in s) s.Add(n + 1); } //! GM2001")]
    [InlineData("void M(Hashtable h) { foreach (object k in h.Keys) h.Remove(k); } //! GM2001")]
    [InlineData("void M(SortedDictionary<int, int> d) { foreach (var p in d) d.Remove(p.Key); } //! GM2001")]
    [InlineData("void M(Queue<int> q) { foreach (int n in q) q.Enqueue(n); } //! GM2001")]
    [InlineData("List<int> _l = new(); void M() { foreach (int n in _l) this._l.Add(n); } //! GM2001")]
    [InlineData("List<int> L { get; } = new(); void M() { foreach (int n in L) { foreach (int m in new[] { 1 }) { L.Add(m); break; } } } //! GM2001")]
    public Task A_change_that_the_next_step_fails_after_is_found(string code) => Snippet.VerifyAsync(code);

    [Theory]
    [InlineData("void M(GuardedMap<string, int> m) { foreach (var (k, _) in m) m.Remove(k); } //! GM2001")]
    [InlineData("void M(GuardedMap<string, int> m) { foreach (string k in m.Keys) m[k] = 1; } //! GM2001")]
    [InlineData("void M(GuardedMap<string, int> m) { foreach (var e in m.Iterate()) m.Increment(e.Key); } //! GM2001")]
    [InlineData("void M(GuardedMap<string, int> m) { foreach (var e in m.Iterate(IterationContract.Reject)) m.Clear(); } //! GM2001")]
    public Task So_is_a_write_that_a_guarded_map_refuses(string code) => Snippet.VerifyAsync(code);

    [Theory]
    [InlineData("void M(GuardedMap<string, int> m) { foreach (var e in m.Iterate(IterationContract.Defer)) m.Clear(); }")]
    [InlineData("void M(GuardedMap<string, int> m) { foreach (var e in m.Iterate(IterationContract.Snapshot)) m.Remove(e.Key); }")]
    [InlineData("void M(GuardedMap<string, int> m, IterationContract c) { foreach (var e in m.Iterate(c)) m.Remove(e.Key); }")]
    [InlineData("void M() { var m = new GuardedMap<string, int>(new MapOptions<string> { Contract = IterationContract.Tolerate }); foreach (var (k, _) in m) m.Remove(k); }")]
    [InlineData("void M(GuardedMap<string, int> m) { using var i = m.Iterate(); while (i.MoveNext()) i.Entry.Remove(); }")]
    public Task What_another_contract_allows_is_not(string code) => Snippet.VerifyAsync(code);

    [Theory]
    [InlineData("void M(ConcurrentDictionary<string, int> d) { foreach (var p in d) { d.TryRemove(p.Key, out _); d[p.Key + 1] = 1; } }")]
    [InlineData("void M(List<int> l) { foreach (int n in l.ToArray()) l.Add(n); }")]
    [InlineData("void M(List<int> l) { foreach (int n in new List<int>(l)) l.Add(n); }")]
    [InlineData("void M(List<int> a, List<int> b) { foreach (int n in a) b.Add(n); }")]
    [InlineData("void M(int[] a) { foreach (int n in a) a[0] = n; }")]
    [InlineData("void M(List<int> l) { foreach (int n in l) { if (n == 1) { l.Remove(n); break; } } }")]
    [InlineData("bool M(List<int> l) { foreach (int n in l) { if (n == 1) { return l.Remove(n); } } return false; }")]
    [InlineData("void M(List<int> l) { foreach (int n in l) { l.Clear(); throw new InvalidOperationException(); } }")]
    [InlineData("void M(List<int> l, List<Action> later) { foreach (int n in l) later.Add(() => l.Remove(n)); }")]
    [InlineData("void M(Dictionary<string, int> d) { foreach (var p in d) d.Remove(p.Key); }")]
    [InlineData("void M(Dictionary<string, int> d) { foreach (string k in d.Keys) d[k] = 1; }")]
    [InlineData("void M(Dictionary<string, int> d) { foreach (var p in d) d[p.Key] = p.Value + 1; }")]
    [InlineData("void M(Dictionary<string, int> d) { foreach (var (k, v) in d) d[k] = v + 1; }")]
    [InlineData("void M(HashSet<int> s) { foreach (int n in s) s.Remove(n); }")]
    [InlineData("class N { public List<int> L = new(); } void M(N a, N b) { foreach (int n in a.L) b.L.Add(n); }")]
    public Task What_cannot_fail_is_not(string code) => Snippet.VerifyAsync(code);

    [Fact]
    public async Task The_fix_iterates_over_a_copy_and_imports_linq()
    {
        string? changed = await Snippet.FixAsync("void M(List<int> l) { foreach (int n in l) l.Add(n); }", new IterateOverCopyFix(), "Iterate over a copy");
        Assert.Contains("foreach (int n in l.ToArray()) l.Add(n);", changed, StringComparison.Ordinal);
        Assert.Contains("using System.Linq;", await Snippet.FixAsync("void M(Dictionary<int, int> d) { foreach (int k in d.Keys) d.Add(k + 1, 1); }", new IterateOverCopyFix(), "Iterate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_fix_is_not_offered_where_there_is_nothing_to_copy_with() =>
        Assert.Null(await Snippet.FixAsync("void M(Hashtable h) { foreach (object k in h.Keys) h.Remove(k); }", new IterateOverCopyFix(), "Iterate"));
}
