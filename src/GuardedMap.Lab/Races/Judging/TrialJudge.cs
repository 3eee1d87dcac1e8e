using System.Globalization;

namespace GuardedMaps.Lab;

// The judge reads a map after the race, when no other thread is near it, and compares three ways of asking for the same
// thing: looking each key up, enumerating, and Count. What it holds them against comes from KeyStories, that is, from
// what the map itself acknowledged. So damage is never "not what I hoped for", but always "not what you told me".
//
// What threw during the race was announced and is no damage. What throws here is damage: the race is over, every call
// is legal, and the error comes too late to save what was stored.

/// <summary>Finds the damage of one trial.</summary>
internal sealed class TrialJudge
{
    private readonly RacePlan _plan;
    private readonly MapFace<string> _target;
    private readonly KeyStories _stories;
    private readonly StoredValues _stored;
    private readonly Action _beat;
    private readonly RaceFindings _findings = new();

    private TrialJudge(RacePlan plan, IReadOnlyList<ActorLog> logs, MapFace<string> target, bool rejectionLeavesNoTrace, Action beat)
    {
        _plan = plan;
        _target = target;
        _stories = new KeyStories(plan, logs, rejectionLeavesNoTrace);
        _stored = new StoredValues(plan);
        _beat = beat;
    }

    /// <summary>Judges one trial.</summary>
    /// <param name="plan">What was to be done.</param>
    /// <param name="logs">What the actors saw.</param>
    /// <param name="target">What is left.</param>
    /// <param name="promises">What the target promises: whether an operation that threw has not happened, and whether an iteration shows one moment.</param>
    /// <param name="beat">Called at every step, as a sign of life: a damaged map may never answer.</param>
    public static RaceFindings Judge(RacePlan plan, IReadOnlyList<ActorLog> logs, MapFace<string> target, RaceTarget promises, Action beat)
    {
        var judge = new TrialJudge(plan, logs, target, promises.RejectionLeavesNoTrace, beat);
        foreach (var log in logs)
        {
            foreach (var iteration in log.Iterations)
                IterationJudge.Judge(plan, judge._stories, judge._stored, iteration, log.Actor.Name, judge._findings);
        }

        if (promises.IterationShowsOneMoment) new MomentJudge(plan, logs, promises.RejectionLeavesNoTrace, beat).Judge(judge._findings);
        judge.JudgeWhatIsLeft();
        return judge._findings;
    }

    private void JudgeWhatIsLeft()
    {
        var isShown = new bool[_plan.Keys.Count];
        int? entries = Ask("enumerating", () => Enumerate(isShown));
        int? count = Ask("Count", () => _target.Count);

        // A key at which looking up throws ends the lookups: one sentence is enough, and thousands of exceptions are slow.
        Ask("looking a key up", () => LookUpAll(isShown, entries, count));
        if (entries is { } shown && count is { } said && shown != said)
        {
            _findings.Add(
                ScheduleOutcomeKind.WrongCount,
                () => string.Create(CultureInfo.InvariantCulture, $"Count says {said}, enumeration yields {shown}"),
                Math.Abs((long)shown - said));
        }

        Ask("the map's own check of its invariants", () =>
        {
            _target.CheckInvariants();
            return 0;
        });
    }

    // Anything may come out of a damaged table, also an index or null error from deep inside; every one is a finding.
    private T? Ask<T>(string what, Func<T> question)
        where T : struct
    {
        try
        {
            return question();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            _findings.Add(ScheduleOutcomeKind.BrokenTable, () => $"after the race, {what} throws {error.GetType().Name}: {error.Message}");
            return null;
        }
    }

