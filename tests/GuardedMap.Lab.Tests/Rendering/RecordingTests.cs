using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Lab.Tests.Rendering;

/// <summary>A recording is what the map did, and its page shows it, forwards and backwards.</summary>
public sealed class RecordingTests
{
    [Fact]
    public void Every_write_is_a_frame_and_the_last_table_is_the_maps_own()
    {
        var map = Gallery.Traced();
        MapRecording recording = Gallery.Run(60).Record(map);

        Assert.Equal(0, recording.LeftOut);
        Assert.Equal(Enumerable.Range(0, recording.Frames.Count), recording.Frames.Select(static f => f.Number));
        Assert.Equal(61, recording.Frames.Count(static f => f.Point == ProbePoint.EntryInserted));
        Assert.Equal(2, recording.Frames.Count(static f => f.Point == ProbePoint.EntryRemoved));
        Assert.Equal(Text(map.GetLayout()), Text(recording.Frames[^1].Layout));
        foreach (MapFrame frame in recording.Frames.Where(static f => f.Point == ProbePoint.EntryInserted))
        {
            string key = frame.Operation["set ".Length..];
            Assert.StartsWith($"key {key} inserted: ", frame.Text, StringComparison.Ordinal);
            Assert.Contains(frame.Layout.Buckets.SelectMany(static b => b.Chain).SelectMany(static p => p), s => s.IsLive && PictureText.Key(s.Key) == key);
        }
    }

    [Fact]
    public void Every_evacuation_is_seen_by_itself_also_two_of_one_write()
    {
        MapRecording recording = Gallery.Run(200).Record(Gallery.Traced());
        var frames = recording.Frames;
        int seen = 0;
        for (int i = 1; i < frames.Count; i++)
        {
            if (frames[i].Point != ProbePoint.BucketEvacuated) continue;
            seen++;
            Assert.Equal(Evacuated(frames[i - 1].Layout) + 1, Evacuated(frames[i].Layout));
            // Nothing is lost on the way: what left the old buckets is in the new ones.
            Assert.Equal(Live(frames[i - 1].Layout), Live(frames[i].Layout));
        }

        int old = frames.Where(static f => f.Point == ProbePoint.GrowStarted).Sum(static f => f.Layout.OldBuckets.Count);
        Assert.Equal(1 + 2 + 4 + 8 + 16 + 32, old);
        Assert.Equal(old - frames[^1].Layout.OldBuckets.Count + Evacuated(frames[^1].Layout), seen);
        Assert.Contains(frames.Zip(frames.Skip(1)), static pair => pair.First.Point == ProbePoint.BucketEvacuated && pair.Second.Point == ProbePoint.BucketEvacuated);
    }

    [Fact]
    public void Steps_of_an_iterator_violations_and_lookups_are_frames()
    {
        var map = Gallery.Traced();
        map["a"] = 1;
        using var recorder = new MapRecorder(map);
        using (MapIterator<string, object> iterator = map.CreateIterator(IterationContract.Reject, seed: 3))
        {
            iterator.Step();
            iterator.Step();
            Assert.Throws<MapViolationException>(() => map["b"] = 2);
        }

        _ = map.TryGetValue("a", out _);
        _ = map.TryGetValue("zz", out _);
        MapRecording recording = recorder.Stop();
        map["c"] = 3;

        Assert.Equal([null, ProbePoint.LeaseBegun, ProbePoint.IteratorMoved, ProbePoint.IteratorMoved, ProbePoint.ViolationDetected, ProbePoint.IteratorMoved, ProbePoint.LeaseEnded, ProbePoint.HashComputed, ProbePoint.HashComputed], recording.Frames.Select(static f => f.Point));
        Assert.Equal("iterator Bucket: key a, stretch 0, entry 0", recording.Frames[3].Text);
        Assert.Equal(IteratorState.Done, recording.Frames[5].Iterator!.State);
        Assert.Equal(["looked up: found", "looked up: not there"], recording.Frames.TakeLast(2).Select(static f => f.Text), StringComparer.Ordinal);
        Assert.NotEmpty(recording.Frames[^1].Details);
    }

