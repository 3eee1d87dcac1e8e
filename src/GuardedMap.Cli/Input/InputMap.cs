namespace GuardedMaps.Cli;

/// <summary>The rows of a file in a guarded map, by key.</summary>
internal sealed class InputMap
{
    private InputMap(GuardedMap<string, InputRow> map, string? keyColumn, IReadOnlyList<string> columns, long rows)
    {
        Map = map;
        KeyColumn = keyColumn;
        Columns = columns;
        Rows = rows;
    }

    public GuardedMap<string, InputRow> Map { get; }

    /// <summary>The column the keys come from; null for plain text, where the line itself is the key.</summary>
    public string? KeyColumn { get; }

    /// <summary>The columns of the first row.</summary>
    public IReadOnlyList<string> Columns { get; }

    public long Rows { get; }

    /// <summary>Rows whose key an earlier row had. The last one is in the map.</summary>
    public long Repeated => Rows - Map.Count;

    /// <summary>Reads the whole file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="wantedColumn">The key's column; null takes the first.</param>
    /// <param name="onRow">Called for each row.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="InputException">A row is malformed, or has no key.</exception>
    public static InputMap Read(InputFile file, string? wantedColumn, Action onRow, CancellationToken cancellation)
    {
        var map = new GuardedMap<string, InputRow>(new MapOptions<string> { Name = Path.GetFileName(file.Path) });
        string? keyColumn = null;
        IReadOnlyList<string> columns = [];
        long rows = 0;
        foreach (var row in file.Rows())
        {
            cancellation.ThrowIfCancellationRequested();
            if (rows++ == 0)
            {
                columns = [.. row.Columns.Select(column => column.Key)];
                keyColumn = ChooseColumn(file.Path, columns, wantedColumn);
            }

            map[keyColumn is null ? row.Text : KeyOf(file.Path, row, keyColumn)] = row;
            onRow();
        }

        if (rows == 0) throw new InputException(SafeText.Message($"'{file.Path}' has no rows, so there is nothing to iterate over."));
        return new InputMap(map, keyColumn, columns, rows);
    }

    private static string? ChooseColumn(string file, IReadOnlyList<string> columns, string? wanted)
    {
        if (columns.Count == 0)
        {
            return wanted is null ? null : throw new InputException(SafeText.Message($"'{file}' is plain text and has no columns; its lines are the keys. Leave out --key {wanted}."));
        }

        if (wanted is null) return columns[0];
        return columns.FirstOrDefault(name => string.Equals(name, wanted, StringComparison.Ordinal))
            ?? columns.FirstOrDefault(name => string.Equals(name, wanted, StringComparison.OrdinalIgnoreCase))
            ?? throw new InputException(SafeText.Message($"'{file}' has no column '{wanted}'. Its columns are: {string.Join(", ", columns)}."));
    }

    private static string KeyOf(string file, InputRow row, string column)
    {
        foreach (var (name, text) in row.Columns)
        {
            if (!string.Equals(name, column, StringComparison.Ordinal)) continue;
            return text ?? throw InputException.At(file, row.Line, $"the key column '{column}' is null. Every row needs a key; choose another column with --key.");
        }

        throw InputException.At(file, row.Line, $"this row has no '{column}', which is the key column. Every row needs a key; choose another column with --key.");
    }
}
