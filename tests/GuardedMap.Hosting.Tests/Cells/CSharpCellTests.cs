using GuardedMaps.Hosting.Tests.Shell;

namespace GuardedMaps.Hosting.Tests.Cells;

/// <summary>The documentation's C# pasted into the cells of a notebook, and a map that shell and cells share.</summary>
public sealed class CSharpCellTests : IClassFixture<CellSession>, IAsyncLifetime
{
    private const int TriesForARace = 50;

    private readonly CellSession _cells;
    private static readonly HashSet<CellSession> s_prepared = [];

    public CSharpCellTests(CellSession cells) => _cells = cells;

    public static TheoryData<string, string> Samples
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string page in (string[])["README.md", "src/GuardedMap.Core/README.md", "docs/violations.md"])
            {
                foreach (var sample in Page.CSharpSamples(page)) data.Add(page, sample.Heading);
            }

            return data;
        }
    }

    public async Task InitializeAsync()
    {
        if (!s_prepared.Add(_cells)) return;
        string helpers = Path.Combine(Repository.Root, "tests", "GuardedMap.Hosting.Tests", "Cells", "SampleHelpers.csx");
        var prepared = await _cells.Run($"#r \"{Path.Combine(ModuleAssemblies.Folder, "GuardedMap.Core.dll")}\"\n{File.ReadAllText(helpers)}").ConfigureAwait(false);
        Assert.Null(prepared.Failure);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Theory]
    [MemberData(nameof(Samples))]
    public async Task A_sample_prints_what_its_page_shows_below(string page, string heading)
    {
        var sample = Page.CSharpSamples(page).Single(sample => string.Equals(sample.Heading, heading, StringComparison.Ordinal));
        Assert.NotEmpty(sample.Output);

        // In braces, so that every sample has names of its own. Where it takes two threads to meet, it may take some tries until they do.
        var outcome = new CellOutcome("", null);
        for (int i = 0; i < TriesForARace && outcome is { Printed: "", Failure: null }; i++) outcome = await _cells.Run($"{{\n{sample.Code}\n}}");

        Assert.Null(outcome.Failure);
        Assert.Equal(Page.Comparable(sample.Output), Page.Comparable(outcome.Printed));
    }

    [Fact]
    public async Task A_cell_that_a_violation_ends_says_who_was_refused_who_was_there_and_what_to_do()
    {
        Assert.Null((await _cells.Run("var twice = new GuardedMap<string, int>(new MapOptions<string> { Name = \"twice\" }) { [\"a\"] = 1 };")).Failure);
        var outcome = await _cells.Run("foreach (var (key, _) in twice) twice.Remove(key);");
        Text.Matches(
            @"concurrent map iteration and map write: Remove of key 'a' on map 'twice' by thread \d+.*, while thread \d+.* in Iterate \(contract Reject\)",
            outcome.Failure);
        Assert.Equal("1", (await _cells.Run("twice.Count")).Printed);
    }

    [Fact]
    public async Task A_map_made_in_the_shell_is_the_same_map_in_a_cell_and_an_error_names_both()
    {
        using var shell = new HostedShell();
        await _cells.Share("stock", shell.Run("$stock = New-GuardedMap @{ pears = 5 } -Name stock; , $stock").Single().BaseObject);
        const string Write = "((System.Collections.IDictionary)stock)[\"plums\"] = 1;";

        _ = shell.Run("$walk = New-MapIterator $stock; $null = Step-MapIterator $walk");
        var refused = await _cells.Run(Write);
        Text.Matches(@"concurrent map iteration and map write: Set of key 'plums' on map 'stock' by thread \d+ .*, while thread \d+ .*\(runspace \d+ '[^']*'\) in Iterate since", refused.Failure);
        Assert.Equal(1, shell.Run("$stock.Count").Single().BaseObject);

        _ = shell.Run("$walk.Dispose()");
        Assert.Null((await _cells.Run(Write)).Failure);
        Assert.Equal(1, shell.Run("$stock.plums").Single().BaseObject);
    }
}
