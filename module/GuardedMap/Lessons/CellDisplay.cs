using System.Text.Json.Nodes;
using GuardedMaps.Lab.Lessons;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell;

/// <summary>Something a notebook shows in several forms. A cell that writes one has it shown there; <c>Out-Display</c> of our Jupyter kernel makes them.</summary>
/// <param name="Forms">The forms, by media type.</param>
public sealed record CellDisplay(IReadOnlyDictionary<string, string> Forms)
{
    private const string Html = "text/html";

    /// <summary>Shows an object: a picture as a drawing, text as what it is, anything else as text.</summary>
    /// <param name="value">The object.</param>
    /// <param name="mediaType">What a text is, such as <c>text/html</c>; null to find out.</param>
    public static CellDisplay Of(object? value, string? mediaType = null)
    {
        object? bare = InputReader.Bare(value);
        if (bare is MapPicture picture) return Of(picture);
        string text = System.Management.Automation.LanguagePrimitives.ConvertTo<string>(value) ?? "";
        if (mediaType is null) return OfMarkup(text) ?? Single(NotebookOutput.PlainText, text);
        return mediaType == NotebookOutput.PlainText ? Single(mediaType, text) : WithText(mediaType, text);
    }

    /// <inheritdoc/>
    public override string ToString() => Forms.GetValueOrDefault(NotebookOutput.PlainText) ?? Forms.Keys.FirstOrDefault() ?? "";

    internal static CellDisplay Of(MapPicture picture) => new(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [NotebookOutput.Svg] = picture.ToSvg(CellRecorder.Width).ReplaceLineEndings("\n").TrimEnd('\n'),
        [NotebookOutput.PlainText] = picture.ToText(new PictureFormat { Width = CellRecorder.Width }).ReplaceLineEndings("\n").TrimEnd('\n'),
    });

    /// <summary>Text that is a drawing or a page; null for any other text.</summary>
    internal static CellDisplay? OfMarkup(string text)
    {
        string start = text.AsSpan().TrimStart()[..Math.Min(15, text.AsSpan().TrimStart().Length)].ToString();
        if (start.StartsWith("<svg", StringComparison.OrdinalIgnoreCase) && text.AsSpan().TrimEnd().EndsWith("</svg>", StringComparison.OrdinalIgnoreCase)) return WithText(NotebookOutput.Svg, text);
        bool isPage = start.StartsWith("<!DOCTYPE html", StringComparison.OrdinalIgnoreCase) || start.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
        return isPage ? WithText(Html, text) : null;
    }

    internal DisplayOutput ToOutput() => new(Forms.ToDictionary(f => f.Key, f => (JsonNode)JsonValue.Create(f.Value)!, StringComparer.Ordinal));

    private static CellDisplay Single(string mediaType, string text) => new(new Dictionary<string, string>(StringComparer.Ordinal) { [mediaType] = text.ReplaceLineEndings("\n") });

    private static CellDisplay WithText(string mediaType, string text) => new(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [mediaType] = text.ReplaceLineEndings("\n").TrimEnd('\n'),
        [NotebookOutput.PlainText] = mediaType == NotebookOutput.Svg ? "(a drawing)" : $"({mediaType})",
    });
}
