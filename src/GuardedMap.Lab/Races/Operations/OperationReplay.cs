using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>Runs one schedule of programs again, with everything there is to know about each operation.</summary>
public sealed record OperationReplay
{
    /// <summary>What was run.</summary>
    public required OperationRace Race { get; init; }

    /// <summary>The schedule.</summary>
    public required ScheduleToken Token { get; init; }

    /// <summary>The operations in their order.</summary>
    public required IReadOnlyList<OperationStep> Steps { get; init; }

    /// <summary>How it ended.</summary>
    public required ScheduleOutcome Outcome { get; init; }

    /// <summary>The errors the actors met: by actor.</summary>
    public required IReadOnlyList<OperationReport> Reports { get; init; }

    /// <summary>Replays a token.</summary>
    /// <exception cref="ScheduleTokenException">The token does not fit the programs, or the programs no longer do what they did.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static OperationReplay Of(OperationRace race, ScheduleToken token, CancellationToken cancellationToken = default)
    {
        OperationRace.Validate(race);
        ArgumentNullException.ThrowIfNull(token);
        race.RequireFit(token);
        var follow = new Follow(token);
        var run = NestedRun.Of(race, follow, detailed: true, cancellationToken);
        if (run.Cancelled) cancellationToken.ThrowIfCancellationRequested();
        if (run.Endless is null && !run.Schedule.Equals(token.Schedule))
            throw Follow.Diverged(token, string.Create(CultureInfo.InvariantCulture, $"what was run is {run.Schedule}"));
        return new OperationReplay
        {
            Race = race,
            Token = token,
            Steps = run.Steps,
            Outcome = new OperationJudge(race, cancellationToken).Judge(run),
            Reports = [.. run.Reports.Select(r => r ?? OperationReport.Quiet)],
        };
    }

    // Follows the runs of a schedule. Who is interrupted comes back by itself when what was called inside it has ended.
    private sealed class Follow(ScheduleToken token) : IOperationChoice
    {
        private readonly IReadOnlyList<(int Actor, int Steps)> _runs = token.Schedule.Runs;
        private int _run;
        private int _left;
        private bool _begun;

        public static ScheduleTokenException Diverged(ScheduleToken token, string what) =>
            new($"The schedule of '{token}' does not fit these scripts: {what}. They do not do what they did when the token was made; take out what makes them differ (random numbers, the time, variables that keep values), and explore them again.");

        public int? Choose(int? current, uint waiting)
        {
            int wanted = Wanted();
            if (current is null)
            {
                // Whoever has no operation at all is in no schedule; they may come whenever.
                int first = wanted >= 0 && (waiting & (1u << wanted)) != 0 ? wanted : System.Numerics.BitOperations.TrailingZeroCount(waiting);
                Spend(first);
                return first;
            }

            if (wanted < 0 || wanted == current)
            {
                Spend(current.Value);
                return null;
            }

            if ((waiting & (1u << wanted)) == 0) throw Diverged(token, $"{Schedule.Letter(wanted)} shall go on while {Schedule.Letter(current.Value)} is in the middle of its program");
            Spend(wanted);
            return wanted;
        }

        private int Wanted()
        {
            if (!_begun) (_left, _begun) = (_runs[0].Steps, true);
            while (_run < _runs.Count && _left == 0)
            {
                _run++;
                if (_run < _runs.Count) _left = _runs[_run].Steps;
            }

            return _run < _runs.Count ? _runs[_run].Actor : -1;
        }

        private void Spend(int actor)
        {
            if (_run < _runs.Count && _runs[_run].Actor == actor && _left > 0) _left--;
        }
    }
}
