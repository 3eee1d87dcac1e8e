using System.Text;
using GuardedMaps.Lab.Rendering;
using GuardedMaps.Lab.Tests.Own;

namespace GuardedMaps.Lab.Tests.Rendering;

/// <summary>The report of many races as one page: what is in it, and that it can be stepped through in a browser.</summary>
public sealed class RaceReportTests
{
    private const string WildKey = "</script><img src=x onerror=\"document.title='broken'\">&'";

    [Fact]
    public void It_needs_no_network_and_keeps_foreign_keys_from_becoming_markup()
    {
        string page = Report().ToHtml();

        Assert.DoesNotContain("http://", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.DoesNotContain(WildKey, page, StringComparison.Ordinal);
        Assert.DoesNotContain("<img", page, StringComparison.Ordinal);
        Assert.Equal(2, page.Split("</script>").Length - 1);
    }

    [Fact]
    public void The_matrix_has_each_result_with_its_shares_and_a_way_to_its_schedule()
    {
        string page = Report().ToHtml();

        Assert.Contains("<a href=\"#schedule-1\">0 / 66.7 / 33.3</a>", page, StringComparison.Ordinal);
        Assert.Contains("<th>LostUpdate</th>", page, StringComparison.Ordinal);
        Assert.Contains("all 6 schedules, each run once", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_would_make_the_page_too_heavy_is_left_out_and_named()
    {
        var timeline = Timelines()[0];
        var many = Enumerable.Repeat(timeline, 4_000).ToList();

        string page = new RaceReport { Schedules = many }.ToHtml();

        Assert.InRange(Encoding.UTF8.GetByteCount(page), 1_000_000, RaceReport.MostBytes);
        Assert.Contains("more would make this page too heavy", page, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_browser_steps_through_a_schedule_and_lanes_buckets_and_stacks_follow(bool dark)
    {
        Skip.If(Chromium.Program is null, "RaceReportTests was not run in a browser: there is no chromium on the PATH. Install it (Debian: apt-get install chromium).");
        string file = TestFolder.FileNamed("report.html");
        await File.WriteAllTextAsync(file, Report().ToHtml());

        await using var browser = await Chromium.OpenAsync(file, dark);

        Assert.Equal("Race report", await browser.AskAsync("document.title"));
        Assert.Equal(dark ? "rgb(23, 24, 27)" : "rgb(251, 251, 249)", await browser.AskAsync("getComputedStyle(document.body).backgroundColor"));

        // The first schedule is the lost update: keys move it, one step at a time.
        await browser.PressAsync("Home");
        Assert.Equal("before the first step", await browser.AskAsync("document.querySelector('#schedule-1 output').textContent"));
        Assert.Equal("0", await browser.AskAsync("document.querySelectorAll('#schedule-1 tr.now').length"));
        await browser.PressAsync("ArrowRight");
        Assert.Equal("step 1 of 4", await browser.AskAsync("document.querySelector('#schedule-1 output').textContent"));
        Assert.Equal("1", await browser.AskAsync("document.querySelector('#schedule-1 tr.now').dataset.step"));
        Assert.Equal("3", await browser.AskAsync("document.querySelectorAll('#schedule-1 tr.future').length"));
        Assert.Contains("has not begun", await browser.AskAsync("document.querySelector('#schedule-1 .stacks').textContent"), StringComparison.Ordinal);
        await browser.PressAsync("ArrowRight");
        Assert.Contains("waits", await browser.AskAsync("document.querySelector('#schedule-1 .stacks').textContent"), StringComparison.Ordinal);
        await browser.PressAsync("ArrowLeft");
        Assert.Equal("1", await browser.AskAsync("document.querySelector('#schedule-1 input').value"));
        await browser.PressAsync("End");
        Assert.Equal("4", await browser.AskAsync("document.querySelector('#schedule-1').dataset.step"));

        // The second has buckets. The slider moves it, and makes it the one the keys move.
        await browser.AskAsync("(() => { const s = document.querySelector('#schedule-2 input'); s.focus(); s.value = 0; s.dispatchEvent(new Event('input')); })()");
        Assert.Equal("0", await browser.AskAsync("document.querySelectorAll('#schedule-2 .slot.changed').length"));
        string before = await browser.AskAsync("document.querySelector('#schedule-2 .buckets').textContent");
        Assert.DoesNotContain("new=1", before, StringComparison.Ordinal);
        int steps = int.Parse(await browser.AskAsync("document.querySelector('#schedule-2 input').max"), System.Globalization.CultureInfo.InvariantCulture);
        int changes = 0;
        for (int step = 1; step <= steps; step++)
        {
            await browser.PressAsync("ArrowRight");
            if (await browser.AskAsync("document.querySelectorAll('#schedule-2 .slot.changed').length") != "0") changes++;
        }

        Assert.Equal(1, changes);
        Assert.Contains("new=1", await browser.AskAsync("document.querySelector('#schedule-2 .buckets').textContent"), StringComparison.Ordinal);
        Assert.Contains("ConcurrentIterationAndWrite", await browser.AskAsync("document.querySelector('#schedule-2').textContent"), StringComparison.Ordinal);
        Assert.Equal("0", await browser.AskAsync("document.querySelectorAll('img').length"));
    }

    private static RaceReport Report()
    {
        var explored = Explorer.Run(RaceModels.Get("LostUpdate", "Hashtable"));
        return new RaceReport { Explored = [explored], Schedules = Timelines() };
    }

    private static List<RaceTimeline> Timelines()
    {
        var lost = Explorer.Run(RaceModels.Get("LostUpdate", "Hashtable"));
        var walk = OwnContainerTests.WalkAndWrite("GuardedMap", WildKey);
        var refused = OwnExplorer.Run(walk).Outcomes.First(o => o.Outcome.Kind == ScheduleOutcomeKind.Violation);
        return [RaceTimeline.Of(lost.MostTelling!.SimplestToken), OwnContainerTests.Replay(walk, refused.SimplestToken)];
    }
}
