using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>
/// What the actors of a race were answered, as one history, whichever engine has run it: lookups and writes as they are, each visit of an iteration as a lookup within its own
/// step, and an iteration of one moment as one operation.
/// </summary>
internal static class RaceHistory
{
    /// <summary>The history, in the order in which the operations were called.</summary>
    public static IEnumerable<HistoryOperation> Of(IEnumerable<IActorEnding> actors) =>
        actors.SelectMany(a => a.Records).Select(Of).Where(o => o is not null).Select(o => o!).OrderBy(o => o.Invoked);

    /// <summary>A record as a part of a history; null for one that is none.</summary>
    public static HistoryOperation? Of(RaceRecord record)
    {
        if (!record.Returned) return null;
        return record.Verb switch
        {
            Verb.Get or Verb.Next => Made(Verb.Get, 0, record.Found ? record.Value : null),
            Verb.Set => Made(Verb.Set, record.Value, null),
            Verb.Remove => Made(Verb.Remove, 0, record.Found ? 1 : 0),
            Verb.Take => Made(Verb.Take, 0, record.Found ? record.Value : null),
            Verb.Increment => Made(Verb.Increment, 1, record.Value),
            Verb.TryAdd or Verb.TryUpdate => Made(record.Verb, record.Value, record.Found ? 1 : 0) with { Compared = record.Compared },
            Verb.GetOrAdd => Made(Verb.GetOrAdd, record.Value, record.Result),
            Verb.Clear => Made(Verb.Clear, 0, null),
            Verb.Count => Made(Verb.Count, 0, record.Value),
            Verb.Iterate or Verb.SetAll when record.Content is { } content => Made(record.Verb, 0, null) with { Content = content },
            _ => null,
        };

        HistoryOperation Made(Verb verb, long value, long? result) =>
            new(record.Actor, verb, verb is Verb.Clear or Verb.Count ? 0 : record.Key, value, result, 2L * record.FirstStep, (2L * record.LastStep) + 1);
    }

    /// <summary>What an operation on several keys is for one of them; null if it is nothing.</summary>
    public static HistoryOperation? OfKey(HistoryOperation operation, int key) => operation.Verb switch
    {
        Verb.Clear => operation,
        Verb.Count => null,
        Verb.SetAll => operation.Content!.TryGetValue(key, out long stored) ? operation with { Verb = Verb.Set, Key = key, Value = stored, Content = null } : null,
        Verb.Iterate => operation with { Verb = Verb.Get, Key = key, Result = operation.Content!.TryGetValue(key, out long shown) ? shown : null, Content = null },
        _ => operation.Key == key ? operation : null,
    };

    /// <summary>An operation's answer in words.</summary>
    public static string? Answer(RaceRecord record) => record.Verb switch
    {
        Verb.Get => record.Found ? string.Create(CultureInfo.InvariantCulture, $"Get({record.Key}) = {record.Value}") : string.Create(CultureInfo.InvariantCulture, $"Get({record.Key}) = missing"),
        Verb.Next => string.Create(CultureInfo.InvariantCulture, $"visits {record.Key} = {record.Value}"),
        Verb.End => "the iteration ends",
        Verb.Remove => record.Found ? string.Create(CultureInfo.InvariantCulture, $"removed {record.Key}") : string.Create(CultureInfo.InvariantCulture, $"{record.Key} is not there"),
        Verb.Increment => string.Create(CultureInfo.InvariantCulture, $"Increment({record.Key}) = {record.Value}"),
        Verb.GetOrAdd => string.Create(CultureInfo.InvariantCulture, $"GetOrAdd({record.Key}) = {record.Result}"),
        Verb.TryAdd or Verb.TryUpdate => $"{record} has stored {(record.Found ? "it" : "nothing")}",
        Verb.Begin => null,
        _ => $"{record} is done",
    };

    /// <summary>Adds to a key everything in the answers that a judgement can depend on: what was answered, and which operation came back before which began.</summary>
    public static void Fold(ReadOnlySpan<RaceRecord> records, List<long> key)
    {
        long order = 0;
        int bits = 0;
        for (int i = 0; i < records.Length; i++)
        {
            ref readonly var a = ref records[i];
            key.Add(((long)a.Verb << 56) | ((long)a.Actor << 48) | (a.Returned ? 2L << 40 : 0) | (a.Found ? 1L << 40 : 0) | ((long)a.Iteration << 32) | (uint)a.Key);
            key.Add(a.Value);
            if (a.Verb is Verb.TryUpdate or Verb.GetOrAdd) key.AddRange([a.Compared, a.Result]);
            if (a.Content is not null)
            {
                foreach (var (shown, value) in a.Content) key.AddRange([shown, value]);
            }

            for (int j = i + 1; j < records.Length; j++)
            {
                ref readonly var b = ref records[j];
                order = (order << 2) | (a.Returned && a.LastStep < b.FirstStep ? 1L : 0) | (b.Returned && b.LastStep < a.FirstStep ? 2L : 0);
                bits += 2;
                if (bits < 62) continue;
                key.Add(order);
                order = bits = 0;
            }
        }

        key.Add(order);
    }
}
