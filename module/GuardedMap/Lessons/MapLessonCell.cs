using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Shell;

/// <summary>A cell of a lesson that was run as a whole, with what it showed.</summary>
public sealed record MapLessonCell
{
    /// <summary>The cell's number, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The cell's id.</summary>
    public required string Id { get; init; }

    /// <summary>Markdown or Code.</summary>
    public required NotebookCellKind Kind { get; init; }

    /// <summary>The text or code.</summary>
    public required string Source { get; init; }

    /// <summary>What the code showed, in this run.</summary>
    public IReadOnlyList<NotebookOutput> Outputs { get; init; } = [];

    /// <summary>The outputs as text.</summary>
    public string Text => string.Concat(Outputs.Select(o => o.Text.EndsWith('\n') ? o.Text : o.Text + "\n")).TrimEnd('\n');

    /// <summary>How many errors the code wrote.</summary>
    public int Errors { get; init; }

    /// <summary>How the outputs differ from those saved in the notebook; null when they do not.</summary>
    public string? Difference { get; init; }

    /// <summary>True when the cell showed what is saved.</summary>
    public bool AsSaved => Difference is null;

    /// <inheritdoc/>
    public override string ToString() => Kind == NotebookCellKind.Code ? Text : Source;
}
