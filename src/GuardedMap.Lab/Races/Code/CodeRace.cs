using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace GuardedMaps.Lab;

// A race of delegates. What is interleaved is synchronous code: each actor is a delegate that runs on a thread of its own and lets others in where Race says so. What it hands to
// other threads (Task.Run, async, timers) nobody schedules: async delegates are refused, and a point that is passed by a thread an actor started is a reason to claim nothing.

/// <summary>Delegates over a state they share, to be explored in every order.</summary>
/// <typeparam name="T">The state. It is made anew for each schedule, and everything that the actors share must be in it.</typeparam>
/// <remarks>The description is immutable; each exploration has threads of its own, so several may run at a time.</remarks>
public sealed record CodeRace<T>
    where T : notnull
{
    private const int MostSteps = 5_000;

    /// <summary>Makes the state a schedule begins with. Called once for each schedule.</summary>
    public required Func<T> Setup { get; init; }

    /// <summary>The actors, two to four. In schedules and pictures they are A, B, C and D.</summary>
    public required IReadOnlyList<Action<T>> Actors { get; init; }

    /// <summary>
    /// Whether the state is as it should be when all actors have ended. One that throws says no, with its message. Null: a schedule is right when it ends like one in which nobody is
    /// interrupted, as far as the text of the state tells.
    /// </summary>
    public Func<T, bool>? Check { get; init; }

    /// <summary>The state in a few words; schedules with equal text are counted together. Null for the content of a map or list, and nothing for other states.</summary>
    public Func<T, string>? Describe { get; init; }

    /// <summary>The actors' names; null for the names of their methods, or numbers.</summary>
    public IReadOnlyList<string>? Names { get; init; }

    /// <summary>The race's name, the second word of its tokens: letters, digits, - and _. Null for the name of the state's type.</summary>
    public string? Name { get; init; }

    /// <summary>How long an actor may run without coming to a point before it is ended as one that never does.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Runs every schedule, those with fewer preemptions first.</summary>
    /// <param name="options">A bound of preemptions (<see cref="ExploreMode.Bounded"/>), limits of schedules, time and steps; null for every schedule of at most 5,000 steps.</param>
    /// <param name="progress">Told how far the search has come, on the calling thread.</param>
    /// <param name="cancellationToken">Ends the search within a second; the result has what was found until then.</param>
    /// <exception cref="ArgumentException">The race cannot be run: too few or too many actors, or an async one. The message says which.</exception>
    /// <exception cref="RaceModelException">The setup threw.</exception>
    public CodeRaceResult Explore(ExploreOptions? options = null, IProgress<ExploreProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var race = Race();
        return new CodeRaceResult(race, OwnExplorer.Run(race, options ?? new ExploreOptions { MaxSteps = MostSteps }, progress, cancellationToken));
    }

    /// <summary>Runs the schedule of a token again, and compares everything that the actors see with what they saw then.</summary>
    /// <param name="token">A token of this race, from this process or another.</param>
    /// <exception cref="ScheduleTokenException">It is of another race, or the actors no longer do what they did.</exception>
    /// <exception cref="ArgumentException">The race cannot be run.</exception>
    public RaceTimeline Replay(ScheduleToken token)
    {
        using var crew = new OwnCrew(Race());
        return OwnReplay.Of(crew, token);
    }

    internal OwnRace Race()
    {
        for (int i = 0; i < Actors.Count; i++) RequireSynchronous(Actors[i], i);
        RequireNames(Names, Actors.Count);
        string name = Name ?? NameOf(typeof(T));
        RequireTokenName(name);
        return new OwnRace
        {
            Scenario = OwnRace.Delegates,
            Container = name,
            Noun = typeof(IDictionary).IsAssignableFrom(typeof(T)) ? "map" : "state",
            Create = Create,
            Actors = [.. Actors.Select((a, i) => new OwnActorCode(Names?[i] ?? NameOf(a, i), state => Run(a, (T)state)))],
            Check = Check is null ? null : state => Answer((T)state),
            Content = Describe is { } describe ? state => describe((T)state) : null,
            Text = name,
            StallLimit = StallLimit,
        };
    }

    private object Create()
    {
        try
        {
            return Setup() ?? throw new InvalidOperationException("It made nothing.");
        }
        catch (Exception error)
        {
            throw new RaceModelException($"The setup of the race threw {error.GetType().Name}: {error.Message} No actor was run on what it did not make.", error);
        }
    }

    private CheckAnswer Answer(T state)
    {
        string? text = null;
        try
        {
            text = Describe?.Invoke(state);
            return new CheckAnswer(Check!(state), text);
        }
        catch (Exception failure)
        {
            string message = SafeText.Line(string.Join(' ', failure.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), 200);
            return new CheckAnswer(false, text is null ? message : $"{text}; {message}");
        }
    }

    private static OperationReport Run(Action<T> actor, T state)
    {
        try
        {
            actor(state);
            return OperationReport.Quiet;
        }
        catch (Exception error) when (error is not RunStoppedException)
        {
            return new OperationReport(null, [OperationFault.Of(error, PositionOf(error))]);
        }
    }

    // Where the user's code was, and not the code it called.
    private static string? PositionOf(Exception error)
    {
        foreach (var frame in new StackTrace(error, fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetFileName() is { } file && frame.GetMethod()?.Module.Assembly is { } assembly && assembly != typeof(OwnRace).Assembly && assembly != typeof(GuardedMap).Assembly)
                return string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)}, line {frame.GetFileLineNumber()}");
        }

        return null;
    }

    private static void RequireSynchronous(Action<T> actor, int number)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (actor.Method.GetCustomAttribute<AsyncStateMachineAttribute>() is null) return;
        throw new ArgumentException($"Actor {Schedule.Letter(number)} is async: what comes after its first await runs on threads that nobody schedules, and what it does there would be called explored and was not. Give a synchronous delegate; wait for a task by its Wait, and its work stays outside of what is explored.", nameof(actor));
    }

    private static void RequireNames(IReadOnlyList<string>? names, int actors)
    {
        if (names is not null && names.Count != actors)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"There are {names.Count} names for {actors} actors. Give one for each, or none."), nameof(names));
    }

    private static void RequireTokenName(string name)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new ArgumentException($"'{SafeText.Line(name)}' cannot be part of a token. Name the race with letters, digits, - and _.", nameof(name));
    }

    // IDictionary<string, int> is a Dictionary.
    private static string NameOf(Type type) => new([.. (type.IsInterface && type.Name.Length > 1 ? Plain(type)[1..] : Plain(type)).Where(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')]);

    private static string Plain(Type type) => type.IsGenericType ? type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)] : type.Name;

    private static string NameOf(Action<T> actor, int number) =>
        actor.Method.Name.Contains('<', StringComparison.Ordinal) ? LocalNameOf(actor.Method.Name) ?? string.Create(CultureInfo.InvariantCulture, $"actor {number + 1}") : actor.Method.Name;

    // A local function is called <Outer>g__Name|0_0 by the compiler.
    private static string? LocalNameOf(string name)
    {
        int from = name.IndexOf(">g__", StringComparison.Ordinal);
        int to = name.IndexOf('|', StringComparison.Ordinal);
        return from >= 0 && to > from ? name[(from + 4)..to] : null;
    }
}
