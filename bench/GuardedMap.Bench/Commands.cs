using System.Globalization;
using GuardedMaps.Bench.Bdn;
using GuardedMaps.Bench.Variants;

namespace GuardedMaps.Bench;

/// <summary>The commands beside <c>ratios</c> and <c>latency</c>. Each prints the machine first, so that no figure is ever quoted without it.</summary>
internal static class Commands
{
    private const int DefaultRounds = 9;

    /// <returns>False if the command line asks for the table of ratios.</returns>
    public static bool TryRun(string[] args)
    {
        switch (args)
        {
            case [] or ["ratios", ..]:
                return false;
            case ["threads", .. var rest]:
                Machine.Print();
                new Threads(Rounds(rest), Filter(rest)).Run();
                return true;
            case ["maps", .. var rest]:
                Machine.Print();
                new RepairMaps(Rounds(rest), Filter(rest)).Run();
                return true;
            case ["hotkeys", .. var rest]:
                Machine.Print();
                new HotKeyCost(Rounds(rest), Filter(rest)).Run();
                return true;
            case ["detecting", .. var rest]:
                Machine.Print();
                new DetectionCost(Rounds(rest), Filter(rest)).Run();
                return true;
            case ["hashing", .. var rest]:
                Machine.Print();
                new HashCost(Rounds(rest)).Run();
                return true;
            case ["own", .. var rest]:
                Machine.Print();
                new OwnRates(Rounds(rest)).Run();
                return true;
            case ["go", .. var rest]:
                Machine.Print();
                if (!new GoPeer(Rounds(rest), Filter(rest)).Run()) Environment.ExitCode = 1;
                return true;
            case ["probe"]:
                Machine.Print();
                if (!ProbeComparison.Run()) Environment.ExitCode = 1;
                return true;
            case ["guard"]:
                Machine.Print();
                ReadGuardCost.Run();
                return true;
            case ["builds", var commit, .. var rest]:
                Machine.Print();
                if (!new TwoBuilds(commit, rest.Length > 0 ? Rounds(rest) : 15, Filter(rest)).Run()) Environment.ExitCode = 1;
                return true;
            case [TwoBuilds.ServeCommand]:
                TwoBuilds.Serve();
                return true;
            case [ReadGuardCost.Command]:
                ReadGuardCost.Drive();
                return true;
            case [ProbeDriver.Command]:
                ProbeDriver.Run();
                return true;
            case ["bdn", .. var rest]:
                BdnCommand.Run(rest);
                return true;
            default:
                Console.Error.WriteLine($"There is no command '{args[0]}'. Commands: ratios, latency, threads, maps, hotkeys, detecting, hashing, own, go, guard, builds <commit>, probe, bdn; see bench/README.md.");
                Environment.ExitCode = 2;
                return true;
        }
    }

    private static int Rounds(string[] rest) => rest.Length > 0 ? int.Parse(rest[0], CultureInfo.InvariantCulture) : DefaultRounds;

    private static string Filter(string[] rest) => rest.Length > 1 ? rest[1] : "";
}
