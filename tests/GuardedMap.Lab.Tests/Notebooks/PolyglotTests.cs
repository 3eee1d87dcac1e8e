using System.Diagnostics;
using GuardedMaps.Lab.Lessons;
using GuardedMaps.Lab.Tests.Engines;

namespace GuardedMaps.Lab.Tests.Notebooks;

/// <summary>
/// Every notebook on the engine of Polyglot notebooks, all of them in one process: no cell fails, each picture is a picture in its place, results of one kind are one table.
/// With <c>GUARDEDMAP_ACCEPT_NOTEBOOKS=1</c> the outputs of the C# notebooks are saved; those of the lessons are the player's to save.
/// </summary>
public sealed class PolyglotTests(PolyglotTests.Engine engine) : IClassFixture<PolyglotTests.Engine>
{
    private static readonly string s_notebooks = Path.Combine(Repository.Root, "notebooks");

    public static TheoryData<string> Lessons => [.. Directory.GetFiles(s_notebooks, "*.ipynb").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public static TheoryData<string> CSharp => [.. Directory.GetFiles(Path.Combine(s_notebooks, "csharp"), "*.ipynb").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [SkippableTheory]
    [MemberData(nameof(Lessons))]
    public void A_lesson_shows_what_is_saved(string file)
    {
        InteractiveHost host = engine.Host(file);
        var problems = new List<string>();
        foreach (var (cell, name) in CodeCells(Path.Combine(s_notebooks, file)))
        {
            CellRun run = host.Run(name, cell.Source);
            if (run.Failure is { } failure) problems.Add($"{name} failed: {failure}{Environment.NewLine}{run.Text}");
            else if (ShownAsSaved.Difference(cell, run.Outputs) is { } difference) problems.Add($"{name}{Environment.NewLine}{difference}");
        }

        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
    }

    [SkippableTheory]
    [MemberData(nameof(CSharp))]
    public void A_CSharp_notebook_runs_from_the_package_and_shows_what_is_saved(string file)
    {
        InteractiveHost host = engine.Host(file);
        host.Run("the feed", engine.Feed.Use, "csharp");
        string path = Path.Combine(s_notebooks, "csharp", file);
        Notebook notebook = NotebookReader.ReadFile(path);
        var renewed = new List<NotebookCell>();
        var problems = new List<string>();
        int pictures = 0;
        int count = 0;
        foreach (NotebookCell cell in notebook.Cells)
        {
            if (cell.Kind != NotebookCellKind.Code)
            {
                renewed.Add(cell);
                continue;
            }

            string name = $"{file}, cell '{cell.Id}'";
            CellRun run = host.Run(name, cell.Source, "csharp");
            pictures += run.Pictures.Count;
            if (run.Failure is { } failure) problems.Add($"{name} failed: {failure}{Environment.NewLine}{run.Text}");
            // What installing a package shows has paths in it.
            IReadOnlyList<NotebookOutput> shown = cell.Source.StartsWith("#r ", StringComparison.Ordinal) ? [] : NotebookComparison.Merged(run.Outputs);
            if (cell.Tags.Contains(NotebookCell.VariesTag, StringComparer.Ordinal))
            {
                if (!cell.Outputs.Select(KindOf).SequenceEqual(shown.Select(KindOf), StringComparer.Ordinal)) problems.Add($"{name} shows {string.Join(", ", shown.Select(KindOf))}.");
            }
            else if (ShownAsSaved.Difference(cell, shown) is { } difference)
            {
                problems.Add($"{name}{Environment.NewLine}{difference}");
            }

            renewed.Add(cell with { ExecutionCount = ++count, Outputs = [.. shown] });
        }

        if (Environment.GetEnvironmentVariable("GUARDEDMAP_ACCEPT_NOTEBOOKS") is "1") NotebookWriter.WriteFile(notebook with { Cells = renewed }, path);
        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
        Assert.True(pictures >= 4, $"{file} has shown {pictures} pictures.");
    }

    [SkippableFact]
    public void Maps_of_every_kind_and_pictures_draw_themselves_in_their_place()
    {
        CellRun run = Run("drawing", string.Join('\n', (string[])
        [
            "'begin'",
            "$m = New-GuardedMap @{ a = 1 } -Name shown",
            "$m",
            "'layout'",
            "$m | Show-MapLayout",
            "$m.GetLayout()",
            "'kinds'",
            "New-GuardedMap @{ a = 1 } -Kind Sync",
            "New-GuardedMap @{ a = 1 } -Kind Ordered",
            "New-GuardedMap @{ a = 1 } -Kind Snapshot",
            "'pictures'",
            "Show-MapHash $m a",
            "Show-MapHistogram $m",
            "Show-MapContract",
            "New-MapIterator $m | Show-MapIterator",
            "Trace-GuardedMap -Key 1, 2, 3 | Show-MapGrowth",
            "Start-MapRace LostUpdate GuardedMap -Mode Explore | Show-MapRace",
            "'end'",
        ]));
        string[] kinds = [.. run.Outputs.Select(o => o is DisplayOutput d && d.Form(NotebookOutput.Svg) is { } svg && svg.StartsWith("<svg", StringComparison.Ordinal) && d.Text.Length > 0 ? "picture" : o.Text.Trim())];
        string[] p = ["picture"];
        Assert.Equal(["begin", .. p, "layout", .. p, .. p, "kinds", .. p, .. p, .. p, "pictures", .. p, .. p, .. p, .. p, .. p, .. p, "end"], kinds);
    }

    [SkippableTheory]
    [InlineData("Get-MapLesson", "Number")]
    [InlineData("Start-MapRace LostUpdate Hashtable, GuardedMap -Mode Explore", "Scenario")]
    [InlineData("Start-MapRace TwoWriters GuardedMap, ConcurrentDictionary -Count 3", "Scenario")]
    [InlineData("'$h = @{}; foreach ($k in $h.Keys) { $h.Remove($k) }; foreach ($k in $h.Keys) { $h.Remove($k) }' | Test-MapUsage", "Line")]
    [InlineData("$t = New-GuardedMap -Trace; $t[1] = 1; Get-MapEvent $t", "Point")]
    [InlineData("New-MapIterator (New-GuardedMap @{ a = 1 }) | Step-MapIterator -ToEnd", "Step")]
    [InlineData("1; 'text'; Get-MapLesson | Format-Table", "Number")]
    public void Results_of_one_kind_are_one_table(string code, string header)
    {
        CellRun run = Run(code, code);
        DisplayOutput table = Assert.Single(run.Outputs.OfType<DisplayOutput>());
        string[] lines = table.Text.Split('\n');
        Assert.True(lines.Length >= 4, table.Text);
        Assert.Single(lines, l => l.Contains(header, StringComparison.Ordinal));
        Assert.Equal(code.StartsWith("Start-MapRace", StringComparison.Ordinal), table.Form(NotebookOutput.Svg) is not null);
    }

    [SkippableFact]
    public void Text_between_results_divides_their_table_and_what_variables_hold_is_left_alone()
    {
        CellRun run = Run("divided", "$l = Get-MapLesson; $l[0..1]; 'between'; $l[2..3]; Show-MapLayout (New-GuardedMap); $l[4]; \"$($l.Count) $($l[0].GetType().Name)\"; ($l | Out-String) -match 'hashing'");
        Assert.Equal(["table", "between", "table", "picture", "table", "8 MapLessonInfo", "True"], run.Outputs.Select(o => o is DisplayOutput d ? d.Form(NotebookOutput.Svg) is null ? "table" : "picture" : o.Text.Trim()), StringComparer.Ordinal);
    }

    [SkippableFact]
    public void Errors_that_are_dealt_with_fail_no_cell_and_those_of_the_user_do()
    {
        CellRun run = Run("handled", string.Join('\n', (string[])
        [
            "$race = Start-MapRace -Target GuardedMap, Hashtable -Setup { $_[1] = 'a'; $_[2] = 'b' } -Actor { foreach ($k in $_.Keys) { $_.Remove($k) } }, { $_[3] = 'c' }",
            "$m = New-GuardedMap @{ a = 1 }",
            "Invoke-MapIteration $m -ErrorAction Ignore { $m['b'] = 2 }",
            "Update-MapEntry $m a -ScriptBlock { throw 'no' } -ErrorAction Ignore",
            "\"$($race.Count) races, $($Error.Count) errors\"",
        ]));
        Assert.Contains("2 races, 0 errors", run.Text, StringComparison.Ordinal);
        Assert.Contains("refused", engine.Host("an error").Run("an error", "$m = New-GuardedMap @{ a = 1 }; Invoke-MapIteration $m { $m['b'] = 2 }; 'refused'").Text, StringComparison.Ordinal);
        Assert.Contains("concurrent map iteration and map write", engine.Host("an error").Run("an error", "$m = New-GuardedMap @{ a = 1 }; Invoke-MapIteration $m { $m['b'] = 2 }").Failure, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void A_lesson_says_that_it_is_not_played_here_and_what_to_do_instead()
    {
        CellRun run = engine.Host("a lesson").Run("a lesson", "Start-MapLesson 3");
        Assert.Contains("this is a notebook", run.Failure, StringComparison.Ordinal);
        Assert.Contains("03-growing.ipynb", run.Text, StringComparison.Ordinal);
        Assert.Contains("Start-MapLesson -All", run.Text, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_engine_quits_when_told_and_ends_with_the_process_that_started_it()
    {
        engine.Host("another engine");
        var (told, why) = InteractiveHost.Start(s_notebooks);
        Assert.True(told is not null, why);
        told.Dispose();
        Assert.Equal(0, told.ExitCode);

        using var parent = Process.Start(OperatingSystem.IsWindows() ? new ProcessStartInfo("ping", ["-n", "600", "127.0.0.1"]) : new ProcessStartInfo("sleep", ["600"]))!;
        using var orphan = InteractiveHost.Start(s_notebooks).Host!;
        orphan.EndTogetherWith(parent.Id);
        parent.Kill();
        Assert.True(orphan.WaitForExit(TimeSpan.FromMinutes(1)), "The engine goes on although its parent has ended.");
    }

    private CellRun Run(string name, string code)
    {
        CellRun run = engine.Host(name).Run(name, code);
        Assert.True(run.Failure is null, $"{name} failed: {run.Failure}{Environment.NewLine}{run.Text}");
        return run;
    }

    private static IEnumerable<(NotebookCell Cell, string Name)> CodeCells(string path) =>
        NotebookReader.ReadFile(path).Cells.Where(c => c.Kind == NotebookCellKind.Code).Select(c => (c, $"{Path.GetFileName(path)}, cell '{c.Id}'"));

    private static string KindOf(NotebookOutput output) => output is DisplayOutput d ? d.Form(NotebookOutput.Svg) is null ? "text" : "picture" : "stream";

    /// <summary>The one process, started when the first test asks for it.</summary>
    public sealed class Engine : IDisposable
    {
        private readonly Lazy<(InteractiveHost? Host, string Why)> _host = new(() =>
        {
            var (host, why) = InteractiveHost.Start(s_notebooks);
            // The checkout's module, whatever is installed on this machine.
            host?.Run("Import-Module", $"Import-Module '{Path.Combine(Repository.Root, "GuardedMap.psd1")}'");
            return (host, why);
        });

        private readonly Lazy<FolderFeed> _feed = new(() => new FolderFeed());

        internal FolderFeed Feed => _feed.Value;

        internal InteractiveHost Host(string what)
        {
            Skip.If(_host.Value.Host is null, $"{what} was not run on .NET Interactive: {_host.Value.Why} 'dotnet tool restore' brings it.");
            return _host.Value.Host;
        }

        public void Dispose()
        {
            if (_host.IsValueCreated) _host.Value.Host?.Dispose();
        }
    }
}
