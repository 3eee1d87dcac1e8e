namespace GuardedMaps.Lab;

/// <summary>One operation of one actor in one schedule.</summary>
internal struct RaceRecord
{
    /// <summary>What it was. A step of an iteration is <see cref="Verb.Next"/> while it gives entries, and <see cref="Verb.End"/> when it says that it is over.</summary>
    public Verb Verb;
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

    /// <summary>What a <see cref="Verb.TryUpdate"/> compared with.</summary>
    public long Compared;

    /// <summary>What a <see cref="Verb.GetOrAdd"/> found or stored.</summary>
    public long Result;

    /// <summary>What an iteration of one moment has shown, or a <see cref="Verb.SetAll"/> stored; else null.</summary>
    public IReadOnlyDictionary<int, long>? Content;

    /// <summary>The step in which it made its first access; 0 as long as it made none.</summary>
    public int FirstStep;

    /// <summary>The step in which it came back.</summary>
    public int LastStep;

    public override readonly string ToString() => Verb switch
    {
        Verb.Set or Verb.TryAdd or Verb.TryUpdate or Verb.GetOrAdd => FormattableString.Invariant($"{Verb}({Key}, {Value})"),
        Verb.Clear => "Clear",
        Verb.Increment => FormattableString.Invariant($"Increment({Key})"),
        Verb.Resize => "Resize",
        Verb.Begin => "begin iteration",
        Verb.Next or Verb.End => "MoveNext",
        _ => FormattableString.Invariant($"{Verb}({Key})"),
    };
}
