using System.Xml.Linq;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Lab.Tests.Rendering;

/// <summary>What races came to, a line for each.</summary>
public sealed class ResultsPictureTests
{
    [Fact]
    public void Explored_races_are_told_in_percent_and_what_is_rare_is_seen_all_the_same()
    {
        string[] lines = Lines(ResultsPicture.Of(RaceModels.Of("WriterFlag").Select(static model => Explorer.Run(model))), 100);
        Assert.Equal("scenario     on               schedules   detected%   silent%   clean%", lines[0]);
        // A clean schedule in three thousand has its sign; the bar is as long as the others.
        Assert.StartsWith("WriterFlag   SetAndClear", lines[1], StringComparison.Ordinal);
        Assert.Contains("46.2      53.8     0.03", lines[1], StringComparison.Ordinal);
        Assert.All(lines[1..4], static line => Assert.Equal(20, line.Count(static c => c is '█' or '▓' or '·')));
        Assert.Single(lines[1], '·');
        Assert.Single(lines[2], '▓');
        Assert.DoesNotContain('▓', lines[3]);
    }

    [Fact]
    public void Raced_ones_are_told_in_trials_and_have_a_column_for_those_without_end()
    {
        string[] lines = Lines(ResultsPicture.Of(Raced()), 120);
        Assert.Equal("scenario     on           trials   detected   silent   no end   clean", lines[0]);
        Assert.Equal("TwoWriters   Hashtable     1,000          0      400        1     599   ▓▓▓▓▓▓▓▓◆···········", lines[1]);
        Assert.Equal("TwoWriters   GuardedMap        0          0        0        0       0", lines[2].TrimEnd());
        Assert.Contains(XDocument.Parse(ResultsPicture.Of(Raced()).ToSvg()).Descendants(), static e => e.Value == "2 races");
    }

    [Theory]
    [InlineData(40)]
    [InlineData(72)]
    [InlineData(100)]
    public void No_line_is_wider_than_asked_for(int width)
    {
        Assert.All(Lines(ResultsPicture.Of(Raced()), width), line => Assert.True(line.Length <= width, line));
    }

    /// <summary>A race that left damage and did not always end, and one that was not run at all.</summary>
    internal static MapRaceResult[] Raced() => [Result("Hashtable", trials: 1000, wrong: 400, hung: 1), Result("GuardedMap", trials: 0, wrong: 0, hung: 0)];

    private static string[] Lines(ResultsPicture picture, int width) => picture.ToText(new PictureFormat { Width = width }).Split(Environment.NewLine);

    private static MapRaceResult Result(string target, int trials, int wrong, int hung) => new()
    {
        Scenario = "TwoWriters",
        Target = target,
        Seed = 1,
        Operations = 10,
        Trials = trials,
        Clean = trials - wrong - hung,
        Detected = 0,
        SilentlyWrong = wrong,
        Hung = hung,
        Crashed = 0,
        Damage = new Dictionary<ScheduleOutcomeKind, int>(),
        DamagedEntries = new Dictionary<ScheduleOutcomeKind, long>(),
        Errors = new Dictionary<string, long>(StringComparer.Ordinal),
        Elapsed = TimeSpan.FromSeconds(1),
        Runtime = ".NET",
        InChildProcess = true,
    };
}
