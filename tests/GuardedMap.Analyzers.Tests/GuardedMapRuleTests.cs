using System.Text.RegularExpressions;

namespace GuardedMaps.Analyzers.Tests;

public partial class GuardedMapRuleTests
{
    [Theory]
    [InlineData("MapIterator<string, int>? _i; //! GM2002")]
    [InlineData("IMapIterator? I { get; set; } //! GM2002")]
    [InlineData("GuardedMapBase<string, int>.Enumerator _e; //! GM2002")]
    [InlineData("GuardedMap<string, int> _m = new(); MapIterator<string, int> Begin() { var i = _m.Iterate(); return i; }")]
    [InlineData("GuardedMap<string, int> _m = new(); MapIterator<string, int> Fresh => _m.Iterate();")]
    [InlineData("IEnumerator<int>? _e; List<int>.Enumerator _l;")]
    public Task An_iterator_kept_in_a_field_is_found(string code) => Snippet.VerifyAsync(code);

    [Theory]
    [InlineData("void M(GuardedMap<string, int> m) { var i = m.Iterate(); Task.Run(() => i.MoveNext()); } //! GM2003")]
    [InlineData("void M(IMapIterator i) { new Thread(() => { i.MoveNext(); i.MoveNext(); }).Start(); } //! GM2003")]
    [InlineData("void M(MapIterator<int, int> i) { Parallel.For(0, 2, n => i.MoveNext()); } //! GM2003")]
    [InlineData("void M(MapIterator<int, int> i) { ThreadPool.QueueUserWorkItem(_ => i.MoveNext()); } //! GM2003")]
    [InlineData("void M(GuardedMap<string, int> m) { Task.Run(() => { using var i = m.Iterate(); i.MoveNext(); }); }")]
    [InlineData("void M(GuardedMap<string, int> m) { var i = m.Iterate(); Action a = () => i.MoveNext(); a(); }")]
    public Task An_iterator_that_another_thread_steps_is_found(string code) => Snippet.VerifyAsync(code);

    [Theory]
    [InlineData("async Task M(GuardedMap<string, int> m) { foreach (var (k, v) in m) await Task.Delay(v); } //! GM2004")]
    [InlineData("async Task M(GuardedMap<string, int> m) { using var i = m.Iterate(); while (i.MoveNext()) await Task.Yield(); } //! GM2004")]
    [InlineData("async Task M(GuardedMap<string, int> m) { using (var i = m.Iterate(IterationContract.Reject)) { await Task.Yield(); } } //! GM2004")]
    [InlineData("async Task M(GuardedMap<string, int> m) { foreach (var e in m.Iterate(IterationContract.Snapshot)) await Task.Yield(); }")]
    [InlineData("async Task M(GuardedMap<string, int> m) { foreach (var e in m.GetSnapshot()) await Task.Yield(); }")]
    [InlineData("async Task M(GuardedMap<string, int> m) { foreach (string k in m.Keys) await Task.Yield(); }")]
    [InlineData("void M(GuardedMap<string, int> m, List<Func<Task>> l) { foreach (var (k, v) in m) l.Add(async () => await Task.Delay(v)); }")]
    [InlineData("async Task M(Dictionary<string, int> d) { foreach (var p in d) await Task.Delay(p.Value); await Task.Yield(); }")]
    [InlineData("async Task M(GuardedMap<string, int> m) { await Task.Yield(); foreach (var (k, v) in m) Console.WriteLine(k); await Task.Yield(); }")]
    public Task An_await_inside_a_lease_is_found(string code) => Snippet.VerifyAsync(code);

    [Theory]
    [InlineData("object M() => new GuardedMap<int, int>(new MapOptions<int> { Protection = MapProtection.None }); //! GM2005")]
    [InlineData("MapProtection _p = MapProtection.None; //! GM2005")]
    [InlineData("MapProtection M(bool fast) => fast ? MapProtection.None : MapProtection.Guarded; //! GM2005")]
    [InlineData("void N(MapProtection p) { } void M() { N(MapProtection.None); } //! GM2005")]
    [InlineData("bool M(MapProtection p) => p == MapProtection.None || p is MapProtection.None;")]
    [InlineData("int M(MapProtection p) => p switch { MapProtection.None => 1, _ => 2 };")]
    [InlineData("object M() => new MapOptions<int> { Protection = MapProtection.Synchronized };")]
    [InlineData("class FactAttribute : Attribute { } [Fact] void M() { var p = MapProtection.None; Console.WriteLine(p); }")]
    public Task A_map_without_its_guard_is_found(string code) => Snippet.VerifyAsync(code);

    [Fact]
    public async Task Tests_may_take_the_guard_off()
    {
        const string Code = "MapProtection _p = MapProtection.None;";
        await Snippet.VerifyAsync(Code, assembly: "App.Tests");
        await Snippet.VerifyAsync(Code, path: "/src/bench/App.cs");
        await Snippet.VerifyAsync(Code + " //! GM2005", assembly: "Contest");
    }

