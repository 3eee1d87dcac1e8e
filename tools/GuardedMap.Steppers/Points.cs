using System.Globalization;

namespace GuardedMaps.Steppers;

/// <summary>The yield points in the order in which translation meets them.</summary>
internal sealed class Points
{
    private readonly List<(string Name, string Class, string Kind)> _points = [];
    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);

    public IReadOnlyList<(string Name, string Class, string Kind)> All => _points;

    /// <summary>A new point; the answer is its number as text.</summary>
    public string Add(string method, string subject, string kind, string? locationClass = null)
    {
        subject = subject.TrimStart('_');
        string verb = kind == "None" ? "wait" : kind.ToLowerInvariant();
        string name = $"{method}.{subject}.{verb}";
        int count = _seen[name] = _seen.GetValueOrDefault(name) + 1;
        if (count > 1) name += string.Create(CultureInfo.InvariantCulture, $".{count}");
        _points.Add((name, locationClass ?? Rules.LocationClass(subject), kind));
        return string.Create(CultureInfo.InvariantCulture, $"{_points.Count - 1}");
    }
}
