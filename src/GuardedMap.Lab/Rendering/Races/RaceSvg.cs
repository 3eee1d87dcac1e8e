using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab.Rendering;

// A schedule as a drawing:
//
//     number   lane of A          lane of B          the buckets after the step
//       1      [ read  ... ]
//              :        \-------> [ write ... ]      [#|#| | | | | | ]
//
// Everything is an attribute: no style sheet, no script, no foreign content, since the places where it shall be seen strip those. It
// brings a ground of its own, because as an image it cannot know whether the page is light or dark. Each step has a title,
// which a browser shows when the pointer rests on it, with everything there is to know.

/// <summary>Draws a schedule as SVG.</summary>
internal sealed class RaceSvg(RaceTimeline timeline, RaceLanes lanes)
{
    private const int Margin = 16;
    private const int NumberWidth = 34;
    private const int LaneWidth = 272;
    private const int LaneGap = 26;
    private const int RowHeight = 30;
    private const int BoxHeight = 22;
    private const int Cell = 11;
    private const int MostBuckets = 4;
    private const int RingRadius = 52;
    private const double CharacterWidth = 6.7;
    private const string Ground = "#fdfdfb";
    private const string Text = "#1d1d1f";
    private const string Faint = "#6b6b70";
    private const string Alarm = "#c43c00";
    private static readonly string[] LaneColours = ["#1f6fb2", "#b26a00", "#00805c", "#98487f"];

    private readonly StringBuilder _svg = new();
    private readonly Dictionary<int, (int Actor, int Row)> _places = [];
    private int _top;

    public override string ToString()
    {
        _svg.Clear();
        _places.Clear();
        var headline = RacePicture.Wrap($"{timeline.Scenario} on {timeline.Target}. {timeline.Outcome}", (int)((Width - (2 * Margin)) / (CharacterWidth * 1.12))).ToList();
        var ending = Ending().ToList();
        _top = Margin + (headline.Count * 20) + 48;
        var ring = RaceWait.Ring(timeline.Deadlock);
        int ringHeight = ring.Count > 0 ? (2 * RingRadius) + 60 : 0;
        int height = _top + (lanes.Rows.Count * RowHeight) + (ending.Count * 17) + Margin + 12 + ringHeight;

        Write($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {height}\" width=\"{Width}\" height=\"{height}\" role=\"img\" font-family=\"ui-monospace, 'DejaVu Sans Mono', Consolas, Menlo, monospace\" font-size=\"11\">\n");
        Write($"<title>{PictureText.Xml($"{timeline.Scenario} on {timeline.Target}: {timeline.Outcome}")}</title>\n");
        Write($"<rect x=\"0\" y=\"0\" width=\"{Width}\" height=\"{height}\" rx=\"8\" fill=\"{Ground}\" stroke=\"#d8d8d4\"/>\n");
        int y = Margin + 12;
        foreach (string line in headline)
        {
            Words(Margin, y, line, timeline.Outcome.Kind == ScheduleOutcomeKind.Clean ? Text : Alarm, "font-size=\"13\" font-weight=\"bold\"");
            y += 20;
        }

        Words(Margin, y, timeline.Token.ToString(), Faint);
        Heads(y + 28);
        LifeLines();
        for (int row = 0; row < lanes.Rows.Count; row++) Row(lanes.Rows[row], row);
        HandOffs();
        y = _top + (lanes.Rows.Count * RowHeight) + 20;
        foreach (var (line, colour) in ending)
        {
            Words(Margin, y, line, colour);
            y += 17;
        }

        if (ring.Count > 0) Ring(ring, y);
        Write($"</svg>\n");
        return _svg.ToString();
    }

    private bool HasBuckets => timeline.Initial.Count > 0 || timeline.Steps.Any(s => s.Buckets.Count > 0);

    private int BucketsLeft => LaneLeft(timeline.Actors.Count);

    private int Width => BucketsLeft + (HasBuckets ? BucketsWidth : 0) + Margin;

    private int BucketsWidth
    {
        get
        {
            int parts = timeline.Steps.Select(s => s.Buckets).Append(timeline.Initial).Max(b => b.Take(MostBuckets).Sum(x => x.Chain.Count));
            return Math.Clamp(parts, 1, 2 * MostBuckets) * ((8 * Cell) + 10);
        }
    }

