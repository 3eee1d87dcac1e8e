using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Shell;

/// <summary>Runs a lesson from its first cell to its last, in the caller's session, and gives each cell with what it showed.</summary>
/// <remarks>A cell that fails does not end the run: a learner sees what comes of it in the cells after, and a test sees all differences at once.</remarks>
internal sealed class NotebookRun(Lesson lesson)
{
    private readonly CellRunner _runner = CellRunner.InThisSession();
    private readonly List<NotebookCell> _renewed = [];
    private volatile bool _stopped;

    /// <summary>The notebook with the outputs of this run in place of those that were saved. Complete when every cell was run.</summary>
    public Notebook Renewed => lesson.Notebook with { Cells = _renewed };

    /// <summary>Runs the cells, each when it is asked for.</summary>
    public IEnumerable<MapLessonCell> Cells()
    {
        int run = 0;
        for (int i = 0; i < lesson.Notebook.Cells.Count && !_stopped; i++)
        {
            var cell = lesson.Notebook.Cells[i];
            if (cell.Kind != NotebookCellKind.Code)
            {
                _renewed.Add(cell);
                yield return new MapLessonCell { Number = i + 1, Id = cell.Id, Kind = cell.Kind, Source = cell.Source };
                continue;
            }

            var shown = new List<NotebookOutput>();
            // What a cell wrote as an error is among its outputs.
            CellEnding ending;
            using (HandledErrors.Begin()) ending = _runner.Run(cell.Source, shown.Add);
            if (ending.Stopped) yield break;
            var outputs = NotebookComparison.Merged(shown);
            string? difference = NotebookComparison.Difference(cell, outputs);
            // What differs in numbers of threads only is not worth a line in a commit.
            _renewed.Add(cell with { ExecutionCount = ++run, Outputs = difference is null ? cell.Outputs : outputs });
            yield return new MapLessonCell { Number = i + 1, Id = cell.Id, Kind = cell.Kind, Source = cell.Source, Outputs = outputs, Errors = ending.Errors, Difference = difference };
        }
    }

    /// <summary>Stops the cell that is running, from any thread, and the run after it.</summary>
    public void Stop()
    {
        _stopped = true;
        _runner.Stop();
    }
}
