using GuardedMaps.Lab.Tests.Engines;
using GuardedMaps.Lab.Tests.Explore;

namespace GuardedMaps.Lab.Tests.Docs;

/// <summary>The detection matrix in the README is the one that is computed today.</summary>
public sealed class MatrixTable
{
    private const string Begin = "<!-- detection matrix: begin -->\n";
    private const string End = "<!-- detection matrix: end -->";

    [Fact]
    public void The_README_shows_the_detection_matrix_as_it_is_computed()
    {
        string path = Path.Combine(Repository.Root, "README.md");
        string page = File.ReadAllText(path).ReplaceLineEndings("\n");
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        Assert.True(begin >= Begin.Length && end >= begin, "The README has no place for the detection matrix.");

        string table = DetectionMatrix.Of([.. RaceModels.Protected.Select(Searches.Of)]).ToMarkdown();
        if (Environment.GetEnvironmentVariable("GUARDEDMAP_ACCEPT_MATRIX") == "1")
        {
            WholeFile.Write(path, page[..begin] + table + page[end..]);
            return;
        }

        Assert.True(table == page[begin..end], "The detection matrix has changed, as it does when the map's source does. Look at it and renew it: GUARDEDMAP_ACCEPT_MATRIX=1 dotnet test tests/GuardedMap.Lab.Tests --filter MatrixTable\n" + table);
    }
}
