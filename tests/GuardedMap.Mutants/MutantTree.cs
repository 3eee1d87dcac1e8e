using System.Diagnostics;

namespace GuardedMaps.Tests.Mutants;

/// <summary>
/// A copy of the sources, in which mutants are made, built and tested one after the other. The sources themselves are never touched.
/// </summary>
internal sealed class MutantTree : IDisposable
{
    private const string TestProject = "tests/GuardedMap.Core.Tests";

    // A mutant may well be code that the analyzers do not like; and a warning is not what is to catch it.
    private static readonly string[] s_buildArguments = ["build", TestProject, "-c", "Release", "--nologo", "-v", "quiet", "-p:RunAnalyzers=false", "-p:TreatWarningsAsErrors=false"];

    private readonly Dictionary<string, string> _originals = new(StringComparer.Ordinal);

    public MutantTree(string source)
    {
        Root = Path.Combine(Path.GetTempPath(), $"guardedmap-mutants-{Environment.ProcessId}");
        CopyFolder(source, Root);
    }

    public string Root { get; }

    /// <summary>Builds the tests.</summary>
    /// <returns>The compiler's errors, or null.</returns>
    public string? Build()
    {
        var errors = new List<string>();
        int exit = Run(s_buildArguments, TimeSpan.FromMinutes(10), line =>
        {
            if (line.Contains(": error ", StringComparison.Ordinal)) errors.Add(line.Trim());
            return true;
        }) ?? throw new InvalidOperationException("The build does not come to an end.");
        return exit == 0 ? null : string.Join('\n', errors.Distinct(StringComparer.Ordinal));
    }

    /// <summary>Runs the tests, all but those that look at the sources.</summary>
    /// <param name="limit">After this time the tests are killed.</param>
    /// <param name="enough">After so many failures too.</param>
    public TestOutcome Test(TimeSpan limit, int enough)
    {
        var failed = new List<string>();
        bool crashed = false;
        string[] arguments = ["test", TestProject, "-c", "Release", "--no-build", "--nologo", "--filter", "FullyQualifiedName!~MutantCatalogueTests"];
        int? exit = Run(arguments, limit, line =>
        {
            const string Mark = " [FAIL]";
            crashed |= line.Contains("run was aborted", StringComparison.OrdinalIgnoreCase) || line.Contains("Test Run Aborted", StringComparison.OrdinalIgnoreCase);
            if (!line.EndsWith(Mark, StringComparison.Ordinal)) return true;
            string name = line[(line.IndexOf("GuardedMaps.Tests.", StringComparison.Ordinal) + "GuardedMaps.Tests.".Length)..^Mark.Length];
            int parenthesis = name.IndexOf('(', StringComparison.Ordinal);
            if (parenthesis >= 0) name = name[..parenthesis];
            // The same test run again for other keys says nothing new.
            if (!failed.Exists(other => string.Equals(MethodOf(other), MethodOf(name), StringComparison.Ordinal))) failed.Add(name);
            return failed.Count < enough;
        });
        // A run that fails and names no test, and did not crash either, says something of the machine and nothing of the mutant.
        if (exit is not (null or 0) && failed.Count == 0 && !crashed) throw new InvalidOperationException($"dotnet test ended with {exit}, but no test failed.");
        return new TestOutcome(failed, HasPassed: exit == 0, HasEnded: exit is not null || failed.Count >= enough);
    }

    private static string MethodOf(string test) => test[(test.LastIndexOf('.') + 1)..];

    /// <summary>Makes the mutant.</summary>
    public void Apply(Mutant mutant)
    {
        foreach (string file in mutant.Edits.Select(static edit => Path.Combine(".", edit.File)).Distinct(StringComparer.Ordinal))
            _originals[file] = File.ReadAllText(Path.Combine(Root, file));
        mutant.Apply(Root);
    }

    /// <summary>Undoes it.</summary>
    public void Restore()
    {
        foreach ((string file, string text) in _originals) File.WriteAllText(Path.Combine(Root, file), text);
        _originals.Clear();
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <summary>Runs dotnet in the copy.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="onLine">Told every line of output; false ends the run.</param>
    /// <returns>The exit code, or null if it was killed.</returns>
    private int? Run(string[] arguments, TimeSpan limit, Func<string, bool> onLine)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = Root, UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        // A mutant may allocate without end; then it shall be an error of its own and not the machine's.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x100000000";
        // No build server: it would outlive us, and hold on to the copy.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        using Process process = Process.Start(start)!;
        using var enough = new ManualResetEventSlim();
        void Take(object sender, DataReceivedEventArgs e)
        {
            // Two streams, one listener.
            lock (enough)
            {
                if (e.Data is { } line && !onLine(line)) enough.Set();
            }
        }

        process.OutputDataReceived += Take;
        process.ErrorDataReceived += Take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var clock = Stopwatch.StartNew();
        while (!process.WaitForExit(200))
        {
            if (clock.Elapsed < limit && !enough.IsSet) continue;
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return null;
        }

        // Waits for the output to be read to its end, too.
        process.WaitForExit();
        return process.ExitCode;
    }

    private static void CopyFolder(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (string folder in Directory.EnumerateDirectories(from))
        {
            string name = Path.GetFileName(folder);
            // What is built is built anew, what begins with a dot is not source.
            if (name is "bin" or "obj" or "out" or "artifacts" or "TestResults" || name.StartsWith('.')) continue;
            CopyFolder(folder, Path.Combine(to, name));
        }
    }
}

/// <summary>How a test run came out.</summary>
/// <param name="Failed">The tests that failed, in the order in which they did.</param>
/// <param name="HasPassed">All of them ran and passed.</param>
/// <param name="HasEnded">False if the time limit ended it.</param>
internal sealed record TestOutcome(IReadOnlyList<string> Failed, bool HasPassed, bool HasEnded);
