using System.Diagnostics;
using GuardedMaps.Lab;

namespace GuardedMaps.Hosting.Tests.Ways;

/// <summary>Which of several ways to start a child is taken, and what is said of the others.</summary>
public sealed class ChildStartTests
{
    private static readonly ChildHost s_dotnet = ChildHost.FindAll(out _)[0];

    [Fact]
    public void The_first_way_that_gets_a_child_running_is_taken_and_is_the_first_the_next_time()
    {
        var tried = new List<string>();
        ChildWay[] ways =
        [
            Way("nowhere", () => ChildSession.Start(new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "no-such-program")))),
            Way("no shell", () => ChildSession.Start(new ProcessStartInfo(s_dotnet.Program, ["--version"]))),
            Way("right", () => ChildSession.Start(s_dotnet, Request())),
        ];
        var start = new ChildStart();

        var first = start.First(ways, CancellationToken.None, out string failures);
        using (first.Session)
        {
            Assert.NotNull(first.Session);
            Assert.StartsWith(".NET", first.Runtime, StringComparison.Ordinal);
            Assert.Equal(["nowhere", "no shell", "right"], tried, StringComparer.Ordinal);
            Text.Matches(@"^ nowhere was tried: .*no-such-program.*\. no shell was tried: exit code 0; its last words: \d+\.\d+\.\d+.*\.$", failures);
        }

        tried.Clear();
        using var second = start.First(ways, CancellationToken.None, out failures).Session;
        Assert.NotNull(second);
        Assert.Equal(["right"], tried, StringComparer.Ordinal);
        Assert.Equal("", failures);

        ChildWay Way(string name, Func<ChildSession> begin) => new(name, () =>
        {
            tried.Add(name);
            return begin();
        });
    }

    [Fact]
    public void Without_a_way_there_is_no_child()
    {
        Assert.Null(new ChildStart().First([], CancellationToken.None, out string failures).Session);
        Assert.Equal("", failures);
    }

    private static ChildRequest Request() => ChildRequest.From(new RaceJob
    {
        Scenario = RaceCatalogue.GetScenario("TwoWriters"),
        Target = RaceCatalogue.GetTarget("SynchronizedHashtable"),
        Seed = 1,
        Operations = 50,
        Trials = 1,
        StallLimit = TimeSpan.FromSeconds(20),
    });
}
