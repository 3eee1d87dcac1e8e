namespace GuardedMaps.Tests.Mutants;

/// <summary>
/// A deliberate bug: a small change to the sources of Core, kept as text in tests/mutants.
/// </summary>
/// <remarks>
/// <para>One file per mutant, named after it:</para>
/// <code>
/// What it breaks, in one line.
/// file: src/GuardedMap.Core/Hashing/Tophash.cs
/// find:
///         return (byte)(top + (top &lt; MinLive ? MinLive : 0u));
/// replace:
///         return (byte)(top + (top &lt; MinLive ? MinLive - 1 : 0u));
/// </code>
/// <para>
/// The text to find is whole lines and must occur exactly once; so a mutant stands whatever is edited around it, and when its own
/// place is edited it says so instead of quietly breaking something else. An empty replacement deletes. Further changes follow as more
/// of file, find and replace; a "file:" line may be left out if it would repeat the one before.
/// </para>
/// </remarks>
internal sealed record Mutant(string Name, string Title, IReadOnlyList<MutantEdit> Edits)
{
    /// <summary>The mutant's part of Core, the first word of its name: hashing, table, guard, iteration, deferral.</summary>
    public string Area => Name[..Name.IndexOf('-', StringComparison.Ordinal)];

    /// <summary>Reads the catalogue, in the order of the names.</summary>
    public static IReadOnlyList<Mutant> ReadAll(string folder) =>
        [.. Directory.EnumerateFiles(folder, "*.txt").Order(StringComparer.Ordinal).Select(static path => Parse(Path.GetFileNameWithoutExtension(path), File.ReadAllLines(path)))];

    /// <summary>Reads one mutant.</summary>
    /// <exception cref="FormatException">It is not written as it should be.</exception>
    public static Mutant Parse(string name, IReadOnlyList<string> lines)
    {
        if (!name.Contains('-', StringComparison.Ordinal)) throw new FormatException($"{name}: the name does not begin with an area.");
        if (lines.Count == 0 || string.IsNullOrWhiteSpace(lines[0])) throw new FormatException($"{name}: the first line does not say what the mutant breaks.");
        var edits = new List<MutantEdit>();
        string? file = null;
        List<string>? find = null;
        List<string>? replace = null;
        foreach (string line in lines.Skip(1))
        {
            if (line.StartsWith("file: ", StringComparison.Ordinal))
            {
                Finish();
                file = line["file: ".Length..].Trim();
            }
            else if (string.Equals(line, "find:", StringComparison.Ordinal))
            {
                Finish();
                find = [];
            }
            else if (string.Equals(line, "replace:", StringComparison.Ordinal) && find is not null && replace is null)
            {
                replace = [];
            }
            else if (replace is not null)
            {
                replace.Add(line);
            }
            else if (find is not null)
            {
                find.Add(line);
            }
            else if (line.Length > 0)
            {
                throw new FormatException($"{name}: '{line}' stands where 'file: ...' or 'find:' was expected.");
            }
        }

        Finish();
        return edits.Count > 0 ? new Mutant(name, lines[0].Trim(), edits) : throw new FormatException($"{name}: there is nothing to change.");

        void Finish()
        {
            if (find is null) return;
            if (file is null || replace is null) throw new FormatException($"{name}: {(file is null ? "'file: ...'" : "'replace:'")} is missing.");
            var edit = new MutantEdit(file, Text(find), Text(replace));
            if (edit.Find.Length == 0) throw new FormatException($"{name}: the text to find is empty.");
            edits.Add(edit);
            find = null;
            replace = null;
        }
    }

    /// <summary>What keeps the mutant from being applied to the sources under <paramref name="root"/>; null if nothing does.</summary>
    public string? FindProblem(string root)
    {
        foreach (MutantEdit edit in Edits)
        {
            string path = Path.Combine(root, edit.File);
            if (!File.Exists(path)) return $"{Name}: there is no {edit.File}.";
            int found = edit.Occurrences(Read(path));
            if (found != 1) return $"{Name}: what it looks for occurs {found} times in {edit.File}, not once:\n{edit.Find}";
        }

        return null;
    }

    /// <summary>Changes the sources under <paramref name="root"/>.</summary>
    public void Apply(string root)
    {
        if (FindProblem(root) is { } problem) throw new InvalidOperationException(problem);
        foreach (MutantEdit edit in Edits)
        {
            string path = Path.Combine(root, edit.File);
            File.WriteAllText(path, edit.ApplyTo(Read(path)));
        }
    }

    private static string Read(string path) => File.ReadAllText(path).ReplaceLineEndings("\n");

    /// <summary>The lines as text, without empty ones at the end.</summary>
    private static string Text(List<string> lines) => string.Join('\n', lines).TrimEnd('\n');
}

/// <summary>One change: whole lines of a file, and what takes their place.</summary>
internal sealed record MutantEdit(string File, string Find, string Replace)
{
    /// <summary>How often the lines to find occur.</summary>
    public int Occurrences(string text)
    {
        string whole = "\n" + text + "\n";
        string lines = "\n" + Find + "\n";
        int count = 0;
        for (int at = whole.IndexOf(lines, StringComparison.Ordinal); at >= 0; at = whole.IndexOf(lines, at + 1, StringComparison.Ordinal)) count++;
        return count;
    }

    /// <summary>The text with the change made.</summary>
    public string ApplyTo(string text) => ("\n" + text + "\n").Replace("\n" + Find + "\n", Replace.Length == 0 ? "\n" : "\n" + Replace + "\n", StringComparison.Ordinal)[1..^1];
}
