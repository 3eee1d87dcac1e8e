namespace GuardedMaps.Cli;

/// <summary>Deletes from inside an iteration, the wrong way, and shows what the map does about it.</summary>
internal static class RefusedDelete
{
    public static void Show<TValue>(Screen screen, GuardedMap<string, TValue> map)
    {
        screen.Heading("A delete from inside an iteration");
        screen.Code("foreach (var entry in map) map.Remove(entry.Key);");
        int before = map.Count;
        int visited = 0;
        int refused = 0;
        MapViolationException? refusal = null;
        foreach (var entry in map)
        {
            visited++;
            try
            {
                map.Remove(entry.Key);
            }
            catch (MapViolationException error)
            {
                refusal ??= error;
                refused++;
            }
        }

        // The program is a demonstration of this very exception: without it there is nothing to go on with.
        if (refusal is null) throw new InvalidOperationException($"Removing {visited} entries during an iteration was not refused.");

        screen.Error($"{refusal.GetType().FullName}: {refusal.Message}");
        map.CheckInvariants();
        screen.Line($"{Screen.Number(refused)} of {Screen.Number(visited)} deletes got this error. The iteration went on to its end, and nothing was removed: Count was {Screen.Number(before)} and is {Screen.Number(map.Count)}.");
    }
}
