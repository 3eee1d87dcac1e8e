using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Lab.Tests.Lessons;

/// <summary>The conversation of a lesson in the terminal: what Enter does, what the few words do, and that all else is the learner's own.</summary>
public sealed class LessonPlayTests
{
    [Fact]
    public void Enter_runs_cell_by_cell_to_the_end_and_every_step_is_remembered()
    {
        var stage = new Stage("", "", "");
        Assert.Equal([3, 4, 7, 8], Play(stage));
        Assert.Equal(["text t1", "text t2", "code c1", "run c1", "code c2", "run c2", "text t3", "text ### Exercise 6.1: predict", "code c3", "run c3", "text t4"], stage.Seen);
    }

    [Fact]
    public void What_the_learner_types_is_run_before_the_cell_and_as_often_as_they_like()
    {
        var stage = new Stage("$x = 1", "$x", "", "", "");
        Play(stage);
        Assert.Equal(["run $x = 1", "run $x", "run c1"], stage.Seen.Where(s => s.StartsWith("run", StringComparison.Ordinal)).Take(3), StringComparer.Ordinal);
    }

    [Fact]
    public void What_is_not_finished_is_asked_for_until_it_is_or_a_line_is_empty()
    {
        var stage = new Stage("foreach {", "1", "}", "open {", "", "quit");
        Play(stage);
        Assert.Contains("run foreach {\n1\n}", stage.Seen, StringComparer.Ordinal);
        Assert.Contains("run open {", stage.Seen, StringComparer.Ordinal);
    }

    [Fact]
    public void Skip_goes_on_without_running_and_back_and_again_show_a_step_anew()
    {
        var stage = new Stage("skip", "back", "again", "QUIT");
        Play(stage);
        Assert.Equal(["text t1", "text t2", "code c1", "code c2", "text t1", "text t2", "code c1", "text t1", "text t2", "code c1"], stage.Seen);
    }

    [Theory]
    [InlineData("quit")]
    [InlineData("q")]
    [InlineData(null)]
    public void Who_quits_goes_on_later_with_the_step_that_was_not_done(string? word)
    {
        var reached = Play(new Stage("", word!));
        Assert.Equal([3], reached);
        var later = new Stage("quit");
        Play(later, reached[^1]);
        Assert.Equal(["code c2"], later.Seen);
    }

    [Fact]
    public void Hints_tell_more_each_time_and_are_those_of_the_step_or_of_a_number()
    {
        var stage = new Stage("hint", "", "", "hint", "HINT", "hint", "hint", "hint 6.2", "hint 9.9", "quit");
        Play(stage);
        string[] hints = [.. stage.Said.Where(s => s.StartsWith("Hint", StringComparison.Ordinal))];
        var exercise = ExerciseCatalogue.Find("6.1")!;
        Assert.Equal([$"Hint 1 of 3: {exercise.Hints[0]}", $"Hint 2 of 3: {exercise.Hints[1]}", $"Hint 3 of 3: {exercise.Hints[2]}", $"Hint 3 of 3: {exercise.Hints[2]}"], hints[..4]);
        Assert.StartsWith("Hint 1 of 3", hints[4], StringComparison.Ordinal);
        Assert.Contains(stage.Said, s => s.StartsWith("There is no exercise in this step", StringComparison.Ordinal));
        Assert.Contains(stage.Said, s => s.StartsWith("There is no exercise 9.9", StringComparison.Ordinal));
    }

    [Fact]
    public void Help_says_the_words_and_back_stops_at_the_first_step()
    {
        var stage = new Stage("help", "?", "back", "quit");
        Play(stage);
        Assert.Equal(3, stage.Said.Count(s => s.Contains("Enter runs the cell", StringComparison.Ordinal)));
        Assert.Contains("This is the first step.", stage.Said, StringComparer.Ordinal);
    }

    private static List<int> Play(Stage stage, int from = 0)
    {
        var reached = new List<int>();
        new LessonPlay(MadeUp(), stage, reached.Add).Run(from);
        return reached;
    }

    private static Lesson MadeUp() => Lesson.Of(
        new Notebook
        {
            Metadata = [],
            Cells = [Text("t1"), Text("t2"), Code("c1"), Code("c2"), Text("t3"), Text("### Exercise 6.1: predict"), Code("c3"), Text("t4")],
        },
        "06-made-up.ipynb");

    private static NotebookCell Text(string source) => new() { Id = source, Kind = NotebookCellKind.Markdown, Source = source };

    private static NotebookCell Code(string source) => new() { Id = source, Kind = NotebookCellKind.Code, Source = source };

    private sealed class Stage(params string?[] lines) : ILessonStage
    {
        private readonly Queue<string?> _lines = new(lines);

        public List<string> Seen { get; } = [];

        public List<string> Said { get; } = [];

        public void ShowText(string markdown) => Seen.Add($"text {markdown}");

        public void ShowCode(string code) => Seen.Add($"code {code}");

        public void Run(string code) => Seen.Add($"run {code}");

        public bool IsUnfinished(string code) => code.Contains('{', StringComparison.Ordinal) && !code.Contains('}', StringComparison.Ordinal);

        public void Say(string text) => Said.Add(text);

        public string? Ask(string prompt) => _lines.Count > 0 ? _lines.Dequeue() : null;
    }
}
