using System.Diagnostics;

namespace GuardedMaps.Lab.Tests.Engines;

/// <summary>Starts the programs that tests need, each with a limit of time, none with what the test host has set for itself.</summary>
internal static class EngineProcess
{
    /// <summary>How to start a program from the repository's root, with its output to be read here.</summary>
    public static ProcessStartInfo Start(string program, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["NO_COLOR"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["POWERSHELL_UPDATECHECK"] = "Off";
        // A build's worker processes would outlive it, and hold its output open: who reads that to its end would wait a quarter of an hour for them.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        CompileOnce(start);
        // The test host sets these for itself; what is started from it is a .NET program of its own.
        foreach (string inherited in (string[])["DOTNET_STARTUP_HOOKS", "MSBUILD_EXE_PATH", "MSBuildSDKsPath", "MSBuildExtensionsPath", "MSBuildLoadMicrosoftTargetsReadOnly"]) start.Environment.Remove(inherited);
        return start;
    }

    /// <summary>
    /// Tells .NET to compile what runs often without measuring it first. PowerShell as a .NET tool is compiled as it runs, all of it, each time anew, and most of
    /// these processes end long before that pays. What they start inherits it.
    /// </summary>
    public static void CompileOnce(ProcessStartInfo start) => start.Environment["DOTNET_TieredPGO"] = "0";

    /// <summary>Runs a program to its end.</summary>
    /// <returns>Its exit code, and everything it printed.</returns>
    /// <exception cref="TimeoutException">It did not end in time. It was killed.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started.</exception>
    public static (int ExitCode, string Output) Run(ProcessStartInfo start, TimeSpan limit)
    {
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"'{start.FileName}' did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{start.FileName} {string.Join(' ', start.ArgumentList)}' did not end within {limit}. It was killed. It printed:{Environment.NewLine}{output.Result}{errors.Result}");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }

    /// <summary>A text that may have many lines, as part of a sentence.</summary>
    public static string OneLine(string text)
    {
        string line = text.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        return line.Length <= 300 ? line : string.Concat(line.AsSpan(0, 297), "...");
    }
}
