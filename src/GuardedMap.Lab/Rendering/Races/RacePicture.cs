using System.Globalization;

namespace GuardedMaps.Lab.Rendering;

/// <summary>
/// A schedule as lanes, one to each actor, time going down: who did what, where one actor came in the middle of another, and how it
/// ended.
/// </summary>
/// <remarks>
/// <code>
///    #  A: counter A              B: counter B            meets
///    1  read key 'n' = 0
///    2  ┊ interrupted             read key 'n' = 0
///    3  ┊                         write key 'n': 0 → 1     1
///    4  write key 'n' = 1                                  3
/// </code>
/// </remarks>
public sealed record RacePicture : MapPicture
{
    private const int NumberWidth = 6;
    private const int MeetsWidth = 7;
    private const int WidthOfThree = 100;
    private const int NarrowestLane = 20;

    private static readonly Ink[] LaneInks = [Ink.First, Ink.Second, Ink.Third, Ink.Fourth];

    private readonly RaceLanes _lanes;

    /// <summary>Makes the picture of a schedule.</summary>
    /// <param name="timeline">The schedule.</param>
    /// <param name="full">Whether to show every step, also those on which nothing depends.</param>
    public RacePicture(RaceTimeline timeline, bool full = false)
    {
        ArgumentNullException.ThrowIfNull(timeline);
        Timeline = timeline;
        IsFull = full;
        _lanes = new RaceLanes(timeline, full);
    }

    /// <summary>The schedule.</summary>
    public RaceTimeline Timeline { get; }

    /// <summary>True when every step is shown.</summary>
    public bool IsFull { get; }

    /// <inheritdoc/>
    public override string Title => $"{Timeline.Scenario} on {Timeline.Target}: {Timeline.Outcome.Kind}";

    /// <summary>The columns the picture wants: 80 for two actors, 100 for three, and more for more.</summary>
    public int Columns => Timeline.Actors.Count switch
    {
        <= 2 => PictureFormat.DefaultWidth,
        3 => WidthOfThree,
        var n => WidthOfThree + ((n - 3) * (WidthOfThree / 4)),
    };

    /// <inheritdoc/>
    public override string ToMermaid() => new RaceMermaid(Timeline, _lanes).ToString();

    /// <inheritdoc/>
    public override string ToSvg(int columns = 100) => new RaceSvg(Timeline, _lanes).ToString();

    /// <inheritdoc/>
    public override IReadOnlyList<PictureLine> Draw(PictureFormat format)
    {
        ArgumentNullException.ThrowIfNull(format);
        var page = new Page(Timeline, _lanes, format, Math.Max(PictureFormat.LeastWidth, Math.Min(format.Width, Columns)));
        return page.Draw();
    }

    /// <summary>The ink of an actor.</summary>
    internal static Ink InkOf(int actor) => LaneInks[actor % LaneInks.Length];

    /// <summary>Breaks text into lines at spaces; a word too long for a line is cut.</summary>
    internal static IEnumerable<string> Wrap(string text, int width)
    {
        string rest = text.ReplaceLineEndings(" ").Trim();
        while (rest.Length > width)
        {
            int at = rest.LastIndexOf(' ', width, width);
            bool atSpace = at > 0;
            yield return rest[..(atSpace ? at : width)];
            rest = rest[(atSpace ? at + 1 : width)..].TrimStart();
        }

        if (rest.Length > 0) yield return rest;
    }

    // Everything that is needed while one picture is drawn.
    private sealed class Page(RaceTimeline timeline, RaceLanes lanes, PictureFormat format, int width)
    {
        private readonly List<PictureLine> _lines = [];
        private readonly int _lane = Math.Max(NarrowestLane, (width - NumberWidth - MeetsWidth) / timeline.Actors.Count);
        private readonly string _wait = format.Ascii ? ":" : "┊";
        private readonly string _arrow = format.Ascii ? "->" : "→";
        private readonly string _lock = format.Ascii ? "|" : "▌";
        private readonly string _refused = format.Ascii ? "X" : "✗";

        public IReadOnlyList<PictureLine> Draw()
        {
            Paragraph($"{timeline.Scenario} on {timeline.Target}. {timeline.Outcome}", IsBad ? Ink.Alarm : Ink.Strong);
            Paragraph($"{Count(timeline.Steps.Count, "step")}, {Count(timeline.Preemptions, "preemption")}. Again with the token", Ink.Faint);
            _lines.Add(new PictureLine().Add(timeline.Token.ToString(), Ink.Faint)); // Never broken: it is there to be copied.
            _lines.Add(new PictureLine());
            Heads();
            foreach (var row in lanes.Rows) Row(row);
            _lines.Add(new PictureLine());
            Legend();
            Sides();
            return _lines;
        }

        private bool IsBad => timeline.Outcome.Kind != ScheduleOutcomeKind.Clean;

