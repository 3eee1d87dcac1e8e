using System.Text.Json.Nodes;

namespace GuardedMaps.Lab.Lessons;

/// <summary>
/// The metadata with which a notebook opens as PowerShell everywhere.
/// </summary>
/// <remarks>
/// Three families of front ends look in three places. Polyglot Notebooks (.NET Interactive, archived in 2026 and still installed) takes a file as its own when
/// <c>kernelspec.name</c> begins with <c>.net-</c>, and a cell's language from <c>polyglot_notebook.kernelName</c>, in older versions from
/// <c>dotnet_interactive.language</c>. Verso reads <c>kernelspec.language</c> and nothing else. Jupyter looks for a kernel of that
/// name and asks when there is none; <c>language_info</c> colours the cells.
/// </remarks>
internal static class NotebookMetadata
{
    /// <summary>The notebook's part.</summary>
    public static JsonObject OfNotebook() => new()
    {
        ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (PowerShell)", ["language"] = "PowerShell", ["name"] = ".net-powershell" },
        ["language_info"] = new JsonObject { ["name"] = "PowerShell", ["file_extension"] = ".ps1", ["mimetype"] = "text/x-powershell", ["pygments_lexer"] = "powershell" },
        ["polyglot_notebook"] = new JsonObject
        {
            ["kernelInfo"] = new JsonObject
            {
                ["defaultKernelName"] = "pwsh",
                ["items"] = new JsonArray(new JsonObject { ["name"] = "pwsh", ["aliases"] = new JsonArray("powershell") }),
            },
        },
    };

    /// <summary>A code cell's part.</summary>
    public static JsonObject OfCodeCell(params string[] tags)
    {
        var metadata = new JsonObject
        {
            ["dotnet_interactive"] = new JsonObject { ["language"] = "pwsh" },
            ["polyglot_notebook"] = new JsonObject { ["kernelName"] = "pwsh" },
        };
        if (tags.Length > 0) metadata["tags"] = new JsonArray([.. tags.Select(t => (JsonNode)t)]);
        return metadata;
    }

    /// <summary>What a notebook's metadata lacks of <see cref="OfNotebook"/>; null for nothing.</summary>
    public static string? Lacking(JsonObject metadata) => Lacking(metadata, OfNotebook(), "metadata");

    /// <summary>What a code cell's metadata lacks of <see cref="OfCodeCell"/>; null for nothing.</summary>
    public static string? LackingInCell(JsonObject metadata) => Lacking(metadata, OfCodeCell(), "metadata");

    // Front ends add what they like; what must be there is there with the right value.
    private static string? Lacking(JsonObject actual, JsonObject expected, string path)
    {
        foreach (var (name, value) in expected)
        {
            string at = $"{path}.{name}";
            if (actual[name] is not { } found) return $"{at} is missing";
            if (value is JsonObject inner)
            {
                if (found is not JsonObject innerFound) return $"{at} is no object";
                if (Lacking(innerFound, inner, at) is { } lacking) return lacking;
            }
            else if (!JsonNode.DeepEquals(found, value))
            {
                return $"{at} is {found.ToJsonString()} and should be {value!.ToJsonString()}";
            }
        }

        return null;
    }
}
