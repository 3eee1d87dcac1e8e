using GuardedMaps.Help.Facts;
using GuardedMaps.Help.Pages;
using GuardedMaps.Lab;

namespace GuardedMaps.Help.Writing;

/// <summary>Writes into a page what the assembly knows: the syntax, and the block of facts below each parameter's description.</summary>
/// <remarks>Works on lines, so that every word of the author's stays as it was. Renewing twice changes nothing the second time.</remarks>
internal static class PageRenewer
{
    public static void Renew(string file, CmdletFacts facts)
    {
        string old = File.ReadAllText(file).ReplaceLineEndings("\n");
        HelpPage page = PageReader.Read(file, facts);
        List<string> lines = [.. old.Split('\n')];
        ReplaceSyntax(lines, facts);
        foreach (ParameterFacts parameter in facts.Parameters)
        {
            if (page.Parameters.TryGetValue(parameter.Name, out HelpParameter? said)) ReplaceFacts(lines, parameter, said.DefaultValue);
        }

        string text = string.Join('\n', lines);
        if (!string.Equals(text, old, StringComparison.Ordinal)) WholeFile.Write(file, text);
    }

    private static void ReplaceSyntax(List<string> lines, CmdletFacts facts)
    {
        int heading = lines.IndexOf("## Syntax");
        int next = lines.IndexOf("## Description");
        lines.RemoveRange(heading + 1, next - heading - 1);
        lines.InsertRange(heading + 1, ["", "```text", .. string.Join("\n\n", facts.Sets.Select(set => SyntaxLine.Of(facts, set))).Split('\n'), "```", ""]);
    }

    private static void ReplaceFacts(List<string> lines, ParameterFacts parameter, string defaultValue)
    {
        int first = lines.IndexOf("## Parameters");
        int heading = lines.IndexOf("### -" + parameter.Name, first);
        int end = lines.FindIndex(heading + 1, line => line.StartsWith("## ", StringComparison.Ordinal) || line.StartsWith("### ", StringComparison.Ordinal));
        int block = lines.FindIndex(heading + 1, end - heading - 1, line => string.Equals(line, "```" + PageReader.FactsLanguage, StringComparison.Ordinal));
        if (block >= 0) lines.RemoveRange(block, lines.IndexOf("```", block) - block + 1);
        else block = end;

        // One empty line before and after, whatever the author left.
        while (block > 0 && lines[block - 1].Length == 0) lines.RemoveAt(--block);
        while (block < lines.Count && lines[block].Length == 0) lines.RemoveAt(block);
        lines.InsertRange(block, ["", "```" + PageReader.FactsLanguage, .. FactLines(parameter, defaultValue), "```", ""]);
    }

    private static IEnumerable<string> FactLines(ParameterFacts parameter, string defaultValue)
    {
        yield return $"Type: {parameter.TypeName}";
        yield return $"Parameter Sets: {(parameter.Sets.Any(s => s.Name is null) ? "(All)" : string.Join(", ", parameter.Sets.Select(s => s.Name)))}";
        if (parameter.Aliases.Count > 0) yield return $"Aliases: {string.Join(", ", parameter.Aliases)}";
        if (parameter.AcceptedValues.Count > 0) yield return $"Accepted values: {string.Join(", ", parameter.AcceptedValues)}";
        yield return $"Required: {PerSet(parameter, s => s.IsMandatory ? "True" : "False")}";
        yield return $"Position: {PerSet(parameter, s => s.Position?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "Named")}";
        yield return PageReader.DefaultValueKey + defaultValue;
        yield return $"Accept pipeline input: {PerSet(parameter, s => s.Pipeline)}";
        yield return $"Accept wildcard characters: {(parameter.AcceptsWildcards ? "True" : "False")}";
    }

    /// <summary>One value where all sets agree, else each with its set.</summary>
    private static string PerSet(ParameterFacts parameter, Func<SetFacts, string> fact)
    {
        string[] values = [.. parameter.Sets.Select(fact).Distinct(StringComparer.Ordinal)];
        return values.Length == 1 ? values[0] : string.Join(", ", parameter.Sets.Select(s => $"{fact(s)} ({s.Name})"));
    }
}
