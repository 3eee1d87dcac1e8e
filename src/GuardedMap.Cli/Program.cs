using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text;

namespace GuardedMaps.Cli;

// A head without PowerShell: each command binds its options, calls the map or the race lab, and prints. Results go to
// standard output, errors to standard error.
//
// Exit codes: 0 done; 1 the input or the machine did not allow it; 2 the command line was not understood; 130 stopped
// by Ctrl+C (what was found until then is printed). A race that finds damage has done its work and exits 0.

/// <summary>The program.</summary>
internal static class Program
{
    public const int Failed = 1;
    public const int BadUsage = 2;
    public const int Stopped = 130;

    // How long a command may take to stop after Ctrl+C, with killing its child processes and printing what was found.
    private static readonly TimeSpan TimeToStop = TimeSpan.FromSeconds(10);

    public static async Task<int> Main(string[] args)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        var root = new RootCommand("A hash map that never lets a race pass in silence: see it work.")
        {
            DemoCommand.Create(),
            IterateCommand.Create(),
            RaceCommand.Create(),
            BenchCommand.Create(),
        };

        var parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors) Console.Error.WriteLine($"guardedmap: {SafeText.Lines(error.Message)}");
            Console.Error.WriteLine($"Run 'guardedmap{CommandPath(parsed)} --help' for what is understood.");
            return BadUsage;
        }

        // The commands answer for the errors they expect; what comes through here is a bug and should look like one.
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeToStop }).ConfigureAwait(false);
    }

    /// <summary>Prints an error and gives the exit code for it.</summary>
    public static int Fail(string message, int exitCode = Failed)
    {
        Console.Error.WriteLine($"guardedmap: {SafeText.Lines(message)}");
        return exitCode;
    }

    /// <summary>
    /// Makes a command's action. It runs on a thread of its own, because Ctrl+C becomes a cancellation only once the action
    /// has been started and has given control back.
    /// </summary>
    public static void Runs(this Command command, Func<ParseResult, CancellationToken, int> action) =>
        command.SetAction((parsed, cancellation) => Task.Run(() => action(parsed, cancellation), CancellationToken.None));

    private static string CommandPath(ParseResult parsed) =>
        parsed.CommandResult.Command is RootCommand ? "" : $" {parsed.CommandResult.Command.Name}";
}
