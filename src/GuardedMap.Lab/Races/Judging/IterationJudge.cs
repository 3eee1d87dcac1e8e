using System.Globalization;

namespace GuardedMaps.Lab;

// What an iteration owes its caller under every contract, whoever writes meanwhile:
//
//   T1  a key that was there from beginning to end is shown exactly once;
//   T2  no key is shown twice, unless it was removed and stored again meanwhile;
//   T3  a key that is shown was stored by somebody, and so was the value shown with it.
//
// A key stored or removed during the iteration may be shown or not. An iteration that threw owes nothing more: it has
// announced itself. That a removed key is not shown after its removal cannot be checked here, since a free race does
// not tell which came first.

/// <summary>Finds what was wrong with one iteration.</summary>
internal static class IterationJudge
{
    public static void Judge(RacePlan plan, KeyStories stories, StoredValues stored, IterationLog iteration, string actor, RaceFindings findings)
    {
        if (!iteration.Completed && !iteration.RanAway) return;

        var isShown = new bool[plan.Keys.Count];
        foreach (var (key, value) in iteration.Shown)
        {
            int index = plan.IndexOf(key);
            if (index < 0)
            {
                findings.Add(ScheduleOutcomeKind.GhostEntry, () => key is null ? $"{actor} was shown an entry without a key" : $"{actor} was shown '{key}', a key that nobody ever stored");
                continue;
            }

            if (isShown[index] && !MayComeBack(stories, index))
                findings.Add(ScheduleOutcomeKind.DuplicateEntry, () => $"{actor} was shown key '{key}' twice in one iteration");
            isShown[index] = true;

            bool isLegal = stories.IsCounter(index)
                || (stories.WasThere(index) && value == stories.Start(index))
                || stored.Contains(index, value);
            if (!isLegal)
                findings.Add(ScheduleOutcomeKind.TornValue, () => string.Create(CultureInfo.InvariantCulture, $"{actor} was shown key '{key}' with {value}, which nobody stored under it"));
        }

        if (iteration.RanAway) return; // It was cut off, so what it did not show says nothing.
        for (int key = 0; key < isShown.Length; key++)
        {
            if (isShown[key] || !stories.WasThere(key) || stories.IsRemovedBySomebody(key)) continue;
            findings.Add(ScheduleOutcomeKind.MissedEntry, () => $"{actor} was not shown key '{plan.Keys[key]}', which was there from beginning to end");
        }
    }

    // A removed key may be stored again only in a plan that does both; then seeing it twice is legal (T2).
    private static bool MayComeBack(KeyStories stories, int key) =>
        stories.IsRemovedBySomebody(key) && stories.IsStoredBySomebody(key);
}
