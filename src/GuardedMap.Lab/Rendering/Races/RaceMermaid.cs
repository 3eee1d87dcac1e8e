using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab.Rendering;

/// <summary>A schedule as a Mermaid sequence diagram, for Markdown pages. At most 25 messages: more are drawn too small to be read.</summary>
internal sealed class RaceMermaid(RaceTimeline timeline, RaceLanes lanes)
{
    private const int MostMessages = 25;
    private readonly StringBuilder _text = new();

    public override string ToString()
    {
        _text.Clear();
        Line("sequenceDiagram");
        Line($"    accTitle: {PictureText.Mermaid($"{timeline.Scenario} on {timeline.Target}, {timeline.Outcome}")}");
        for (int actor = 0; actor < timeline.Actors.Count; actor++)
        {
            // The map stands between the first actor and the others, as it does in the race.
            if (actor == 1) Line("    participant M as the map");
            Line($"    participant {Schedule.Letter(actor)} as {PictureText.Mermaid($"{Schedule.Letter(actor)}, {timeline.Actors[actor]}")}");
        }

        if (timeline.Actors.Count == 1) Line("    participant M as the map");
        int messages = lanes.Rows.Count(r => r.Kind == LaneRowKind.Step);
        int shown = 0;
        int leftOut = messages - MostMessages;
        foreach (var row in lanes.Rows)
        {
            if (row.Kind == LaneRowKind.Step) shown++;
            bool isLeftOut = leftOut > 0 && shown > MostMessages / 2 && shown <= (MostMessages / 2) + leftOut;
            if (isLeftOut && row.Kind == LaneRowKind.Step && shown == (MostMessages / 2) + 1)
                Line(string.Create(CultureInfo.InvariantCulture, $"    Note over {Everybody}: {leftOut} steps are left out here"));
            if (!isLeftOut) Row(row);
        }

        if (RaceWait.Ring(timeline.Deadlock) is { Count: > 0 } ring) Line($"    Note over {Everybody}: {PictureText.Mermaid(RaceWait.RingText(ring, ascii: false))}");
        Line($"    Note over {Everybody}: {PictureText.Mermaid(timeline.Outcome.ToString())}");
        return _text.ToString();
    }

    private string Everybody => timeline.Actors.Count == 1 ? "A,M" : $"A,{Schedule.Letter(timeline.Actors.Count - 1)}";

    private void Row(LaneRow row)
    {
        char letter = Schedule.Letter(row.Actor);
        switch (row.Kind)
        {
            case LaneRowKind.Operation:
                Line($"    Note over {letter}: {PictureText.Mermaid(row.Text)}");
                break;
            case LaneRowKind.Note when !row.First.Number.Equals(lanes.RefusedStep):
                Line($"    Note over {letter}: {PictureText.Mermaid(PictureText.Cut(row.Text, 60))}");
                break;
            case LaneRowKind.Skipped:
                Line($"    Note over {letter}: {PictureText.Mermaid(RaceLanes.DescribeSkipped(row))}");
                break;
            case LaneRowKind.Step:
                for (int other = 0; other < row.Others.Count; other++)
                {
                    if (row.Others[other] == LaneState.Interrupted) Line($"    Note over {Schedule.Letter(other)}: interrupted by {letter}");
                }

                string text = string.Create(CultureInfo.InvariantCulture, $"{row.First.Number}  {row.First.Describe()}");
                if (row.IsRefused) Line($"    M--x{letter}: {PictureText.Mermaid($"{text}: {timeline.Violation!.Kind}")}");
                else Line($"    {letter}->>M: {PictureText.Mermaid(text)}");
                break;
        }
    }

    private void Line(string line) => _text.Append(line).Append('\n');
}
