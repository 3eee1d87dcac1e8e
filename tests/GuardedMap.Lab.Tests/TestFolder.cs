using System.Collections.Concurrent;

namespace GuardedMaps.Lab.Tests;

/// <summary>Folders for the files that tests write, each its own; they go when the tests' process ends.</summary>
internal static class TestFolder
{
    private static readonly ConcurrentBag<string> s_folders = [];

    static TestFolder() => AppDomain.CurrentDomain.ProcessExit += (_, _) => DeleteAll();

    /// <summary>A path for a file in a new, empty folder.</summary>
    public static string FileNamed(string name)
    {
        string folder = Directory.CreateTempSubdirectory("guardedmap-test-").FullName;
        s_folders.Add(folder);
        return Path.Combine(folder, name);
    }

    private static void DeleteAll()
    {
        foreach (string folder in s_folders)
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }
}
