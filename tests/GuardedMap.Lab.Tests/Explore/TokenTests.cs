using System.Globalization;

namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>Tokens: written, read, refused, replayed.</summary>
public sealed class TokenTests
{
    private static RaceModel Xor => RaceModels.Get("WriterFlag", "Xor");

    [Fact]
    public void A_token_reads_back_as_itself()
    {
        foreach (var model in RaceModels.All)
        {
            foreach (var outcome in Searches.Of(model).Outcomes)
            {
                string text = outcome.FirstToken.ToString();
                var read = ScheduleToken.Parse(text);
                Assert.Equal(outcome.FirstToken, read);
                Assert.Equal(text, read.ToString());
                Assert.Same(model, RaceModels.For(read));

                // One word in a shell: nothing in it needs a quote.
                Assert.Matches("^GMR1:[A-Za-z0-9_-]+:[A-Za-z0-9_-]+:s[0-9]+:([A-H][0-9]+)+:[0-9a-f]{4}$", text);
            }
        }
    }

    [Fact]
    public void A_token_is_the_same_in_every_process()
    {
        // The checksum must not come from anything that is random per process. It was calculated by another implementation of the
        // CRC from the documented text. It may change only together with the format, the version or the yield points.
        Assert.Equal("GMR1:LostUpdate:GuardedMap:s0:A1B2A1:e434", new ScheduleToken(RaceModels.Get("LostUpdate", "GuardedMap"), Schedule.Parse("A1B2A1")).ToString());
    }

    [Fact]
    public void The_checksum_is_the_one_of_the_standard() => Assert.Equal(0x29B1, Crc16.Of("123456789"));

    [Fact]
    public void No_single_changed_character_goes_unnoticed()
    {
        string good = Explorer.Run(Xor).Outcomes[0].FirstToken.ToString();
        int refused = 0;
        for (int i = 0; i < good.Length; i++)
        {
            foreach (char c in "A7x:~0")
            {
                if (good[i] == c) continue;
                string bad = good[..i] + c + good[(i + 1)..];
                Assert.Throws<ScheduleTokenException>(() => RaceModels.For(ScheduleToken.Parse(bad)));
                refused++;
            }
        }

        Assert.True(refused > 100);
    }

