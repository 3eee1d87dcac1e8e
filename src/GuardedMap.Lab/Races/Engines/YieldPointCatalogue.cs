using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab;

/// <summary>A place in an actor's code at which another actor may be let in.</summary>
/// <param name="Name">Short, in the style <c>put.key</c>.</param>
/// <param name="LocationClass">What kind of memory is touched there, such as <c>flag</c> or <c>slot</c>.</param>
/// <param name="Kind">What the step that begins there does to that memory.</param>
public sealed record YieldPoint(string Name, string LocationClass, AccessKind Kind);

/// <summary>
/// The yield points of a model, numbered. Where the points are is what a schedule means: when one is added, removed,
/// renamed or moved, every token made before describes another race. So the catalogue goes into a token's checksum.
/// </summary>
internal sealed class YieldPointCatalogue
{
    private readonly YieldPoint[] _points;

    /// <summary>Makes a catalogue; a point's number is its place in the list.</summary>
    public YieldPointCatalogue(params YieldPoint[] points)
    {
        ArgumentNullException.ThrowIfNull(points);
        _points = [.. points];
        var text = new StringBuilder();
        for (int i = 0; i < _points.Length; i++)
            text.Append(CultureInfo.InvariantCulture, $"{i} {_points[i].Name} {_points[i].LocationClass} {_points[i].Kind}\n");
        Text = text.ToString();
    }

    /// <summary>The points by number.</summary>
    public IReadOnlyList<YieldPoint> Points => _points;

    /// <summary>The catalogue as text, one line per point.</summary>
    public string Text { get; }

    /// <summary>The point with this number.</summary>
    public YieldPoint this[int number] => _points[number];

    /// <summary>The footprint of a step at the point of this name.</summary>
    /// <exception cref="ArgumentException">There is no such point; the message lists those there are.</exception>
    public Footprint At(string name, long location)
    {
        int number = Array.FindIndex(_points, p => string.Equals(p.Name, name, StringComparison.Ordinal));
        if (number < 0) throw new ArgumentException($"There is no yield point '{name}'. The points are: {string.Join(", ", _points.Select(p => p.Name))}.", nameof(name));
        return new Footprint(number, _points[number].Kind, location);
    }
}