    private int Enumerate(bool[] isShown)
    {
        int entries = 0;
        int limit = (_plan.Keys.Count * 2) + 16;
        foreach (var (key, value) in _target.Entries())
        {
            _beat();
            entries++;
            int index = _plan.IndexOf(key);
            if (index < 0)
                _findings.Add(ScheduleOutcomeKind.GhostEntry, () => $"enumeration yields {Quote(key)}, a key that nobody ever stored");
            else if (isShown[index])
                _findings.Add(ScheduleOutcomeKind.DuplicateEntry, () => $"enumeration yields key '{key}' twice");
            else
                isShown[index] = true;
            if (entries >= limit) break;
        }

        return entries;
    }

    private int LookUpAll(bool[] isShown, int? entries, int? count)
    {
        for (int key = 0; key < _plan.Keys.Count; key++)
        {
            _beat();
            long? found = _target.Get(_plan.Keys[key]);
            bool isFound = found is not null;
            long value = found ?? 0;
            if (_stories.IsCounter(key)) JudgeCounter(key, isFound ? value : 0);
            else if (isFound) JudgeFound(key, value);
            else JudgeMissing(key, isShown[key], entries, count);

            if (isFound && entries is not null && !isShown[key])
                _findings.Add(ScheduleOutcomeKind.LostEntry, () => $"key '{_plan.Keys[key]}' can be looked up, but enumeration does not show it");
        }

        return _plan.Keys.Count;
    }

    private void JudgeMissing(int key, bool isShown, int? entries, int? count)
    {
        if (_stories.Legal(key).MayBeAbsent)
        {
            if (isShown)
                _findings.Add(ScheduleOutcomeKind.GhostEntry, () => $"key '{_plan.Keys[key]}' cannot be looked up, rightly, but enumeration shows it");
            return;
        }

        string verb = _stories.IsWrittenBySomebody(key) ? "was acknowledged" : "was there before the race and nobody removed it";
        _findings.Add(ScheduleOutcomeKind.LostEntry, () => string.Create(
            CultureInfo.InvariantCulture,
            $"key '{_plan.Keys[key]}' {verb} but {(isShown ? "cannot be looked up, though enumeration shows it" : "is missing")}{Totals(entries, count)}"));
    }

    private static string Totals(int? entries, int? count) => (entries, count) switch
    {
        ({ } shown, { } said) => string.Create(CultureInfo.InvariantCulture, $": Count says {said}, enumeration yields {shown}"),
        (null, { } said) => string.Create(CultureInfo.InvariantCulture, $": Count says {said}, enumeration throws"),
        _ => "",
    };

    private void JudgeFound(int key, long value)
    {
        ref readonly var legal = ref _stories.Legal(key);
        if (legal.Allows(value)) return;
        string name = _plan.Keys[key];
        if (!_stored.Contains(key, value))
            _findings.Add(ScheduleOutcomeKind.TornValue, () => string.Create(CultureInfo.InvariantCulture, $"key '{name}' holds {value}, which nobody stored under it"));
        else if (!legal.MayBePresent)
            _findings.Add(ScheduleOutcomeKind.GhostEntry, () => _stories.WasThere(key) ? $"key '{name}' is still there although its removal was acknowledged" : $"key '{name}' is there although its write was rejected");
        else
            _findings.Add(ScheduleOutcomeKind.StaleValue, () => string.Create(CultureInfo.InvariantCulture, $"key '{name}' holds {value}, which an acknowledged write had replaced"));
    }

    private void JudgeCounter(int key, long value)
    {
        var (lowest, highest) = _stories.CounterRange(key);
        if (value < lowest)
        {
            _findings.Add(
                ScheduleOutcomeKind.LostUpdate,
                () => string.Create(CultureInfo.InvariantCulture, $"key '{_plan.Keys[key]}' shows {value}, but {lowest} increments were acknowledged: {lowest - value} are lost"),
                lowest - value);
        }
        else if (value > highest)
        {
            _findings.Add(
                ScheduleOutcomeKind.TornValue,
                () => string.Create(CultureInfo.InvariantCulture, $"key '{_plan.Keys[key]}' shows {value}, but no more than {highest} increments can have happened"));
        }
    }

    private static string Quote(string? key) => key is null ? "an entry without a key" : $"'{key}'";
}
