using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace GuardedMaps.Tests.Model;

/// <summary>
/// The search for a program on which map and oracle differ: FsCheck draws programs and, once one diverges, makes it smaller.
/// </summary>
/// <remarks>
/// The search goes in batches of programs, each with a seed of its own that follows from the search's seed and the batch's number. So a
/// search of ten million operations keeps nothing but its counts, can tell how far it is, and a batch that found something can be run
/// again alone.
/// </remarks>
internal sealed class ModelSearch(KeyKind? kind, ulong seed)
{
    private const int ProgramsPerBatch = 200;

    public ModelStatistics Statistics { get; } = new();

    /// <summary>Called after every batch.</summary>
    public Action<ModelStatistics>? OnBatch { get; init; }

    /// <summary>Told when a program diverged, before it is made smaller, which may take a while.</summary>
    public Action<Divergence>? OnDivergence { get; init; }

    /// <summary>Searches until so many operations have been run or a divergence is found.</summary>
    /// <returns>What the smallest program that was found says, as text with the program in it; null if there was none.</returns>
    public string? Run(long operations)
    {
        for (ulong batch = 0; Statistics.Operations < operations; batch++)
        {
            if (RunBatch(batch, operations) is { } found) return found;
            OnBatch?.Invoke(Statistics);
        }

        return null;
    }

    /// <summary>Runs the programs of one batch.</summary>
    public string? RunBatch(ulong batch, long operations = long.MaxValue)
    {
        // What shrinking runs, and what is left of a batch once the search is done, is not counted.
        bool diverged = false;
        Divergence? Execute(ModelProgram program)
        {
            if (Statistics.Operations >= operations && !diverged) return null;
            Divergence? divergence = program.Run(diverged ? new ModelStatistics() : Statistics);
            if (divergence is not null && !diverged)
            {
                diverged = true;
                OnDivergence?.Invoke(divergence);
            }

            return divergence;
        }

        return FindSmallest(ProgramGenerator.Programs(kind), Execute, new Rnd(seed + (batch * 0x9E37_79B9_7F4A_7C15), (batch << 1) | 1), ProgramsPerBatch);
    }

    /// <summary>Lets FsCheck draw programs and make the first that diverges smaller.</summary>
    /// <returns>The smallest program's divergence and the program itself, as text; null if none diverged.</returns>
    public static string? FindSmallest(Gen<ModelProgram> programs, Func<ModelProgram, Divergence?> execute, Rnd random, int count)
    {
        var runner = new Runner();
        Config config = Config.Quick
            .WithMaxTest(count)
            .WithReplay(FSharpOption<Replay>.Some(new Replay(random, FSharpOption<int>.None)))
            .WithRunner(runner);
        Check.One(config, Prop.ForAll(Arb.From(programs, ProgramShrinker.Smaller), program => execute(program) is null));
        if (runner.Smallest is not { } smallest) return null;
        // A map that draws its own seed may agree this time.
        Divergence divergence = execute(smallest) ?? new Divergence(smallest.Steps.Count, "the divergence did not show again on the last run");
        return ModelDivergenceException.Describe(smallest, divergence);
    }

    /// <summary>Takes the outcome from FsCheck instead of printing it.</summary>
    private sealed class Runner : IRunner
    {
        public ModelProgram? Smallest { get; private set; }

        public void OnStartFixture(Type t)
        {
        }

        public void OnArguments(int ntest, FSharpList<object> args, FSharpFunc<int, FSharpFunc<FSharpList<object>, string>> every)
        {
        }

        public void OnShrink(FSharpList<object> args, FSharpFunc<FSharpList<object>, string> everyShrink)
        {
        }

        public void OnFinished(string name, TestResult testResult)
        {
            if (testResult is TestResult.Failed failed) Smallest = (ModelProgram)failed.Item3.Head;
            else if (!testResult.IsPassed) throw new InvalidOperationException($"FsCheck gave up: {testResult}");
        }
    }
}
