using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Lab.Tests.Lessons;

/// <summary>A learner's progress is never lost: not by a broken file, not by a later version, not by two sessions at once.</summary>
public sealed class ProgressTests
{
    private readonly string _folder = Path.GetDirectoryName(TestFolder.FileNamed("x"))!;

    [Fact]
    public void What_was_changed_is_there_in_the_next_session()
    {
        Assert.Equal(0, File().Of("growing").Seen);
        File().Change("growing", p => p with { NextCell = "c", Seen = 3, Of = 9, Solved = ["3.1"] });
        File().Change("hashing", p => p with { Seen = 1 });
        var found = File().Of("growing");
        Assert.Equal(("c", 3, 9, false), (found.NextCell, found.Seen, found.Of, found.IsFinished));
        Assert.Equal(["3.1"], found.Solved);
        Assert.Equal(1, File().Of("hashing").Seen);
    }

    [Theory]
    [InlineData("{ not json")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{ \"version\": 7, \"lessons\": {} }")]
    [InlineData("{ \"lessons\": {} }")]
    [InlineData("{ \"version\": 1 }")]
    [InlineData("{ \"version\": 1, \"lessons\": { \"a\": { \"seen\": \"many\" } } }")]
    public void A_file_that_cannot_be_understood_is_kept_aside_and_that_is_said(string content)
    {
        string path = File().Path;
        System.IO.File.WriteAllText(path, content);
        var said = new List<string>();
        var file = new ProgressFile(_folder) { Warn = said.Add };

        Assert.Equal(0, file.Of("growing").Seen);

        string aside = Assert.Single(Directory.GetFiles(_folder, "*.unreadable"));
        Assert.Equal(content, System.IO.File.ReadAllText(aside));
        Assert.Contains(aside, Assert.Single(said), StringComparison.Ordinal);
        file.Change("growing", p => p with { Seen = 2 });
        Assert.Equal(2, file.Of("growing").Seen);
    }

    [Fact]
    public void Two_broken_files_in_one_second_are_both_kept()
    {
        for (int i = 0; i < 2; i++)
        {
            System.IO.File.WriteAllText(File().Path, $"broken {i}");
            File().Of("growing");
        }

        Assert.Equal(2, Directory.GetFiles(_folder, "*.unreadable").Length);
    }

    [Fact]
    public void Sessions_that_write_at_once_lose_nothing()
    {
        Parallel.For(0, 40, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ => File().Change("growing", p => p with { Seen = p.Seen + 1 }));
        Assert.Equal(40, File().Of("growing").Seen);
        Assert.Empty(Directory.GetFiles(_folder, "*.tmp"));
    }

    private ProgressFile File() => new(_folder);
}