    private static int LaneLeft(int actor) => Margin + NumberWidth + (actor * (LaneWidth + LaneGap));

    private int RowTop(int row) => _top + (row * RowHeight);

    private static string ColourOf(int actor) => LaneColours[actor % LaneColours.Length];

    private void Heads(int y)
    {
        for (int actor = 0; actor < timeline.Actors.Count; actor++)
            Words(LaneLeft(actor), y, $"{Schedule.Letter(actor)}: {PictureText.Cut(timeline.Actors[actor], 34)}", ColourOf(actor), "font-size=\"12\" font-weight=\"bold\"");
        if (HasBuckets) Words(BucketsLeft, y, "buckets", Faint);
    }

    // A dashed line in a lane whose actor is in the middle of its work while others go on.
    private void LifeLines()
    {
        for (int actor = 0; actor < timeline.Actors.Count; actor++)
        {
            for (int row = 0; row < lanes.Rows.Count; row++)
            {
                if (lanes.Rows[row].Actor == actor || lanes.Rows[row].Others[actor] == LaneState.Outside) continue;
                int x = LaneLeft(actor) + 14;
                Write($"<line x1=\"{x}\" y1=\"{RowTop(row) - 4}\" x2=\"{x}\" y2=\"{RowTop(row) + RowHeight - 4}\" stroke=\"{ColourOf(actor)}\" stroke-width=\"2\" stroke-dasharray=\"3 4\"/>\n");
                if (lanes.Rows[row].Others[actor] == LaneState.Interrupted) Words(x + 8, RowTop(row) + 15, "interrupted", ColourOf(actor));
            }
        }
    }

    // A bar beside the lane of an actor that has a lock.
    private void Bars(LaneRow row, int y)
    {
        for (int actor = 0; actor < timeline.Actors.Count; actor++)
        {
            if (lanes.HasLock(actor, row)) Write($"<rect x=\"{LaneLeft(actor) - 10}\" y=\"{y - 4}\" width=\"4\" height=\"{RowHeight}\" fill=\"{ColourOf(actor)}\"><title>has a lock</title></rect>\n");
        }
    }

    // Who waits for whom: the actors on a circle, on each arrow what the one waits for and the next has.
    private void Ring(IReadOnlyList<RaceWait> ring, int top)
    {
        double middleX = Margin + 150;
        double middleY = top + RingRadius + 26;
        for (int i = 0; i < ring.Count; i++)
        {
            var (x1, y1) = Place(i, RingRadius);
            var (x2, y2) = Place(i + 1, RingRadius);
            string colour = ColourOf(ring[i].Actor);
            double angle = Angle(i + 1) - (22.0 / RingRadius);
            double headX = middleX + (RingRadius * Math.Cos(angle));
            double headY = middleY + (RingRadius * Math.Sin(angle));
            Write($"<path d=\"M {x1:0.#} {y1:0.#} A {RingRadius} {RingRadius} 0 0 1 {x2:0.#} {y2:0.#}\" fill=\"none\" stroke=\"{Alarm}\" stroke-width=\"1.6\"/>");
            Write($"<circle cx=\"{headX:0.#}\" cy=\"{headY:0.#}\" r=\"4\" fill=\"{Alarm}\"/>");
            var (labelX, labelY) = (middleX + ((RingRadius + 14) * Math.Cos(Angle(i + 0.5))), middleY + ((RingRadius + 14) * Math.Sin(Angle(i + 0.5))));
            string label = PictureText.Cut($"waits for {ring[i].For}", 30);
            Words((int)(labelX >= middleX ? labelX : labelX - (label.Length * CharacterWidth)), (int)labelY + 4, label, colour);
        }

        for (int i = 0; i < ring.Count; i++)
        {
            var (x, y) = Place(i, RingRadius);
            Write($"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"16\" fill=\"{Ground}\" stroke=\"{ColourOf(ring[i].Actor)}\" stroke-width=\"2\"/>");
            Words((int)x - 4, (int)y + 5, Schedule.Letter(ring[i].Actor).ToString(), ColourOf(ring[i].Actor), "font-size=\"13\" font-weight=\"bold\"");
        }

        double Angle(double place) => (2 * Math.PI * place / ring.Count) - (Math.PI / 2);

        (double X, double Y) Place(double place, double radius) => (middleX + (radius * Math.Cos(Angle(place))), middleY + (radius * Math.Sin(Angle(place))));
    }

