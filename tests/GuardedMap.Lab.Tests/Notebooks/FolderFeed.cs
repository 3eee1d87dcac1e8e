using GuardedMaps.Lab.Tests.Engines;

namespace GuardedMaps.Lab.Tests.Notebooks;

/// <summary>A folder with the package GuardedMap.Interactive as it was built last, and a NuGet of its own: no other feed, and an empty cache, so that no earlier package is taken for it.</summary>
internal sealed class FolderFeed
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);
    private readonly string _folder = Path.GetDirectoryName(TestFolder.FileNamed("feed"))!;

    /// <summary>Packs.</summary>
    public FolderFeed()
    {
        // As these tests were built: bin/CONFIGURATION/FRAMEWORK.
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        (int code, string output) = EngineProcess.Run(
            EngineProcess.Start("dotnet", "pack", Path.Combine(Repository.Root, "src", "GuardedMap.Interactive"), "--no-build", "--nologo", "--configuration", configuration, "--output", Packages),
            s_limit);
        if (code != 0) throw new InvalidOperationException($"dotnet pack ended with exit code {code}: {output}");
        File.WriteAllText(Configuration, $"""<configuration><packageSources><clear /><add key="folder" value="{Packages}" /></packageSources></configuration>""");
    }

    /// <summary>Where the package lies.</summary>
    public string Packages => Path.Combine(_folder, "packages");

    private string Configuration => Path.Combine(_folder, "NuGet.Config");

    /// <summary>A C# cell after which <c>#r "nuget: ..."</c> finds this feed and no other.</summary>
    public string Use => $"""Environment.SetEnvironmentVariable("NUGET_PACKAGES", @"{Path.Combine(_folder, "cache")}"); Environment.SetEnvironmentVariable("RestoreConfigFile", @"{Configuration}");""";
}
