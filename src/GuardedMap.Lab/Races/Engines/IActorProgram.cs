namespace GuardedMaps.Lab;

/// <summary>
/// What one actor does, as a recipe: from fresh shared state it makes the actor's run, again and again, once for each schedule.
/// </summary>
/// <typeparam name="TState">What the actors share.</typeparam>
internal interface IActorProgram<TState>
{
    /// <summary>Who this is, for people.</summary>
    string Name { get; }

    /// <summary>
    /// The actor's run. Each element is the footprint of the access the actor makes <em>next</em>; asking for the element
    /// after it makes that access. Before the first element nothing shared may be touched, and what the run does
    /// must depend on <paramref name="state"/> alone: no clock, no random numbers, nothing left from an earlier run.
    /// </summary>
    IEnumerator<Footprint> Run(TState state);
}

/// <summary>A program given as a delegate, which is what a C# iterator method is.</summary>
internal sealed class ActorProgram<TState>(string name, Func<TState, IEnumerator<Footprint>> run) : IActorProgram<TState>
{
    public string Name { get; } = name;

    public IEnumerator<Footprint> Run(TState state) => run(state);
}
