using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GuardedMaps.Lab.Lessons;

// What a learner has done must never be lost. So the file is replaced in one step and never written in place; two sessions take turns (a lock
// file that nobody else can open); and a file that cannot be understood, broken or from a later version, is not overwritten but moved aside under
// a name that says when, and whoever asked is told.
//
//     lessons.json                                  { "version": 1, "lessons": { "growing": { "next": "grow-7", ... } } }
//     lessons.json.lock                             held while one session reads, changes and writes
//     lessons.json.20260131-101500.unreadable       what was there before, when it could not be read

/// <summary>Where a learner's progress is kept, from session to session.</summary>
internal sealed class ProgressFile
{
    /// <summary>The environment variable that names another folder for the user's data.</summary>
    public const string FolderVariable = "GUARDEDMAP_DATA";

    private const int Version = 1;
    private const string FileName = "lessons.json";
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    /// <summary>The file in a folder, or in the user's own.</summary>
    public ProgressFile(string? folder = null) => Path = System.IO.Path.Combine(folder ?? UserFolder(), FileName);

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Told when a file that could not be read was moved aside: a sentence.</summary>
    public Action<string> Warn { get; init; } = static _ => { };

    /// <summary>How far the learner has come in a lesson.</summary>
    /// <exception cref="IOException">The file cannot be reached.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public LessonProgress Of(string lesson)
    {
        if (!File.Exists(Path)) return LessonProgress.None;
        using (Lock()) return Read(Lessons(Load()), lesson);
    }

    /// <summary>Changes what is known of a lesson.</summary>
    /// <exception cref="IOException">The file cannot be reached.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public LessonProgress Change(string lesson, Func<LessonProgress, LessonProgress> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        using (Lock())
        {
            JsonObject root = Load();
            var lessons = Lessons(root);
            var before = Read(lessons, lesson);
            var changed = change(before);
            if (changed.Equals(before)) return before;
            lessons[lesson] = new JsonObject
            {
                ["next"] = changed.NextCell,
                ["seen"] = changed.Seen,
                ["of"] = changed.Of,
                ["solved"] = new JsonArray([.. changed.Solved.Select(s => (JsonNode)s)]),
            };
            WholeFile.Write(Path, root.ToJsonString(s_indented) + "\n");
            return changed;
        }
    }

    private static string UserFolder()
    {
        string? named = Environment.GetEnvironmentVariable(FolderVariable);
        // On Linux this is XDG_DATA_HOME, or ~/.local/share.
        return string.IsNullOrEmpty(named)
            ? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "GuardedMap")
            : named;
    }

    private static JsonObject Lessons(JsonObject root) => (JsonObject)root["lessons"]!;

    private static LessonProgress Read(JsonObject lessons, string lesson) => lessons[lesson] is not JsonObject entry ? LessonProgress.None : new LessonProgress
    {
        NextCell = (string?)entry["next"],
        Seen = (int?)entry["seen"] ?? 0,
        Of = (int?)entry["of"] ?? 0,
        Solved = entry["solved"] is JsonArray solved ? [.. solved.Select(s => (string)s!)] : [],
    };

    private JsonObject Load()
    {
        if (!File.Exists(Path)) return New();
        string problem;
        try
        {
            if (JsonNode.Parse(File.ReadAllText(Path, Encoding.UTF8)) is not JsonObject root) problem = "it holds something else";
            else if ((int?)root["version"] is not { } version) problem = "it does not say its version";
            else if (version > Version) problem = string.Create(CultureInfo.InvariantCulture, $"it is of version {version}, and this module knows version {Version}");
            else if (root["lessons"] is not JsonObject lessons) problem = "it has no lessons";
            else
            {
                foreach (var (name, _) in lessons) Read(lessons, name);
                return root;
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or ArgumentException)
        {
            problem = e.Message;
        }

        string aside = Aside();
        File.Move(Path, aside);
        Warn($"The file with your progress in the lessons could not be read ({problem.TrimEnd('.')}). It was moved to '{aside}' and nothing of it is lost; the lessons begin anew. To have it back, repair that file and move it to '{Path}'.");
        return New();
    }

    private string Aside()
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{Path}.{DateTime.UtcNow:yyyyMMdd-HHmmss}");
        string aside = $"{name}.unreadable";
        for (int i = 2; File.Exists(aside); i++) aside = string.Create(CultureInfo.InvariantCulture, $"{name}-{i}.unreadable");
        return aside;
    }

    private static JsonObject New() => new() { ["version"] = Version, ["lessons"] = new JsonObject() };

    private FileStream Lock()
    {
        for (DateTime begun = DateTime.UtcNow; ; Thread.Sleep(Pause))
        {
            try
            {
                return new FileStream(Path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 1);
            }
            catch (IOException) when (Directory.Exists(System.IO.Path.GetDirectoryName(Path)) && DateTime.UtcNow - begun < LongestWait)
            {
                // Another session has it, for the moment it takes to write a small file.
            }
        }
    }
}
