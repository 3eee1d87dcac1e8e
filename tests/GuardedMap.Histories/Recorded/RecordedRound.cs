using System.Globalization;
using GuardedMaps.Lab;

namespace GuardedMaps.Tests.Histories;

/// <summary>
/// A round of operations by several threads on a few keys, and its judgement: whether some order of the operations explains every answer,
/// and what is left in the map.
/// </summary>
/// <param name="threads">How many threads.</param>
/// <param name="keys">How many keys they meet on.</param>
/// <param name="operations">How many operations in all.</param>
/// <param name="ofAllKeys">Whether Clear, Count and whole iterations are among them: then the history is searched as a whole.</param>
internal sealed class RecordedRound(int threads, int keys, int operations, bool ofAllKeys)
{
    public const int MaxKeys = 16;

    private static readonly Verb[] s_ofOneKey =
        [Verb.Get, Verb.Get, Verb.Set, Verb.Set, Verb.TryAdd, Verb.TryUpdate, Verb.GetOrAdd, Verb.Increment, Verb.Take, Verb.Take];

    public int Threads => threads;

    /// <summary>Runs the round. Null if all is well, else what is not.</summary>
    public string? Run(MapFace<int> map, ActorCrew crew, RaceRandom random, ref Dictionary<int, long> content, out int recorded, out int overlapping)
    {
        var clock = new HistoryClock(threads);
        var steps = Draw(map, random);
        var actors = steps.Select((s, i) => new HistoryRecorder(i, map, s, clock)).ToArray();
        crew.Run(actor => actors[actor].Run());

        var history = actors.SelectMany(a => a.Operations).ToList();
        (recorded, overlapping) = (history.Count, Overlapping(history));
        if (actors.FirstOrDefault(a => a.Error is not null) is { Error: { } error }) return $"an operation threw {error.GetType().Name}: {error.Message}";
        var left = new Dictionary<int, long>();
        for (int key = 0; key < keys; key++)
        {
            if (map.Get(key) is { } value) left.Add(key, value);
            history.Add(new(0, Verb.Get, key, 0, map.Get(key), clock.Stamp(), clock.Stamp()));
        }

        var before = content;
        content = left;
        return Rest(map, left) ?? Explain(history, before);
    }

    // Now that nobody is near it, looking up, iterating and counting must agree.
    private static string? Rest(MapFace<int> map, Dictionary<int, long> left)
    {
        var shown = map.Entries().OrderBy(e => e.Key).ToList();
        if (!shown.SequenceEqual(left.OrderBy(e => e.Key))) return $"lookups find {Text(left)}, an iteration shows {Text(shown)}";
        if (map.Count != left.Count) return string.Create(CultureInfo.InvariantCulture, $"there are {left.Count} entries, and Count is {map.Count}");
        try
        {
            map.CheckInvariants();
            return null;
        }
        catch (InvalidOperationException error)
        {
            return error.Message;
        }
    }

    // How many operations were under way together with one of another thread.
    private static int Overlapping(List<HistoryOperation> history) =>
        history.Count(a => history.Exists(b => b.Actor != a.Actor && b.Invoked < a.Returned && a.Invoked < b.Returned));

    private static string? Explain(List<HistoryOperation> history, Dictionary<int, long> before)
    {
        var result = Linearizability.Check(history, before);
        return result.Linearizable ? null : $"at first {Text(before)}; {result}\nThe history:\n{string.Join('\n', history.OrderBy(o => o.Invoked).Select(o => string.Create(CultureInfo.InvariantCulture, $"  {o.Invoked,4} to {o.Returned,4}  {o}")))}";
    }

    private static string Text(IEnumerable<KeyValuePair<int, long>> content) =>
        $"{{{string.Join(", ", content.OrderBy(e => e.Key).Select(e => string.Create(CultureInfo.InvariantCulture, $"{e.Key}: {e.Value}")))}}}";

    private RecordedStep[][] Draw(MapFace<int> map, RaceRandom random)
    {
        // What is searched together must stay below what can be; the lookups at the end count too.
        int most = Linearizability.MaxOperations - 1 - (ofAllKeys ? keys : 1);
        int[] ofKey = new int[keys];
        int inAll = 0;
        var steps = new List<RecordedStep>[threads];
        for (int i = 0; i < threads; i++) steps[i] = [];
        for (int i = 0; i < operations; i++)
        {
            var step = DrawStep(map, random, i);
            bool isOfAll = step.Verb is Verb.Clear or Verb.Count or Verb.Iterate;
            int parts = step.Verb == Verb.Iterate && !map.IterationIsOneMoment ? keys : 1;
            if (ofAllKeys ? inAll + parts > most : isOfAll ? ofKey.Max() + 1 > most : ofKey[step.Key] + 1 > most) continue;
            inAll += parts;
            if (!isOfAll) ofKey[step.Key]++;
            else for (int key = 0; key < keys; key++) ofKey[key]++;
            steps[random.Next(threads)].Add(step);
        }

        return [.. steps.Select(s => s.ToArray())];
    }

    private RecordedStep DrawStep(MapFace<int> map, RaceRandom random, int number)
    {
        long value = 1000 + number;
        if (random.Next(8) == 0)
        {
            int kind = random.Next(4);
            if (ofAllKeys && kind == 0) return new(Verb.Clear, 0, 0);
            if (ofAllKeys && kind == 1 && map.CountIsExact) return new(Verb.Count, 0, 0);
            // An iteration that shows one moment is about all keys; another is a lookup of each, and may stand in every history.
            if (ofAllKeys || !map.IterationIsOneMoment) return new(Verb.Iterate, 0, keys);
        }

        var verb = s_ofOneKey[random.Next(s_ofOneKey.Length)];
        if (verb == Verb.TryUpdate && !map.HasTryUpdate) verb = Verb.Increment;
        return new(verb, random.Next(keys), verb == Verb.Increment ? 1 : value);
    }
}
