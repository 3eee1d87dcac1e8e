using System.Reflection;
using System.Text.Json;
using GuardedMaps.Lab.Tests.Engines;

namespace GuardedMaps.Lab.Tests.Pester;

// One process runs the Pester files, one after the other (a file with one trivial test costs more than two seconds in a process of its own). What a file leaves
// behind in it (modules, $Error, preferences) the script puts away.

/// <summary>The process that runs Pester files.</summary>
internal sealed class PesterSession : IDisposable
{
    private static readonly JsonSerializerOptions s_json = new() { PropertyNameCaseInsensitive = true };
    private readonly Dictionary<string, PesterResult> _results = new(StringComparer.Ordinal);
    private readonly ServingScript _script = new(Path.Combine(Repository.Root, "tests", "pester", "Invoke-PesterFile.ps1"), "-Pester", PesterManifest);

    /// <summary>Where Pester's module is: the package that this project names, in the package cache, and no other.</summary>
    public static string PesterManifest { get; } = typeof(PesterSession).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "PesterManifest").Value!;

    /// <summary>Runs one Pester file; one that has run already is not run again.</summary>
    /// <exception cref="InvalidOperationException">The process ended without a result.</exception>
    /// <exception cref="TimeoutException">The file did not end in time.</exception>
    public PesterResult Run(PowerShellHost host, string path)
    {
        if (!_results.TryGetValue(path, out PesterResult? result)) _results[path] = result = RunNow(host, path);
        return result;
    }

    public void Dispose() => _script.Dispose();

    private PesterResult RunNow(PowerShellHost host, string path)
    {
        string resultPath = TestFolder.FileNamed(Path.GetFileName(path) + ".json");
        string output = _script.Run(host, path, resultPath);
        PesterResult result = JsonSerializer.Deserialize<PesterResult>(File.ReadAllText(resultPath), s_json)
            ?? throw new InvalidOperationException($"The result of {path} is empty. pwsh printed:{Environment.NewLine}{output}");
        return result with { Output = output };
    }
}
