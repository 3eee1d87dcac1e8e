namespace GuardedMaps.Lab;

/// <summary>What the map answered to one step.</summary>
internal enum StepAnswer : byte
{
    /// <summary>The step has not been made.</summary>
    None,

    /// <summary>The operation returned: the map has acknowledged it.</summary>
    Acknowledged,

    /// <summary>The operation threw.</summary>
    Raised,
}

/// <summary>One iteration as an actor saw it.</summary>
internal sealed class IterationLog
{
    /// <summary>Every entry shown, in order. Keys are nullable because a damaged map may show a slot that was never filled.</summary>
    public List<KeyValuePair<string?, long>> Shown { get; } = [];

    /// <summary>True when the iteration came to its end without an exception.</summary>
    public bool Completed { get; set; }

    /// <summary>True when the actor gave up because far more entries were shown than ever existed.</summary>
    public bool RanAway { get; set; }
}

/// <summary>
/// What one actor saw. Written by the actor's thread alone and read by others only after the crew has met at the end of
/// the trial, except <see cref="Beats"/> and <see cref="Position"/>, which the stall watch reads while the race goes on.
/// </summary>
internal sealed class ActorLog(RaceActor actor)
{
    private long _beats;
    private int _position;

    public RaceActor Actor { get; } = actor;

    public StepAnswer[] Answers { get; } = new StepAnswer[actor.Steps.Count];

    public List<IterationLog> Iterations { get; } = [];

    public Dictionary<string, long> Errors { get; } = new(StringComparer.Ordinal);

    public string? FirstError { get; private set; }

    /// <summary>Steps made and entries visited; rises as long as the actor lives.</summary>
    public long Beats => Volatile.Read(ref _beats);

    /// <summary>The step the actor stands in, or the number of steps when it is through.</summary>
    public int Position { get => Volatile.Read(ref _position); set => Volatile.Write(ref _position, value); }

    /// <summary>A sign of life. Only the actor's own thread writes, so no interlocked operation disturbs the race.</summary>
    public void Beat() => Volatile.Write(ref _beats, _beats + 1);

    public void Raise(int step, Exception error)
    {
        Answers[step] = StepAnswer.Raised;
        string name = error is MapViolationException violation ? violation.Kind.ToString() : error.GetType().Name;
        Errors[name] = Errors.GetValueOrDefault(name) + 1;
        FirstError ??= error is MapViolationException ? error.Message : $"{error.GetType().Name}: {error.Message}";
    }

    /// <summary>Says what the actor is doing right now, for the report of a hang.</summary>
    public string Describe(RacePlan plan)
    {
        int position = Position;
        if (position >= Actor.Steps.Count) return $"{Actor.Name} was through";
        var step = Actor.Steps[position];
        string where = $"step {position + 1} of {Actor.Steps.Count}";
        return step.Verb switch
        {
            Verb.Iterate => $"{Actor.Name} stood in an iteration ({where})",
            Verb.Copy => $"{Actor.Name} stood in a copy ({where})",
            Verb.Pause => $"{Actor.Name} stood in a pause ({where})",
            _ => $"{Actor.Name} stood in {step.Verb} of key '{plan.Keys[step.Key]}' ({where})",
        };
    }
}
