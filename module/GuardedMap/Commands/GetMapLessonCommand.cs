using System.Management.Automation;
using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Lists the lessons: what each is about, its exercises, and how far you have come.</para>
/// </summary>
[Cmdlet(VerbsCommon.Get, "MapLesson")]
[OutputType(typeof(MapLessonInfo))]
public sealed class GetMapLessonCommand : PSCmdlet
{
    /// <summary>Which lessons, by number or name; wildcards are allowed. Without it, all.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Alias("Number")]
    [ArgumentCompleter(typeof(LessonCompleter))]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        LessonLibrary library = LessonShelf.Library();
        ProgressFile progress = LessonShelf.Progress(this);
        foreach (string asked in Name)
        {
            WildcardPattern wildcard = NamePattern.Of(asked);
            string[] found = WildcardPattern.ContainsWildcardCharacters(asked)
                ? [.. library.Files.Zip(library.BareNames).Where(f => wildcard.IsMatch(f.Second)).Select(f => f.First)]
                : library.Find(asked) is { } one ? [one] : [];
            if (found.Length == 0) WriteError(Errors.UnknownLesson(asked, library));
            foreach (string path in found)
            {
                if (LessonShelf.Read(path, WriteError) is { } lesson) WriteObject(Describe(lesson, progress));
            }
        }
    }

    private MapLessonInfo Describe(Lesson lesson, ProgressFile progress) => new()
    {
        Number = lesson.Number,
        Name = lesson.Name,
        Title = lesson.Title,
        Goals = lesson.Goals,
        Exercises = [.. lesson.Exercises.Select(ExerciseCatalogue.Find).OfType<MapExercise>()],
        Progress = LessonShelf.Attempt(this, progress, () => progress.Of(lesson.Name), LessonProgress.None),
        Path = lesson.Path,
    };
}
