using System.Text;
using System.Text.Json;

namespace GuardedMaps.Shell.Rules;

/// <summary>Findings as a SARIF 2.1.0 log, which code hosts and editors show beside the lines.</summary>
internal static class Sarif
{
    private const string Schema = "https://json.schemastore.org/sarif-2.1.0.json";

    /// <summary>Writes the log.</summary>
    /// <param name="findings">What was found.</param>
    /// <param name="folder">The folder that file names are relative to: where the caller stands.</param>
    public static string Write(IEnumerable<MapFinding> findings, string folder)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", Schema);
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            json.WriteStartObject();
            WriteTool(json);
            json.WriteString("columnKind", "utf16CodeUnits");
            json.WriteStartArray("results");
            foreach (MapFinding finding in findings) WriteResult(json, finding, folder);
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>The address of a file: relative below the folder, else absolute.</summary>
    public static string UriOf(string? path, string folder)
    {
        if (path is null) return "text";
        string relative = Path.GetRelativePath(folder, path);
        if (Path.IsPathRooted(relative) || relative.StartsWith("..", StringComparison.Ordinal)) return new Uri(path).AbsoluteUri;
        return string.Join('/', relative.Split(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar).Select(Uri.EscapeDataString));
    }

    private static IEnumerable<MapRule> Rules => RuleCatalogue.All.Prepend(RuleCatalogue.ParseError);

    private static string Level(MapFindingSeverity severity) => severity switch
    {
        MapFindingSeverity.Error => "error",
        MapFindingSeverity.Warning => "warning",
        _ => "note",
    };

    private static void WriteTool(Utf8JsonWriter json)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "GuardedMap");
        json.WriteString("version", typeof(Sarif).Assembly.GetName().Version?.ToString(3));
        json.WriteString("informationUri", "https://github.com/guardedmap/guardedmap");
        json.WriteStartArray("rules");
        foreach (MapRule rule in Rules)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            json.WriteString("name", rule.Name);
            WriteText(json, "shortDescription", rule.Summary);
            json.WriteString("helpUri", rule.HelpLink);
            json.WriteStartObject("defaultConfiguration");
            json.WriteString("level", Level(rule.Severity));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteResult(Utf8JsonWriter json, MapFinding finding, string folder)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Rule);
        json.WriteNumber("ruleIndex", Rules.TakeWhile(r => r.Id != finding.Rule).Count());
        json.WriteString("level", Level(finding.Severity));
        WriteText(json, "message", $"{finding.Message} {finding.SuggestedFix}");
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        WriteFile(json, finding, folder);
        json.WriteStartObject("region");
        json.WriteNumber("startLine", Math.Max(1, finding.Line));
        json.WriteNumber("startColumn", Math.Max(1, finding.Column));
        json.WriteNumber("endLine", Math.Max(1, finding.Extent.EndLineNumber));
        json.WriteNumber("endColumn", Math.Max(1, finding.Extent.EndColumnNumber));
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndArray();
        if (finding.IsFixable) WriteFix(json, finding, folder);
        json.WriteEndObject();
    }

    private static void WriteFix(Utf8JsonWriter json, MapFinding finding, string folder)
    {
        json.WriteStartArray("fixes");
        json.WriteStartObject();
        WriteText(json, "description", finding.SuggestedFix);
        json.WriteStartArray("artifactChanges");
        json.WriteStartObject();
        WriteFile(json, finding, folder);
        json.WriteStartArray("replacements");
        foreach (ScriptEdit edit in finding.Edits)
        {
            json.WriteStartObject();
            json.WriteStartObject("deletedRegion");
            json.WriteNumber("charOffset", edit.Start);
            json.WriteNumber("charLength", edit.End - edit.Start);
            json.WriteEndObject();
            WriteText(json, "insertedContent", edit.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteFile(Utf8JsonWriter json, MapFinding finding, string folder)
    {
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", UriOf(finding.File, folder));
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }
}
