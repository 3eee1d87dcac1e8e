using System.Globalization;

namespace GuardedMaps.Lab.Choosing;

/// <summary>Reads a load that was recorded: a line for each operation, what was done and to which key, with a comma between.</summary>
/// <remarks>
/// <code>
/// # anything behind this sign is for the reader
/// read,fig
/// write,pear
/// iterate
/// </code>
/// </remarks>
public static class RecordedLoad
{
    private static readonly Dictionary<string, LoadOperationKind> s_names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["read"] = LoadOperationKind.Read,
        ["write"] = LoadOperationKind.Write,
        ["remove"] = LoadOperationKind.Remove,
        ["increment"] = LoadOperationKind.Increment,
        ["iterate"] = LoadOperationKind.Iterate,
    };

    /// <summary>Reads the lines of a file.</summary>
    /// <param name="lines">The lines. A first line that says <c>operation,key</c> is a heading.</param>
    /// <param name="name">What the file is called, for messages.</param>
    /// <exception cref="FormatException">A line is not an operation, or there is none; the message says which line and what is expected.</exception>
    public static IReadOnlyList<LoadOperation> Read(IEnumerable<string> lines, string name)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var operations = new List<LoadOperation>();
        int number = 0;
        foreach (string line in lines)
        {
            number++;
            string text = line.Trim();
            if (text.Length == 0 || text[0] == '#') continue;
            int comma = text.IndexOf(',', StringComparison.Ordinal);
            string what = (comma < 0 ? text : text[..comma]).Trim().Trim('"');
            string key = comma < 0 ? "" : text[(comma + 1)..].Trim().Trim('"');
            if (operations.Count == 0 && what.Equals("operation", StringComparison.OrdinalIgnoreCase)) continue;
            if (!s_names.TryGetValue(what, out var kind)) throw Wrong(name, number, SafeText.Message($"'{what}' is no operation. Operations are {string.Join(", ", s_names.Keys):all}"));
            if (kind != LoadOperationKind.Iterate && key.Length == 0) throw Wrong(name, number, SafeText.Message($"'{what}' names no key. Write '{what},KEY'"));
            operations.Add(new LoadOperation(kind, kind == LoadOperationKind.Iterate ? "" : key));
        }

        return operations.Count > 0 ? operations : throw new FormatException(SafeText.Message($"{name} has no operations. Write one on each line: read, write, remove or increment, a comma and a key; or iterate."));
    }

    private static FormatException Wrong(string name, int line, string what) => new(SafeText.Message($"{name}:{line}: {what:all}."));
}
