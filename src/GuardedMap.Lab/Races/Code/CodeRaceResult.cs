using System.Globalization;
using System.Text;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Lab;

/// <summary>What exploring delegates found: how the schedules end, a token for each way, and the lanes of any of them.</summary>
public sealed class CodeRaceResult
{
    private readonly OwnRace _race;

    internal CodeRaceResult(OwnRace race, ExploreResult explored) => (_race, Explored) = (race, explored);

    /// <summary>All of it: outcomes with their shares, what was covered, and what speaks against it.</summary>
    public ExploreResult Explored { get; }

    /// <summary>How many schedules were run.</summary>
    public long Schedules => Explored.Schedules;

    /// <summary>Each way in which schedules ended, most frequent first.</summary>
    public IReadOnlyList<ExploredOutcome> Outcomes => Explored.Outcomes;

    /// <summary>The outcomes that are wrong, those with the fewest preemptions first.</summary>
    public IReadOnlyList<ExploredOutcome> Wrong => [.. Outcomes.Where(o => o.Outcome.Kind != ScheduleOutcomeKind.Clean).OrderBy(o => o.FewestPreemptions)];

    /// <summary>True when nothing went wrong and nothing speaks against that.</summary>
    public bool IsClean => Wrong.Count == 0 && Explored.Doubt is null && Explored.Schedules > 0;

    /// <summary>Runs a schedule again and tells each of its steps.</summary>
    /// <param name="token">A token of this race; null for the simplest schedule of the outcome most worth looking at.</param>
    /// <exception cref="ScheduleTokenException">The token is of another race, or the actors no longer do what they did.</exception>
    /// <exception cref="InvalidOperationException">No schedule was run.</exception>
    public RaceTimeline Timeline(ScheduleToken? token = null)
    {
        using var crew = new OwnCrew(_race);
        return OwnReplay.Of(crew, token ?? MostTelling());
    }

    /// <summary>Finds the smallest schedule that ends as another one does: the fewest preemptions, then the fewest steps, then the fewest turns. Every schedule with fewer preemptions is run for it.</summary>
    /// <param name="token">The schedule; null for that of the outcome most worth looking at.</param>
    /// <param name="limits">Limits of the search; null for none.</param>
    /// <param name="cancellationToken">Cuts it short.</param>
    /// <exception cref="ScheduleTokenException">The token is of another race, or the actors no longer do what they did.</exception>
    /// <exception cref="InvalidOperationException">No schedule was run.</exception>
    public ShrunkSchedule Shrink(ScheduleToken? token = null, ExploreOptions? limits = null, CancellationToken cancellationToken = default)
    {
        using var crew = new OwnCrew(_race);
        return OwnShrinker.Shrink(crew, token ?? MostTelling(), limits, cancellationToken);
    }

    /// <summary>Checks that no schedule went wrong, and that this means something.</summary>
    /// <exception cref="RaceFoundException">
    /// A schedule went wrong: the message shows its lanes and its token. Or something speaks against what was found: actors that do not repeat themselves, that came to no point, or
    /// waited for something that cannot be seen.
    /// </exception>
    /// <remarks>A search that was ended by a limit of yours is no reason to fail; <see cref="ExploreResult.Coverage"/> says what it covered.</remarks>
    public void AssertClean()
    {
        if (Wrong.Count > 0) throw new RaceFoundException(MessageOf(Wrong[0]), Explored);
        if (Explored.Doubt is { } doubt) throw new RaceFoundException($"No schedule went wrong, and that means little: {doubt}.", Explored);
    }

    /// <inheritdoc/>
    public override string ToString() => Explored.ToString();

    private ScheduleToken MostTelling() => Explored.MostTelling?.SimplestToken ?? throw new InvalidOperationException($"No schedule was run: {Explored.Coverage}. There is none to tell of.");

    private string MessageOf(ExploredOutcome worst)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{worst.Outcome}\n");
        text.Append(CultureInfo.InvariantCulture, $"{worst.Count} of {Explored.Schedules} schedules end so ({Explored.Coverage}); it takes {worst.FewestPreemptions} {(worst.FewestPreemptions == 1 ? "preemption" : "preemptions")}.\n");
        foreach (var other in Wrong.Skip(1)) text.Append(CultureInfo.InvariantCulture, $"Also {other.Count}: {other.Outcome}\n");
        text.Append('\n').Append(LanesOf(worst.SimplestToken));
        text.Append(CultureInfo.InvariantCulture, $"\n\nThe same schedule again: Replay(ScheduleToken.Parse(\"{worst.SimplestToken}\"))");
        return text.ToString();
    }

    private string LanesOf(ScheduleToken token)
    {
        try
        {
            return new RacePicture(Timeline(token), full: true).ToString();
        }
        catch (ScheduleTokenException changed)
        {
            return changed.Message;
        }
    }
}

/// <summary>A race was found where none should be. Its message shows the schedule, lane by lane, and its token.</summary>
public sealed class RaceFoundException : Exception
{
    internal RaceFoundException(string message, ExploreResult explored)
        : base(message) => Explored = explored;

    /// <summary>What the exploration found.</summary>
    public ExploreResult Explored { get; }
}
