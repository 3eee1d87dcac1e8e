using System.ComponentModel;
using System.Diagnostics;

namespace GuardedMaps.Lab.Tests.Engines;

// A PowerShell that has loaded what it needs does a piece of work in a fraction of the time that a new one needs to get there: more than a second of processor
// time before its first line, two or three with the module. So one process does the pieces one after the other, each when its test asks for it:
//
//     this process                              pwsh -File script -Serve
//     path of a file, path for its result  ->   does it, writes the result
//                                          <-   one line: the path of the result
//
// What one piece leaves behind for the next is for the script to put away. If the process ends in the middle of a piece, that piece has failed, and the next one
// gets a new process. The process ends when its standard input does, so none stays behind, however this one ends.

/// <summary>A PowerShell script that does one thing after the other, each when it is asked to.</summary>
/// <param name="script">The script, which knows <c>-Serve</c>.</param>
/// <param name="arguments">What else it is told.</param>
internal sealed class ServingScript(string script, params string[] arguments) : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);
    private readonly List<string> _printed = [];
    private Process? _process;

    /// <summary>Lets it do one thing.</summary>
    /// <returns>What the process printed meanwhile. The result is in its file.</returns>
    /// <exception cref="InvalidOperationException">The process ended without a result.</exception>
    /// <exception cref="TimeoutException">It did not end in time.</exception>
    public string Run(PowerShellHost host, string path, string resultPath)
    {
        Process process = Begin(host);
        int from;
        lock (_printed) from = _printed.Count;
        try
        {
            process.StandardInput.WriteLine($"{path}|{resultPath}");
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended since. What it printed says why; nothing will be answered.
        }

        bool inTime = Wait(process, resultPath, from);
        string output;
        lock (_printed) output = string.Join(Environment.NewLine, _printed.Skip(from));
        if (File.Exists(resultPath) && inTime) return output;

        Dispose();
        throw inTime
            ? new InvalidOperationException($"pwsh ended with exit code {process.ExitCode} and wrote no result for {path}. It printed:{Environment.NewLine}{output}")
            : new TimeoutException($"{path} did not end within {s_limit}. Its process was killed. It printed:{Environment.NewLine}{output}");
    }

    public void Dispose()
    {
        if (_process is null) return;
        try
        {
            _process.StandardInput.Close();
            if (!_process.WaitForExit(TimeSpan.FromSeconds(10))) _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or Win32Exception)
        {
            // It has ended already.
            Debug.WriteLine(e.Message);
        }

        _process = null;
    }

    private Process Begin(PowerShellHost host)
    {
        if (_process is { HasExited: false }) return _process;
        ProcessStartInfo start = host.Start(["-File", script, "-Serve", .. arguments]);
        start.RedirectStandardInput = true;
        Process process = Process.Start(start)!;
        process.OutputDataReceived += (_, e) => Note(e.Data);
        process.ErrorDataReceived += (_, e) => Note(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return _process = process;
    }

    private void Note(string? line)
    {
        if (line is null) return;
        lock (_printed)
        {
            _printed.Add(line);
            Monitor.PulseAll(_printed);
        }
    }

    // True when the line that names the result has come, or the process has ended.
    private bool Wait(Process process, string resultPath, int from)
    {
        var watch = Stopwatch.StartNew();
        lock (_printed)
        {
            while (!_printed.Skip(from).Any(line => line.EndsWith(resultPath, StringComparison.Ordinal)))
            {
                if (process.HasExited) return true;
                if (watch.Elapsed > s_limit) return false;
                Monitor.Wait(_printed, TimeSpan.FromSeconds(1)); // A process that ends prints nothing: looked at every second.
            }
        }

        return true;
    }
}
