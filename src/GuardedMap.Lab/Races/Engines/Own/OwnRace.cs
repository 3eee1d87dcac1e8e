using System.Globalization;

namespace GuardedMaps.Lab;

// A race of programs the lab did not write: a user's script blocks, or delegates, over whatever they share.
//
//     race ---> new state, set up ---> actor A: point, point, ...       at each point the schedule says who goes on
//                                      actor B: point, point, ...
//
// Each actor has a thread of its own, of which one runs at a time (OwnCrew). Where the points are is the affair of whoever made the programs: the module rewrites
// scripts so that they have one before each access to what may be shared, C# has containers that are wrapped and Race.Yield. Between two points an actor's code
// runs as a whole.

/// <summary>Programs of a user's own over a shared state, to be interleaved at their points.</summary>
internal sealed record OwnRace
{
    /// <summary>The fewest actors: one alone has nobody to be interleaved with.</summary>
    public const int FewestActors = 2;

    /// <summary>The most actors. More cannot be explored in any useful time.</summary>
    public const int MostActors = 4;

    /// <summary>The first word of the tokens of scripts.</summary>
    public const string Scripts = "Script";

    /// <summary>The first word of the tokens of delegates.</summary>
    public const string Delegates = "Code";

    /// <summary>The fewest actors of this race: one where a program may also be tried alone, which has one schedule.</summary>
    public int Fewest { get; init; } = FewestActors;

    /// <summary>The first word of its tokens.</summary>
    public string Scenario { get; init; } = Scripts;

    /// <summary>The shared state's name: the second word of a token.</summary>
    public required string Container { get; init; }

    /// <summary>Makes the state a run begins with. Called before each run, on the searching thread; what it throws ends the search and passes out of it.</summary>
    public required Func<object> Create { get; init; }

    /// <summary>The actors. In schedules and pictures they are A, B, C and D.</summary>
    public required IReadOnlyList<OwnActorCode> Actors { get; init; }

    /// <summary>
    /// Looks at the state when all are finished, on the searching thread. Without it, a run is right when it ends as one in which nobody was interrupted.
    /// </summary>
    public Func<object, CheckAnswer>? Check { get; init; }

    /// <summary>The state as short text, the same text for the same content; null for what the lab knows of maps and lists.</summary>
    public Func<object, string?>? Content { get; init; }

    /// <summary>What the state is called in the text of outcomes.</summary>
    public string Noun { get; init; } = "map";

    /// <summary>The programs as text. It goes into a token's checksum: a token is refused when a program has changed.</summary>
    public required string Text { get; init; }

    /// <summary>Makes the exception by which an actor is ended from inside; null for the lab's own.</summary>
    public Func<string, Exception>? Stop { get; init; }

    /// <summary>
    /// Wraps the life of an actor's thread, for hosts that need something around it. It must call the function again and again as long as that returns true; each
    /// time it returns a run was interrupted, and whatever cannot outlive that is to be made anew.
    /// </summary>
    public Action<OwnActor, Func<bool>>? Host { get; init; }

    /// <summary>How long an actor may run without coming to a point before it is stopped as one that never ends.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Checks that the race can be run.</summary>
    /// <exception cref="ArgumentException">It cannot. The message says why.</exception>
    public static void Validate(OwnRace race)
    {
        ArgumentNullException.ThrowIfNull(race);
        if (race.Actors.Count < race.Fewest)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The race has {race.Actors.Count} {(race.Actors.Count == 1 ? "actor" : "actors")}, and it takes two to race. Give {FewestActors} to {MostActors}."), nameof(race));
        if (race.Actors.Count > MostActors)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The race has {race.Actors.Count} actors. Give {FewestActors} to {MostActors}; more cannot be explored in any useful time, and two or three show most races."), nameof(race));
        if (race.StallLimit <= TimeSpan.Zero)
            throw new ArgumentException("StallLimit: give more than zero; no actor ends in no time.", nameof(race));
    }

    internal ScheduleToken Token(Schedule schedule, ulong seen) => new(Scenario, Container, schedule, (uint)(seen ^ (seen >> 32)), Meaning);

    private string Meaning => $"{Actors.Count}\n{Text}";

    /// <summary>Whether a token was made from these programs on this state.</summary>
    public bool Fits(ScheduleToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        return token.Scenario == Scenario && token.Target == Container && token.Seen is { } seen && token.Equals(new ScheduleToken(Scenario, Container, token.Schedule, seen, Meaning));
    }

    /// <summary>Checks that a token was made from these programs on this state.</summary>
    /// <exception cref="ScheduleTokenException">It was not. The message says what it is of, and what to do.</exception>
    public void RequireFit(ScheduleToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        string shown = SafeText.Of(token);
        string programs = Scenario == Scripts ? "scripts" : "delegates";
        if (token.Scenario is not (Scripts or Delegates))
            throw new ScheduleTokenException($"The token '{shown}' is of the scenario {SafeText.Line(token.Scenario)}, and cannot be replayed with {programs} of your own. Leave them out.");
        if (token.Seen is null)
            throw new ScheduleTokenException($"The token '{shown}' is of an earlier version, in which {programs} took turns on one thread, whole calls nested in each other; its steps are not the steps of today. Explore the {programs} again to get a new token.");
        if (token.Scenario != Scenario)
            throw new ScheduleTokenException($"The token '{shown}' is of {(token.Scenario == Scripts ? "scripts, and these are delegates" : "delegates, and these are scripts")}. Replay it where it was made.");
        if (token.Target != Container)
            throw new ScheduleTokenException($"The token '{shown}' is of {programs} on {SafeText.Line(token.Target)}, and cannot be replayed on {Container}. Choose what it was made on.");
        if (!Fits(token))
            throw new ScheduleTokenException($"The token '{shown}' does not fit these {programs}. Either a character of it was lost or changed in copying, or the {programs} (actors, setup or check) are not those it was made from. Give the same, or explore these to get a new token.");
    }
}

/// <summary>One program of an <see cref="OwnRace"/>.</summary>
/// <param name="Name">Who this is, for people.</param>
/// <param name="Run">
/// Runs the program once on the state it is given, on the actor's own thread, and reports what it answered and which errors it met. What it throws is an error it ended with.
/// </param>
internal sealed record OwnActorCode(string Name, Func<object, OperationReport> Run)
{
    /// <summary>Asks a running program to stop, from any thread and without waiting. Needed where no exception at a point would, and beside the interruption of waits, which the lab sees to.</summary>
    public Action? Interrupt { get; init; }
}
