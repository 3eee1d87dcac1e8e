using System.Text.RegularExpressions;

namespace GuardedMaps.Bench.Variants;

/// <summary>The JIT's own listing, cut into methods and reduced to instructions and labels.</summary>
internal static partial class MachineCode
{
    private const int MatchTimeoutMilliseconds = 1_000;

    /// <summary>The methods of the map that reached the last tier.</summary>
    /// <param name="listing">What the JIT wrote (DOTNET_JitStdOutFile).</param>
    /// <param name="forgetProbe">True to leave the probe out of the names of methods, for a variant that has none.</param>
    public static SortedDictionary<string, string[]> Parse(string listing, bool forgetProbe)
    {
        var methods = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        string? name = null;
        bool inside = false;
        var lines = new List<string>();
        foreach (string raw in listing.Split('\n'))
        {
            string line = raw.TrimEnd();
            bool isFooter = line.StartsWith("; Total bytes of code", StringComparison.Ordinal);
            Match header = Header().Match(line);
            // Two compiler threads that write at once would leave garbage that still looks like code.
            if (header.Success ? inside : isFooter && !inside)
                throw new InvalidDataException("The listings of two methods are interleaved.");
            if (header.Success)
            {
                inside = true;
                name = header.Groups["tier"].Value == "Tier1" && IsOfTheMap(header.Groups["name"].Value) ? Name(header.Groups["name"].Value, forgetProbe) : null;
                continue;
            }

            if (isFooter)
            {
                if (name is not null) methods[name] = [.. lines];
                lines.Clear();
                inside = false;
                name = null;
            }

            if (name is null) continue;
            // The rest of a line behind a semicolon, and lines of nothing else, are the JIT's commentary: sizes, block weights, locals.
            int comment = line.IndexOf(';', StringComparison.Ordinal);
            if (comment >= 0) line = line[..comment].TrimEnd();
            if (line.Length == 0) continue;
            // Labels carry a checksum of the method's name.
            line = LabelPrefix().Replace(line, "");
            lines.Add(Called().Replace(line.Trim(), m => "[" + Name(m.Groups["name"].Value, forgetProbe) + "]"));
        }

        return methods;
    }

    /// <summary>How many of the lines are instructions.</summary>
    public static int Instructions(string[] code) => code.Count(line => !line.EndsWith(':'));

    /// <summary>
    /// True if the two differ in nothing but which registers and stack places they use, and in what order: then neither does more than the other.
    /// </summary>
    public static bool IsSameWork(string[] before, string[] after)
    {
        string[] Work(string[] code) => [.. code.Where(line => !line.EndsWith(':')).Select(line => Place().Replace(line, "_")).Order(StringComparer.Ordinal)];
        return Work(before).SequenceEqual(Work(after), StringComparer.Ordinal);
    }

    /// <summary>The methods of the map that the code calls or ends in.</summary>
    public static IEnumerable<string> Calls(string[] code) =>
        code.Where(line => (line.StartsWith("call ", StringComparison.Ordinal) || line.StartsWith("tail.jmp ", StringComparison.Ordinal)) && line.EndsWith(']'))
            .Select(line => line[(line.IndexOf('[', StringComparison.Ordinal) + 1)..^1]);

    /// <summary>The lines of which the two differ, by the longest common subsequence.</summary>
    public static IEnumerable<string> Difference(string[] before, string[] after)
    {
        var common = new int[before.Length + 1, after.Length + 1];
        for (int i = before.Length - 1; i >= 0; i--)
        {
            for (int j = after.Length - 1; j >= 0; j--)
                common[i, j] = before[i] == after[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        }

        for (int i = 0, j = 0; i < before.Length || j < after.Length;)
        {
            if (i < before.Length && j < after.Length && before[i] == after[j])
            {
                i++;
                j++;
            }
            else if (j == after.Length || (i < before.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                yield return "- " + before[i++];
            }
            else
            {
                yield return "+ " + after[j++];
            }
        }
    }

    private static bool IsOfTheMap(string name) => !name.StartsWith("GuardedMaps.Bench.", StringComparison.Ordinal);

    /// <summary>A method's name without the project's namespace, and if asked for without the probe among its parameters and type arguments.</summary>
    private static string Name(string name, bool forgetProbe)
    {
        string full = name.Replace("GuardedMaps.", "", StringComparison.Ordinal);
        return forgetProbe ? Probe().Replace(full, "") : full;
    }

    [GeneratedRegex(@",NoProbe(?=[\])])|\[NoProbe\]|(?<=\()NoProbe(?=\))", RegexOptions.None, MatchTimeoutMilliseconds)]
    private static partial Regex Probe();

    [GeneratedRegex(@"^; Assembly listing for method (?<name>.+) \((?<tier>[^()]+)\)$", RegexOptions.ExplicitCapture, MatchTimeoutMilliseconds)]
    private static partial Regex Header();

    // A place on the stack, a general register, or a label.
    [GeneratedRegex(@"\[r[bs]p(?:[+-]0x[0-9A-F]+)?\]|\b(?:r(?:[abcd]x|[sd]i|[89]|1[0-5])[bwd]?|e(?:[abcd]x|[sd]i)|[abcd]l|[sd]il)\b|\bIG[0-9]+\b", RegexOptions.None, MatchTimeoutMilliseconds)]
    private static partial Regex Place();

    [GeneratedRegex("G_M[0-9a-fA-F]+_", RegexOptions.None, MatchTimeoutMilliseconds)]
    private static partial Regex LabelPrefix();

    // A call's target: [Type:Method(arguments)], with brackets of its own inside.
    [GeneratedRegex(@"\[(?<name>GuardedMaps\..+)\]$", RegexOptions.ExplicitCapture, MatchTimeoutMilliseconds)]
    private static partial Regex Called();
}
