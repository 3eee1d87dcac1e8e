using System.Globalization;

namespace GuardedMaps.Lab.Rendering;

// What the pictures of a schedule show, before any of them draws it.
//
// A schedule of forty steps shown step by step hides what matters: the two or three places where one actor came between two
// steps of another. So the rows of a picture are chosen:
//
//     a pair    in each stretch of one actor, the first step that touches what another actor had touched, and that
//               other step: the order of these two is what the schedule decided
//     a seam    the last step before an actor is interrupted, and the first after
//     an edge   the first and the last step of an operation, and whatever has a note
//
// Between these, three or more steps in a row become one row that says how many they were. Full pictures show all.

/// <summary>What a row of a lane picture is.</summary>
internal enum LaneRowKind
{
    /// <summary>One step.</summary>
    Step,

    /// <summary>Several steps of one actor on which nothing depends.</summary>
    Skipped,

    /// <summary>An actor begins an operation.</summary>
    Operation,

    /// <summary>Something to know about the step above.</summary>
    Note,
}

/// <summary>What an actor is doing while another one has the row.</summary>
internal enum LaneState
{
    /// <summary>It has not begun, or it has ended.</summary>
    Outside,

    /// <summary>It is in the middle of its work and waits.</summary>
    Waiting,

    /// <summary>It is in the middle of its work and is interrupted in this row.</summary>
    Interrupted,
}

/// <summary>One row of a lane picture.</summary>
internal sealed record LaneRow
{
    public required LaneRowKind Kind { get; init; }

    /// <summary>Whose row it is.</summary>
    public required int Actor { get; init; }

    /// <summary>What the others are doing, by actor; the actor's own entry means nothing.</summary>
    public required IReadOnlyList<LaneState> Others { get; init; }

    /// <summary>The step, or the first of those skipped.</summary>
    public required RaceTimelineStep First { get; init; }

    /// <summary>The step, or the last of those skipped.</summary>
    public required RaceTimelineStep Last { get; init; }

    /// <summary>For a note and an operation, what it says.</summary>
    public string Text { get; init; } = "";

    /// <summary>True for a step of a pair.</summary>
    public bool IsPaired { get; init; }

    /// <summary>The earlier step of the pair, for its later step.</summary>
    public int? Meets { get; init; }

    /// <summary>True when the step was refused with an error.</summary>
    public bool IsRefused { get; init; }

    /// <summary>How many steps it stands for.</summary>
    public int Steps => Last.Number - First.Number + 1;
}

/// <summary>The rows of a schedule's picture.</summary>
internal sealed class RaceLanes
{
    private const int FewestToSkip = 3;

    private readonly RaceTimeline _timeline;
    private readonly Dictionary<int, int> _meets = []; // The later step of a pair, and the earlier.
    private readonly HashSet<int> _paired = [];
    private readonly List<LaneRow> _rows = [];

    public RaceLanes(RaceTimeline timeline, bool full)
    {
        _timeline = timeline;
        FindPairs();
        MakeRows(full);
    }

    /// <summary>The rows, from top to bottom.</summary>
    public IReadOnlyList<LaneRow> Rows => _rows;

    /// <summary>The step that raised the violation; null when nobody was refused.</summary>
    public int? RefusedStep => _timeline.Violation?.Current.Step;

    /// <summary>Whether an actor has a lock while a row's steps are made.</summary>
    public bool HasLock(int actor, LaneRow row)
    {
        int last = actor == row.Actor ? row.Last.Number - 1 : LastOf(actor, row.Last.Number - 1);
        return last >= 0 && _timeline.Steps[last] is { Held.Count: > 0 } step && (actor == row.Actor || !step.Ends);
    }

    private void FindPairs()
    {
        var steps = _timeline.Steps;
        bool isFirst = false;
        for (int i = 0; i < steps.Count; i++)
        {
            if (i == 0 || steps[i].Actor != steps[i - 1].Actor) isFirst = true;
            if (!isFirst || steps[i].ConflictsWith is not { } earlier) continue;
            AddPair(earlier, steps[i].Number);
            isFirst = false;
        }

        if (_timeline.Violation is { Previous: { Step: > 0 } previous } violation && previous.Step < violation.Current.Step) AddPair(previous.Step, violation.Current.Step);
    }

