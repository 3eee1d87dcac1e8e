using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace GuardedMaps.Lab.Tests.Cli;

/// <summary>What Ctrl+C leaves behind: the results so far, and no process. Sent the Linux way, where the processes can be counted, too.</summary>
public sealed class CtrlCTests
{
    private const int SigInt = 2;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [SkippableFact]
    public async Task A_race_stopped_by_Ctrl_C_prints_what_was_found_and_leaves_no_process_behind()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Signals and the list of processes are used the Linux way here.");
        Skip.If(IgnoresSigInt(), "Whoever started the tests has SIGINT ignored (as 'nohup' and a shell's '&' do), and every process started from here inherits that.");
        using var program = CliProcess.Start("race", "--scenario", "DeleteDuringIteration", "--target", "Dictionary", "--duration", "600");
        var output = program.StandardOutput.ReadToEndAsync();
        var error = program.StandardError.ReadToEndAsync();
        int child = await ChildOf(program.Id).WaitAsync(Patience);

        Assert.Equal(0, Kill(program.Id, SigInt));
        await program.WaitForExitAsync().WaitAsync(Patience);

        Assert.True(program.ExitCode == 130, $"{program.ExitCode}: {await error}");
        int[] row = new CliResult(program.ExitCode, await output, await error).Row("Dictionary");
        Assert.Equal(row[0], row[1..].Sum());
        Assert.False(Directory.Exists($"/proc/{child.ToString(CultureInfo.InvariantCulture)}"));
    }

    // A mask of signals in hexadecimal; signal n is bit n - 1.
    private static bool IgnoresSigInt()
    {
        const string Label = "SigIgn:";
        string line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(Label, StringComparison.Ordinal));
        return (ulong.Parse(line[Label.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> (SigInt - 1) & 1) != 0;
    }

    private static async Task<int> ChildOf(int parent)
    {
        while (true)
        {
            foreach (var process in Process.GetProcesses())
            {
                using (process)
                {
                    if (ParentOf(process.Id) == parent) return process.Id;
                }
            }

            await Task.Delay(50).ConfigureAwait(false);
        }
    }

    // The fourth field of /proc/<pid>/stat. The second, the program's name, is in parentheses and may hold anything.
    private static int ParentOf(int process)
    {
        try
        {
            string stat = File.ReadAllText($"/proc/{process.ToString(CultureInfo.InvariantCulture)}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // It has ended since the processes were listed.
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
