using System.Globalization;
using System.Numerics;

namespace GuardedMaps.Lab;

// What a search of own programs has still to run. Each run goes on by usual choices from where it was forced to go another way; every other choice it had after that place begins
// schedules that were not run yet:
//
//     run      A A A B B B               forced: none
//     from it      ^ B instead: A A B | ...          costs a preemption, since A could have gone on
//                        ...                         costs nothing where the last one could not
//
// Kept is the run, once, and a place in it, rather than each schedule that begins at it: a run of a hundred steps begins a hundred. A run is twice on a list: now for the
// choices that cost nothing, and for the next level for those that cost a preemption.

/// <summary>A run whose other choices have still to be followed.</summary>
internal sealed class OwnBranch
{
    private readonly byte[] _picks;
    private readonly byte[] _masks;
    private readonly ushort[] _marks;
    private readonly int _from;
    private readonly Costs _costs;
    private int _at;
    private uint _left;

    /// <param name="crew">The crew that has just made the run.</param>
    /// <param name="from">The first step that was not forced.</param>
    /// <param name="costs">Which choices to follow.</param>
    public OwnBranch(OwnCrew crew, int from, Costs costs)
        : this(crew.Picks.ToArray(), crew.Masks.ToArray(), crew.Marks.ToArray(), from, costs)
    {
    }

    private OwnBranch(byte[] picks, byte[] masks, ushort[] marks, int from, Costs costs)
    {
        (_picks, _masks, _marks, _from, _costs) = (picks, masks, marks, from, costs);
        _at = picks.Length;
        Descend();
    }

    /// <summary>Which of a run's choices are followed.</summary>
    public enum Costs
    {
        /// <summary>Those where the last actor could not go on.</summary>
        Nothing,

        /// <summary>Those that interrupt it.</summary>
        Preemption,

        /// <summary>All.</summary>
        Any,
    }

    /// <summary>Whether any choice is left.</summary>
    public bool HasNext => _at >= _from;

    /// <summary>The memory it takes, in bytes.</summary>
    public int Size => 160 + (4 * _picks.Length);

    /// <summary>The same run, for choices of another cost.</summary>
    public OwnBranch For(Costs costs) => new(_picks, _masks, _marks, _from, costs);

    /// <summary>Takes the next choice: from now on the branch is a way to go.</summary>
    public OwnWay Next()
    {
        int pick = BitOperations.TrailingZeroCount(_left);
        _left &= _left - 1;
        var way = new OwnWay(_picks, _masks, _marks, _at, pick);
        if (_left == 0) Descend();
        return way;
    }

    // The deepest place first: what it leads to shares the most with what was just run.
    private void Descend()
    {
        while (--_at >= _from)
        {
            bool preempts = Interrupts(_picks, _masks, _at);
            if (_costs == Costs.Nothing && preempts || _costs == Costs.Preemption && !preempts) continue;
            _left = _masks[_at] & ~(1u << _picks[_at]);
            if (_left != 0) return;
        }
    }

    /// <summary>Whether another choice than going on interrupts somebody at a step.</summary>
    public static bool Interrupts(ReadOnlySpan<byte> picks, ReadOnlySpan<byte> masks, int step) => step > 0 && (masks[step] & (1u << picks[step - 1])) != 0;
}

/// <summary>Goes the way of a run up to a step, makes another choice there, and then the usual ones. Says so where something is not as it was in that run.</summary>
internal sealed class OwnWay(byte[] picks, byte[] masks, ushort[] marks, int at, int pick) : IOwnChoice
{
    /// <summary>Usual choices from the beginning.</summary>
    public static OwnWay Usual { get; } = new([], [], [], -1, 0);

    /// <summary>The first step that is not forced.</summary>
    public int Forced => at + 1;

    /// <summary>The step at which something was not as before; -1 as long as everything is.</summary>
    public int DivergedAt { get; private set; } = -1;

    /// <inheritdoc/>
    public int Choose(int step, uint enabled, int usual, uint mark)
    {
        if (step > at) return usual;
        if (masks[step] != enabled || marks[step] != mark)
        {
            DivergedAt = step;
            return -1;
        }

        return step == at ? pick : picks[step];
    }
}

/// <summary>Follows a schedule, whatever is seen on the way.</summary>
/// <param name="schedule">The schedule.</param>
/// <param name="isLenient">Whether steps of actors that cannot go on are passed over, and the usual choice is made when the schedule has ended.</param>
internal sealed class OwnFollow(Schedule schedule, bool isLenient) : IOwnChoice
{
    private int _run;
    private int _made;

    /// <summary>Why the schedule could not be followed; null as long as it could.</summary>
    public string? Objection { get; private set; }

    /// <summary>Whether all its steps were made.</summary>
    public bool IsDone => Wanted() < 0;

    /// <inheritdoc/>
    public int Choose(int step, uint enabled, int usual, uint mark)
    {
        while (Wanted() is >= 0 and var actor)
        {
            if ((enabled & (1u << actor)) != 0)
            {
                _made++;
                return actor;
            }

            if (!isLenient && schedule.Runs[_run].Steps != int.MaxValue)
            {
                Objection ??= string.Create(CultureInfo.InvariantCulture, $"after {step} steps {Schedule.Letter(actor)} cannot go on");
                return -1;
            }

            _run++;
            _made = 0;
        }

        if (isLenient) return usual;
        Objection ??= string.Create(CultureInfo.InvariantCulture, $"it ends after {step} steps, and {Schedule.Letter(usual)} is not finished");
        return -1;
    }

    private int Wanted()
    {
        while (_run < schedule.Runs.Count && _made >= schedule.Runs[_run].Steps)
        {
            _run++;
            _made = 0;
        }

        return _run < schedule.Runs.Count ? schedule.Runs[_run].Actor : -1;
    }
}
