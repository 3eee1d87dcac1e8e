using System.Globalization;
using System.Text;
using System.Text.Json;

namespace GuardedMaps.Lab.Rendering;

// The report of many races, as one page that needs nothing beside itself: no network (its own policy forbids it), no other file.
//
//     matrix      scenario by target: detected, silently wrong, clean; where explored, in exact shares
//     schedules   for each way to go wrong, the simplest schedule, to be stepped through: lanes, buckets, both stacks
//
// Lanes are written as markup, so that the page can be read without its script. What changes from step to step, buckets and
// stacks, is data beside it, each different table once.

/// <summary>A report of races as one HTML page.</summary>
public sealed record RaceReport
{
    /// <summary>The most a page may weigh; what would pass it is left out, and the page says so.</summary>
    public const int MostBytes = 2_000_000;

    private const int RoomForTheRest = 150_000;

    /// <summary>What was explored.</summary>
    public IReadOnlyList<ExploreResult> Explored { get; init; } = [];

    /// <summary>What was raced with real threads.</summary>
    public IReadOnlyList<MapRaceResult> Raced { get; init; } = [];

    /// <summary>The schedules to show.</summary>
    public IReadOnlyList<RaceTimeline> Schedules { get; init; } = [];

    /// <summary>
    /// The outcomes of a result that deserve a picture: of each kind but clean, the one with the fewest preemptions.
    /// </summary>
    public static IEnumerable<ExploredOutcome> WorthShowing(ExploreResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return result.Outcomes
            .Where(o => o.Outcome.Kind != ScheduleOutcomeKind.Clean)
            .GroupBy(o => o.Outcome.Kind)
            .Select(kind => kind.MinBy(o => o.FewestPreemptions)!);
    }

    /// <summary>The page.</summary>
    public string ToHtml()
    {
        StringBuilder page = HtmlPage.Begin("Race report", "Report.css");
        page.Append("<p class=\"faint\">Detected: an operation was refused with an error, and nothing else is wrong. Silently wrong: something is missing, doubled or false, and nobody was told.</p>\n");
        if (Explored.Count > 0) Matrix(page);
        if (Raced.Count > 0) Races(page);

        var data = new List<string>();
        var sections = new StringBuilder();
        int leftOut = 0;
        int weight = Encoding.UTF8.GetByteCount(page.ToString()) + RoomForTheRest;
        foreach (var schedule in Schedules)
        {
            string section = Section(schedule, data.Count + 1);
            string json = Data(schedule);
            int more = Encoding.UTF8.GetByteCount(section) + Encoding.UTF8.GetByteCount(json);
            if (weight + more > MostBytes)
            {
                leftOut++;
                continue;
            }

            weight += more;
            data.Add(json);
            sections.Append(section);
        }

        if (data.Count > 0)
        {
            page.Append("<h2>The simplest schedules that go wrong</h2>\n<p class=\"faint\">Move the slider, or press the arrow keys, Home and End. A click chooses the schedule the keys move.</p>\n");
            if (leftOut > 0) page.Append(CultureInfo.InvariantCulture, $"<p class=\"alarm\">{leftOut} more would make this page too heavy and are left out. Show-MapRace draws them from their tokens.</p>\n");
            page.Append(sections);
        }

        return HtmlPage.End(page, "schedules", $"[{string.Join(",\n", data)}]", "Report.js");
    }

    // Scenarios with the same columns share a table.
    private void Matrix(StringBuilder page)
    {
        page.Append("<h2>Explored: shares of schedules, in percent</h2>\n<p class=\"faint\">A share of schedules is not a probability: no scheduler draws lots among them. What each is a share of stands under it; figures in brackets are of the schedules that were run and not of all, and ~ is an estimate.</p>\n<p class=\"legend faint\"><i class=\"detected\"></i>detected<i class=\"silent\"></i>silently wrong<i class=\"clean\"></i>clean</p>\n");
        var rows = Explored.GroupBy(r => r.Scenario, StringComparer.Ordinal);
        foreach (var table in rows.GroupBy(row => string.Join('\n', row.Select(r => r.Target).Distinct(StringComparer.Ordinal)), StringComparer.Ordinal))
        {
            string[] variants = table.Key.Split('\n');
            page.Append("<div class=\"scroll\"><table class=\"matrix\">\n<tr><th>scenario</th>");
            foreach (string variant in variants) page.Append(CultureInfo.InvariantCulture, $"<th>{PictureText.Xml(variant)}</th>");
            page.Append("</tr>\n");
            foreach (var row in table)
            {
                page.Append(CultureInfo.InvariantCulture, $"<tr><th>{PictureText.Xml(row.Key)}</th>");
                foreach (string variant in variants)
                {
                    page.Append("<td>");
                    Cell(page, row.First(r => r.Target == variant));
                    page.Append("</td>");
                }

                page.Append("</tr>\n");
            }

            page.Append("</table></div>\n");
        }
    }

