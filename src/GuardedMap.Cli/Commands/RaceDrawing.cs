using GuardedMaps.Lab;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Cli;

/// <summary>Shows schedules, in the form that was asked for, and writes reports.</summary>
internal sealed class RaceDrawing(Screen screen, string format, bool full)
{
    public const string Text = "text";
    private const string Svg = "svg";
    private const string Mermaid = "mermaid";

    public static string[] Formats { get; } = [Text, Svg, Mermaid];

    /// <summary>Draws a schedule, and reports it too if there is a file for that.</summary>
    public int Draw(RaceTimeline timeline, string? report)
    {
        var picture = new RacePicture(timeline, full);
        screen.Line();
        Console.Out.WriteLine(format switch
        {
            Svg => picture.ToSvg(),
            Mermaid => picture.ToMermaid(),
            _ => picture.ToText(PictureFormat.OfTerminal() with { Width = picture.Columns }),
        });
        if (report is not null) Write(screen, report, new RaceReport { Schedules = [timeline] }.ToHtml());
        return 0;
    }

    /// <summary>Writes a page or a drawing.</summary>
    public static void Write(Screen screen, string file, string content)
    {
        WholeFile.Write(file, content);
        screen.Line($"Written: {Path.GetFullPath(file)}");
    }
}
