using System.Text.Json;

namespace GuardedMaps.Lab;

/// <summary>What a .NET program runs on, as the file beside it says (<c>*.runtimeconfig.json</c>).</summary>
/// <param name="IsShared">True unless the program has brought its own runtime.</param>
/// <param name="Major">The major version of the shared runtime that it was made for, where that is told.</param>
internal readonly record struct ShellRuntime(bool IsShared, int? Major)
{
    /// <summary>Reads the file. Where it is missing or cannot be understood, a shared runtime is worth a try.</summary>
    public static ShellRuntime Read(string file)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("runtimeOptions", out var options)
                || options.ValueKind != JsonValueKind.Object) return new(true, null);
            if (options.TryGetProperty("includedFrameworks", out _)) return new(false, null);
            if (options.TryGetProperty("framework", out var framework)) return new(true, MajorOf(framework));
            return new(true, options.TryGetProperty("frameworks", out var several) && several.ValueKind == JsonValueKind.Array
                ? several.EnumerateArray().Select(MajorOf).FirstOrDefault(major => major is not null)
                : null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return new(true, null);
        }
    }

    private static int? MajorOf(JsonElement framework) =>
        framework.ValueKind == JsonValueKind.Object
        && framework.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String && name.ValueEquals("Microsoft.NETCore.App")
        && framework.TryGetProperty("version", out var version) && version.ValueKind == JsonValueKind.String
        && int.TryParse(version.GetString()!.Split('.')[0], System.Globalization.CultureInfo.InvariantCulture, out int major)
            ? major
            : null;
}