        private static string Count(int n, string what) => string.Create(CultureInfo.InvariantCulture, $"{n} {what}{(n == 1 ? "" : "s")}");

        private int ColumnOf(int actor) => NumberWidth + (actor * _lane);

        private void Paragraph(string text, Ink ink, string indent = "")
        {
            foreach (string line in Wrap(text, width - indent.Length)) _lines.Add(new PictureLine().Add(indent).Add(line, ink));
        }

        private void Heads()
        {
            var line = new PictureLine().Add("   #", Ink.Faint);
            for (int actor = 0; actor < timeline.Actors.Count; actor++)
            {
                line.PadTo(ColumnOf(actor));
                line.Add(Cut($"{Schedule.Letter(actor)}: {timeline.Actors[actor]}", _lane - 1), InkOf(actor));
            }

            if (lanes.Rows.Any(r => r.Meets is not null)) line.PadTo(ColumnOf(timeline.Actors.Count)).Add("meets", Ink.Faint);
            _lines.Add(line);
        }

        private void Row(LaneRow row)
        {
            string text = row.Kind switch
            {
                LaneRowKind.Operation => row.Text,
                LaneRowKind.Skipped => $"{(format.Ascii ? "..." : "…")} {RaceLanes.DescribeSkipped(row)}",
                LaneRowKind.Note => $"{(format.Ascii ? "'-" : "└")} {row.Text}",
                _ => $"{(row.IsRefused ? _refused + " " : "")}{row.First.Describe(_arrow)}",
            };
            bool isFirst = true;
            int room = text.Length <= _lane - 2 ? _lane - 2 : _lane - 4; // Lines after the first stand two columns in.
            foreach (string part in Wrap(text, room))
            {
                var line = new PictureLine();
                if (isFirst && row.Kind is LaneRowKind.Step) line.Add(row.First.Number.ToString(CultureInfo.InvariantCulture).PadLeft(4), Ink.Faint);
                for (int actor = 0; actor < timeline.Actors.Count; actor++)
                {
                    if (lanes.HasLock(actor, row)) line.PadTo(ColumnOf(actor) - 1).Add(_lock, InkOf(actor));
                    line.PadTo(ColumnOf(actor));
                    if (actor == row.Actor) line.Add(isFirst || row.Kind == LaneRowKind.Operation ? part : "  " + part, InkFor(row));
                    else if (row.Others[actor] != LaneState.Outside) line.Add(isFirst && row.Others[actor] == LaneState.Interrupted ? $"{_wait} interrupted" : _wait, InkOf(actor));
                }

                if (isFirst && row.Meets is { } earlier) line.PadTo(ColumnOf(timeline.Actors.Count)).Add(earlier.ToString(CultureInfo.InvariantCulture).PadLeft(3), Ink.Alarm);
                _lines.Add(line);
                isFirst = false;
            }
        }

        private static Ink InkFor(LaneRow row) => row switch
        {
            { IsRefused: true } => Ink.Alarm,
            { Kind: LaneRowKind.Skipped or LaneRowKind.Note } => Ink.Faint,
            _ => InkOf(row.Actor),
        };

        private void Legend()
        {
            var parts = new List<string>();
            if (lanes.Rows.Any(r => r.Others.Contains(LaneState.Waiting) || r.Others.Contains(LaneState.Interrupted))) parts.Add($"{_wait} in the middle of its work, waiting");
            if (lanes.Rows.Any(r => r.Meets is not null)) parts.Add("meets n: touches what step n touched, and one of the two writes");
            if (timeline.Steps.Any(s => s.Held.Count > 0)) parts.Add($"{_lock} has a lock");
            if (parts.Count > 0) Paragraph(string.Join("; ", parts) + ".", Ink.Faint);
        }

        private void Sides()
        {
            foreach (var wait in timeline.Deadlock) Paragraph($"{_refused} {wait}", InkOf(wait.Actor));
            if (RaceWait.Ring(timeline.Deadlock) is { Count: > 0 } ring) Paragraph($"A ring: {RaceWait.RingText(ring, format.Ascii)}", Ink.Alarm);
            if (timeline.Violation is not { } violation) return;
            Paragraph($"{_refused} {violation.Kind}: {violation.Message}", Ink.Alarm);
            Side("Refused", violation.Current);
            if (violation.Previous is { } previous) Side("While", previous);
        }

        private void Side(string role, RaceSide side)
        {
            Paragraph(string.Create(CultureInfo.InvariantCulture, $"{role}: {Schedule.Letter(side.Actor)} ({timeline.Actors[side.Actor]}), {side.Operation}, step {side.Step}"), InkOf(side.Actor), "  ");
            foreach (string frame in side.Stack) Paragraph($"at {frame}", Ink.Faint, "      ");
            if (side.ScriptStack is { } script) Paragraph(script, Ink.Faint, "      ");
        }

        private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];
    }
}
