using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using GuardedMaps.Lab;

namespace GuardedMaps.Cli;

/// <summary><c>guardedmap demo</c>: the main job on real input, from reading it to the outcome of a race, in under half a minute.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var seed = new Option<ulong?>("--seed") { CustomParser = Arguments.Number<ulong>, Description = "Fixes what each racing thread does and in which order.", HelpName = "N" };
        var command = new Command("demo", "Fill a guarded map with this machine's own .NET files, iterate, see a delete refused, and watch a race.") { seed };
        command.Runs((parsed, cancellation) => Run(new Screen(), parsed.GetValue(seed), cancellation));
        return command;
    }

    private static int Run(Screen screen, ulong? seed, CancellationToken cancellation)
    {
        try
        {
            var map = Fill(screen);
            Iterate(screen, map);
            RefusedDelete.Show(screen, map);
            LegalWays(screen, map);
            DemoRace.Run(screen, seed, cancellation);
            return cancellation.IsCancellationRequested ? Program.Stopped : 0;
        }
        catch (Exception error) when (error is RaceChildException or IOException or UnauthorizedAccessException)
        {
            return Program.Fail(error.Message);
        }
    }

    private static GuardedMap<string, long> Fill(Screen screen)
    {
        string root = InstalledFiles.Root();
        screen.Heading($"A map of the files of the .NET installation in {root}");
        var clock = Stopwatch.StartNew();
        var map = new GuardedMap<string, long>(new MapOptions<string> { Name = "files" });
        foreach (var (file, size) in InstalledFiles.Read(root)) map[file] = size;
        screen.Line(string.Create(CultureInfo.InvariantCulture, $"{map.Count:N0} entries, read in {clock.Elapsed.TotalSeconds:0.00} s: the key is a file's path, the value its size."));
        return map;
    }

    private static void Iterate(Screen screen, GuardedMap<string, long> map)
    {
        screen.Heading("An iteration");
        screen.Code("foreach (var (file, size) in map) ...");
        long total = 0;
        int files = 0;
        var biggest = default(KeyValuePair<string, long>);
        foreach (var entry in map)
        {
            files++;
            total += entry.Value;
            if (entry.Value >= biggest.Value) biggest = entry;
        }

        screen.Line($"{Screen.Number(files)} files, {Screen.Bytes(total)} together. The biggest is {biggest.Key} with {Screen.Bytes(biggest.Value)}.");
    }

    private static void LegalWays(Screen screen, GuardedMap<string, long> map)
    {
        screen.Heading("The legal ways");
        screen.Line("Through the iteration's own cursor:");
        screen.Code("using var it = map.Iterate(); while (it.MoveNext()) if (it.Entry.Value == 0) it.Entry.Remove();");
        int before = map.Count;
        int removed = 0;
        using (var it = map.Iterate())
        {
            while (it.MoveNext())
            {
                if (it.Entry.Value == 0 && it.Entry.Remove()) removed++;
            }
        }

        screen.Line($"{Screen.Number(removed)} empty files removed: Count was {Screen.Number(before)} and is {Screen.Number(map.Count)}.");

        screen.Line("Or under a contract that queues the writes until the iteration ends:");
        screen.Code("using var it = map.Iterate(IterationContract.Defer); while (it.MoveNext()) if (it.Entry.Value < 1000) map.Remove(it.Entry.Key);");
        before = map.Count;
        int during = before;
        using (var it = map.Iterate(IterationContract.Defer))
        {
            while (it.MoveNext())
            {
                if (it.Entry.Value < 1000) map.Remove(it.Entry.Key);
                during = map.Count;
            }
        }

        map.CheckInvariants();
        screen.Line($"Files under 1 KB removed: Count was {Screen.Number(before)}, stayed {Screen.Number(during)} to the last step, and is {Screen.Number(map.Count)} after it.");
    }
}
