using System.Text.Json.Nodes;

namespace GuardedMaps.Lab.Lessons;

/// <summary>
/// A Jupyter notebook (nbformat 4.5): cells with the outputs that were saved.
/// </summary>
/// <remarks>
/// <code>
///   file ── NotebookReader ──▶ Notebook ── NotebookWriter ──▶ file
///                               │  cells: id, kind, source, tags, outputs
///                               └─ metadata: kept as it was read, whoever wrote it
/// </code>
/// Reading and writing loses nothing, also not what other programs have put into the metadata; and what is written is what Jupyter
/// itself would write, byte for byte, so that a notebook can go back and forth without a difference that means nothing.
/// Immutable but for the metadata's nodes, which nobody changes after reading.
/// </remarks>
internal sealed record Notebook
{
    /// <summary>The cells in their order.</summary>
    public required IReadOnlyList<NotebookCell> Cells { get; init; }

    /// <summary>The notebook's metadata.</summary>
    public required JsonObject Metadata { get; init; }

    /// <summary>The minor version of the format; the major one is 4.</summary>
    public int FormatMinor { get; init; } = 5;
}

/// <summary>What a cell holds.</summary>
public enum NotebookCellKind
{
    /// <summary>Text in Markdown.</summary>
    Markdown,

    /// <summary>Code.</summary>
    Code,

    /// <summary>Text that is not rendered.</summary>
    Raw,
}

/// <summary>One cell.</summary>
internal sealed record NotebookCell
{
    /// <summary>The tag of a cell whose saved output differs from run to run in numbers of threads, and in times.</summary>
    public const string VariesTag = "varies";

    /// <summary>The tag of a cell into which learners write an answer.</summary>
    public const string ExerciseTag = "exercise";

    /// <summary>The cell's id, unique in its notebook.</summary>
    public required string Id { get; init; }

    /// <summary>What the cell holds.</summary>
    public required NotebookCellKind Kind { get; init; }

    /// <summary>The text or code; lines end with <c>\n</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The cell's metadata.</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>Pictures attached to a Markdown cell; null for none.</summary>
    public JsonNode? Attachments { get; init; }

    /// <summary>As which cell it was run, from 1; null when it never was.</summary>
    public int? ExecutionCount { get; init; }

    /// <summary>The saved outputs of a code cell.</summary>
    public IReadOnlyList<NotebookOutput> Outputs { get; init; } = [];

    /// <summary>In which line of the file the cell began, from 1; 0 when it was not read from one.</summary>
    public int Line { get; init; }

    /// <summary>The cell's tags.</summary>
    public IReadOnlyList<string> Tags => Metadata["tags"] is JsonArray tags ? [.. tags.Select(t => t?.ToString() ?? "")] : [];

    /// <summary>True when the cell has this tag.</summary>
    public bool HasTag(string tag) => Tags.Contains(tag, StringComparer.Ordinal);

    /// <summary>The cell as messages name it: <c>cell 4 ('grow-3', line 87)</c>.</summary>
    public static string Name(NotebookCell cell, int number)
    {
        ArgumentNullException.ThrowIfNull(cell);
        return string.Create(System.Globalization.CultureInfo.InvariantCulture, $"cell {number} ('{cell.Id}'{(cell.Line > 0 ? $", line {cell.Line}" : "")})");
    }
}
