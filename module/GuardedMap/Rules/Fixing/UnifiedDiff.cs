using System.Globalization;
using System.Text;

namespace GuardedMaps.Shell.Rules;

/// <summary>The difference of two texts in the form that patch and git apply read.</summary>
internal static class UnifiedDiff
{
    private const int Context = 3;

    /// <summary>The difference, or an empty text if there is none.</summary>
    /// <param name="before">The text as it is.</param>
    /// <param name="after">The text as it would be.</param>
    /// <param name="name">The file's name, relative, with slashes.</param>
    public static string Between(string before, string after, string name)
    {
        if (before == after) return "";
        List<string> old = Lines(before);
        List<string> now = Lines(after);
        var result = new StringBuilder().Append(CultureInfo.InvariantCulture, $"--- a/{name}\n+++ b/{name}\n");
        foreach (List<Change> hunk in Hunks(Changes(old, now), old.Count)) AppendHunk(result, old, now, hunk);
        return result.ToString();
    }

    private static List<string> Lines(string text)
    {
        var lines = new List<string>();
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[start..end]);
            start = end;
        }

        return lines;
    }

    private static string Range(int start, int end) => string.Create(CultureInfo.InvariantCulture, $"{(end == start ? start : start + 1)},{end - start}");

    // Repairs stay within their lines, so both texts have the same lines nearly always and are compared one by one; if not, what lies
    // between the first and the last difference is one change.
    private static List<Change> Changes(List<string> old, List<string> now)
    {
        var changes = new List<Change>();
        if (old.Count == now.Count)
        {
            for (int i = 0; i < old.Count; i++)
            {
                if (old[i] == now[i]) continue;
                int start = i;
                while (i < old.Count && old[i] != now[i]) i++;
                changes.Add(new Change(start, i, start, i));
            }

            return changes;
        }

        int same = 0;
        while (same < old.Count && same < now.Count && old[same] == now[same]) same++;
        int tail = 0;
        while (tail < old.Count - same && tail < now.Count - same && old[^(tail + 1)] == now[^(tail + 1)]) tail++;
        changes.Add(new Change(same, old.Count - tail, same, now.Count - tail));
        return changes;
    }

    // Changes whose context would overlap are shown together.
    private static List<List<Change>> Hunks(List<Change> changes, int oldCount)
    {
        var hunks = new List<List<Change>>();
        foreach (Change change in changes)
        {
            bool isNear = hunks.Count > 0 && change.OldStart - Context <= Math.Min(oldCount, hunks[^1][^1].OldEnd + Context);
            if (isNear) hunks[^1].Add(change);
            else hunks.Add([change]);
        }

        return hunks;
    }

    private static void AppendHunk(StringBuilder result, List<string> old, List<string> now, List<Change> hunk)
    {
        int before = Math.Min(Context, hunk[0].OldStart);
        int after = Math.Min(Context, old.Count - hunk[^1].OldEnd);
        int at = hunk[0].OldStart - before;
        string oldRange = Range(at, hunk[^1].OldEnd + after);
        string newRange = Range(hunk[0].NewStart - before, hunk[^1].NewEnd + after);
        result.Append(CultureInfo.InvariantCulture, $"@@ -{oldRange} +{newRange} @@\n");
        foreach (Change change in hunk)
        {
            for (; at < change.OldStart; at++) Append(result, ' ', old[at]);
            for (; at < change.OldEnd; at++) Append(result, '-', old[at]);
            for (int line = change.NewStart; line < change.NewEnd; line++) Append(result, '+', now[line]);
        }

        for (int end = at + after; at < end; at++) Append(result, ' ', old[at]);
    }

    private static void Append(StringBuilder result, char sign, string line)
    {
        result.Append(sign).Append(line);
        if (!line.EndsWith('\n')) result.Append("\n\\ No newline at end of file\n");
    }

    private readonly record struct Change(int OldStart, int OldEnd, int NewStart, int NewEnd);
}
