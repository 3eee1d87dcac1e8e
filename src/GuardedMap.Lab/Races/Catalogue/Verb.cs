using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>What an operation does: in the programs of scenarios, in the actors' records, and in the histories that are judged.</summary>
public enum Verb : byte
{
    /// <summary>Looks a key up; the answer is the value, or null when it was not there.</summary>
    Get,

    /// <summary>Stores a value under a key.</summary>
    Set,

    /// <summary>
    /// Stores what the actor has read last, and something more: the second half of <c>$m[k]++</c>. To the map it is a <see cref="Set"/>, and so it is
    /// recorded. A key that was missing counts as 0.
    /// </summary>
    SetRead,

    /// <summary>Removes a key; the answer is 1 when it was there, else 0.</summary>
    Remove,

    /// <summary>Removes a key; the answer is the value it had, or null when it was not there.</summary>
    Take,

    /// <summary>Removes every key.</summary>
    Clear,

    /// <summary>Asks for the number of entries; the answer is it.</summary>
    Count,

    /// <summary>Adds to a key's value in one operation, counting a missing key as 0; the answer is the sum.</summary>
    Increment,

    /// <summary>Stores a value under a key that is not there; the answer is 1 when it was stored, 0 when the key was there.</summary>
    TryAdd,

    /// <summary>Stores a value under a key that has a certain value, <see cref="Operation.Compared"/>; the answer is 1 when it was stored, else 0.</summary>
    TryUpdate,

    /// <summary>Looks a key up and stores a value if it is not there; the answer is the value that is there then.</summary>
    GetOrAdd,

    /// <summary>Adds to a key's value by a function of what is there, counting a missing key as 0. In records it is the <see cref="Increment"/> that it is.</summary>
    AddOrUpdate,

    /// <summary>Stores several values as one operation.</summary>
    SetAll,

    /// <summary>Makes room for so many entries, or gives back what is not needed where it is 0. What the map holds stays.</summary>
    Resize,

    /// <summary>A whole iteration. In a history it is there as one where it shows one moment of the map, with everything it shows.</summary>
    Iterate,

    /// <summary>A whole <c>foreach</c> as C# has it: the lease has no name, it is only counted.</summary>
    ForEach,

    /// <summary>A copy of everything, in the way of a caller who knows only that the map is a collection: asks for Count, and copies into an array of that length.</summary>
    Copy,

    /// <summary>Begins an iteration, which <see cref="Next"/> steps.</summary>
    Begin,

    /// <summary>One step of an iteration; the answer is an entry, or else it is recorded as <see cref="End"/>.</summary>
    Next,

    /// <summary>Steps an iteration until it is over, and ends it.</summary>
    Finish,

    /// <summary>A step of an iteration that said it is over. Only in records.</summary>
    End,

    /// <summary>Spins for some turns, to shift real threads against each other. Only in races with real threads.</summary>
    Pause,
}

/// <summary>One operation of an actor's program.</summary>
/// <param name="Verb">What it does.</param>
/// <param name="Key">On which key; without meaning for verbs that are about all keys.</param>
/// <param name="Value">What it stores or adds, or how long it spins.</param>
/// <param name="Compared">What a <see cref="Verb.TryUpdate"/> compares with.</param>
public readonly record struct Operation(Verb Verb, int Key = 0, long Value = 0, long Compared = 0)
{
    /// <summary>What a <see cref="Verb.SetAll"/> stores.</summary>
    public IReadOnlyDictionary<int, long>? Entries { get; init; }

    /// <summary>Of an iteration: what shall happen to a writer meanwhile, on a map that asks.</summary>
    public IterationContract Contract { get; init; }

    /// <summary>True for the verbs that change the map.</summary>
    public bool IsWrite => Verb is Verb.Set or Verb.SetRead or Verb.Remove or Verb.Take or Verb.Clear or Verb.Increment or Verb.TryAdd or Verb.TryUpdate or Verb.GetOrAdd or Verb.AddOrUpdate or Verb.SetAll or Verb.Resize;

    /// <summary>True for the verbs that count up instead of replacing.</summary>
    public bool IsAddition => Verb is Verb.SetRead or Verb.Increment or Verb.AddOrUpdate;

    /// <summary>True for the verbs that are about no key in particular.</summary>
    public bool IsOfAllKeys => Verb is Verb.Clear or Verb.Count or Verb.Resize or Verb.Iterate or Verb.ForEach or Verb.Copy or Verb.Begin or Verb.Next or Verb.Finish or Verb.End or Verb.Pause;

    /// <inheritdoc/>
    public override string ToString() => Verb switch
    {
        Verb.Clear or Verb.Count or Verb.Copy => Verb.ToString(),
        Verb.Iterate => Contract == IterationContract.Snapshot ? "iterate a snapshot" : "iterate",
        Verb.ForEach => "foreach",
        Verb.Resize => Value == 0 ? "TrimExcess" : FormattableString.Invariant($"EnsureCapacity({Value})"),
        Verb.Begin => "begin iteration",
        Verb.Next or Verb.End => "MoveNext",
        Verb.Finish => "finish iteration",
        Verb.SetAll => $"Write({string.Join(", ", Entries!.OrderBy(e => e.Key).Select(e => FormattableString.Invariant($"{e.Key}: {e.Value}")))})",
        Verb.SetRead => string.Create(CultureInfo.InvariantCulture, $"Set({Key}, read + {Value})"),
        Verb.Set or Verb.TryAdd or Verb.GetOrAdd => FormattableString.Invariant($"{Verb}({Key}, {Value})"),
        Verb.TryUpdate => FormattableString.Invariant($"TryUpdate({Key}, {Value}, if {Compared})"),
        Verb.Take => FormattableString.Invariant($"Remove({Key})"),
        _ => FormattableString.Invariant($"{Verb}({Key})"),
    };
}
