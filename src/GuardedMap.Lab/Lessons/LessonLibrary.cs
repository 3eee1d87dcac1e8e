using System.Globalization;

namespace GuardedMaps.Lab.Lessons;

/// <summary>The lessons in a folder, found by number or name.</summary>
internal sealed class LessonLibrary
{
    /// <summary>The extension of notebooks.</summary>
    public const string Extension = ".ipynb";

    private readonly List<(int Number, string Name, string Path)> _files;

    /// <summary>Looks into a folder. Nothing is read yet, so a broken notebook does not hide the others.</summary>
    public LessonLibrary(string folder)
    {
        Folder = folder;
        _files =
        [
            .. (Directory.Exists(folder) ? Directory.GetFiles(folder, "*" + Extension) : [])
                .Order(StringComparer.Ordinal)
                .Select(path => (Match: Lesson.NumberedName().Match(Path.GetFileNameWithoutExtension(path)), Path: path))
                .Where(file => file.Match.Success)
                .Select(file => (int.Parse(file.Match.Groups[1].Value, CultureInfo.InvariantCulture), file.Match.Groups[2].Value, file.Path)),
        ];
    }

    /// <summary>The folder.</summary>
    public string Folder { get; }

    /// <summary>The lessons' files, in order.</summary>
    public IReadOnlyList<string> Files => [.. _files.Select(f => f.Path)];

    /// <summary>What the lessons are called: <c>3 growing</c>.</summary>
    public IReadOnlyList<string> Names => [.. _files.Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Number} {f.Name}"))];

    /// <summary>The names alone.</summary>
    public IReadOnlyList<string> BareNames => [.. _files.Select(f => f.Name)];

    /// <summary>
    /// The file of one lesson, by number (<c>3</c>, <c>03</c>), name (<c>growing</c>), file name (<c>03-growing.ipynb</c>) or the beginning of a name that no other
    /// lesson's begins with; case does not matter. Null when there is none.
    /// </summary>
    public string? Find(string lesson)
    {
        ArgumentNullException.ThrowIfNull(lesson);
        string asked = lesson.Trim();
        if (asked.EndsWith(Extension, StringComparison.OrdinalIgnoreCase)) asked = asked[..^Extension.Length];
        if (int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return _files.Where(f => f.Number == number).Select(f => f.Path).FirstOrDefault();
        foreach (var file in _files)
        {
            if (Same(file.Name, asked) || Same(Path.GetFileNameWithoutExtension(file.Path), asked)) return file.Path;
        }

        var begun = _files.Where(f => asked.Length > 0 && f.Name.StartsWith(asked, StringComparison.OrdinalIgnoreCase)).ToList();
        return begun.Count == 1 ? begun[0].Path : null;
    }

    /// <summary>The lesson whose name is most like what was asked; null when none is.</summary>
    public string? Nearest(string lesson)
    {
        ArgumentNullException.ThrowIfNull(lesson);
        return NearestName.Of(lesson, BareNames);
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
