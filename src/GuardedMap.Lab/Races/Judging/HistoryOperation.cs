using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>
/// One operation of one actor: what was asked, what was answered, and between which two moments it took place. Moments are
/// numbers that grow; two operations overlap when neither returned before the other was invoked.
/// </summary>
/// <param name="Actor">Who.</param>
/// <param name="Verb">What.</param>
/// <param name="Key">On which key; without meaning for <see cref="Verb.Count"/> and <see cref="Verb.Clear"/>.</param>
/// <param name="Value">The value stored by a <see cref="Verb.Set"/>, or added by an <see cref="Verb.Increment"/>.</param>
/// <param name="Result">The answer, or null; see <see cref="Verb"/>.</param>
/// <param name="Invoked">When it was called.</param>
/// <param name="Returned">
/// When it came back; null when it never did. Such an operation may have taken effect or not, and its result is not
/// looked at. An operation that was refused with an error and left no trace does not belong into a history.
/// </param>
public sealed record HistoryOperation(int Actor, Verb Verb, int Key, long Value, long? Result, long Invoked, long? Returned)
{
    /// <summary>The value that a <see cref="Verb.TryUpdate"/> compared with.</summary>
    public long Compared { get; init; }

    /// <summary>What a <see cref="Verb.Iterate"/> has read, or a <see cref="Verb.SetAll"/> stored.</summary>
    public IReadOnlyDictionary<int, long>? Content { get; init; }

    /// <summary>Whether it is about all keys, so that a history with it is searched as a whole.</summary>
    internal bool IsOfAllKeys => Verb is Verb.Count or Verb.Clear or Verb.Iterate or Verb.SetAll;

    /// <inheritdoc/>
    public override string ToString()
    {
        string content = Content is null ? "" : $"{{{string.Join(", ", Content.OrderBy(e => e.Key).Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Key}: {e.Value}")))}}}";
        string call = Verb switch
        {
            Verb.SetAll => $"Set({content})",
            Verb.Set => string.Create(CultureInfo.InvariantCulture, $"Set({Key}, {Value})"),
            Verb.Count or Verb.Clear or Verb.Iterate => Verb.ToString(),
            Verb.TryUpdate => string.Create(CultureInfo.InvariantCulture, $"TryUpdate({Key}, {Value}, if {Compared})"),
            Verb.TryAdd or Verb.GetOrAdd => string.Create(CultureInfo.InvariantCulture, $"{Verb}({Key}, {Value})"),
            Verb.Increment => string.Create(CultureInfo.InvariantCulture, $"Increment({Key}, {Value})"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{Verb}({Key})"),
        };
        string answer = (Verb, Result) switch
        {
            _ when Returned is null => " never returned",
            (Verb.Set or Verb.Clear or Verb.SetAll, _) => "",
            (Verb.Get or Verb.Take, null) => " = missing",
            (Verb.TryAdd or Verb.TryUpdate, _) => Result == 1 ? " = stored" : " = not stored",
            (Verb.Iterate, _) => $" = {content}",
            (Verb.Remove, _) => Result == 1 ? " = removed" : " = missing",
            _ => string.Create(CultureInfo.InvariantCulture, $" = {Result}"),
        };
        return $"{Schedule.Letter(Actor)}: {call}{answer}";
    }
}