    [Theory]
    [InlineData("Guard", "MapProtection _p = MapProtection.Guarded;")]
    [InlineData("Synchronize", "MapProtection _p = MapProtection.Synchronized;")]
    public async Task The_fix_puts_a_protection_back(string title, string expected) =>
        Assert.Contains(expected, await Snippet.FixAsync("MapProtection _p = MapProtection.None;", new GuardedProtectionFix(), title), StringComparison.Ordinal);

    [Theory]
    [InlineData("object M(ConcurrentDictionary<int, int> d) => d.ToList(); //! GM2006")]
    [InlineData("object M(ConcurrentDictionary<int, int> d) => d.OrderBy(e => e.Key); //! GM2006")]
    [InlineData("object M(ConcurrentDictionary<int, int> d) => from e in d orderby e.Key select e; //! GM2006")]
    [InlineData("object M(ConcurrentDictionary<int, int> d) => Enumerable.ToArray(d); //! GM2006")]
    [InlineData("object M(ConcurrentDictionary<int, int> d, KeyValuePair<int, int>[] a) => a.Concat(d); //! GM2006")]
    [InlineData("object M(ConcurrentDictionary<int, int> d) => new List<KeyValuePair<int, int>>(d); //! GM2006")]
    [InlineData("List<KeyValuePair<int, int>> M(ConcurrentDictionary<int, int> d) => new(d); //! GM2006")]
    [InlineData("object M(ConcurrentDictionary<int, int> d) => new ArrayList(d); //! GM2006")]
    [InlineData("void M(ConcurrentDictionary<int, int> d, List<KeyValuePair<int, int>> l) { l.AddRange(d); } //! GM2006")]
    [InlineData("KeyValuePair<int, int>[] M(ConcurrentDictionary<int, int> d) => [.. d]; //! GM2006")]
    [InlineData("class Own : ConcurrentDictionary<int, int> { } object M(Own d) => d.ToList(); //! GM2006")]
    [InlineData("KeyValuePair<int, int>[] M(GuardedMap<int, int> m) => [.. m, default]; //! GM2006")]
    [InlineData("List<int> M(SyncMap<int, int> m) => [.. m.Keys, .. m.Values]; //! GM2006, GM2006")]
    [InlineData("KeyValuePair<int, int>[] M(SyncMap<int, int> m) => [.. m];")]
    [InlineData("object M(GuardedMap<int, int> m) => m.ToList();")]
    [InlineData("object M(ConcurrentDictionary<int, int> d) => d.ToArray();")]
    [InlineData("object M(ConcurrentDictionary<int, int> d) => d.Where(e => e.Value > 0).ToList();")]
    [InlineData("object M(ConcurrentDictionary<int, int> d) => d.Keys.ToList();")]
    [InlineData("object M(ConcurrentDictionary<int, int> d) => new Dictionary<int, int>(d);")]
    [InlineData("object M(Dictionary<int, int> d) => d.ToList();")]
    public Task A_copy_in_two_steps_is_found(string code) => Snippet.VerifyAsync(code, "using System.Linq;\nclass C {\n{0}\n}");

    [Theory]
    [InlineData("object M(ConcurrentDictionary<int, int> d) => System.Linq.Enumerable.ToList(d);", "System.Linq.Enumerable.ToList(d.ToArray());")]
    [InlineData("object M(ConcurrentDictionary<int, int> d) => new ArrayList(d);", "new ArrayList(d.ToArray());")]
    [InlineData("KeyValuePair<int, int>[] M(ConcurrentDictionary<int, int> d) => [.. d];", "[.. d.ToArray()];")]
    [InlineData("int[] M(GuardedMap<int, int> m) => [.. m.Keys, 1];", "[.. m.Keys.ToArray(), 1];")]
    public async Task The_fix_copies_in_one_step(string code, string expected) =>
        Assert.Contains(expected, await Snippet.FixAsync(code, new CopyInOneStepFix(), "Copy"), StringComparison.Ordinal);

    [Fact]
    public async Task Each_rule_has_a_page_whose_examples_hold()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "GuardedMap.slnx"))) folder = Path.GetDirectoryName(folder);
        Assert.NotNull(folder);
        string index = File.ReadAllText(Path.Combine(folder, "docs/rules/README.md"));
        foreach (string id in new[] { "GM2001", "GM2002", "GM2003", "GM2004", "GM2005", "GM2006" })
        {
            string page = File.ReadAllText(Path.Combine(folder, $"docs/rules/{id}.md"));
            Assert.Contains($"[{id}]({id}.md)", index, StringComparison.Ordinal);
            MatchCollection samples = Sample().Matches(page);
            Assert.Equal(2, samples.Count);
            foreach (Match sample in samples)
            {
                string code = sample.Groups["code"].Value;
                bool mustFire = sample.Index < page.IndexOf("## Does not fire", StringComparison.Ordinal);
                Assert.Equal(mustFire, code.Contains($"//! {id}", StringComparison.Ordinal));
                await Snippet.VerifyAsync(code, wrap: "using System.Linq;\nclass C {\n{0}\n}");
            }
        }
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)\n```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Sample();
}
