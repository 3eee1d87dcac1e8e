using System.Management.Automation.Host;
using GuardedMaps.Lab;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell;

/// <summary>A schedule's lanes as the terminal can show them; called by the views.</summary>
public static class TerminalPicture
{
    /// <summary>The lanes of a schedule.</summary>
    public static string Of(RaceTimeline timeline, PSHost? host) => Of(new RacePicture(timeline), host);

    /// <summary>A picture.</summary>
    public static string Of(MapPicture picture, PSHost? host)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return picture.ToText(FormatFor(host));
    }

    private static PictureFormat FormatFor(PSHost? host)
    {
        PictureFormat format = PictureFormat.OfTerminal();
        try
        {
            // The last column stays free: a terminal that is written to its very edge breaks the line.
            return host?.UI?.RawUI is { BufferSize.Width: > PictureFormat.LeastWidth } screen ? format with { Width = screen.BufferSize.Width - 1 } : format;
        }
        catch (Exception e) when (e is HostException or NotImplementedException or IOException)
        {
            return format; // A host without a screen.
        }
    }
}