    private void Row(LaneRow row, int number)
    {
        int x = LaneLeft(row.Actor);
        int y = RowTop(number);
        string colour = ColourOf(row.Actor);
        Bars(row, y);
        switch (row.Kind)
        {
            case LaneRowKind.Operation:
                Words(x, y + 17, PictureText.Cut(row.Text, 38), colour, "font-weight=\"bold\"");
                return;
            case LaneRowKind.Note:
                Write($"<g><title>{PictureText.Xml(row.Text)}</title>");
                Words(x + 14, y + 12, PictureText.Cut($"└ {row.Text}", 38), row.IsRefused || row.First.Number == lanes.RefusedStep ? Alarm : Faint);
                Write($"</g>\n");
                return;
            case LaneRowKind.Skipped:
                for (int skipped = row.First.Number; skipped <= row.Last.Number; skipped++) _places[skipped] = (row.Actor, number);
                Write($"<g><title>{PictureText.Xml(string.Join('\n', timeline.Steps.Skip(row.First.Number - 1).Take(row.Steps).Select(TitleOf)))}</title>");
                Write($"<rect x=\"{x}\" y=\"{y}\" width=\"{LaneWidth}\" height=\"{BoxHeight}\" rx=\"4\" fill=\"{colour}\" fill-opacity=\"0.04\" stroke=\"{colour}\" stroke-opacity=\"0.5\" stroke-dasharray=\"2 3\"/>");
                Words(x + 10, y + 15, PictureText.Cut($"… {RaceLanes.DescribeSkipped(row)}", 37), Faint);
                Write($"</g>\n");
                break;
            default:
                _places[row.First.Number] = (row.Actor, number);
                Step(row, x, y, colour);
                break;
        }

        if (HasBuckets) Buckets(row, y);
    }

    private void Step(LaneRow row, int x, int y, string colour)
    {
        string number = row.First.Number.ToString(CultureInfo.InvariantCulture);
        Words(Margin + NumberWidth - 10 - (int)(number.Length * CharacterWidth), y + 15, number, Faint);
        Write($"<g><title>{PictureText.Xml(TitleOf(row.First))}</title>");
        Write($"<rect x=\"{x}\" y=\"{y}\" width=\"{LaneWidth}\" height=\"{BoxHeight}\" rx=\"4\" fill=\"{colour}\" fill-opacity=\"{(row.First.Access == AccessKind.Write ? "0.22" : "0.08")}\" stroke=\"{colour}\"/>");
        if (row.IsPaired || row.IsRefused) Write($"<rect x=\"{x - 3}\" y=\"{y - 3}\" width=\"{LaneWidth + 6}\" height=\"{BoxHeight + 6}\" rx=\"6\" fill=\"none\" stroke=\"{Alarm}\" stroke-width=\"{(row.IsRefused ? "2.5" : "1.5")}\"/>");
        Words(x + 8, y + 15, PictureText.Cut($"{(row.IsRefused ? "✗ " : "")}{row.First.Describe()}", row.Meets is null ? 38 : 29), Text);
        if (row.Meets is { } earlier)
        {
            string meets = string.Create(CultureInfo.InvariantCulture, $"meets {earlier}");
            Words(x + LaneWidth - 6 - (int)(meets.Length * CharacterWidth), y + 15, meets, Alarm, "font-weight=\"bold\"");
        }

        Write($"</g>\n");
    }

