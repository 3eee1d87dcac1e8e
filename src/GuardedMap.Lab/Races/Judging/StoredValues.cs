namespace GuardedMaps.Lab;

/// <summary>
/// Which values were ever stored under which key, by the setup or by any step of any actor, acknowledged or not. Needed
/// only when something is wrong or an overwritten key is shown, so it is gathered at the first question.
/// </summary>
internal sealed class StoredValues(RacePlan plan)
{
    private HashSet<(int Key, long Value)>? _values;

    public bool Contains(int key, long value)
    {
        _values ??= Gather();
        return _values.Contains((key, value));
    }

    private HashSet<(int Key, long Value)> Gather()
    {
        var values = new HashSet<(int, long)>();
        foreach (var (key, value) in plan.Setup) values.Add((key, value));
        foreach (var actor in plan.Actors)
        {
            foreach (var step in actor.Steps)
            {
                if (step.Verb == Verb.Set) values.Add((step.Key, step.Value));
            }
        }

        return values;
    }
}
