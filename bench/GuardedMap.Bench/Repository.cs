namespace GuardedMaps.Bench;

/// <summary>The checkout that the bench was built from: two commands need sources beside the binary.</summary>
internal static class Repository
{
    /// <exception cref="DirectoryNotFoundException">The bench runs outside a checkout.</exception>
    public static string Folder(params string[] path)
    {
        foreach (string start in (string[])[AppContext.BaseDirectory, Environment.CurrentDirectory])
        {
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "GuardedMap.slnx"))) return Path.Combine([folder.FullName, .. path]);
            }
        }

        throw new DirectoryNotFoundException($"This command needs the sources, and there is no GuardedMap.slnx above {AppContext.BaseDirectory} or the current folder.");
    }
}