    private void Cell(StringBuilder page, ExploreResult result)
    {
        var cell = DetectionMatrix.Cell(result);
        string figures = cell.ToString();
        int place = Schedules.TakeWhile(s => s.Scenario != result.Scenario || s.Target != result.Target).Count();
        page.Append(place < Schedules.Count ? string.Create(CultureInfo.InvariantCulture, $"<a href=\"#schedule-{place + 1}\">{figures}</a>") : figures);
        page.Append("<span class=\"bar\">");
        foreach (var (share, kind) in ((ExactFraction, string)[])[(cell.Detected, "detected"), (cell.SilentlyWrong, "silent"), (cell.Clean, "clean")])
            page.Append(CultureInfo.InvariantCulture, $"<i class=\"{kind}\" style=\"width:{share.ToDouble() * 100:0.##}%\"></i>");
        page.Append(CultureInfo.InvariantCulture, $"</span><span class=\"faint\">{PictureText.Xml(result.Coverage)}</span>");
    }

    private void Races(StringBuilder page)
    {
        page.Append("<h2>Raced with real threads: trials</h2>\n<div class=\"scroll\"><table class=\"matrix trials\">\n<tr><th>scenario</th><th>map</th><th>trials</th><th>detected</th><th>silently wrong</th><th>clean</th><th>hung</th><th>what was wrong</th></tr>\n");
        foreach (var race in Raced)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><th>{PictureText.Xml(race.Scenario)}</th><td>{PictureText.Xml(race.Target)}</td><td>{race.Trials}</td><td>{race.Detected}</td><td{(race.SilentlyWrong > 0 ? " class=\"alarm\"" : "")}>{race.SilentlyWrong}</td><td>{race.Clean}</td><td{(race.Hung + race.Crashed > 0 ? " class=\"alarm\"" : "")}>{race.Hung + race.Crashed}</td><td>{PictureText.Xml(race.DamageText.Length > 0 ? race.DamageText : race.Example ?? "")}</td></tr>\n");
        }

