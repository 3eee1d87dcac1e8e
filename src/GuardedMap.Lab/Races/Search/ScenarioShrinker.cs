using System.Globalization;

namespace GuardedMaps.Lab;

// The same damage, in a smaller race.
//
// A schedule with the fewest preemptions may still run through operations and past keys that have nothing to do with what
// goes wrong. Here they are left out, one after the other, as long as some schedule with no more preemptions still ends in the
// same way:
//
//     8 keys, Set 18 | Get 13          ->   leave out keys 1-4: still found      keep
//                                           leave out keys 5-8: not found        put back
//                                           leave out key 5: ...
//
// Groups go first and get smaller (Zeller and Hildebrandt 2002, delta debugging), since most keys are superfluous together.
// A cut scenario has other steps, so no schedule carries over: each is searched anew, every schedule within the
// preemptions of the best so far. The last round tries every operation and every key that is left, alone: that none of them can
// go is then proven. (That no two of them could go together is not.)

/// <summary>Finds the smallest part of a scenario that still ends the same way.</summary>
internal static class ScenarioShrinker
{
    /// <summary>Shrinks the scenario of a model over the map.</summary>
    /// <param name="model">The model.</param>
    /// <param name="shrunk">A schedule of it, shrunk already: its preemptions bound the searches.</param>
    /// <param name="limits">The limit of time, of all searches together, and of steps.</param>
    /// <param name="cancellationToken">Cuts it short; what was found until then is given, without the proof.</param>
    public static ShrunkScenario Shrink(SteppedModel model, ShrunkSchedule shrunk, ExploreOptions limits, CancellationToken cancellationToken = default)
    {
        var search = new Search(model, shrunk, limits, cancellationToken);
        var parts = search.Parts();
        for (int size = Math.Max(1, parts.Count / 2); ; size = Math.Max(1, size / 2))
        {
            bool smaller = false;
            foreach (var group in parts.Chunk(size).ToList())
            {
                if (!search.TryWithout(group)) continue;
                parts.RemoveAll(group.Contains);
                smaller = true;
            }

            // With single parts until no further one goes.
            if (search.IsOver || (size == 1 && !smaller)) break;
        }

        return search.Result();
    }

    /// <summary>An operation of an actor, or a key of the setup where the actor is null.</summary>
    private readonly record struct Part(int? Actor, int Number);

    private sealed class Search
    {
        private readonly SteppedModel _whole;
        private readonly int _maxSteps;
        private readonly CancellationToken _cancellation;
        private readonly DateTime _end;
        private readonly List<string> _operations = [];
        private readonly List<string> _keys = [];
        private ScenarioCut _cut;
        private ScheduleToken _token;
        private ScheduleOutcome _outcome;
        private int _preemptions;
        private bool _isProven = true;
        private int _searches;

        public Search(SteppedModel whole, ShrunkSchedule shrunk, ExploreOptions limits, CancellationToken cancellation)
        {
            (_whole, _cut, _maxSteps, _cancellation) = (whole, whole.Cut, limits.MaxSteps, cancellation);
            (_token, _outcome, _preemptions) = (shrunk.Token, shrunk.Outcome, shrunk.Preemptions);
            _end = limits.MaxDuration is { } most ? DateTime.UtcNow + most : DateTime.MaxValue;
        }

        public bool IsOver => _cancellation.IsCancellationRequested || DateTime.UtcNow >= _end;

        // What there is to leave out: the actors run once, one after the other, and are asked what they did.
        public List<Part> Parts()
        {
            var run = new SteppedRun(_whole);
            run.Restart();
            for (int steps = 0; run.Enabled != 0 && steps < _maxSteps; steps++) run.Step(System.Numerics.BitOperations.TrailingZeroCount(run.Enabled));
            _keys.AddRange(run.SetupKeys.Select(k => k.ToString(CultureInfo.InvariantCulture)));
            var parts = Enumerable.Range(1, _keys.Count).Where(k => !_whole.Cut.LeavesOutKey(k)).Select(k => new Part(null, k)).ToList();
            foreach (var hand in run.Hands)
            {
                _operations.AddRange(hand.Calls.Select((c, i) => $"{Schedule.Letter(hand.Index)}{i + 1} {Name(c.Verb, c.Key)}"));
                parts.AddRange(Enumerable.Range(1, hand.Calls.Count).Where(o => !_whole.Cut.LeavesOut(hand.Index, o)).Select(o => new Part(hand.Index, o)));
            }

            return parts;
        }

        public bool TryWithout(IReadOnlyList<Part> parts)
        {
            if (IsOver)
            {
                _isProven = false;
                return false;
            }

            var cut = _cut.With(
                parts.Where(p => p.Actor is not null).Select(p => (p.Actor!.Value, p.Number)),
                parts.Where(p => p.Actor is null).Select(p => p.Number));
            var model = new SteppedModel(_whole.Program, _whole.Protection, cut);
            var run = model.CreateRun();
            run.Restart();
            if (run.Enabled == 0) return false; // Nobody has anything left to do.
            _searches++;
            var found = Explorer.Run(
                model,
                new ExploreOptions { Mode = ExploreMode.Merged, MaxPreemptions = _preemptions, Within = _preemptions, MaxSteps = _maxSteps, MaxDuration = _end == DateTime.MaxValue ? null : Positive(_end - DateTime.UtcNow) },
                progress: null,
                _cancellation);
            var same = found.Outcomes.Where(o => IsSame(o.Outcome)).OrderBy(o => o.FewestPreemptions).FirstOrDefault();
            if (same is null)
            {
                _isProven &= found.End == ExploreEnd.Finished;
                return false;
            }

            (_cut, _token, _outcome, _preemptions) = (cut, same.SimplestToken, same.Outcome, same.FewestPreemptions);
            return true;
        }

        public ShrunkScenario Result() => new()
        {
            Token = ScheduleShrinker.Shorten(new SteppedModel(_whole.Program, _whole.Protection, _cut), _token, _maxSteps, _cancellation),
            Outcome = _outcome,
            Preemptions = _preemptions,
            Operations = [.. _operations.Where(o => !_cut.LeavesOut(o[0] - 'A', int.Parse(o.AsSpan(1, o.IndexOf(' ', StringComparison.Ordinal) - 1), CultureInfo.InvariantCulture)))],
            Keys = [.. _keys.Where((_, i) => !_cut.LeavesOutKey(i + 1))],
            OperationsBefore = _operations.Count - _whole.Cut.Operations.Count,
            KeysBefore = _keys.Count - _whole.Cut.Keys.Count,
            MinimalProven = _isProven && !IsOver,
            Searches = _searches,
        };

        // The same kind of damage; which key it hits may change. Of violations also which, and who is refused.
        private bool IsSame(ScheduleOutcome outcome) => outcome.Kind == _outcome.Kind && (outcome.Kind != ScheduleOutcomeKind.Violation || outcome.Equals(_outcome));

        private static TimeSpan Positive(TimeSpan left) => left > TimeSpan.Zero ? left : TimeSpan.FromMilliseconds(1);

        private static string Name(Verb verb, int key) => verb switch
        {
            Verb.Begin => "foreach",
            Verb.Clear => "Clear",
            _ => string.Create(CultureInfo.InvariantCulture, $"{verb}({key})"),
        };
    }
}
