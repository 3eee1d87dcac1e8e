using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab;

/// <summary>
/// What is left out of a scenario to make it smaller: operations of its actors, and keys of its setup. Its text is part of the variant in
/// tokens: in <c>None-A2-k3_5-k8</c> the second operation of A is left out, and the third to fifth and the eighth key.
/// </summary>
/// <remarks>
/// An operation is a call of the map: Set, Get, Remove, Clear, Increment, or a whole foreach. One that is left out answers as on an empty map.
/// </remarks>
internal sealed class ScenarioCut : IEquatable<ScenarioCut>
{
    private const int MostNumber = 9_999;

    public static readonly ScenarioCut Nothing = new([], []);

    private readonly SortedSet<(int Actor, int Number)> _operations;
    private readonly SortedSet<int> _keys;

    private ScenarioCut(IEnumerable<(int Actor, int Number)> operations, IEnumerable<int> keys) => (_operations, _keys) = ([.. operations], [.. keys]);

    /// <summary>The operations left out: whose, and which of them, from 1.</summary>
    public IReadOnlyCollection<(int Actor, int Number)> Operations => _operations;

    /// <summary>The keys left out, by their place in the setup, from 1.</summary>
    public IReadOnlyCollection<int> Keys => _keys;

    public bool LeavesOut(int actor, int operation) => _operations.Count > 0 && _operations.Contains((actor, operation));

    public bool LeavesOutKey(int number) => _keys.Contains(number);

    public ScenarioCut With(IEnumerable<(int Actor, int Number)> operations, IEnumerable<int> keys) => new(_operations.Concat(operations), _keys.Concat(keys));

    /// <summary>Reads the text that follows the protection in a variant; null if it is none.</summary>
    public static ScenarioCut? Parse(string text)
    {
        var operations = new List<(int, int)>();
        var keys = new List<int>();
        foreach (string part in text.Split('-', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part[0] == 'k' && Range(part[1..]) is var (first, last)) keys.AddRange(Enumerable.Range(first, last - first + 1));
            else if (part[0] is >= 'A' and < (char)('A' + RaceModel.MaxActors) && Number(part[1..]) is { } number) operations.Add((part[0] - 'A', number));
            else return null;
        }

        var cut = new ScenarioCut(operations, keys);
        // Another way to write the same would be another token for the same schedule.
        return cut.ToString() == text ? cut : null;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (actor, number) in _operations) text.Append(CultureInfo.InvariantCulture, $"-{Schedule.Letter(actor)}{number}");
        int[] keys = [.. _keys];
        for (int i = 0; i < keys.Length; i++)
        {
            int first = keys[i];
            while (i + 1 < keys.Length && keys[i + 1] == keys[i] + 1) i++;
            text.Append(CultureInfo.InvariantCulture, $"-k{first}");
            if (keys[i] > first) text.Append(CultureInfo.InvariantCulture, $"_{keys[i]}");
        }

        return text.ToString();
    }

    public bool Equals(ScenarioCut? other) => other is not null && ToString() == other.ToString();

    public override bool Equals(object? obj) => Equals(obj as ScenarioCut);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    private static (int First, int Last)? Range(string text)
    {
        string[] ends = text.Split('_');
        if (ends.Length > 2 || Number(ends[0]) is not { } first || Number(ends[^1]) is not { } last || last < first) return null;
        return (first, last);
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= MostNumber ? number : null;
}
