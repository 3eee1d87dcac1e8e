using System.Globalization;
using System.Management.Automation;
using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Shell;

/// <summary>The lessons that come with the module, and what the learner has done of them.</summary>
internal static class LessonShelf
{
    // The assembly lies in module/GuardedMap/bin below the manifest, in a checkout and installed; the notebooks lie beside the manifest.
    private const string ToRoot = "../../..";

    /// <summary>The folder with the module's manifest.</summary>
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(typeof(LessonShelf).Assembly.Location)!, ToRoot));

    /// <summary>The lessons.</summary>
    public static LessonLibrary Library() => new(Path.Combine(Root, "notebooks"));

    /// <summary>The learner's progress; what is wrong with its file is said as a warning.</summary>
    public static ProgressFile Progress(Cmdlet cmdlet) => new() { Warn = warning => cmdlet.WriteWarning(SafeText.Lines(warning)) };

    /// <summary>Asks the file with the progress, or changes it. Where that cannot be done the lesson goes on without.</summary>
    public static T Attempt<T>(Cmdlet cmdlet, ProgressFile file, Func<T> ask, T otherwise)
    {
        try
        {
            return ask();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            cmdlet.WriteError(Errors.ProgressNotKept(e, file.Path));
            return otherwise;
        }
    }

    /// <summary>Reads a notebook, or says what is wrong with it.</summary>
    public static Lesson? Read(string path, Action<ErrorRecord> fail)
    {
        try
        {
            return Lesson.Read(path);
        }
        catch (NotebookException e)
        {
            fail(Errors.BrokenNotebook(e, path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            fail(Errors.NotebookNotRead(e, path));
        }

        return null;
    }
}

/// <summary>A lesson as <c>Get-MapLesson</c> lists it.</summary>
public sealed record MapLessonInfo
{
    /// <summary>The number.</summary>
    public required int Number { get; init; }

    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The title.</summary>
    public required string Title { get; init; }

    /// <summary>What a learner can do afterwards.</summary>
    public required IReadOnlyList<string> Goals { get; init; }

    /// <summary>The exercises.</summary>
    public required IReadOnlyList<MapExercise> Exercises { get; init; }

    /// <summary>How far the learner has come.</summary>
    public required LessonProgress Progress { get; init; }

    /// <summary>The notebook.</summary>
    public required string Path { get; init; }

    /// <summary>The progress in a few words.</summary>
    public string Done => Progress switch
    {
        { IsFinished: true } => string.Create(CultureInfo.InvariantCulture, $"read, {Progress.Solved.Count} of {Exercises.Count} exercises"),
        { Seen: 0, Solved.Count: 0 } => "",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Progress.Seen} of {Progress.Of} cells, {Progress.Solved.Count} of {Exercises.Count} exercises"),
    };

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}. {SafeText.Line(Title)}");
}

/// <summary>Completes names of lessons.</summary>
public sealed class LessonCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Description)> Names => LessonShelf.Library().BareNames.Zip(LessonShelf.Library().Names);
}

/// <summary>Completes numbers of exercises, with their questions.</summary>
public sealed class ExerciseCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Description)> Names => ExerciseCatalogue.All.Where(e => e.Lesson > 0).Select(e => (e.Number, e.Question));
}
