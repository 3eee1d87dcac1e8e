using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;
using GuardedMaps.Lab.Tests.Engines;

namespace GuardedMaps.Lab.Tests.Pester;

// A PowerShell that has loaded Pester and the module runs a file in a fraction of the time that a new one needs to get there (a file with one
// trivial test costs more than two seconds in a process of its own). So one process runs the files one after the other, each when its test asks for it:
//
//     this process                              pwsh -File tests/pester/Invoke-PesterFile.ps1 -Serve
//     path of a file, path for its result  ->   runs it, writes the result
//                                          <-   one line: the path of the result
//
// What a file leaves behind in the process (modules, $Error, preferences) the script puts away. If the process ends in the middle of a file, that file has
// failed, and the next one gets a new process. The process ends when its standard input does, so none stays behind, however this one ends.

/// <summary>The process that runs Pester files.</summary>
internal sealed class PesterSession : IDisposable
{
    private static readonly TimeSpan s_fileLimit = TimeSpan.FromMinutes(10);
    private static readonly JsonSerializerOptions s_json = new() { PropertyNameCaseInsensitive = true };
    private readonly Dictionary<string, PesterResult> _results = new(StringComparer.Ordinal);
    private readonly List<string> _printed = [];
    private Process? _process;

    /// <summary>Where Pester's module is: the package that this project names, in the package cache, and no other.</summary>
    public static string PesterManifest { get; } = typeof(PesterSession).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "PesterManifest").Value!;

    private static string Script => Path.Combine(Repository.Root, "tests", "pester", "Invoke-PesterFile.ps1");

    /// <summary>Runs one Pester file; one that has run already is not run again.</summary>
    /// <exception cref="InvalidOperationException">The process ended without a result.</exception>
    /// <exception cref="TimeoutException">The file did not end in time.</exception>
    public PesterResult Run(PowerShellHost host, string path)
    {
        if (!_results.TryGetValue(path, out PesterResult? result)) _results[path] = result = RunNow(host, path);
        return result;
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

    private PesterResult RunNow(PowerShellHost host, string path)
    {
        string resultPath = TestFolder.FileNamed(Path.GetFileName(path) + ".json");
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
        if (File.Exists(resultPath) && inTime)
        {
            PesterResult result = JsonSerializer.Deserialize<PesterResult>(File.ReadAllText(resultPath), s_json)
                ?? throw new InvalidOperationException($"The result of {path} is empty. pwsh printed:{Environment.NewLine}{output}");
            return result with { Output = output };
        }

        Dispose();
        throw inTime
            ? new InvalidOperationException($"pwsh ended with exit code {process.ExitCode} and wrote no result for {path}. It printed:{Environment.NewLine}{output}")
            : new TimeoutException($"{path} did not end within {s_fileLimit}. Its process was killed. It printed:{Environment.NewLine}{output}");
    }

    private Process Begin(PowerShellHost host)
    {
        if (_process is { HasExited: false }) return _process;
        ProcessStartInfo start = host.Start("-File", Script, "-Serve", "-Pester", PesterManifest);
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
                if (watch.Elapsed > s_fileLimit) return false;
                Monitor.Wait(_printed, TimeSpan.FromSeconds(1)); // A process that ends prints nothing: looked at every second.
            }
        }

        return true;
    }
}
