using System.Diagnostics;
using System.Text;

namespace GuardedMaps.Lab.Tests.Cli;

/// <summary>Runs the command line program as its users do: as a process, with its output read from pipes.</summary>
internal static class CliProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Starts the program and leaves it to the caller.</summary>
    public static Process Start(params string[] arguments) =>
        Start(ChildHost.FindAll(out _)[0].Program, ["exec", Path.Combine(AppContext.BaseDirectory, "guardedmap.dll"), .. arguments]);

    /// <summary>Runs the program by its own start program instead of the dotnet command, to its end.</summary>
    public static CliResult RunByItself(params string[] arguments)
    {
        // It looks for .NET where .NET is installed, or where this says.
        string dotnet = ChildHost.FindAll(out _)[0].Program;
        string program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "guardedmap.exe" : "guardedmap");
        return Finish(Start(program, arguments, ("DOTNET_ROOT", Path.GetDirectoryName(dotnet)!)), arguments);
    }

    private static Process Start(string program, string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    /// <summary>Runs the program to its end.</summary>
    public static CliResult Run(params string[] arguments) => Finish(Start(arguments), arguments);

    private static CliResult Finish(Process started, string[] arguments)
    {
        using var process = started;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"'guardedmap {string.Join(' ', arguments)}' did not end within {Patience}.");
        }

        return new CliResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>The path of a file among the samples.</summary>
    public static string Sample(string name) => Path.Combine(AppContext.BaseDirectory, "Samples", name);
}

/// <summary>What a run of the program left behind.</summary>
internal sealed record CliResult(int ExitCode, string Output, string Error)
{
    /// <summary>The figures of a map's row in an outcome table: trials, clean, error raised, silently wrong, hung, crashed.</summary>
    public int[] Row(string map)
    {
        string line = Assert.Single(Output.Split('\n'), line => line.StartsWith($"| {map} ", StringComparison.Ordinal));
        return [.. line.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(cell => int.Parse(cell, System.Globalization.NumberStyles.AllowThousands, System.Globalization.CultureInfo.InvariantCulture))];
    }
}
