using System.Globalization;

namespace GuardedMaps.Lab;

// A model is a race cut into steps.
//
//             setup            steps, in the order a schedule says             oracle
//   model ---> state + actors ---> A A B A B B ... until all are finished ---> outcome
//
// A schedule is a list of actors, one for each step. Everything the lab claims rests on one property: the same
// schedule always runs the same way. Therefore each schedule gets fresh state and fresh actors, an actor's code runs only
// between two of its yields, and nothing in it asks for the time, a thread or a random number. The search checks the
// property as it goes: it runs every prefix many times, and compares who could go on and what the step was.
//
// Steps happen one at a time, each as a whole. What is explored are thus the sequentially consistent orders; what a
// processor does beyond them is the free race's part.

/// <summary>A race cut into steps, which can be run by any schedule.</summary>
public abstract class RaceModel
{
    internal const int MaxActors = 8;

    private protected RaceModel(string scenario, string target, RaceGrain grain, int version, ulong seed, YieldPointCatalogue points, IReadOnlyList<string> actors, IReadOnlyList<int>? lengths)
    {
        if (actors.Count is < 1 or > MaxActors)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"The model {scenario}:{target} has {actors.Count} actors. Give 1 to {MaxActors}; more cannot be explored in any useful time."), nameof(actors));
        if (lengths is not null && (lengths.Count != actors.Count || lengths.Any(l => l < 1)))
            throw new ArgumentException($"The model {scenario}:{target} must give one length of at least 1 for each of its actors, or none at all when the lengths vary.", nameof(lengths));
        RequireTokenName(scenario, nameof(scenario));
        RequireTokenName(target, nameof(target));
        (Scenario, Target, Grain, Version, Seed, Points, Actors, Lengths) = (scenario, target, grain, version, seed, points, actors, lengths);
    }

    /// <summary>The scenario's name.</summary>
    public string Scenario { get; }

    /// <summary>What the scenario is run on: the second word of a token.</summary>
    public string Target { get; }

    /// <summary>How small its steps are.</summary>
    public RaceGrain Grain { get; }

    /// <summary>Raised whenever the steps or the setup change; it makes older tokens stale.</summary>
    public int Version { get; }

    /// <summary>The seed of the setup; 0 where the setup has nothing to choose.</summary>
    public ulong Seed { get; }

    /// <summary>The yield points of the actors.</summary>
    internal YieldPointCatalogue Points { get; }

    /// <summary>The actors' names. In a schedule they are A, B, C and so on.</summary>
    public IReadOnlyList<string> Actors { get; }

    /// <summary>How many steps each actor makes, where that is the same in every schedule; else null.</summary>
    public IReadOnlyList<int>? Lengths { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{Scenario}:{Target}";

    /// <summary>How the model is searched where nobody says otherwise: so that the shares are exact, of all schedules if there is any way.</summary>
    internal virtual ExploreOptions Search => new();

    internal abstract RaceRun CreateRun();

    private static void RequireTokenName(string name, string parameter)
    {
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            throw new ArgumentException($"'{name}' cannot be part of a token. Use letters, digits, '-' and '_'.", parameter);
    }
}

/// <summary>A model whose actors share a <typeparamref name="TState"/>.</summary>
internal abstract class RaceModel<TState>(
    string scenario, string target, RaceGrain grain, int version, YieldPointCatalogue points, IReadOnlyList<IActorProgram<TState>> programs, IReadOnlyList<int>? lengths = null, ulong seed = 0)
    : RaceModel(scenario, target, grain, version, seed, points, [.. programs.Select(p => p.Name)], lengths)
{
    internal IReadOnlyList<IActorProgram<TState>> Programs { get; } = programs;

    /// <summary>Makes fresh shared state.</summary>
    internal abstract TState Setup();

    /// <summary>Names the outcome once all actors are finished. The same state must get an equal outcome.</summary>
    internal abstract ScheduleOutcome Judge(TState state);

    /// <summary>
    /// Told of an exception that ended an actor. True when the actor may end so, as one whose write was refused does; the
    /// state then knows of it for <see cref="Judge"/>. False when it is a bug, which stops the search.
    /// </summary>
    internal virtual bool AcceptFault(TState state, int actor, Exception error) => false;

    /// <summary>A footprint's memory in words, for pictures.</summary>
    internal virtual string NameOf(Footprint footprint) => Points[footprint.Point].LocationClass;

    /// <summary>What lies there now, for pictures; null where there is nothing to show.</summary>
    internal virtual string? ValueAt(TState state, Footprint footprint) => null;

    /// <summary>The operation an actor is in.</summary>
    internal virtual string OperationOf(TState state, int actor) => Actors[actor];

    /// <summary>What there is to say about the step an actor has just made; null for most steps.</summary>
    internal virtual string? NoteOf(TState state, int actor) => null;

    /// <summary>The operations so far and their answers.</summary>
    internal virtual IReadOnlyList<HistoryOperation> HistoryOf(TState state) => [];

    internal override RaceRun CreateRun() => new RaceRun<TState>(this);
}
