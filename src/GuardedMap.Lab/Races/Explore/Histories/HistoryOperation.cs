using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>What an operation of a history did.</summary>
public enum HistoryVerb
{
    /// <summary>Looked a key up; the result is the value, or null when it was not there.</summary>
    Get,

    /// <summary>Stored a value under a key.</summary>
    Set,

    /// <summary>Removed a key; the result is 1 when it was there, else 0.</summary>
    Remove,

    /// <summary>Asked for the number of entries; the result is it.</summary>
    Count,

    /// <summary>Removed every key.</summary>
    Clear,

    /// <summary>Added its value to that of a key in one operation, counting a missing key as 0; the result is the sum.</summary>
    Add,

    /// <summary>Stored a value under a key that was not there; the result is 1 when it was stored, 0 when the key was there.</summary>
    TryAdd,

    /// <summary>Stored a value under a key that had a certain value, <see cref="HistoryOperation.Compared"/>; the result is 1 when it was stored, else 0.</summary>
    TryUpdate,

    /// <summary>Looked a key up and stored a value if it was not there; the result is the value that is there then.</summary>
    GetOrAdd,

    /// <summary>Removed a key; the result is the value it had, or null when it was not there.</summary>
    Take,

    /// <summary>Read every entry as of one moment; the answer is <see cref="HistoryOperation.Content"/>.</summary>
    ReadAll,

    /// <summary>Stored several values as one operation: <see cref="HistoryOperation.Content"/>.</summary>
    SetAll,
}

/// <summary>
/// One operation of one actor: what was asked, what was answered, and between which two moments it took place. Moments are
/// numbers that grow; two operations overlap when neither returned before the other was invoked.
/// </summary>
/// <param name="Actor">Who.</param>
/// <param name="Verb">What.</param>
/// <param name="Key">On which key; without meaning for <see cref="HistoryVerb.Count"/> and <see cref="HistoryVerb.Clear"/>.</param>
/// <param name="Value">The value stored by a <see cref="HistoryVerb.Set"/>, or added by an <see cref="HistoryVerb.Add"/>.</param>
/// <param name="Result">The answer, or null; see <see cref="HistoryVerb"/>.</param>
/// <param name="Invoked">When it was called.</param>
/// <param name="Returned">
/// When it came back; null when it never did. Such an operation may have taken effect or not, and its result is not
/// looked at. An operation that was refused with an error and left no trace does not belong into a history.
/// </param>
public sealed record HistoryOperation(int Actor, HistoryVerb Verb, int Key, long Value, long? Result, long Invoked, long? Returned)
{
    /// <summary>The value that a <see cref="HistoryVerb.TryUpdate"/> compared with.</summary>
    public long Compared { get; init; }

    /// <summary>What a <see cref="HistoryVerb.ReadAll"/> has read, or a <see cref="HistoryVerb.SetAll"/> stored.</summary>
    public IReadOnlyDictionary<int, long>? Content { get; init; }

    /// <summary>Whether it is about all keys, so that a history with it is searched as a whole.</summary>
    internal bool IsOfAllKeys => Verb is HistoryVerb.Count or HistoryVerb.Clear or HistoryVerb.ReadAll or HistoryVerb.SetAll;

    /// <inheritdoc/>
    public override string ToString()
    {
        string content = Content is null ? "" : $"{{{string.Join(", ", Content.OrderBy(e => e.Key).Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Key}: {e.Value}")))}}}";
        string call = Verb switch
        {
            HistoryVerb.SetAll => $"Set({content})",
            HistoryVerb.Set => string.Create(CultureInfo.InvariantCulture, $"Set({Key}, {Value})"),
            HistoryVerb.Count or HistoryVerb.Clear or HistoryVerb.ReadAll => Verb.ToString(),
            HistoryVerb.TryUpdate => string.Create(CultureInfo.InvariantCulture, $"TryUpdate({Key}, {Value}, if {Compared})"),
            HistoryVerb.TryAdd or HistoryVerb.GetOrAdd => string.Create(CultureInfo.InvariantCulture, $"{Verb}({Key}, {Value})"),
            HistoryVerb.Add => string.Create(CultureInfo.InvariantCulture, $"Add({Key}, {Value})"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{Verb}({Key})"),
        };
        string answer = (Verb, Result) switch
        {
            _ when Returned is null => " never returned",
            (HistoryVerb.Set or HistoryVerb.Clear or HistoryVerb.SetAll, _) => "",
            (HistoryVerb.Get or HistoryVerb.Take, null) => " = missing",
            (HistoryVerb.TryAdd or HistoryVerb.TryUpdate, _) => Result == 1 ? " = stored" : " = not stored",
            (HistoryVerb.ReadAll, _) => $" = {content}",
            (HistoryVerb.Remove, _) => Result == 1 ? " = removed" : " = missing",
            _ => string.Create(CultureInfo.InvariantCulture, $" = {Result}"),
        };
        return $"{Schedule.Letter(Actor)}: {call}{answer}";
    }
}
