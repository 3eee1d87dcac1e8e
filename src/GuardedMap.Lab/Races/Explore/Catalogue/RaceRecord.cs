namespace GuardedMaps.Lab;

/// <summary>What an operation of a race was.</summary>
internal enum MapVerb : byte
{
    Get,
    Set,
    Remove,
    Clear,
    Increment,

    /// <summary>One step of an iteration that gave an entry.</summary>
    Visit,

    /// <summary>One step of an iteration that said it is over.</summary>
    End,

    /// <summary>The beginning of an iteration.</summary>
    Begin,
}

/// <summary>One operation of one actor in one schedule.</summary>
internal struct RaceRecord
{
    public MapVerb Verb;
    public byte Actor;

    /// <summary>Which of the actor's iterations, where the operation is part of one.</summary>
    public byte Iteration;

    /// <summary>Whether there is a result: a key that was found, an entry that was removed.</summary>
    public bool Found;

    /// <summary>Whether it came back at all; one that was refused did not.</summary>
    public bool Returned;

    public int Key;

    /// <summary>The value stored, added or found; of the beginning of an iteration, its contract.</summary>
    public long Value;

    /// <summary>The step in which it made its first access; 0 as long as it made none.</summary>
    public int FirstStep;

    /// <summary>The step in which it came back.</summary>
    public int LastStep;

    public override readonly string ToString() => Verb switch
    {
        MapVerb.Set => FormattableString.Invariant($"Set({Key}, {Value})"),
        MapVerb.Clear => "Clear",
        MapVerb.Increment => FormattableString.Invariant($"Increment({Key})"),
        MapVerb.Begin => "begin iteration",
        MapVerb.Visit or MapVerb.End => "MoveNext",
        _ => FormattableString.Invariant($"{Verb}({Key})"),
    };
}
