using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace GuardedMaps.Lab.Tests.Pester;

/// <summary>
/// A PowerShell that can run the Pester files: 7.4 or later with Pester 5 or later. Looked for in <c>$PWSH</c>, then on the PATH, then as the
/// .NET tool that <c>.config/dotnet-tools.json</c> pins, if it has been restored. A candidate counts when it has answered, not when its
/// file exists.
/// </summary>
internal sealed class PowerShellHost
{
    private const string Question =
        "$p = Get-Module Pester -ListAvailable | Sort-Object Version -Descending | Select-Object -First 1; " +
        "'{0}|{1}' -f $PSVersionTable.PSVersion.ToString(), $(if ($p) { $p.Version })";

    private static readonly TimeSpan s_answerLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_fileLimit = TimeSpan.FromMinutes(10);
    private static readonly Version s_oldestPowerShell = new(7, 4);
    private static readonly Version s_oldestPester = new(5, 0);
    private static readonly JsonSerializerOptions s_json = new() { PropertyNameCaseInsensitive = true };
    private static readonly (PowerShellHost? Host, string Why) s_search = Search();

    private readonly string _program;
    private readonly string[] _prefix;

    private PowerShellHost(string program, params string[] prefix)
    {
        _program = program;
        _prefix = prefix;
    }

    /// <summary>The host, or null where there is none.</summary>
    public static PowerShellHost? Found => s_search.Host;

    /// <summary>Why there is none: what was tried and what came of it.</summary>
    public static string WhyNone => s_search.Why;

    /// <summary>Runs one Pester file in a process of its own.</summary>
    public PesterResult RunPester(string path)
    {
        string resultPath = Path.Combine(Path.GetTempPath(), $"{Path.GetFileName(path)}.{Guid.NewGuid():N}.json");
        try
        {
            string script = Path.Combine(Path.GetDirectoryName(path)!, "Invoke-PesterFile.ps1");
            (int code, string output) = Run(s_fileLimit, "-File", script, "-Path", path, "-ResultPath", resultPath);
            if (!File.Exists(resultPath))
                throw new InvalidOperationException($"pwsh ended with exit code {code} and wrote no result for {path}. It printed:{Environment.NewLine}{output}");
            PesterResult result = JsonSerializer.Deserialize<PesterResult>(File.ReadAllText(resultPath), s_json)
                ?? throw new InvalidOperationException($"The result of {path} is empty. pwsh printed:{Environment.NewLine}{output}");
            return result with { Output = output };
        }
        finally
        {
            File.Delete(resultPath);
        }
    }

    /// <summary>Runs a script in a process of its own.</summary>
    /// <returns>Its exit code, and everything it printed.</returns>
    public (int ExitCode, string Output) RunScript(string path, params string[] arguments) => Run(s_fileLimit, ["-File", path, .. arguments]);

    /// <summary>Runs a command in a process of its own.</summary>
    /// <returns>Its exit code, and everything it printed.</returns>
    public (int ExitCode, string Output) RunCommand(string command) => Run(s_fileLimit, "-Command", command);

    private static (PowerShellHost? Host, string Why) Search()
    {
        var why = new StringBuilder("no PowerShell 7.4 or later with Pester 5 or later was found.");
        foreach ((string origin, PowerShellHost? candidate) in Candidates())
        {
            if (candidate is null) why.Append(CultureInfo.InvariantCulture, $" {origin}: not there.");
            else if (candidate.IsFit(out string? objection)) return (candidate, "");
            else why.Append(CultureInfo.InvariantCulture, $" {origin} ('{candidate._program}'): {objection}.");
        }

        return (null, why.Append(" Install PowerShell and Pester, or set PWSH to a pwsh that has it.").ToString());
    }

    private static IEnumerable<(string Origin, PowerShellHost? Candidate)> Candidates()
    {
        string? named = Environment.GetEnvironmentVariable("PWSH");
        yield return ("$PWSH", string.IsNullOrEmpty(named) ? null : new PowerShellHost(named));

        string name = OperatingSystem.IsWindows() ? "pwsh.exe" : "pwsh";
        string? onPath = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
        yield return ("pwsh on the PATH", onPath is null ? null : new PowerShellHost(onPath));

        yield return ("dotnet tool run pwsh", new PowerShellHost("dotnet", "tool", "run", "pwsh", "--"));
    }

    private bool IsFit([NotNullWhen(false)] out string? objection)
    {
        objection = null;
        string answer;
        try
        {
            (int code, answer) = Run(s_answerLimit, "-Command", Question);
            if (code != 0) objection = $"ended with exit code {code}: {OneLine(answer)}";
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or TimeoutException)
        {
            objection = OneLine(e.Message);
            return false;
        }

        if (objection is not null) return false;
        string[] parts = answer.Trim().Split('|');
        if (parts.Length != 2 || !Version.TryParse(parts[0].Split('-')[0], out Version? powerShell)) objection = $"answered '{OneLine(answer)}' to the question for its version";
        else if (powerShell < s_oldestPowerShell) objection = $"is PowerShell {powerShell}, and the module needs {s_oldestPowerShell}";
        else if (!Version.TryParse(parts[1], out Version? pester)) objection = $"is PowerShell {powerShell} without Pester (Install-PSResource Pester)";
        else if (pester < s_oldestPester) objection = $"has Pester {pester}, and the tests need {s_oldestPester} (Install-PSResource Pester)";
        return objection is null;
    }

    private (int ExitCode, string Output) Run(TimeSpan limit, params string[] arguments)
    {
        var start = new ProcessStartInfo(_program, [.. _prefix, "-NoLogo", "-NoProfile", "-NonInteractive", .. arguments])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["NO_COLOR"] = "1";
        // The test host sets these for itself; a PowerShell started from it is a .NET program of its own.
        foreach (string inherited in new[] { "DOTNET_STARTUP_HOOKS", "MSBUILD_EXE_PATH", "MSBuildSDKsPath" }) start.Environment.Remove(inherited);

        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"'{_program}' did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"'{_program}' did not end within {limit}. It was killed. It printed:{Environment.NewLine}{output.Result}{errors.Result}");
        }

        return (process.ExitCode, output.Result + errors.Result);
    }

    private static string OneLine(string text)
    {
        string line = text.ReplaceLineEndings(" ").Trim().TrimEnd('.');
        return line.Length <= 200 ? line : string.Concat(line.AsSpan(0, 197), "...");
    }
}