        page.Append("</table></div>\n");
    }

    private static string Section(RaceTimeline schedule, int number)
    {
        var lanes = new RaceLanes(schedule, full: true);
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"<section class=\"schedule\" id=\"schedule-{number}\">\n<h3>{PictureText.Xml($"{schedule.Scenario} on {schedule.Target}")}</h3>\n");
        page.Append(CultureInfo.InvariantCulture, $"<p class=\"alarm\">{PictureText.Xml(schedule.Outcome.ToString())}</p>\n");
        page.Append(CultureInfo.InvariantCulture, $"<p class=\"faint\">{schedule.Steps.Count} steps, {schedule.Preemptions} preemption{(schedule.Preemptions == 1 ? "" : "s")}. Again: <code>Start-MapRace -Token {PictureText.Xml(schedule.Token.ToString())}</code></p>\n");
        if (schedule.Violation is { } violation) page.Append(CultureInfo.InvariantCulture, $"<p>{PictureText.Xml($"{violation.Kind}: {violation.Message}")}</p>\n");
        foreach (var wait in schedule.Deadlock) page.Append(CultureInfo.InvariantCulture, $"<p class=\"actor{wait.Actor % 4}\">{PictureText.Xml(wait.ToString())}</p>\n");
        if (RaceWait.Ring(schedule.Deadlock) is { Count: > 0 } ring) page.Append(CultureInfo.InvariantCulture, $"<p class=\"alarm\">A ring: {PictureText.Xml(RaceWait.RingText(ring, ascii: false))}</p>\n");
        page.Append(CultureInfo.InvariantCulture, $"<div class=\"controls\"><button class=\"back\" type=\"button\" aria-label=\"one step back\">&#9664;</button><input type=\"range\" min=\"0\" max=\"{schedule.Steps.Count}\" value=\"{schedule.Steps.Count}\" aria-label=\"step\"><button class=\"next\" type=\"button\" aria-label=\"one step on\">&#9654;</button><output></output></div>\n");
        page.Append("<div class=\"lanes\"><table>\n<tr><th>step</th>");
        for (int actor = 0; actor < schedule.Actors.Count; actor++)
            page.Append(CultureInfo.InvariantCulture, $"<th class=\"actor{actor % 4}\">{Schedule.Letter(actor)}: {PictureText.Xml(schedule.Actors[actor])}</th>");
        page.Append("</tr>\n");
        foreach (var row in lanes.Rows.Where(r => r.Kind == LaneRowKind.Step)) Row(page, schedule, lanes, row);
        page.Append("</table></div>\n<div class=\"below\"><div><h4>The buckets</h4><div class=\"buckets\"></div></div><div class=\"stacks\"></div></div>\n</section>\n");
        return page.ToString();
    }

    private static void Row(StringBuilder page, RaceTimeline schedule, RaceLanes lanes, LaneRow row)
    {
        var step = row.First;
        page.Append(CultureInfo.InvariantCulture, $"<tr data-step=\"{step.Number}\"><td>{step.Number}</td>");
        for (int actor = 0; actor < schedule.Actors.Count; actor++)
        {
            string locked = lanes.HasLock(actor, row) ? " locked" : "";
            if (actor != step.Actor)
            {
                page.Append(row.Others[actor] switch
                {
                    LaneState.Interrupted => $"<td class=\"waits{locked}\">&#8942; interrupted</td>",
                    LaneState.Waiting => $"<td class=\"waits{locked}\">&#8942;</td>",
                    _ => "<td></td>",
                });
                continue;
            }

            page.Append(CultureInfo.InvariantCulture, $"<td class=\"actor{actor % 4}{locked}\">{(row.IsRefused ? "&#10007; " : "")}{PictureText.Xml(step.Describe())}");
            if (row.Meets is { } earlier) page.Append(CultureInfo.InvariantCulture, $"<span class=\"note\">meets step {earlier}</span>");
            if (step.Note is { } note) page.Append(CultureInfo.InvariantCulture, $"<span class=\"note\">{PictureText.Xml(note)}</span>");
            page.Append("</td>");
        }

        page.Append("</tr>\n");
    }

    // The default encoder leaves neither < nor & in strings, so no key can end the script element it stands in.
    private static string Data(RaceTimeline schedule)
    {
        var tables = new List<string> { Table(schedule.Initial) };
        var steps = new List<object>();
        foreach (var step in schedule.Steps)
        {
            string table = Table(step.Buckets);
            if (table != tables[^1]) tables.Add(table);
            steps.Add(new
            {
                actor = step.Actor,
                operation = step.Operation,
                stack = step.Stack,
                ends = step.Ends,
                table = tables.Count - 1,
            });
        }

        var refusals = schedule.Violation is { } violation
            ? new[] { new { actor = violation.Current.Actor, step = violation.Current.Step, message = $"{violation.Kind}: {violation.Message}" } }
            : [];
        string rest = JsonSerializer.Serialize(new { actors = schedule.Actors.Select((a, i) => $"{Schedule.Letter(i)}: {a}"), steps, refusals });
        return $"{rest[..^1]},\"tables\":[{string.Join(',', tables)}]}}";
    }

    private static string Table(IReadOnlyList<BucketLayout> buckets) => JsonSerializer.Serialize(
        from bucket in buckets
        from part in bucket.Chain.Select((slots, i) => (slots, i))
        select new
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{(bucket.IsOld ? "old " : "")}bucket {bucket.Number}{(part.i > 0 ? $"+{part.i}" : "")}{(bucket.IsEvacuated ? " (moved)" : "")}"),
            slots = part.slots.Select(slot => new { text = slot.IsLive ? $"{MapText.Of(slot.Key)}={MapText.Of(slot.Value)}" : slot.State, live = slot.IsLive }),
        });
}
