using System.Text;

namespace GuardedMaps.Shell.Rules;

/// <summary>Applies the edits of findings to a text.</summary>
/// <remarks>
/// One repair can make another one possible (a table that has become a guarded map has an atomic increment), so the text is checked again
/// after each round, until nothing is left to do. A round applies only edits that do not touch each other.
/// </remarks>
internal static class ScriptFixer
{
    private const int MostRounds = 8;

    /// <summary>The repaired text, how many findings that took away, and what is left.</summary>
    public static (string Text, int Repaired, IReadOnlyList<MapFinding> Left) Fix(string text, string? path, Func<MapFinding, bool> isWanted)
    {
        List<MapFinding> findings = [.. ScriptCheck.CheckText(text, path).Where(isWanted)];
        int before = findings.Count;
        for (int round = 0; round < MostRounds && findings.Exists(f => f.IsFixable); round++)
        {
            string repaired = Apply(text, findings.SelectMany(f => f.Edits));
            List<MapFinding> left = [.. ScriptCheck.CheckText(repaired, path).Where(isWanted)];

            // Never worse than it was: an edit that breaks the script's syntax, or that changes nothing, is not kept.
            if (repaired == text || Count(left, "GM0001") > Count(findings, "GM0001")) break;
            text = repaired;
            findings = left;
        }

        return (text, Math.Max(0, before - findings.Count), findings);
    }

    private static int Count(List<MapFinding> findings, string rule) => findings.Count(f => f.Rule == rule);

    private static string Apply(string text, IEnumerable<ScriptEdit> edits)
    {
        var result = new StringBuilder(text.Length + 64);
        int done = 0;
        foreach (ScriptEdit edit in edits.Distinct().OrderBy(e => e.Start).ThenBy(e => e.End))
        {
            if (edit.Start < done) continue;
            result.Append(text, done, edit.Start - done).Append(edit.Text);
            done = edit.End;
        }

        return result.Append(text, done, text.Length - done).ToString();
    }
}
