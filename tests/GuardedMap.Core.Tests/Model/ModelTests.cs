using FsCheck;
using FsCheck.Fluent;

namespace GuardedMaps.Tests.Model;

/// <summary>
/// Random programs against the oracle, a few seconds of them: a fixed number of operations for each kind of keys, the same on every
/// run. (One program in eight lets the map draw its own hash seed; those differ.) The long search is tests/GuardedMap.Model.
/// </summary>
public sealed class ModelTests
{
    private const int OperationsPerKind = 40_000;

    public static TheoryData<string> Kinds() => new(Enum.GetNames<KeyKind>());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Random_programs_agree_with_the_oracle(string kind)
    {
        KeyKind keys = Enum.Parse<KeyKind>(kind);
        var search = new ModelSearch(keys, seed: 1 + (ulong)keys);
        string? found = search.Run(OperationsPerKind);
        Assert.True(found is null, found);

        // What was not met was not tested.
        ModelStatistics met = search.Statistics;
        Assert.True(
            met is { Refused: > 50, Queued: > 200, Applied: > 5, Stale: > 50, CursorWrites: > 100, ByOtherThread: > 50, Finished: > 50, SnapshotsOutlived: > 20, Doublings: > 10 },
            met.ToString());
    }

    [Theory]
    [InlineData("Int")]
    [InlineData("String")]
    public void A_tolerant_iteration_outlives_repacking_and_doubling(string kind)
    {
        var statistics = new ModelStatistics();
        for (ulong seed = 1; seed <= 20; seed++)
        {
            // 20 entries fill four buckets to their limit; churn there makes chains overflow until the table is repacked. At last it doubles.
            ModelProgram program = new ModelProgram(new ModelSetup { Keys = Enum.Parse<KeyKind>(kind), HashSeed = seed })
                .Fill(0, 7)
                .Churn(30)
                .Start(0, Iteration.Iterate, IterationContract.Tolerate)
                .MoveNext(0)
                .MoveNext(0)
                .Churn(2500)
                .Start(1, Iteration.Iterate, IterationContract.Tolerate)
                .MoveNext(1)
                .CursorSet(1)
                .MoveNext(0)
                .CursorRemove(0)
                .Fill(20, 5)
                .Finish(0)
                .Finish(1);
            Divergence? divergence = program.Run(statistics);
            Assert.True(divergence is null, divergence is null ? null : ModelDivergenceException.Describe(program, divergence));
        }

        Assert.True(statistics is { Doublings: > 10, FinishedAcrossGrowth: 40 }, statistics.ToString());
        // Numbers in a row lie too evenly for a bucket to overflow here.
        Assert.True(kind == "Int" || statistics.Repackings > 0, statistics.ToString());
    }

    [Theory]
    [InlineData("Int")]
    [InlineData("IntFewHashes")]
    [InlineData("String")]
    public void A_tolerant_iteration_begun_in_mid_growth_outlives_copies_of_its_arrays_that_are_replaced_at_once(string kind)
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var setup = new ModelSetup { Keys = Enum.Parse<KeyKind>(kind), HashSeed = seed };
            // The entry after the 20th begins a growth. The snapshot makes the next write copy both arrays, and before the iteration is
            // stepped again that write, or one soon after, has replaced the copies.
            Begin().TrimExcess().Finish(0).AssertAgrees();
            Begin().EnsureCapacity(500).MoveNext(0).CursorRemove(0).Finish(0).AssertAgrees();
            Begin().Fill(21, 60).Finish(0).AssertAgrees();
            Begin().MoveNext(0).Fill(21, 30).MoveNext(0).Fill(51, 60).Finish(0).AssertAgrees();
            Begin().Fill(21, 8).Start(2, Iteration.Iterate, IterationContract.Snapshot).Fill(29, 80).Finish(0).Finish(2).AssertAgrees();

