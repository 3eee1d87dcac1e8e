using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;

namespace GuardedMaps.Bench.Bdn;

/// <summary>
/// The same operations under BenchmarkDotNet: slower, each case alone in a process, with its own statistics. A second opinion on the table of
/// <see cref="Ratios"/>, which has the better ratios on a busy machine because its subjects take turns.
/// </summary>
internal static class BdnCommand
{
    /// <param name="args">BenchmarkDotNet's own arguments, such as <c>--filter *Hit*</c>; without a job among them a short one is used.</param>
    public static void Run(string[] args)
    {
        IConfig config = DefaultConfig.Instance.AddColumn(new PerOperationColumn());
        bool choosesJob = args.Any(a => a is "--job" or "-j");
        if (!choosesJob) config = config.AddJob(Job.ShortRun);
        BenchmarkSwitcher.FromAssembly(typeof(BdnCommand).Assembly).Run(args, config);
    }
}
