using System.Diagnostics;

namespace GuardedMaps.Bench.Variants;

/// <summary>
/// A build of the core from sources that were changed on the way, with a copy of this program beside it: what a line of the sources costs is
/// best seen where it is not there.
/// </summary>
internal static class CoreVariant
{
    private static readonly string s_program = Path.GetFileNameWithoutExtension(typeof(CoreVariant).Assembly.Location);

    /// <summary>Builds a variant.</summary>
    /// <param name="folder">Where; made anew.</param>
    /// <param name="sources">The core's project folder.</param>
    /// <param name="rewrite">From a source file's path in the project, and its text, to its new text.</param>
    /// <returns>The folder of the program.</returns>
    public static string Build(string folder, string sources, Func<string, string, string> rewrite)
    {
        string project = Path.Combine(folder, "GuardedMap.Core");
        foreach (string file in Directory.EnumerateFiles(sources, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(sources, file);
            string top = relative.Split(Path.DirectorySeparatorChar)[0];
            if (top is "bin" or "obj" || Path.GetExtension(file) is not (".cs" or ".csproj")) continue;
            string target = Path.Combine(project, relative);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            string text = File.ReadAllText(file);
            File.WriteAllText(target, Path.GetExtension(file) == ".cs" ? rewrite(relative, text) : text);
        }

        // What the repository sets for all projects and the compiler needs; not the analyzers, which would object to what was taken out.
        File.WriteAllText(
            Path.Combine(folder, "Directory.Build.props"),
            "<Project><PropertyGroup><LangVersion>latest</LangVersion><Nullable>enable</Nullable><ImplicitUsings>enable</ImplicitUsings>" +
            "<RunAnalyzers>false</RunAnalyzers><NoWarn>$(NoWarn);CS1572;CS1573;CS1591</NoWarn></PropertyGroup></Project>");
        string stage = Path.Combine(folder, "run");
        Start(["build", project, "-c", "Release", "-o", stage, "--nologo", "-v", "quiet"], new(StringComparer.Ordinal));
        foreach (string extension in (string[])[".dll", ".runtimeconfig.json"])
            File.Copy(Path.Combine(AppContext.BaseDirectory, s_program + extension), Path.Combine(stage, s_program + extension));
        return stage;
    }

    /// <summary>The sources as they are, changed on the way.</summary>
    /// <inheritdoc cref="Build(string, string, Func{string, string, string})"/>
    public static string Build(string folder, Func<string, string, string> rewrite) => Build(folder, Repository.Folder("src", "GuardedMap.Core"), rewrite);

    /// <summary>The program of a variant's folder, as <c>dotnet</c> takes it.</summary>
    public static string Program(string stage) => Path.Combine(stage, s_program + ".dll");

    /// <summary>Runs the program beside a variant.</summary>
    /// <returns>What it printed.</returns>
    public static string Start(string stage, string[] arguments, Dictionary<string, string> environment) =>
        Start([Program(stage), .. arguments], environment);

    private static string Start(string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}\n{errors.Result}");
        return output;
    }
}
