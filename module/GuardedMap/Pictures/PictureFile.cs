using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell;

/// <summary>Which form of a picture a file's extension asks for.</summary>
internal static class PictureFile
{
    /// <summary>A page.</summary>
    public const string Page = ".html";

    private const int TextColumns = 100;

    /// <summary>The extension, as far as it says something.</summary>
    public static string KindOf(string path) => Path.GetExtension(path).ToLowerInvariant() switch { ".htm" => Page, ".md" or ".markdown" => ".mmd", var other => other };

    /// <summary>The extensions that a picture can be written under, for an error message.</summary>
    public static string KindsOf(MapPicture picture) => picture.ToMermaid() is null ? ".svg or .txt" : ".svg, .txt, .mmd or .md";

    /// <summary>The picture in that form; null where it has none.</summary>
    public static string? TextOf(MapPicture picture, string kind) => kind switch
    {
        ".svg" => picture.ToSvg(),
        ".txt" => picture.ToText(new PictureFormat { Width = TextColumns }) + Environment.NewLine,
        ".mmd" => picture.ToMermaid(),
        _ => null,
    };
}
