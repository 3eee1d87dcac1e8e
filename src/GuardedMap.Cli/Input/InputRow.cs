namespace GuardedMaps.Cli;

/// <summary>One row of the user's file.</summary>
/// <param name="Line">Where it begins, counted from 1.</param>
/// <param name="Columns">Its columns, in order, with their text; empty for plain text.</param>
/// <param name="Text">The row in one line, to show it.</param>
internal sealed record InputRow(long Line, IReadOnlyList<KeyValuePair<string, string?>> Columns, string Text);

/// <summary>What a file turned out to hold.</summary>
internal enum InputFormat
{
    /// <summary>Comma-separated values with a header line (tabs and semicolons are recognised too).</summary>
    Csv,

    /// <summary>One JSON object per line.</summary>
    JsonLines,

    /// <summary>Lines of text.</summary>
    Text,
}