            ModelProgram Begin() => new ModelProgram(setup)
                .Fill(0, 21)
                .Start(0, Iteration.Iterate, IterationContract.Tolerate)
                .Start(1, Iteration.Iterate, IterationContract.Snapshot);
        }
    }

    [Theory]
    [InlineData("Int", IterationContract.Tolerate)]
    [InlineData("IntFewHashes", IterationContract.Tolerate)]
    [InlineData("String", IterationContract.Tolerate)]
    [InlineData("String", IterationContract.Snapshot)]
    public void A_cursor_writes_in_the_middle_of_growth(string kind, IterationContract contract)
    {
        var statistics = new ModelStatistics();
        for (ulong seed = 1; seed <= 20; seed++)
        {
            // The entry after the 80th starts a growth of 16 buckets; each write moves two at most.
            ModelProgram program = new ModelProgram(new ModelSetup { Keys = Enum.Parse<KeyKind>(kind), HashSeed = seed })
                .Fill(0, 80)
                .Start(0, Iteration.Iterate, contract)
                .MoveNext(0)
                .CursorSet(0)
                .MoveNext(0)
                .Set(80)
                .CursorSet(0)
                .MoveNext(0)
                .CursorRemove(0)
                .MoveNext(0)
                .CursorSet(0)
                .Remove(30)
                .CursorRemove(0)
                .CursorRemove(0)
                .Start(1, Iteration.Iterate, contract)
                .MoveNext(1)
                .CursorRemove(1)
                .MoveNext(0)
                .Fill(81, 20)
                .Finish(0)
                .Finish(1);
            Divergence? divergence = program.Run(statistics);
            Assert.True(divergence is null, divergence is null ? null : ModelDivergenceException.Describe(program, divergence));
        }

        Assert.True(statistics.CursorWritesInGrowth > 60, statistics.ToString());
    }

    [Fact]
    public void A_cursor_removes_from_the_chain_its_entry_is_in_now()
    {
        // The walk to a chain's head, begun at the head the entry had before the map was cleared, did not end. It takes
        // a seed that changes when the map is emptied, so that the same overflow bucket comes to another chain.
        for (int i = 0; i < 200; i++)
        {
            var program = new ModelProgram(new ModelSetup { Keys = KeyKind.IntZeroHash, HashSeed = null });
            program.Fill(0, 17).Start(0, Iteration.Iterate, IterationContract.Tolerate);
            for (int j = 0; j <= i % 17; j++) program.MoveNext(0);
            program.Clear().Fill(0, 17).CursorRemove(0).Finish(0).AssertAgrees();
        }
    }

    [Fact]
    public void A_divergence_is_found_made_small_and_printed_as_code()
    {
        // Key 13 is never equal to itself, so the map loses it; the oracle does not.
        var keys = new KeyDomain<int>(static n => n, new LosesOneKey(13), EqualityComparer<int>.Default);
        string? found = ModelSearch.FindSmallest(
            ProgramGenerator.Programs(KeyKind.IntFewHashes),
            program => ModelKeys.Run(program, keys, new ModelStatistics()),
            new Rnd(1, 1),
            count: 100);

        Assert.NotNull(found);
        string program = found[found.IndexOf("new ModelProgram", StringComparison.Ordinal)..].TrimEnd();
        // One step is enough: the comparison at the end looks the key up.
        Assert.Equal(
            Lines(
                "new ModelProgram(new ModelSetup { Keys = KeyKind.Int })",
                "    .Set(13)",
                "    .AssertAgrees();"),
            program);
    }

    [Fact]
    public void A_program_prints_as_the_code_that_builds_it()
    {
        var program = new ModelProgram(new ModelSetup { Keys = KeyKind.String, HashSeed = 7, Capacity = 9, Contract = IterationContract.Defer, Trace = true })
            .Fill(0, 20)
            .Start(0, Iteration.Iterate, IterationContract.Tolerate)
            .MoveNext(0)
            .CursorSet(0)
            .RemovePair(3, matching: true)
            .Increment(4, -2, other: true)
            .AddOrUpdate(5, Callback.Throws)
            .CursorRemove(0, stale: true)
            .Start(1, Iteration.ForEach)
            .ReadAll();
        program.AssertAgrees();
        Assert.Equal(
            Lines(
                "new ModelProgram(new ModelSetup { Keys = KeyKind.String, HashSeed = 7, Capacity = 9, Contract = IterationContract.Defer, Trace = true })",
                "    .Fill(0, 20)",
                "    .Start(0, Iteration.Iterate, IterationContract.Tolerate)",
                "    .MoveNext(0)",
                "    .CursorSet(0)",
                "    .RemovePair(3, matching: true)",
                "    .Increment(4, -2, other: true)",
                "    .AddOrUpdate(5, Callback.Throws)",
                "    .CursorRemove(0, stale: true)",
                "    .Start(1, Iteration.ForEach)",
                "    .ReadAll()",
                "    .AssertAgrees();"),
            program.ToString());
    }

    [Fact]
    public void The_same_seed_draws_the_same_programs()
    {
        Assert.Equal(Text(Programs(5)), Text(Programs(5)));
        Assert.NotEqual(Text(Programs(5)), Text(Programs(6)), StringComparer.Ordinal);

        static IEnumerable<ModelProgram> Programs(ulong seed) => ProgramGenerator.Programs(null).Sample(10, new Rnd(seed, 1), 20);

        static string Text(IEnumerable<ModelProgram> programs) => string.Join('\n', programs.Select(static program => program.ToString()));
    }

    private static string Lines(params string[] lines) => string.Join('\n', lines);

    private sealed class LosesOneKey(int lost) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => x == y && x != lost;

        public int GetHashCode(int obj) => obj;
    }
}
