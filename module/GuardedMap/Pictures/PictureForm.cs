using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell;

/// <summary>The form of a picture.</summary>
public enum PictureForm
{
    /// <summary>Lines of text, which draw themselves where they are shown.</summary>
    Text,

    /// <summary>A drawing, as an SVG document.</summary>
    Svg,

    /// <summary>A Mermaid diagram, for Markdown pages.</summary>
    Mermaid,
}

/// <summary>What a cmdlet puts out for a picture.</summary>
internal static class PictureOutput
{
    /// <summary>The picture itself, which knows all its forms and draws itself where it is shown; or one form as a string.</summary>
    public static object Of(MapPicture picture, PictureForm form) => form switch
    {
        PictureForm.Svg => picture.ToSvg(),
        PictureForm.Mermaid => picture.ToMermaid() ?? throw new InvalidOperationException($"{picture.GetType().Name} has no Mermaid form, and its cmdlet offers one."),
        _ => picture,
    };
}