    private void AddPair(int earlier, int later)
    {
        _meets[later] = earlier;
        _paired.Add(earlier);
        _paired.Add(later);
    }

    private void MakeRows(bool full)
    {
        var steps = _timeline.Steps;
        int at = 0;
        while (at < steps.Count)
        {
            int end = at;
            while (!full && end < steps.Count && steps[end].Actor == steps[at].Actor && !IsShown(end)) end++;
            if (end - at >= FewestToSkip)
            {
                _rows.Add(Row(LaneRowKind.Skipped, at, end - 1));
                at = end;
                continue;
            }

            AddStep(at);
            at++;
        }
    }

    private void AddStep(int i)
    {
        var step = _timeline.Steps[i];
        bool begins = i == 0 || !_timeline.Steps.Take(i).Any(s => s.Actor == step.Actor) || IsNewOperation(i);
        if (begins && !string.Equals(step.Operation, _timeline.Actors[step.Actor], StringComparison.Ordinal))
            _rows.Add(Row(LaneRowKind.Operation, i, i) with { Text = step.Operation });
        _rows.Add(Row(LaneRowKind.Step, i, i) with
        {
            IsPaired = _paired.Contains(step.Number),
            Meets = _meets.TryGetValue(step.Number, out int earlier) ? earlier : null,
            IsRefused = RefusedStep == step.Number,
        });
        string? note = RefusedStep == step.Number ? $"refused: {_timeline.Violation!.Kind}" : step.Note; // The whole message stands below the picture.
        if (note is not null) _rows.Add(Row(LaneRowKind.Note, i, i) with { Text = note });
    }

    private LaneRow Row(LaneRowKind kind, int first, int last)
    {
        var steps = _timeline.Steps;
        int actor = steps[first].Actor;
        var others = new LaneState[_timeline.Actors.Count];
        bool begins = kind != LaneRowKind.Note && (kind == LaneRowKind.Operation || _rows.Count == 0 || _rows[^1].Kind != LaneRowKind.Operation || _rows[^1].Actor != actor);
        for (int other = 0; other < others.Length; other++)
        {
            int lastBefore = LastOf(other, first);
            if (other == actor || lastBefore < 0 || steps[lastBefore].Ends) continue;
            others[other] = begins && lastBefore == first - 1 ? LaneState.Interrupted : LaneState.Waiting;
        }

        return new LaneRow { Kind = kind, Actor = actor, Others = others, First = steps[first], Last = steps[last] };
    }

    private int LastOf(int actor, int before)
    {
        int i = before - 1;
        while (i >= 0 && _timeline.Steps[i].Actor != actor) i--;
        return i;
    }

    private bool IsShown(int i)
    {
        var steps = _timeline.Steps;
        var step = steps[i];
        bool beforeSwitch = i + 1 < steps.Count && steps[i + 1].Actor != step.Actor && !step.Ends;
        bool afterSwitch = i > 0 && steps[i - 1].Actor != step.Actor;
        return _paired.Contains(step.Number) || step.Note is not null || step.Ends || beforeSwitch || afterSwitch || step.Number == RefusedStep || IsNewOperation(i) || i == 0;
    }

    private bool IsNewOperation(int i)
    {
        int last = LastOf(_timeline.Steps[i].Actor, i);
        return last < 0 || !string.Equals(_timeline.Steps[last].Operation, _timeline.Steps[i].Operation, StringComparison.Ordinal);
    }

    /// <summary>What the skipped steps of a row were about: <c>4 steps, table cell 0 to table cell 3</c>.</summary>
    public static string DescribeSkipped(LaneRow row)
    {
        string from = row.First.Location.Length > 0 ? row.First.Location : row.First.Point.Name;
        string to = row.Last.Location.Length > 0 ? row.Last.Location : row.Last.Point.Name;
        return string.Create(CultureInfo.InvariantCulture, $"{row.Steps} steps, {(from == to ? $"on {from}" : $"{from} to {to}")}");
    }
}
