namespace GuardedMaps.Lab.Tests.Cli;

/// <summary>What others have written into files and arguments comes out as text, whatever the command.</summary>
public sealed class HostileInputTests
{
    private const string Hostile = "\u001b]0;owned\u0007\u001b[2Jx\u202E\u2066\u0085\u009bJ\u2028";

    [Theory]
    [InlineData("hostile.csv", "name,size\n@,1\nb,@\n")]
    [InlineData("hostile.csv", "name,@\na,1\n")]
    [InlineData("hostile.csv", "name,@\na\n")]
    [InlineData("hostile.csv", "@,@\na\n")]
    [InlineData("hostile.txt", "@\n@@\n")]
    [InlineData("hostile.jsonl", "{\"k\":\"@\",\"@\":1}\n")]
    [InlineData("hostile.jsonl", "{\"k\":@}\n")]
    [InlineData("\u202Ehostile\u009b.txt", "@\n")]
    [InlineData("\u202Ehostile\u009b.csv", "a,b\n1\n")]
    public void Input_files(string name, string content)
    {
        string file = TestFolder.FileNamed(name);
        File.WriteAllText(file, content.Replace("@", Hostile, StringComparison.Ordinal));
        AssertText(CliProcess.Run("iterate", "--input", file));
        AssertText(CliProcess.Run("iterate", "--input", file, "--key", Hostile));
    }

    [Theory]
    [InlineData("iterate", "--input", "none@")]
    [InlineData("race", "--scenario", "@")]
    [InlineData("race", "--scenario", "LostUpdate", "--target", "@")]
    [InlineData("race", "--mode", "explore", "--scenario", "@")]
    [InlineData("race", "--token", "@")]
    [InlineData("race", "--token", "GMR1:@:x:s0:A1:0000")]
    [InlineData("race", "--token", "GMR1:LostUpdate:Hashtable:s0:A2147483646A2B1:0000")]
    [InlineData("bench", "--entries", "@")]
    [InlineData("demo", "@")]
    [InlineData("@")]
    public void Arguments(params string[] arguments)
    {
        CliResult run = CliProcess.Run([.. arguments.Select(static a => a.Replace("@", Hostile, StringComparison.Ordinal))]);
        AssertText(run);
        Assert.NotEqual(0, run.ExitCode);
        Assert.DoesNotContain("Unhandled", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_command_has_a_case()
    {
        // The commands as the program names them; a new one fails here until it has a case above.
        string help = CliProcess.Run("--help").Output;
        int at = help.IndexOf("Commands:", StringComparison.Ordinal);
        string[] commands = [.. help[at..].Split('\n').Skip(1).Select(static l => l.Trim().Split(' ')[0]).Where(static c => c.Length > 0)];
        Assert.Equal((string[])["bench", "demo", "iterate", "race"], commands.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private static void AssertText(CliResult run)
    {
        foreach (string text in (string[])[run.Output, run.Error])
        {
            Assert.DoesNotContain(text, static c => c is not ('\n' or '\t' or '\r') && SafeText.IsActive(c));
            Assert.DoesNotMatch("\r(?!\n)", text);
        }
    }
}
