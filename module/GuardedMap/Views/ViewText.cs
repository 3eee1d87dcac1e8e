using System.Management.Automation;
using System.Management.Automation.Host;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell;

/// <summary>The texts that the views show. PowerShell calls these methods from the view file, nobody else does.</summary>
public static class ViewText
{
    private const int LongestList = 1000;

    /// <summary>A picture as the host can show it. What the host's own settings forbid (<c>$PSStyle.OutputRendering</c>) it takes away by itself.</summary>
    /// <remarks>Where somebody asks for text. A notebook shows the drawing: see <see cref="NotebookResults"/> and <see cref="CellRecorder"/>.</remarks>
    public static string Picture(MapPicture picture, PSHost host)
    {
        ArgumentNullException.ThrowIfNull(picture);
        PictureFormat format = PictureFormat.OfTerminal();
        return picture.ToText(WidthOf(host) is { } width ? format with { Width = width } : format);
    }

    /// <summary>A key, value or name as a view shows it: text that does nothing but be read; anything else as it is.</summary>
    public static object? Shown(object? value)
    {
        object? bare = value is PSObject wrapped ? wrapped.BaseObject : value;
        return bare is string text ? SafeText.Line(text) : value;
    }

    /// <summary>Several of them, in a row.</summary>
    public static string List(System.Collections.IEnumerable? values) => values is null ? "" : SafeText.Line(string.Join(", ", values.Cast<object?>().Select(static v => SafeText.Of(v))), LongestList);

    /// <summary>A bucket's slots and its chain, one sign each.</summary>
    public static string Slots(BucketLayout bucket) =>
        LayoutPicture.DrawBucket(bucket ?? throw new ArgumentNullException(nameof(bucket)), PictureFormat.OfTerminal().Ascii).ToString();

    /// <summary>How many columns PowerShell's own tables would use; null where the host has no screen.</summary>
    private static int? WidthOf(PSHost? host)
    {
        try
        {
            // The last column stays free: a terminal that is written to its very edge breaks the line.
            return host?.UI?.RawUI is { } screen && screen.BufferSize.Width > 1 ? screen.BufferSize.Width - 1 : null;
        }
        catch (Exception e) when (e is HostException or NotImplementedException or IOException)
        {
            return null;
        }
    }
}