    // From the last step of one actor to the first of the next: solid where somebody was interrupted, thin where one came after the other.
    private void HandOffs()
    {
        for (int i = 1; i < timeline.Steps.Count; i++)
        {
            var step = timeline.Steps[i];
            if (step.Actor == timeline.Steps[i - 1].Actor) continue;
            if (!_places.TryGetValue(i, out var from) || !_places.TryGetValue(i + 1, out var to)) continue;
            bool leftwards = to.Actor < from.Actor;
            int x1 = LaneLeft(from.Actor) + (leftwards ? 0 : LaneWidth);
            int x2 = LaneLeft(to.Actor) + (leftwards ? LaneWidth : 0);
            int y1 = RowTop(from.Row) + (BoxHeight / 2);
            int y2 = RowTop(to.Row) + (BoxHeight / 2);
            int middle = leftwards ? x1 - (LaneGap / 2) : x1 + (LaneGap / 2);
            int head = leftwards ? 6 : -6;
            Write($"<path d=\"M {x1} {y1} H {middle} V {y2} H {x2 + head}\" fill=\"none\" stroke=\"{Text}\" stroke-width=\"{(step.Preempted ? "1.6" : "0.8")}\"/>");
            Write($"<polygon points=\"{x2},{y2} {x2 + head},{y2 - 4} {x2 + head},{y2 + 4}\" fill=\"{Text}\"/>\n");
        }
    }

    private void Buckets(LaneRow row, int y)
    {
        var after = row.Last.Buckets;
        var before = row.First.Number == 1 ? timeline.Initial : timeline.Steps[row.First.Number - 2].Buckets;
        int x = BucketsLeft;
        bool changed = row.First.Number == 1;
        var cells = new StringBuilder();
        for (int b = 0; b < Math.Min(after.Count, MostBuckets); b++)
        {
            for (int part = 0; part < after[b].Chain.Count; part++)
            {
                for (int slot = 0; slot < after[b].Chain[part].Count; slot++)
                {
                    var now = after[b].Chain[part][slot];
                    var then = b < before.Count && part < before[b].Chain.Count && slot < before[b].Chain[part].Count ? before[b].Chain[part][slot] : null;
                    bool differs = !Equals(now, then);
                    changed |= differs;
                    string what = now.IsLive ? $"{now.Key} = {now.Value}" : now.State;
                    cells.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x + (slot * Cell)}\" y=\"{y + 5}\" width=\"{Cell}\" height=\"{Cell + 1}\" fill=\"{(now.IsLive ? "#8f8f95" : "#ffffff")}\" stroke=\"{(differs ? Alarm : "#a8a8ad")}\" stroke-width=\"{(differs ? "2" : "1")}\"><title>{PictureText.Xml($"{(after[b].IsOld ? "old bucket" : "bucket")} {after[b].Number} slot {slot}: {what}")}</title></rect>");
                }

                x += (8 * Cell) + 10;
            }
        }

        if (changed) _svg.Append(cells).Append('\n');
    }

    private IEnumerable<(string Line, string Colour)> Ending()
    {
        int columns = (int)((Width - (2 * Margin)) / CharacterWidth);
        if (timeline.Violation is { } violation)
        {
            foreach (string line in RacePicture.Wrap($"✗ {violation.Kind}: {violation.Message}", columns)) yield return (line, Alarm);
        }

        foreach (var wait in timeline.Deadlock)
        {
            foreach (string line in RacePicture.Wrap($"✗ {wait}", columns)) yield return (line, ColourOf(wait.Actor));
        }

        foreach (string line in RacePicture.Wrap((timeline.Steps.Any(s => s.Held.Count > 0) ? "Bar beside a lane: has a lock. " : "") + "Dashed lane: in the middle of its work, waiting. Red frames: two steps that touch the same memory, one of them writing. Their order decides.", columns)) yield return (line, Faint);
    }

    private string TitleOf(RaceTimelineStep step)
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"step {step.Number}, {Schedule.Letter(step.Actor)} in {step.Operation}: {step.Describe()} ({step.Point.Name})");
        if (step.Note is { } note) text += $"; {note}";
        return step.Stack.Count == 0 ? text : $"{text}\nat {string.Join("\nat ", step.Stack)}";
    }

    private void Words(int x, int y, string text, string colour, string attributes = "") =>
        Write($"<text x=\"{x}\" y=\"{y}\" fill=\"{colour}\"{(attributes.Length > 0 ? " " + attributes : "")} xml:space=\"preserve\">{PictureText.Xml(text)}</text>\n");

    private void Write(FormattableString text) => _svg.Append(text.ToString(CultureInfo.InvariantCulture));
}
