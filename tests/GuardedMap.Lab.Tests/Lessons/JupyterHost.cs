using System.Diagnostics;
using System.Globalization;
using System.Text;
using GuardedMaps.Lab.Tests.Engines;

namespace GuardedMaps.Lab.Tests.Lessons;

/// <summary>
/// A Python with Jupyter's parts: ipykernel, nbclient and nbconvert. Looked for in <c>$GUARDEDMAP_PYTHON</c>, then on the PATH, then where Debian has it.
/// </summary>
internal sealed class JupyterHost
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);
    private static readonly (JupyterHost? Host, string Why) s_search = Search();
    private readonly string _python;

    private JupyterHost(string python) => _python = python;

    /// <summary>The host, or null where there is none.</summary>
    public static JupyterHost? Found => s_search.Host;

    /// <summary>Why there is none: what was tried and what came of it.</summary>
    public static string WhyNone => s_search.Why;

    /// <summary>Executes a notebook as <c>jupyter nbconvert --execute</c> does.</summary>
    /// <param name="notebook">The notebook; it is not changed.</param>
    /// <param name="result">Where the executed one goes.</param>
    /// <param name="prefix">Below which the kernel was installed.</param>
    /// <returns>The exit code, and everything that was printed.</returns>
    public (int ExitCode, string Output) Execute(string notebook, string result, string prefix) => Run(
        prefix,
        "-m",
        "nbconvert",
        "--to",
        "notebook",
        "--execute",
        "--ExecutePreprocessor.kernel_name=guardedmap",
        "--ExecutePreprocessor.timeout=120",
        "--output-dir",
        Path.GetDirectoryName(result)!,
        "--output",
        Path.GetFileName(result),
        notebook);

    private static (JupyterHost? Host, string Why) Search()
    {
        var why = new StringBuilder("no Python with ipykernel, nbclient and nbconvert was found.");
        string[] candidates = [Environment.GetEnvironmentVariable("GUARDEDMAP_PYTHON") ?? "", "python3", "/usr/bin/python3"];
        foreach (string python in candidates.Where(c => c.Length > 0).Distinct(StringComparer.Ordinal))
        {
            var host = new JupyterHost(python);
            try
            {
                var (code, output) = host.Run(Path.GetTempPath(), "-c", "import ipykernel, nbclient, nbconvert, jupyter_client");
                if (code == 0) return (host, "");
                why.Append(CultureInfo.InvariantCulture, $" {python}: {output.Trim().Split('\n')[^1].Trim()}.");
            }
            catch (System.ComponentModel.Win32Exception e)
            {
                why.Append(CultureInfo.InvariantCulture, $" {python}: {e.Message}.");
            }
        }

        return (null, why.Append(" Install them (Debian: apt-get install python3-ipykernel python3-nbclient python3-nbconvert), or name a Python in GUARDEDMAP_PYTHON.").ToString());
    }

    private (int ExitCode, string Output) Run(string prefix, params string[] arguments)
    {
        var start = new ProcessStartInfo(_python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        // Neither the kernels nor the settings of whoever runs the tests, nor their progress in the lessons.
        start.Environment["JUPYTER_PATH"] = Path.Combine(prefix, "share", "jupyter");
        foreach (string own in (string[])["JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "GUARDEDMAP_DATA"]) start.Environment[own] = Path.Combine(prefix, own.ToLowerInvariant());
        start.Environment["PYDEVD_DISABLE_FILE_VALIDATION"] = "1";
        EngineProcess.CompileOnce(start);
        foreach (string inherited in (string[])["DOTNET_STARTUP_HOOKS", "MSBUILD_EXE_PATH", "MSBuildSDKsPath"]) start.Environment.Remove(inherited);
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        if (process.WaitForExit(s_limit)) return (process.ExitCode, output.Result + errors.Result);
        process.Kill(entireProcessTree: true);
        throw new TimeoutException($"'{_python} {string.Join(' ', arguments)}' did not end within {s_limit}. It was killed. It printed:{Environment.NewLine}{output.Result}{errors.Result}");
    }
}
