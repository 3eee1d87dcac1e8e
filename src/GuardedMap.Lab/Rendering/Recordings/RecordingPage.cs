using System.Globalization;
using System.Text;
using System.Text.Json;

namespace GuardedMaps.Lab.Rendering;

// A recording as one page to step through, forwards and backwards.
//
//     controls    first, back, play, on, last; a slider; the keys
//     words       what was being done, what happened, how the map came to it; the iterator's state
//     arrays      old and new side by side, what has changed framed, the card of the iterator's entry marked
//     steps       every event in words, as markup: the page can be read without its script
//
// The words are markup, the tables are data: the first table whole, and for each step the buckets that changed. A bucket is a list of
// links, a link a list of eight numbers (or 0 for one that is all emptyRest), a number a marker or, of a live slot, 256 times the
// entry's place in the list of entries plus the tophash. The script applies the changes one after the other when the page is loaded;
// unchanged buckets are shared between the steps there as they are here.

/// <summary>A recording as one HTML page.</summary>
internal sealed record RecordingPage
{
    /// <summary>The most a page may weigh; what would pass it is left out, and the page says so.</summary>
    public const int MostBytes = 2_000_000;

    private readonly Dictionary<(string Key, string Value, int Number), int> _entries = [];
    private readonly Dictionary<BucketLayout, string> _buckets = new(ReferenceEqualityComparer.Instance);

    /// <summary>The recording.</summary>
    public required MapRecording Recording { get; init; }

    /// <summary>The page.</summary>
    public string ToHtml()
    {
        _entries.Clear();
        _buckets.Clear();
        string first = Table(Recording.Frames[0].Layout);
        var steps = new StringBuilder();
        var words = new StringBuilder();
        int shown = 0;
        // An entry of the list weighs as well, and is written last: so it is counted when it is first met.
        int weight = first.Length + 40_000;
        MapFrame? before = null;
        foreach (MapFrame frame in Recording.Frames)
        {
            int known = _entries.Count;
            string step = Step(before, frame);
            string item = Item(frame);
            int more = step.Length + Encoding.UTF8.GetByteCount(item) + _entries.Keys.Skip(known).Sum(static e => 24 + (6 * (e.Key.Length + e.Value.Length)));
            if (weight + more > MostBytes) break;
            weight += more;
            if (shown > 0) steps.Append(",\n");
            steps.Append(step);
            words.Append(item);
            shown++;
            before = frame;
        }

        int leftOut = Recording.LeftOut + Recording.Frames.Count - shown;
        StringBuilder page = HtmlPage.Begin($"Inside map '{PictureText.Key(Recording.MapName)}'", "Report.css", "Explore.css");
        page.Append("<p class=\"faint\">A recorded run of a real map. Move the slider, or press the arrow keys, Page Up and Page Down, Home and End; the space bar plays.</p>\n");
        if (leftOut > 0) page.Append(CultureInfo.InvariantCulture, $"<p class=\"alarm\">{leftOut} more steps are left out: a page holds {MapRecorder.MostFrames} steps and 2 MB. Record fewer operations at a time to see them.</p>\n");
        page.Append(CultureInfo.InvariantCulture, $"<div class=\"controls\"><button id=\"first\" type=\"button\" aria-label=\"first step\">|&#9664;</button><button id=\"back\" type=\"button\" aria-label=\"one step back\">&#9664;</button><button id=\"play\" type=\"button\" aria-label=\"play\">&#9655;</button><button id=\"next\" type=\"button\" aria-label=\"one step on\">&#9654;</button><button id=\"last\" type=\"button\" aria-label=\"last step\">&#9654;|</button><input id=\"slider\" type=\"range\" min=\"0\" max=\"{shown - 1}\" value=\"0\" aria-label=\"step\"><output id=\"place\"></output></div>\n");
        page.Append("<div class=\"explore\">\n<div class=\"side\">\n<section class=\"words\" aria-live=\"polite\"><p id=\"operation\" class=\"faint\"></p><p id=\"event\"></p><ul id=\"details\"></ul></section>\n");
        page.Append("<section id=\"iterator\" hidden><h2>The iterator</h2><p id=\"states\"></p><dl id=\"position\"></dl></section>\n<section><h2>All steps</h2><ol id=\"steps\" start=\"0\">\n");
        page.Append(words).Append("</ol></section>\n</div>\n<div class=\"table\">\n<p id=\"figures\" class=\"faint\"></p>\n<div class=\"arrays\"><section id=\"old\" hidden><h2></h2><div class=\"rows\"></div></section><section id=\"new\"><h2></h2><div class=\"rows\"></div></section></div>\n<p class=\"key faint\"><span class=\"slot live\">key</span> live, with its tophash <span class=\"slot gone x\">X</span> <span class=\"slot gone y\">Y</span> evacuated <span class=\"slot gone\">&#8211;</span> was empty when evacuated <span class=\"slot\">&#160;</span> emptyRest <span class=\"slot changed\">&#160;</span> changed in this step</p>\n</div>\n</div>\n");
        string entries = JsonSerializer.Serialize(_entries.OrderBy(static e => e.Value).Select(static e => (object[])[e.Key.Key, e.Key.Value, e.Key.Number]));
        return HtmlPage.End(page, "recording", $"{{\"entries\":{entries},\n\"first\":{first},\n\"steps\":[{steps}]}}", "Explore.js");
    }