    [Theory]
    [InlineData("", "part 1 is ''")]
    [InlineData("GMR9:WriterFlag:Xor:s0:A1:0000", "part 1 is 'GMR9'")]
    [InlineData("GMR1:WriterFlag:Xor:s0:A1", "it has 5 parts")]
    [InlineData("GMR1::Xor:s0:A1:0000", "part 2, the scenario, is empty")]
    [InlineData("GMR1:WriterFlag::s0:A1:0000", "part 3, the target, is empty")]
    [InlineData("GMR1:WriterFlag:Xor:0:A1:0000", "part 4 is '0'")]
    [InlineData("GMR1:WriterFlag:Xor:s-1:A1:0000", "part 4 is 's-1'")]
    [InlineData("GMR1:WriterFlag:Xor:s0:A1:00g0", "part 6 is '00g0'")]
    [InlineData("GMR1:WriterFlag:Xor:s0:A1:000", "part 6 is '000'")]
    [InlineData("GMR1:WriterFlag:Xor:s0::0000", "in part 5: '' is no schedule: at character 1 it is empty")]
    [InlineData("GMR1:WriterFlag:Xor:s0:A1Z2:0000", "in part 5: 'A1Z2' is no schedule: at character 3 an actor's letter from A to H was expected")]
    [InlineData("GMR1:WriterFlag:Xor:s0:A1B:0000", "in part 5: 'A1B' is no schedule: at character 4 a number of steps from 1, or ~, was expected")]
    [InlineData("GMR1:WriterFlag:Xor:s0:A0:0000", "in part 5: 'A0' is no schedule: at character 2")]
    [InlineData("GMR1:WriterFlag:Xor:s0:A99999999999:0000", "in part 5: 'A99999999999' is no schedule: at character 2")]
    [InlineData("GMR1:LostUpdate:Hashtable:s0:A2147483646A2B1:0000", "at character 13 fewer steps were expected")]
    [InlineData("GMR1:LostUpdate:Hashtable:s0:A2147483646A1B1:0000", "at character 13 fewer steps were expected")]
    [InlineData("GMR1:LostUpdate:Hashtable:s0:A2147483647:0000", "at character 2")]
    [InlineData("GMR1:LostUpdate:Hashtable:s0:A-1:0000", "at character 2")]
    [InlineData("GMR1:LostUpdate:Hashtable:s18446744073709551616:A1:0000", "part 4 is 's18446744073709551616'")]
    public void A_malformed_token_is_refused_with_the_place(string text, string expected)
    {
        var error = Assert.Throws<ScheduleTokenException>(() => ScheduleToken.Parse(text));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"The token '{text}' is malformed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_is_shown_as_text_and_not_at_length()
    {
        var error = Assert.Throws<ScheduleTokenException>(() => ScheduleToken.Parse("GMR1:\u001b[31m:" + new string('x', 1 << 20)));
        Assert.Contains("\\u001b[31m", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Length < 2000);
    }

    [Fact]
    public void A_token_is_stale_when_the_version_or_the_yield_points_have_changed()
    {
        var made = new Versioned(1, TestModels.Points);
        var token = new ScheduleToken(made, Schedule.Parse("A1B1"));
        token.RequireFit(new Versioned(1, TestModels.Points));

        var renamed = new YieldPointCatalogue([.. TestModels.Points.Points.Select((p, i) => i == 2 ? p with { Name = "ponder" } : p)]);
        var moved = new YieldPointCatalogue([.. TestModels.Points.Points.Reverse()]);
        foreach (var now in (Versioned[])[new(2, TestModels.Points), new(1, renamed), new(1, moved)])
        {
            var error = Assert.Throws<ScheduleTokenException>(() => ScheduleReplay.Of(now, token));
            Assert.StartsWith($"The token '{token}' does not fit Test:versioned: its checksum is ", error.Message, StringComparison.Ordinal);
            Assert.Contains("have changed since the token was made", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_token_of_another_model_is_refused()
    {
        var token = new ScheduleToken(Xor, Schedule.Parse("A8B8"));
        Assert.Throws<ScheduleTokenException>(() => ScheduleReplay.Of(RaceModels.Get("WriterFlag", "SetAndClear"), token));

        var unknown = Assert.Throws<ScheduleTokenException>(() => RaceModels.For(ScheduleToken.Parse("GMR1:WriterFlag:Nand:s0:A8B8:0000")));
        Assert.Contains("there is no such model. The models are: WriterFlag:SetAndClear, WriterFlag:Xor, ", unknown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("A9B8", "after 8 steps (A8) it wants a step of A, which is finished")]
    [InlineData("A8B7", "after 15 steps (A8B7) it ends here, and B is not finished")]
    [InlineData("A8B9", "after 16 steps (A8B8) it wants another step of B, and all are finished")]
    [InlineData("C1A8B8", "after 0 steps (none) there is no actor C")]
    public void A_schedule_that_does_not_fit_its_actors_is_refused_even_with_a_right_checksum(string schedule, string expected)
    {
        var replay = ScheduleReplay.Of(Xor, new ScheduleToken(Xor, Schedule.Parse(schedule)));
        var error = Assert.Throws<ScheduleTokenException>(() => replay.ToEnd());
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tilde_runs_an_actor_to_its_end()
    {
        var replay = ScheduleReplay.Of(Xor, new ScheduleToken(Xor, Schedule.Parse("A3B~A~")));
        replay.ToEnd();
        Assert.Equal("A3B1A5", replay.Run.ToString());
    }

    [Fact]
    public void A_replay_shows_each_step_and_who_was_interrupted()
    {
        var replay = ScheduleReplay.Of(Xor, new ScheduleToken(Xor, Schedule.Parse("A1B8A7")));
        var steps = new List<string>();
        while (replay.Next() is { } step)
            steps.Add(string.Create(CultureInfo.InvariantCulture, $"{step.Number} {Schedule.Letter(step.Actor)} {step.Point.Name}{(step.Preempts ? " preempts" : "")}{(step.Ends ? " ends" : "")}"));
        Assert.Equal(
            [
                "1 A flag.look", "2 B flag.look preempts", "3 B flag.set", "4 B work", "5 B work", "6 B work", "7 B work", "8 B flag.look.again", "9 B flag.clear ends",
                "10 A flag.set", "11 A work", "12 A work", "13 A work", "14 A work", "15 A flag.look.again", "16 A flag.clear ends",
            ],
            steps);
        Assert.Equal(1, replay.Preemptions);
        Assert.Equal(ScheduleOutcomeKind.Unnoticed, replay.Outcome!.Kind);
        Assert.Null(replay.Next());
    }

    [Fact]
    public void A_schedule_without_a_step_has_a_token_that_can_be_read()
    {
        var nothing = Schedule.FromSteps([]);
        Assert.Equal("-", nothing.ToString());
        Assert.Equal(nothing, Schedule.Parse("-"));
        var token = new ScheduleToken("Script", "GuardedMap", 0, nothing, "programs that never touch the map");
        Assert.Equal(token, ScheduleToken.Parse(token.ToString()));
    }

    [Fact]
    public void Runs_of_one_actor_are_written_as_one()
    {
        Assert.Equal("A3B1", Schedule.FromRuns([(0, 1), (0, 2), (1, 0), (1, 1)]).ToString());
        Assert.Equal("A3B1", Schedule.FromSteps([0, 0, 0, 1]).ToString());
        Assert.Equal(Schedule.Parse("A1A2B1"), Schedule.Parse("A3B1"));
    }

    private sealed class Versioned(int version, YieldPointCatalogue points)
        : RaceModel<int>("Test", "versioned", RaceGrain.Access, version, points, [new ActorProgram<int>("one", OneStep), new ActorProgram<int>("two", OneStep)])
    {
        internal override int Setup() => 0;

        internal override ScheduleOutcome Judge(int state) => TestModels.Clean;

        private static IEnumerator<Footprint> OneStep(int state)
        {
            yield return TestModels.Read(0);
        }
    }
}
