using System.Collections;
using System.Globalization;

namespace GuardedMaps.Lab;

// A race of programs the lab did not write: a user's script blocks, or delegates, over one shared map of any kind. Nothing
// inside the programs or the container can be stopped half-way, so a step is a whole operation: one call on the shared map.
//
//     race  --->  map, wrapped  --->  actor A: get, set          before each call the wrapper asks the schedule:
//                                     actor B: get, set          go on, or let another actor run here to its end?
//
// Everything happens on one thread (see NestedRun). That is what makes it work for any container, with the caller's own
// variables in sight, and run the same way each time. What it cannot show is what happens inside an operation: that takes
// the catalogue's models, or real threads.

/// <summary>Programs over one shared map, to be interleaved operation by operation.</summary>
internal sealed record OperationRace
{
    /// <summary>The first word of the tokens of such races.</summary>
    public const string TokenScenario = "Script";

    /// <summary>The container's name: the second word of a token.</summary>
    public required string Container { get; init; }

    /// <summary>Makes an empty container.</summary>
    public required Func<IDictionary> Create { get; init; }

    /// <summary>Fills the container before the actors begin. What it throws ends the race.</summary>
    public Action<IDictionary>? Setup { get; init; }

    /// <summary>The actors. In schedules and pictures they are A, B, C and so on.</summary>
    public required IReadOnlyList<OperationActor> Actors { get; init; }

    /// <summary>
    /// Looks at the map when all are finished. Without it, a run is right when some order of the actors, one after the
    /// other, leaves the same content and gives the same answers.
    /// </summary>
    public Func<IDictionary, CheckAnswer>? Check { get; init; }

    /// <summary>Wraps the container so that every call on it passes the gate.</summary>
    public Func<IDictionary, OperationGate, IDictionary> Wrap { get; init; } = SharedMap.Of;

    /// <summary>The programs as text. It goes into a token's checksum: a token is refused when a program has changed.</summary>
    public required string Text { get; init; }

    /// <summary>How many operations one actor may make before it is stopped as one that never ends.</summary>
    public int MaxOperations { get; init; } = 10_000;

    /// <summary>How long an actor may go without an operation before it is stopped as one that never ends.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Checks that the race can be run.</summary>
    /// <exception cref="ArgumentException">It cannot. The message says why.</exception>
    public static void Validate(OperationRace race)
    {
        ArgumentNullException.ThrowIfNull(race);
        if (race.Actors.Count is < 1 or > RaceModel.MaxActors)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The race has {race.Actors.Count} actors. Give 1 to {RaceModel.MaxActors}; more cannot be explored in any useful time."), nameof(race));
        if (race.MaxOperations < 1)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"MaxOperations is {race.MaxOperations}. An actor needs at least one operation; give 1 or more."), nameof(race));
        if (race.StallLimit <= TimeSpan.Zero)
            throw new ArgumentException("StallLimit: give more than zero; no actor ends in no time.", nameof(race));
    }

    internal ScheduleToken Token(Schedule schedule) => new(TokenScenario, Container, seed: 0, schedule, Text);

    /// <summary>Whether a token was made from these programs on this container.</summary>
    public bool Fits(ScheduleToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return token.Equals(Token(token.Schedule));
    }

    /// <summary>Checks that a token was made from these programs on this container.</summary>
    /// <exception cref="ScheduleTokenException">It was not.</exception>
    public void RequireFit(ScheduleToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (token.Scenario != TokenScenario || token.Target != Container)
        {
            string asked = token.Scenario == TokenScenario ? $"scripts on the container {token.Target}" : $"the scenario {token.Scenario}";
            throw new ScheduleTokenException($"The token '{token}' is of {asked}, and cannot be replayed with these scripts on the container {Container}. {(token.Scenario == TokenScenario ? "Choose that container." : "Leave the scripts out.")}");
        }

        if (token.Checksum != Token(token.Schedule).Checksum)
            throw new ScheduleTokenException($"The token '{token}' does not fit these scripts. Either a character of it was lost or changed in copying, or the scripts (actors, setup or check) are not those it was made from. Give the same scripts, or explore these to get a new token.");
    }
}

/// <summary>One program of an <see cref="OperationRace"/>.</summary>
/// <param name="Name">Who this is, for people.</param>
/// <param name="Run">Runs the program once on the map it is given, and reports. It must not throw for what the program does.</param>
internal sealed record OperationActor(string Name, Func<IDictionary, OperationReport> Run)
{
    /// <summary>
    /// Asks a running program to stop, from any thread and without waiting. Called when it has reached a limit. Needed where an
    /// exception from the map would not stop it, as in PowerShell, which swallows what a getter throws.
    /// </summary>
    public Action? Interrupt { get; init; }

    /// <summary>Where the program stands right now, for the step's record: a script's line. Null when it cannot tell.</summary>
    public Func<string?>? Position { get; init; }
}

/// <summary>What one run of an actor came to.</summary>
/// <param name="Output">What it answered, as text; two runs that saw the same have the same.</param>
/// <param name="Faults">The errors it met, in order.</param>
internal sealed record OperationReport(string? Output, IReadOnlyList<OperationFault> Faults)
{
    /// <summary>Nothing to report.</summary>
    public static OperationReport Quiet { get; } = new(null, []);
}

/// <summary>An error met by an actor.</summary>
/// <param name="Name">A violation's kind, or the exception's type.</param>
/// <param name="Message">What it said.</param>
/// <param name="Position">Where in the program, if known.</param>
internal sealed record OperationFault(string Name, string Message, string? Position)
{
    /// <summary>The fault behind an exception, under the violation it may carry.</summary>
    public static OperationFault Of(Exception error, string? position = null)
    {
        ArgumentNullException.ThrowIfNull(error);
        var cause = error;
        while (cause is not MapViolationException && cause.InnerException is { } inner) cause = inner;
        return new OperationFault(cause is MapViolationException violation ? violation.Kind.ToString() : cause.GetType().Name, cause.Message, position);
    }
}

/// <summary>What a check says of the map at the end.</summary>
/// <param name="IsRight">Whether it is as it should be.</param>
/// <param name="Text">In a few words, how it is; runs with equal text are counted together. Null for the map's content.</param>
internal sealed record CheckAnswer(bool IsRight, string? Text = null);
