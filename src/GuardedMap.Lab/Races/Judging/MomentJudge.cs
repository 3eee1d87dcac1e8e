using System.Globalization;

namespace GuardedMaps.Lab;

// Did the map ever hold what an iteration showed, all of it at once?
//
// Nobody knows in which order two actors' writes took effect, but each actor's own have the order in which it made them. So what an
// iteration shows of the keys that one actor alone writes must be what they were after its first p writes, for some p:
//
//     the writer:     k1 = a     k2 = b     k3 = c     k2 = d
//     shown           k1 = a,    k2 = b                          p = 2: fine
//     shown                      k2 = b,    k3 = c               no p: k3 was stored after k1
//     shown           k1 = a,    k2 = d                          no p: k2 was changed after k3 was stored
//
// And p does not go back from one iteration of an actor to its next. This may overlook a fiction, one that mixes moments of two
// writers, but it never accuses a map that is right.

/// <summary>Finds iterations that show what the map held at no one moment. For targets that promise one.</summary>
internal sealed class MomentJudge
{
    private readonly RacePlan _plan;
    private readonly IReadOnlyList<ActorLog> _logs;
    private readonly Action _beat;
    private readonly Dictionary<string, int> _numberOf = new(StringComparer.Ordinal);
    private readonly List<Writer> _writers = [];

    public MomentJudge(RacePlan plan, IReadOnlyList<ActorLog> logs, bool rejectionLeavesNoTrace, Action beat)
    {
        (_plan, _logs, _beat) = (plan, logs, beat);
        if (!logs.Any(log => log.Iterations.Exists(i => i.Completed))) return;
        for (int key = 0; key < plan.Keys.Count; key++) _numberOf.Add(plan.Keys[key], key);
        var ownerOf = Owners();
        for (int actor = 0; actor < logs.Count; actor++)
        {
            if (Writer.Of(plan, logs[actor], actor, ownerOf, rejectionLeavesNoTrace) is { } writer) _writers.Add(writer);
        }
    }

    public void Judge(RaceFindings findings)
    {
        foreach (var log in _logs)
        {
            var earliest = new int[_writers.Count];
            foreach (var iteration in log.Iterations.Where(i => i.Completed)) Judge(iteration, log.Actor.Name, earliest, findings);
        }
    }

    private void Judge(IterationLog iteration, string actor, int[] earliest, RaceFindings findings)
    {
        var shown = new Dictionary<int, long>(iteration.Shown.Count);
        foreach (var (key, value) in iteration.Shown)
        {
            if (key is not null && _numberOf.TryGetValue(key, out int number)) shown[number] = value;
        }

        for (int i = 0; i < _writers.Count; i++)
        {
            _beat();
            int moment = _writers[i].FirstMoment(shown, earliest[i]);
            if (moment >= 0)
            {
                earliest[i] = moment;
                continue;
            }

            string writer = _writers[i].Name;
            bool isBack = _writers[i].FirstMoment(shown, 0) >= 0;
            findings.Add(ScheduleOutcomeKind.MixedMoments, () => string.Create(
                CultureInfo.InvariantCulture,
                $"{actor} was shown {shown.Count} entries that were in the map at no one moment: {(isBack ? $"an iteration before had shown later writes of {writer}" : $"they are the state after no number of {writer}'s writes")}"));
        }
    }

    // For each key the only actor that writes it; -1 when nobody does, -2 when its states cannot be told from the plan.
    private int[] Owners()
    {
        var owners = new int[_plan.Keys.Count];
        Array.Fill(owners, -1);
        for (int actor = 0; actor < _logs.Count; actor++)
        {
            foreach (var step in _logs[actor].Actor.Steps.Where(s => s.IsWrite))
            {
                for (int key = step.Verb == Verb.Clear ? 0 : step.Key, last = step.Verb == Verb.Clear ? owners.Length - 1 : step.Key; key <= last; key++)
                    owners[key] = step.Verb != Verb.SetRead && (owners[key] == -1 || owners[key] == actor) ? actor : -2;
            }
        }

        return owners;
    }

    // One actor's writes that took effect, as the states of its keys over time: moment p is after its first p writes.
    private sealed class Writer(string name, int moments, Dictionary<int, List<(int From, long? State)>> states)
    {
        public string Name => name;

        public static Writer? Of(RacePlan plan, ActorLog log, int actor, int[] ownerOf, bool rejectionLeavesNoTrace)
        {
            var start = plan.Setup.ToDictionary(e => e.Key, e => e.Value);
            var states = new Dictionary<int, List<(int From, long? State)>>();
            int[] own = [.. Enumerable.Range(0, ownerOf.Length).Where(key => ownerOf[key] == actor)];
            int moment = 0;
            for (int i = 0; i < log.Actor.Steps.Count; i++)
            {
                var step = log.Actor.Steps[i];
                if (!step.IsWrite || (step.Verb != Verb.Clear && ownerOf[step.Key] != actor)) continue;
                var written = step.Verb == Verb.Clear ? own : [step.Key];
                foreach (int key in written) StatesOf(key);
                if (log.Answers[i] == StepAnswer.None) continue;
                if (log.Answers[i] == StepAnswer.Raised)
                {
                    // It may have taken effect or not: then nothing of this actor is certain.
                    if (!rejectionLeavesNoTrace) return null;
                    continue;
                }

                moment++;
                foreach (int key in written)
                {
                    var ofKey = StatesOf(key);
                    ofKey.Add((moment, step.Verb is Verb.Remove or Verb.Clear ? null : step.Verb == Verb.Set ? step.Value : (ofKey[^1].State ?? 0) + step.Value));
                }
            }

            return states.Count == 0 ? null : new Writer(log.Actor.Name, moment + 1, states);

            List<(int From, long? State)> StatesOf(int key)
            {
                if (!states.TryGetValue(key, out var ofKey)) states.Add(key, ofKey = [(0, start.TryGetValue(key, out long value) ? value : null)]);
                return ofKey;
            }
        }

        /// <summary>The first moment, not before a certain one, at which all keys were as they were shown; -1 if there is none.</summary>
        public int FirstMoment(Dictionary<int, long> shown, int earliest)
        {
            // How many keys begin or cease to be as shown at each moment.
            var change = new int[moments + 1];
            foreach (var (key, ofKey) in states)
            {
                long? seen = shown.TryGetValue(key, out long value) ? value : null;
                for (int i = 0; i < ofKey.Count; i++)
                {
                    if (ofKey[i].State != seen) continue;
                    change[ofKey[i].From]++;
                    change[i + 1 < ofKey.Count ? ofKey[i + 1].From : moments]--;
                }
            }

            for (int moment = 0, fitting = 0; moment < moments; moment++)
            {
                fitting += change[moment];
                if (moment >= earliest && fitting == states.Count) return moment;
            }

            return -1;
        }
    }
}
