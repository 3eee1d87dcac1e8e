using System.Globalization;
using System.Text.RegularExpressions;

namespace GuardedMaps.Lab.Tests.Cli;

/// <summary>The demonstration, run once as a whole.</summary>
public sealed class DemoTests
{
    private const int SilentlyWrong = 3;

    [Fact]
    public void The_demonstration_shows_silent_damage_in_an_unguarded_map_and_none_in_the_guarded_one()
    {
        var demo = CliProcess.Run("demo");

        Assert.True(demo.ExitCode == 0, demo.Error);
        Assert.Empty(demo.Error);
        Assert.DoesNotContain('\u001b', demo.Output);
        AssertItReadRealFiles(demo.Output);
        AssertItShowedTheRefusal(demo.Output);

        // When one round shows nothing, the program races again with more work; the last round counts.
        var last = demo with { Output = demo.Output[demo.Output.LastIndexOf("\nA race: ", StringComparison.Ordinal)..] };
        Assert.True(last.Row("Hashtable")[SilentlyWrong] + last.Row("Dictionary")[SilentlyWrong] > 0, demo.Output);
        int[] guarded = last.Row("GuardedMap");
        Assert.True(guarded[0] > 0, demo.Output);
        Assert.Equal(0, guarded[SilentlyWrong]);
        Assert.Matches(@"(Hashtable|Dictionary): \w+ in [\d,]+ trials?.*\. In trial \d+, ", last.Output);
    }

    private static void AssertItReadRealFiles(string output)
    {
        var entries = Regex.Match(output, @"^([\d,]+) entries, read in", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking);
        Assert.True(entries.Success, output);
        string number = entries.Value.Split(' ')[0];
        Assert.True(int.Parse(number, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) > 100, output);
        Assert.Contains($"\n{number} files, ", output, StringComparison.Ordinal);
    }

    private static void AssertItShowedTheRefusal(string output)
    {
        Assert.Contains("GuardedMaps.MapViolationException: concurrent map iteration and map write: Remove of key '", output, StringComparison.Ordinal);
        Assert.Matches(@"\n([\d,]+) of \1 deletes got this error\. .* Count was \1 and is \1\.", output);
        Assert.Matches(@"Files under 1 KB removed: Count was ([\d,]+), stayed \1 to the last step, and is ", output);
    }
}
