namespace GuardedMaps.Tests.Mutants;

/// <summary>
/// Keeps the catalogue of deliberate bugs (tests/mutants) fit to be used: every mutant can still be made. Whether the tests catch
/// them is what tests/GuardedMap.Mutants finds out; it leaves this class out, since a mutant's sources are not the ones described.
/// </summary>
public sealed class MutantCatalogueTests
{
    private static readonly string s_root = FindRoot();

    private static IReadOnlyList<Mutant> Catalogue { get; } = Mutant.ReadAll(Path.Combine(s_root, "tests", "mutants"));

    public static TheoryData<string> Names() => new(Catalogue.Select(static mutant => mutant.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_mutant_can_be_made(string name)
    {
        Mutant mutant = Catalogue.Single(one => string.Equals(one.Name, name, StringComparison.Ordinal));
        string? problem = mutant.FindProblem(s_root);
        Assert.True(problem is null, problem);
        foreach (MutantEdit edit in mutant.Edits)
        {
            string text = File.ReadAllText(Path.Combine(s_root, edit.File)).ReplaceLineEndings("\n");
            string changed = edit.ApplyTo(text);
            Assert.NotEqual(text, changed, StringComparer.Ordinal);
            Assert.Equal(0, edit.Occurrences(changed));
        }
    }

    [Fact]
    public void The_catalogue_covers_every_part_of_the_core()
    {
        Assert.True(Catalogue.Count >= 25, $"There are {Catalogue.Count} mutants.");
        foreach (string area in (string[])["hashing", "table", "guard", "iteration", "deferral"])
            Assert.True(Catalogue.Count(mutant => string.Equals(mutant.Area, area, StringComparison.Ordinal)) >= 5, $"There are fewer than five mutants of {area}.");
        Assert.Equal(Catalogue.Count, Catalogue.Select(static mutant => mutant.Title).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void A_mutant_is_read_from_its_file()
    {
        Mutant mutant = Mutant.Parse(
            "guard-example",
            ["What it breaks.", "file: a.cs", "find:", "    one();", "    two();", "replace:", "    two();", "", "find:", "three();", "replace:", "file: b.cs", "find:", "x", "replace:", "y"]);
        Assert.Equal("guard", mutant.Area);
        Assert.Equal("What it breaks.", mutant.Title);
        Assert.Equal(
            [new MutantEdit("a.cs", "    one();\n    two();", "    two();"), new MutantEdit("a.cs", "three();", ""), new MutantEdit("b.cs", "x", "y")],
            mutant.Edits);
        Assert.Equal("a\n    two();\nb", mutant.Edits[0].ApplyTo("a\n    one();\n    two();\nb"));
        Assert.Equal("a\nb", mutant.Edits[1].ApplyTo("a\nthree();\nb"));
    }

    [Fact]
    public void Only_whole_lines_are_found()
    {
        var edit = new MutantEdit("a.cs", "x = 1;", "x = 2;");
        Assert.Equal(1, edit.Occurrences("x = 1;"));
        Assert.Equal(0, edit.Occurrences("  x = 1;"));
        Assert.Equal(0, edit.Occurrences("x = 1; // or so"));
        Assert.Equal(2, edit.Occurrences("x = 1;\nx = 1;"));
    }

    [Theory]
    [InlineData("find:", "x", "replace:", "y")]
    [InlineData("file: a.cs", "find:", "x")]
    [InlineData("file: a.cs", "find:", "replace:", "y")]
    [InlineData("file: a.cs", "x", "replace:", "y")]
    [InlineData("file: a.cs")]
    public void A_mutant_that_is_not_written_as_it_should_be_is_refused(params string[] lines) =>
        Assert.Throws<FormatException>(() => Mutant.Parse("guard-example", ["What it breaks.", .. lines]));

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "GuardedMap.slnx"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("The tests are not inside the repository.");
    }
}
