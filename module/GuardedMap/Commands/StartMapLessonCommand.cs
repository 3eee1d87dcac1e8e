using System.Management.Automation;
using System.Management.Automation.Host;
using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Plays a lesson in the terminal, cell by cell, or runs all of it.</para>
/// </summary>
/// <remarks>
/// The conversation is <see cref="LessonPlay"/>, the terminal <see cref="TerminalStage"/>, running everything at once <see cref="NotebookRun"/>. Code runs
/// in the scope that called the cmdlet: what a lesson defines is there for what the learner types.
/// </remarks>
[Cmdlet(VerbsLifecycle.Start, "MapLesson", DefaultParameterSetName = NameSet, SupportsShouldProcess = true)]
[OutputType(typeof(MapLessonCell))]
public sealed class StartMapLessonCommand : PSCmdlet
{
    private const string NameSet = "Name";
    private const string PathSet = "Path";
    private TerminalStage? _stage;
    private NotebookRun? _run;

    /// <summary>Which lesson, by number or name.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, ParameterSetName = NameSet)]
    [ValidateNotNullOrEmpty]
    [Alias("Number")]
    [ArgumentCompleter(typeof(LessonCompleter))]
    public string Name { get; set; } = null!;

    /// <summary>A notebook of your own.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>Begins with the first cell, wherever you stopped.</summary>
    [Parameter]
    public SwitchParameter Restart { get; set; }

    /// <summary>Runs every cell without asking, and hands on each with what it showed.</summary>
    [Parameter]
    public SwitchParameter All { get; set; }

    /// <summary>With -All: writes what the cells showed into the notebook, in place of the outputs saved there.</summary>
    [Parameter]
    public SwitchParameter SaveOutput { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (Find() is not { } path || LessonShelf.Read(path, ThrowTerminatingError) is not { } lesson) return;
        if (SaveOutput && !All) ThrowTerminatingError(Errors.AllNeeded());
        if (!All && NotebookResults.IsNotebook(Host)) ThrowTerminatingError(Errors.LessonInNotebook(Host.Name, lesson.Path));
        if (All) RunAll(lesson);
        else Play(lesson);
    }

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        _stage?.Stop();
        _run?.Stop();
    }

    private string? Find()
    {
        if (ParameterSetName == PathSet) return GetUnresolvedProviderPathFromPSPath(Path);
        LessonLibrary library = LessonShelf.Library();
        if (library.Find(Name) is { } path) return path;
        ThrowTerminatingError(Errors.UnknownLesson(Name, library));
        return null;
    }

    private void RunAll(Lesson lesson)
    {
        _run = new NotebookRun(lesson);
        foreach (MapLessonCell cell in _run.Cells()) WriteObject(cell);
        if (!SaveOutput || Stopping || _run.Renewed.Cells.Count < lesson.Notebook.Cells.Count || !ShouldProcess(lesson.Path, "Save outputs")) return;
        try
        {
            NotebookWriter.WriteFile(_run.Renewed, lesson.Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            WriteError(Errors.FileNotWritten(e, lesson.Path));
        }
    }

    private void Play(Lesson lesson)
    {
        ProgressFile progress = LessonShelf.Progress(this);
        LessonProgress known = Restart ? LessonProgress.None : LessonShelf.Attempt(this, progress, () => progress.Of(lesson.Name), LessonProgress.None);
        int count = lesson.Notebook.Cells.Count;
        int from = Math.Max(0, lesson.Notebook.Cells.ToList().FindIndex(c => c.Id == known.NextCell));
        _stage = new TerminalStage(Host, InvokeCommand);
        try
        {
            new LessonPlay(lesson, _stage, reached => LessonShelf.Attempt(this, progress, () => progress.Change(lesson.Name, p => p with
            {
                NextCell = reached < count ? lesson.Notebook.Cells[reached].Id : null,
                Seen = reached,
                Of = count,
            }), known)).Run(from);
        }
        catch (Exception e) when (e is HostException or NotImplementedException or PSInvalidOperationException)
        {
            Host.UI.WriteLine();
            ThrowTerminatingError(Errors.PromptNeeded(e));
        }
    }
}
