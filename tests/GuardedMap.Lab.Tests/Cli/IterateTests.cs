using System.Text;

namespace GuardedMaps.Lab.Tests.Cli;

/// <summary>The user's own files: what is read, and what is said when it cannot be.</summary>
public sealed class IterateTests
{
    [Theory]
    [InlineData("cities.csv", "CSV, columns name, country, population; keys from 'name'. 6 rows, 5 entries: 1 row had the key of an earlier one; the last one wins.")]
    [InlineData("events.jsonl", "JSON lines, columns id, kind, user; keys from 'id'. 4 rows, 3 entries: 1 row had the key of an earlier one; the last one wins.")]
    [InlineData("words.txt", "plain text, the lines are the keys. 5 rows, 4 entries: 1 row had the key of an earlier one; the last one wins.")]
    public void A_file_is_read_iterated_over_and_a_delete_from_inside_refused(string sample, string described)
    {
        var run = CliProcess.Run("iterate", "--input", CliProcess.Sample(sample));

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Empty(run.Error);
        Assert.Contains(described, run.Output, StringComparison.Ordinal);
        Assert.Contains($"concurrent map iteration and map write: Remove of key '", run.Output, StringComparison.Ordinal);
        Assert.Contains($"on map '{sample}'", run.Output, StringComparison.Ordinal);
        Assert.Matches(@"(\d) of \1 deletes got this error\. .* Count was \1 and is \1\.", run.Output);
    }

    [Fact]
    public void The_last_of_several_rows_with_one_key_is_the_one_in_the_map()
    {
        var run = CliProcess.Run("iterate", "--input", CliProcess.Sample("cities.csv"), "--key", "NAME");
        Assert.Contains("Lisbon  (line 6): Lisbon | United States | 3735", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Lisbon  (line 2)", run.Output, StringComparison.Ordinal);
        Assert.Contains("Washington, D.C.  (line 4)", run.Output, StringComparison.Ordinal);
        Assert.Contains("Zürich", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_column_can_be_the_key()
    {
        var run = CliProcess.Run("iterate", "--input", CliProcess.Sample("events.jsonl"), "--key", "user");
        Assert.Contains("keys from 'user'. 4 rows, 2 entries: 2 rows had the key of an earlier one", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_column_is_answered_with_the_columns_there_are()
    {
        var run = CliProcess.Run("iterate", "--input", CliProcess.Sample("cities.csv"), "--key", "city");
        AssertFailed(run, "has no column 'city'. Its columns are: name, country, population.");

        run = CliProcess.Run("iterate", "--input", CliProcess.Sample("words.txt"), "--key", "city");
        AssertFailed(run, "is plain text and has no columns; its lines are the keys. Leave out --key city.");
    }

    [Theory]
    [InlineData("broken.csv", ":6: this row has 2 fields, the header has 3 (name, country, population).")]
    [InlineData("unclosed.csv", ":3: a quote is not closed, or text follows a closing quote.")]
    [InlineData("broken.jsonl", ":3: this line is not valid JSON, at character ")]
    public void A_malformed_row_is_named_by_file_and_line(string sample, string complaint) =>
        AssertFailed(CliProcess.Run("iterate", "--input", CliProcess.Sample(sample)), sample + complaint);

    [Theory]
    [InlineData("{\"k\":\"\\ud800\"}")]
    [InlineData("{\"\\udfff\":\"v\"}")]
    public void Half_a_surrogate_pair_is_no_text_and_named_by_file_and_line(string line)
    {
        string file = TestFolder.FileNamed("half.jsonl");
        File.WriteAllText(file, "{\"k\":\"a\"}\n" + line + "\n");
        AssertFailed(CliProcess.Run("iterate", "--input", file), "half.jsonl:2: in this line there is a string with one half of a surrogate pair");
    }

    [Theory]
    [InlineData("empty.csv", "", "is empty. The first line of a CSV file must name its columns.")]
    [InlineData("header.csv", "name,size\n", "has no rows, so there is nothing to iterate over.")]
    [InlineData("blank.csv", "name,,size\na,b,1\n", ":1: column 2 has no name.")]
    [InlineData("twice.csv", "name,Name\na,b\n", ":1: two columns are named 'name'.")]
    [InlineData("list.jsonl", "[1, 2]\n", ":1: each line must be a JSON object, like {\"name\": \"a\"}; this one is an array.")]
    [InlineData("nokey.jsonl", "{\"id\": 1}\n{\"name\": \"b\"}\n", ":2: this row has no 'id', which is the key column.")]
    [InlineData("nullkey.jsonl", "{\"id\": 1}\n{\"id\": null}\n", ":2: the key column 'id' is null.")]
    [InlineData("blank.txt", "\n  \n", "has no rows, so there is nothing to iterate over.")]
    public void What_cannot_be_a_map_is_refused_with_the_reason(string name, string content, string complaint)
    {
        string file = Write(name, Encoding.UTF8.GetBytes(content));
        AssertFailed(CliProcess.Run("iterate", "--input", file), complaint);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused_and_not_replaced()
    {
        string file = Write("latin1.txt", [(byte)'a', (byte)'\n', 0xE9, 0xE8, (byte)'\n']);
        AssertFailed(CliProcess.Run("iterate", "--input", file), "there are bytes that are not UTF-8 text");
    }

    [Theory]
    [InlineData("a;b\n1;2\n3;4\n", "CSV, columns a, b; keys from 'a'. 2 rows, 2 entries")]
    [InlineData("{\"n\": 1}\n{\"n\": 2}\n", "JSON lines, columns n; keys from 'n'. 2 rows, 2 entries")]
    [InlineData("to be, or not to be\nthat is the question\n", "plain text, the lines are the keys. 2 rows, 2 entries")]
    public void A_file_without_a_telling_extension_is_told_by_its_content(string content, string described)
    {
        var run = CliProcess.Run("iterate", "--input", Write("data", Encoding.UTF8.GetBytes(content)));
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains(described, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_and_a_folder_are_refused()
    {
        AssertFailed(CliProcess.Run("iterate", "--input", "no-such-file.csv"), "There is no file 'no-such-file.csv'");
        AssertFailed(CliProcess.Run("iterate", "--input", AppContext.BaseDirectory), "is a folder.");
    }

    [Fact]
    public void A_command_line_that_is_not_understood_ends_with_2()
    {
        var run = CliProcess.Run("iterate");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("guardedmap: Option '--input' is required.", run.Error, StringComparison.Ordinal);
        Assert.Contains("Run 'guardedmap iterate --help'", run.Error, StringComparison.Ordinal);
    }

    private static string Write(string name, byte[] content)
    {
        string file = TestFolder.FileNamed(name);
        File.WriteAllBytes(file, content);
        return file;
    }

    private static void AssertFailed(CliResult run, string complaint)
    {
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(complaint, run.Error, StringComparison.Ordinal);
        Assert.StartsWith("guardedmap: ", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal); // No stack: the fault is not the program's.
    }
}