    private static string Item(MapFrame frame)
    {
        var item = new StringBuilder("<li");
        if (frame.Operation.Length > 0) item.Append(" data-operation=\"").Append(PictureText.Xml(frame.Operation)).Append('"');
        if (frame.Details.Count > 0) item.Append(" data-details=\"").Append(PictureText.Xml(string.Join('\n', frame.Details))).Append('"');
        if (frame.Point == ProbePoint.ViolationDetected) item.Append(" class=\"alarm\"");
        return item.Append('>').Append(PictureText.Xml(frame.Text)).Append("</li>\n").ToString();
    }

    private string Table(MapLayout layout) => $"{{\"n\":[{string.Join(',', layout.Buckets.Select(Bucket))}],\"o\":[{string.Join(',', layout.OldBuckets.Select(Bucket))}]}}";

    private string Step(MapFrame? before, MapFrame frame)
    {
        var step = new StringBuilder();
        step.Append(CultureInfo.InvariantCulture, $"{{\"count\":{frame.Layout.Count}");
        if (before is null || before.Layout.Capacity != frame.Layout.Capacity) step.Append(CultureInfo.InvariantCulture, $",\"capacity\":{frame.Layout.Capacity}");
        if (before is null || before.Layout.GrowReason != frame.Layout.GrowReason) step.Append(CultureInfo.InvariantCulture, $",\"reason\":\"{frame.Layout.GrowReason}\"");
        if (frame.Iterator is { } i && !Equals(before?.Iterator, i))
            step.Append(CultureInfo.InvariantCulture, $",\"it\":[\"{i.State}\",\"{i.Contract}\",{i.Bucket},{i.Slot},{i.StartBucket},{i.Offset},{i.Buckets},{(i.Wrapped ? 1 : 0)}]");
        if (before is not null && !ReferenceEquals(before.Layout, frame.Layout)) Changes(step, before.Layout, frame.Layout);
        return step.Append('}').ToString();
    }

    // What becomes of the arrays (grown: the new one is old now; finished: no old one is left; replaced), and then which buckets differ.
    private void Changes(StringBuilder step, MapLayout before, MapLayout after)
    {
        IReadOnlyList<BucketLayout> current = before.Buckets;
        IReadOnlyList<BucketLayout> old = before.OldBuckets;
        if (after.OldBuckets.Count > 0 && old.Count == 0)
        {
            step.Append(CultureInfo.InvariantCulture, $",\"grow\":{after.Buckets.Count}");
            old = current;
            current = [];
        }
        else if (after.Buckets.Count != current.Count || after.OldBuckets.Count > 0 && after.OldBuckets.Count != old.Count)
        {
            step.Append(CultureInfo.InvariantCulture, $",\"all\":{Table(after)}");
            return;
        }
        else if (after.OldBuckets.Count == 0 && old.Count > 0)
        {
            step.Append(",\"done\":1");
        }

        var changed = new List<string>();
        Differences(changed, "n", current, after.Buckets);
        Differences(changed, "o", old, after.OldBuckets);
        if (changed.Count > 0) step.Append(",\"c\":[").AppendJoin(',', changed).Append(']');
    }

    private void Differences(List<string> changed, string array, IReadOnlyList<BucketLayout> before, IReadOnlyList<BucketLayout> after)
    {
        const string Empty = "[0]";
        for (int bucket = 0; bucket < after.Count; bucket++)
        {
            if (bucket < before.Count && ReferenceEquals(before[bucket], after[bucket])) continue;
            string now = Bucket(after[bucket]);
            if (now != (bucket < before.Count ? Bucket(before[bucket]) : Empty)) changed.Add(string.Create(CultureInfo.InvariantCulture, $"[\"{array}\",{bucket},{now}]"));
        }
    }

    private string Bucket(BucketLayout bucket)
    {
        if (_buckets.TryGetValue(bucket, out string? known)) return known;
        string text = $"[{string.Join(',', bucket.Chain.Select(Link))}]";
        _buckets.Add(bucket, text);
        return text;
    }

    private string Link(IReadOnlyList<SlotLayout> slots) => slots.All(static slot => slot.Tophash == Tophash.EmptyRest)
        ? "0"
        : $"[{string.Join(',', slots.Select(slot => (slot.IsLive ? (Entry(slot) << 8) + slot.Tophash : slot.Tophash).ToString(CultureInfo.InvariantCulture)))}]";

    private int Entry(SlotLayout slot)
    {
        (string Key, string Value, int Number) entry = (PictureText.Key(slot.Key), PictureText.Cut(PictureText.Key(slot.Value), 60), slot.Number);
        if (!_entries.TryGetValue(entry, out int place)) _entries.Add(entry, place = _entries.Count);
        return place;
    }
}
