using System.Text.Json.Nodes;
using GuardedMaps.Lab.Lessons;
using GuardedMaps.Lab.Tests.Engines;

namespace GuardedMaps.Lab.Tests.Lessons;

/// <summary>Notebooks are read and written without loss, as Jupyter writes them, and a broken one is reported by cell and line.</summary>
public sealed class NotebookTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(Repository.Root, "notebooks"), "*.ipynb").Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_notebook_that_was_read_is_written_as_it_was(string file)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "notebooks", file));
        Assert.Equal(text, NotebookWriter.ToText(NotebookReader.Parse(text, file)), StringComparer.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_lesson_has_the_form_of_a_lesson(string file)
    {
        var problems = LessonForm.Problems(Lesson.Read(Path.Combine(Repository.Root, "notebooks", file)));
        Assert.True(problems.Count == 0, $"{file}:\n{string.Join("\n", problems)}");
    }

    [Fact]
    public void Everything_a_notebook_can_hold_survives_reading_and_writing()
    {
        // As Jupyter writes it, with what is hard: quotes, control characters, signs beyond the first plane, foreign metadata, data that is JSON.
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Samples", "everything.ipynb"));
        var notebook = NotebookReader.Parse(text);
        Assert.Equal(text, NotebookWriter.ToText(notebook), StringComparer.Ordinal);
        Assert.Equal([3, 24, 65], notebook.Cells.Select(c => c.Line));
    }

    [Theory]
    [InlineData("[]", "is JSON, but no object")]
    [InlineData("", "this is no JSON")]
    [InlineData("{ \"cells\": [] }", "no 'nbformat'")]
    [InlineData("{ \"nbformat\": 3, \"nbformat_minor\": 0, \"cells\": [], \"metadata\": {} }", "'nbformat' is 3")]
    [InlineData("{ \"nbformat\": 4, \"nbformat_minor\": 4, \"cells\": [], \"metadata\": {} }", "its format is 4.4")]
    [InlineData("{ \"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {} }", "no list 'cells'")]
    [InlineData("{ \"nbformat\": 4, \"nbformat_minor\": 5, \"cells\": [] }", "no object 'metadata'")]
    public void What_is_no_notebook_is_said(string text, string what)
    {
        var error = Assert.Throws<NotebookException>(() => NotebookReader.Parse(text, "x.ipynb"));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Contains("x.ipynb", error.Message, StringComparison.Ordinal);
        Assert.Null(error.Cell);
    }

    [Theory]
    [InlineData("{ \"cell_type\": \"markdown\", \"id\": \"b\", \"metadata\": {}, \"source\": [] ", "this is no JSON")]
    [InlineData("{ \"cell_type\": \"code\", \"id\": \"b\", \"metadata\": {}, \"source\": \"\" }", "no list 'outputs'")]
    [InlineData("{ \"cell_type\": \"poem\", \"id\": \"b\", \"metadata\": {}, \"source\": \"\" }", "'cell_type' is 'poem'")]
    [InlineData("{ \"cell_type\": \"raw\", \"metadata\": {}, \"source\": \"\" }", "no 'id'")]
    [InlineData("{ \"cell_type\": \"raw\", \"id\": \"a\", \"metadata\": {}, \"source\": \"\" }", "an earlier cell has it already")]
    [InlineData("{ \"cell_type\": \"raw\", \"id\": \"a b\", \"metadata\": {}, \"source\": \"\" }", "its id is 'a b'")]
    [InlineData("{ \"cell_type\": \"raw\", \"id\": \"b\", \"metadata\": {}, \"source\": 7 }", "text was expected")]
    [InlineData("{ \"cell_type\": \"raw\", \"id\": \"b\", \"source\": \"\" }", "no object 'metadata'")]
    [InlineData("{ \"cell_type\": \"code\", \"id\": \"b\", \"metadata\": {}, \"source\": \"\", \"outputs\": [ { \"output_type\": \"smell\" } ] }", "in output 1, its 'output_type' is 'smell'")]
    [InlineData("7", "it is no object")]
    public void A_broken_cell_is_named_with_its_line(string cell, string what)
    {
        string text = $"{{\n \"nbformat\": 4, \"nbformat_minor\": 5, \"metadata\": {{}},\n \"cells\": [\n  {{ \"cell_type\": \"raw\", \"id\": \"a\", \"metadata\": {{}}, \"source\": \"\" }},\n  {cell}\n ]\n}}";
        var error = Assert.Throws<NotebookException>(() => NotebookReader.Parse(text, "x.ipynb"));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.Cell);
        if (what != "it is no object") Assert.InRange(error.Line, 5, 6);
    }

    [Fact]
    public void A_file_is_replaced_wholly_or_left_alone()
    {
        string path = TestFolder.FileNamed("a.ipynb");
        var notebook = new Notebook { Cells = [new NotebookCell { Id = "a", Kind = NotebookCellKind.Raw, Source = "x" }], Metadata = NotebookMetadata.OfNotebook() };
        NotebookWriter.WriteFile(notebook, path);
        NotebookWriter.WriteFile(NotebookReader.ReadFile(path), path);
        Assert.Equal("x", NotebookReader.ReadFile(path).Cells[0].Source);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(path)!));
        Assert.ThrowsAny<IOException>(() => NotebookWriter.WriteFile(notebook, Path.Combine(path, "no", "such.ipynb")));
    }

    [Fact]
    public void Text_and_drawings_are_compared_exactly_and_pieces_of_one_stream_count_as_one()
    {
        var saved = Cell([new StreamOutput("stdout", "a\nb\n"), DisplayOutput.Of(("image/svg+xml", "<svg/>"))]);
        Assert.Null(NotebookComparison.Difference(saved, [new StreamOutput("stdout", "a\n"), new StreamOutput("stdout", "b\n"), DisplayOutput.Of(("image/svg+xml", "<svg/>"))]));
        Assert.Contains("line 2", NotebookComparison.Difference(saved, [new StreamOutput("stdout", "a\nc\n"), saved.Outputs[1]])!, StringComparison.Ordinal);
        Assert.Contains("not shown any more", NotebookComparison.Difference(saved, [saved.Outputs[0]])!, StringComparison.Ordinal);
        Assert.Contains("not saved", NotebookComparison.Difference(saved, [.. saved.Outputs, new StreamOutput("stderr", "oh")])!, StringComparison.Ordinal);
        Assert.NotNull(NotebookComparison.Difference(saved, [saved.Outputs[0], DisplayOutput.Of(("image/svg+xml", "<svg />"))]));
        Assert.NotNull(NotebookComparison.Difference(saved, [new StreamOutput("stderr", "a\nb\n"), saved.Outputs[1]]));
    }

    [Theory]
    [InlineData("thread 7 wrote at 12:01:02.5", "thread 12 wrote at 13:59:00.1", true)]
    [InlineData("took 12.5 ms on thread 3 'x' (runspace 1 'Runspace1')", "took 7 ms on thread 4", true)]
    [InlineData("12 schedules", "13 schedules", false)]
    public void Only_where_a_cell_is_tagged_numbers_of_threads_and_times_may_differ(string before, string now, bool same)
    {
        var saved = Cell([new StreamOutput("stdout", before)]);
        Assert.NotNull(NotebookComparison.Difference(saved, [new StreamOutput("stdout", now)]));
        var varies = saved with { Metadata = new JsonObject { ["tags"] = new JsonArray("varies") } };
        Assert.Equal(same, NotebookComparison.Difference(varies, [new StreamOutput("stdout", now)]) is null);
    }

    private static NotebookCell Cell(NotebookOutput[] outputs) => new() { Id = "c", Kind = NotebookCellKind.Code, Source = "", Outputs = outputs };
}
