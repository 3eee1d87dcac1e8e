using System.Collections;
using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>Values and whole maps as short text, the same text for the same content.</summary>
internal static class MapText
{
    private const int LongestValue = 24;
    private const int MostEntries = 6;

    /// <summary>One value.</summary>
    public static string Of(object? value)
    {
        string text = value switch
        {
            null => "null",
            string s => s,
            bool b => b ? "true" : "false",
            DictionaryEntry entry => $"{Of(entry.Key)}={Of(entry.Value)}",
            IDictionary map => $"{{{Content(map)}}}",
            IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Of))}]",
            IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() is { } own && own != value.GetType().ToString() ? own : value.GetType().Name,
        };
        text = SafeText.Line(text.ReplaceLineEndings(" "), int.MaxValue);
        return text.Length <= LongestValue ? text : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, LongestValue - 7)}..#{Crc16.Of(text):x4}");
    }

    /// <summary>A whole map, sorted by key, so that the order of its buckets plays no part.</summary>
    public static string Content(IDictionary map)
    {
        var entries = new List<string>();
        var walk = map.GetEnumerator();
        using (walk as IDisposable)
        {
            while (walk.MoveNext()) entries.Add($"{Of(walk.Key)}={Of(walk.Value)}");
        }

        if (entries.Count == 0) return "nothing";
        entries.Sort(StringComparer.Ordinal);
        if (entries.Count <= MostEntries) return string.Join(", ", entries);
        return string.Create(CultureInfo.InvariantCulture, $"{entries.Count} entries #{Crc16.Of(string.Join('\n', entries)):x4}");
    }
}