    [Fact]
    public void A_map_has_one_recorder_at_a_time_and_must_be_traced()
    {
        Assert.Contains("without tracing", Assert.Throws<ArgumentException>(() => new MapRecorder(Gallery.Numbers(1))).Message, StringComparison.Ordinal);
        var map = Gallery.Traced();
        using (new MapRecorder(map)) Assert.Contains("recorded already", Assert.Throws<InvalidOperationException>(() => new MapRecorder(map)).Message, StringComparison.Ordinal);
        using (new MapRecorder(map)) map["a"] = 1;
    }

    [Fact]
    public void A_recording_is_bounded_and_says_what_it_left_out()
    {
        MapRecording recording = new KeyRun { Keys = [.. Enumerable.Range(0, 6_000).Select(static i => (object)FormattableString.Invariant($"k{i}"))] }.Record(Gallery.Traced());
        Assert.Equal(MapRecorder.MostFrames + 1, recording.Frames.Count);
        Assert.True(recording.LeftOut > 1_000);
        string page = new RecordingPage { Recording = recording }.ToHtml();
        Assert.InRange(Encoding.UTF8.GetByteCount(page), 100_000, RecordingPage.MostBytes);
        Assert.Contains("more steps are left out", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_that_write_while_it_is_recorded_disturb_neither_map_nor_recording()
    {
        var map = new GuardedMap<string, object>(new MapOptions<string> { Trace = true, Protection = MapProtection.Synchronized });
        using var recorder = new MapRecorder(map);
        Parallel.For(0, 4, t =>
        {
            for (int i = 0; i < 200; i++) map[FormattableString.Invariant($"{t}/{i}")] = i;
        });
        MapRecording recording = recorder.Stop();
        Assert.Equal(800, recording.Frames.Count(static f => f.Point == ProbePoint.EntryInserted));
        Assert.Equal(Text(map.GetLayout()), Text(recording.Frames[^1].Layout));
    }

    [Fact]
    public void The_page_needs_nothing_and_a_key_cannot_break_out()
    {
        string page = new RecordingPage { Recording = Gallery.Run(60).Record(Gallery.Traced()) }.ToHtml();
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http", page.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal(2, page.Split("</script>").Length - 1);
        Assert.Equal(page, new RecordingPage { Recording = Gallery.Run(60).Record(Gallery.Traced()) }.ToHtml());
        string json = page.Split("id=\"recording\">")[1].Split("</script>")[0];
        Assert.NotNull(JsonNode.Parse(json));
        Assert.True(json.Length < 30_000, $"{json.Length}");
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_browser_steps_forwards_and_backwards_and_shows_the_tables_that_were_recorded(bool dark)
    {
        Skip.If(Chromium.Program is null, "RecordingTests was not run in a browser: there is no chromium on the PATH. Install it (Debian: apt-get install chromium).");
        MapRecording recording = Gallery.Run(30).Record(Gallery.Traced());
        string file = TestFolder.FileNamed("recording.html");
        await File.WriteAllTextAsync(file, new RecordingPage { Recording = recording }.ToHtml());
        await using var browser = await Chromium.OpenAsync(file, dark);

        Assert.Equal(dark ? "rgb(23, 24, 27)" : "rgb(251, 251, 249)", await browser.AskAsync("getComputedStyle(document.body).backgroundColor"));
        Assert.Equal("before the first step", await browser.AskAsync("document.querySelector('#event').textContent"));
        int last = recording.Frames.Count - 1;
        for (int step = 1; step <= last; step++)
        {
            await browser.PressAsync("ArrowRight");
            await AssertShowsAsync(browser, recording.Frames[step]);
        }

        // Backwards, by key, by slider, by button, by a click on the list, to the first and to the last.
        for (int step = last - 1; step >= last - 5; step--)
        {
            await browser.PressAsync("ArrowLeft");
            await AssertShowsAsync(browser, recording.Frames[step]);
        }

        MapFrame growing = recording.Frames.Last(static f => f.Point == ProbePoint.BucketEvacuated && f.Layout.IsGrowing);
        await browser.AskAsync(FormattableString.Invariant($"(() => {{ const s = document.querySelector('#slider'); s.value = {growing.Number}; s.dispatchEvent(new Event('input')); }})()"));
        await AssertShowsAsync(browser, growing);
        Assert.True(await browser.AskAsync("document.querySelectorAll('#new .slot.changed').length") != "0");
        Assert.Equal("false", await browser.AskAsync("document.querySelector('#old').hidden"));
        await browser.AskAsync("document.querySelector('#back').click()");
        await AssertShowsAsync(browser, recording.Frames[growing.Number - 1]);
        await browser.AskAsync("document.querySelectorAll('#steps li')[3].click()");
        await AssertShowsAsync(browser, recording.Frames[3]);
        await browser.AskAsync("document.querySelector('#last').click()");
        await AssertShowsAsync(browser, recording.Frames[last]);
        Assert.Equal("Done", await browser.AskAsync("document.querySelector('#states .live').textContent"));
        await browser.PressAsync("Home");
        await AssertShowsAsync(browser, recording.Frames[0]);
        await browser.AskAsync("document.querySelector('#play').click()");
        for (var clock = Stopwatch.StartNew(); await browser.AskAsync("document.body.dataset.step") == "0"; await Task.Delay(20)) Assert.True(clock.Elapsed < TimeSpan.FromMinutes(1), "It does not play.");
        await browser.AskAsync("document.querySelector('#play').click()");
        int played = int.Parse(await browser.AskAsync("document.body.dataset.step"), CultureInfo.InvariantCulture);
        Assert.InRange(played, 1, last - 1);

        // An iterator stands on one entry, and that is the one whose card is marked.
        MapFrame standing = recording.Frames.First(static f => f.Iterator?.State == IteratorState.Bucket);
        await browser.AskAsync(FormattableString.Invariant($"document.querySelectorAll('#steps li')[{standing.Number}].click()"));
        Assert.Equal("1", await browser.AskAsync("document.querySelectorAll('.slot.stands').length"));
        Assert.Equal(standing.Text, "iterator Bucket: key " + await browser.AskAsync("document.querySelector('.slot.stands').lastChild.textContent") + standing.Text[standing.Text.LastIndexOf(", stretch", StringComparison.Ordinal)..]);
        Assert.Equal("2", await browser.AskAsync("document.querySelectorAll('script').length"));
    }

    private static async Task AssertShowsAsync(Chromium browser, MapFrame frame)
    {
        Assert.Equal(frame.Text, await browser.AskAsync("document.querySelector('#event').textContent").ConfigureAwait(false));
        const string Shown = "[...document.querySelectorAll('ID .row')].map(r => [...r.querySelectorAll('.link')].map(l => [...l.querySelectorAll('.slot')].map(s => s.classList.contains('live') ? s.lastChild.textContent : s.title.split(': ').pop()).join('|')).join('>')).join('/')";
        Assert.Equal(Text(frame.Layout.Buckets), await browser.AskAsync(Shown.Replace("ID", "#new", StringComparison.Ordinal)).ConfigureAwait(false));
        Assert.Equal(Text(frame.Layout.OldBuckets), await browser.AskAsync(Shown.Replace("ID", "#old", StringComparison.Ordinal)).ConfigureAwait(false));
    }

    private static string Text(MapLayout layout) => $"{Text(layout.Buckets)} old {Text(layout.OldBuckets)}";

    private static string Text(IReadOnlyList<BucketLayout> buckets) => string.Join('/', buckets.Select(static b => string.Join('>', b.Chain.Select(static p => string.Join('|', p.Select(static s => s.IsLive ? PictureText.Key(s.Key) : s.State))))));

    private static int Evacuated(MapLayout layout) => layout.OldBuckets.Count(static b => b.IsEvacuated);

    private static int Live(MapLayout layout) => layout.Buckets.Concat(layout.OldBuckets.Where(static b => !b.IsEvacuated)).Sum(static b => b.Live);
}
