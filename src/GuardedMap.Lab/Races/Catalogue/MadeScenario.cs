using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab;

// Scenarios that nobody thought of. The catalogue holds the races that people have met; a fault that nobody has met yet needs programs that nobody has written. They
// are made by rule, smallest first, and each is told by its name, so a token of one says by itself what to run:
//
//     Made-AB-sArB-gA          A and B are in the map; one actor: Set A, Remove B; the other: Get A
//     Made-F-sA-x              only the filling is in the map, so many entries that one more makes the table grow; Set A against Clear
//
//     g Get   s Set   r Remove   i Increment   t TryAdd   o GetOrAdd       with a key A, B or C
//     x Clear   n Count   w a whole iteration
//
// Keys are 10, 11 and 12, and lie in one bucket while the table is small. Every value that is stored is another one, so that the judge knows who stored it.
// Programs that are the same but for the names of keys, or the order of actors, are made once.

/// <summary>A scenario that is made by rule, and is told by its name.</summary>
internal static class MadeScenario
{
    private const string Prefix = "Made-";
    private const int FirstKey = 10;
    private const int MostKeys = 3;
    private const int FirstFilling = 20;
    private const int TableSize = 8;

    private static readonly (char Letter, Verb Verb)[] s_letters =
    [
        ('g', Verb.Get), ('s', Verb.Set), ('r', Verb.Remove), ('i', Verb.Increment), ('t', Verb.TryAdd), ('o', Verb.GetOrAdd), ('x', Verb.Clear), ('n', Verb.Count), ('w', Verb.Iterate),
    ];

    /// <summary>The scenario of a name; null if it is not one of these.</summary>
    public static Scenario? Parse(string name)
    {
        if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return null;
        string[] parts = name[Prefix.Length..].Split('-');
        if (parts.Length is < 3 or > 4) return null;
        string there = parts[0].ToUpperInvariant();
        bool isFull = there.Contains('F', StringComparison.Ordinal);
        int[] keys = [.. there.Where(c => c is >= 'A' and < (char)('A' + MostKeys)).Select(c => FirstKey + c - 'A').Distinct().Order()];
        if (there != There(keys, isFull)) return null;
        var programs = new List<IReadOnlyList<Operation>>();
        foreach (string part in parts.Skip(1))
        {
            if (Program(part) is not { Count: > 0 } program) return null;
            programs.Add(program);
        }

        return Of(keys, isFull, programs);
    }

    /// <summary>Every program of a size, each once.</summary>
    /// <param name="sizes">How many operations each actor makes.</param>
    /// <param name="verbs">The verbs there may be.</param>
    public static IEnumerable<Scenario> All(IReadOnlyList<int> sizes, IReadOnlyCollection<Verb> verbs)
    {
        Operation[] alphabet = Alphabet(verbs);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        int total = sizes.Sum();
        var digits = new int[total];
        do
        {
            // Cheap to ask, and most are not: a name for each key in the order of its first use, and somebody who writes.
            Operation[] all = [.. digits.Select(d => alphabet[d])];
            if (!all.Any(o => o.IsWrite) || !IsInOrder(all)) continue;
            int used = all.Where(o => !o.IsOfAllKeys).Select(o => o.Key - FirstKey + 1).DefaultIfEmpty(0).Max();
            for (int present = 0; present < 1 << used; present++)
            {
                foreach (bool isFull in (bool[])[false, true])
                {
                    int[] keys = [.. Enumerable.Range(0, used).Where(k => (present & (1 << k)) != 0).Select(k => FirstKey + k)];
                    var programs = Cut(all, sizes);
                    if (seen.Add(Canonical(keys, isFull, programs))) yield return Of(keys, isFull, programs);
                }
            }
        }
        while (Advance(digits, alphabet.Length));
    }

    /// <summary>A program drawn at random.</summary>
    public static Scenario Draw(Random random, IReadOnlyList<int> sizes, IReadOnlyCollection<Verb> verbs)
    {
        Operation[] alphabet = Alphabet(verbs);
        while (true)
        {
            Operation[] all = [.. Enumerable.Range(0, sizes.Sum()).Select(_ => alphabet[random.Next(alphabet.Length)])];
            if (!all.Any(o => o.IsWrite)) continue;
            int[] keys = [.. Enumerable.Range(0, MostKeys).Where(_ => random.Next(2) == 0).Select(k => FirstKey + k)];
            return Of(keys, random.Next(3) == 0, Cut(all, sizes));
        }
    }

    private static Operation[] Alphabet(IReadOnlyCollection<Verb> verbs) =>
    [
        .. from letter in s_letters
           where verbs.Contains(letter.Verb)
           let whole = new Operation(letter.Verb)
           from operation in whole.IsOfAllKeys ? [whole] : Enumerable.Range(FirstKey, MostKeys).Select(k => new Operation(letter.Verb, k))
           select operation,
    ];

    private static Scenario Of(int[] keys, bool isFull, IReadOnlyList<IReadOnlyList<Operation>> programs)
    {
        // Each value another one: the actor, the place in its program, the key.
        IReadOnlyList<IReadOnlyList<Operation>> valued =
        [
            .. programs.Select((p, actor) => (IReadOnlyList<Operation>)[.. p.Select((o, at) => o with { Value = o.Verb == Verb.Increment ? 1 : (1000 * (actor + 1)) + (100 * at) + o.Key })]),
        ];
        int filling = isFull ? TableSize - keys.Length : 0;
        return new Scenario(Name(keys, isFull, programs), $"Made by rule: {string.Join(" | ", valued.Select(p => string.Join(", ", p)))}.")
        {
            Setup = [.. keys.Concat(Enumerable.Range(FirstFilling, filling)).Select(k => new Operation(Verb.Set, k, 10 * k))],
            Programs = valued,
            IsMade = true,
        };
    }

    private static string Name(int[] keys, bool isFull, IReadOnlyList<IReadOnlyList<Operation>> programs) =>
        $"{Prefix}{There(keys, isFull)}-{string.Join('-', programs.Select(Letters))}";

    private static string There(int[] keys, bool isFull)
    {
        string there = string.Concat(keys.Select(k => (char)('A' + k - FirstKey))) + (isFull ? "F" : "");
        return there.Length == 0 ? "0" : there;
    }

    private static string Letters(IReadOnlyList<Operation> program)
    {
        var text = new StringBuilder();
        foreach (Operation operation in program)
        {
            text.Append(s_letters.First(l => l.Verb == operation.Verb).Letter);
            if (!operation.IsOfAllKeys) text.Append((char)('A' + operation.Key - FirstKey));
        }

        return text.ToString();
    }

    private static List<Operation>? Program(string letters)
    {
        var program = new List<Operation>();
        for (int i = 0; i < letters.Length; i++)
        {
            int known = Array.FindIndex(s_letters, l => l.Letter == letters[i]);
            if (known < 0) return null;
            var operation = new Operation(s_letters[known].Verb);
            if (operation.IsOfAllKeys)
            {
                program.Add(operation);
                continue;
            }

            if (++i == letters.Length || letters[i] is < 'A' or >= (char)('A' + MostKeys)) return null;
            program.Add(operation with { Key = FirstKey + letters[i] - 'A' });
        }

        return program;
    }

    // The keys come by for the first time in their own order.
    private static bool IsInOrder(Operation[] all)
    {
        int next = FirstKey;
        foreach (Operation operation in all)
        {
            if (operation.IsOfAllKeys) continue;
            if (operation.Key > next) return false;
            if (operation.Key == next) next++;
        }

        return true;
    }

    // The least of the names that the same race has, with its actors in another order and its keys renamed.
    private static string Canonical(int[] keys, bool isFull, IReadOnlyList<IReadOnlyList<Operation>> programs)
    {
        string? least = null;
        foreach (IReadOnlyList<IReadOnlyList<Operation>> order in Orders(programs))
        {
            var names = new Dictionary<int, int>();
            IReadOnlyList<IReadOnlyList<Operation>> renamed =
            [
                .. order.Select(p => (IReadOnlyList<Operation>)[.. p.Select(o => o.IsOfAllKeys ? o : o with { Key = Named(o.Key) })]),
            ];
            int[] there = [.. keys.Select(Named).Order()];
            string name = Name(there, isFull, renamed);
            if (least is null || string.CompareOrdinal(name, least) < 0) least = name;

            int Named(int key)
            {
                if (!names.TryGetValue(key, out int name)) names[key] = name = FirstKey + names.Count;
                return name;
            }
        }

        return least!;
    }

    private static IEnumerable<IReadOnlyList<IReadOnlyList<Operation>>> Orders(IReadOnlyList<IReadOnlyList<Operation>> programs)
    {
        if (programs.Count < 2)
        {
            yield return programs;
            yield break;
        }

        for (int i = 0; i < programs.Count; i++)
        {
            foreach (var rest in Orders([.. programs.Where((_, at) => at != i)])) yield return [programs[i], .. rest];
        }
    }

    private static List<IReadOnlyList<Operation>> Cut(Operation[] all, IReadOnlyList<int> sizes)
    {
        var programs = new List<IReadOnlyList<Operation>>();
        int from = 0;
        foreach (int size in sizes)
        {
            programs.Add(all[from..(from + size)]);
            from += size;
        }

        return programs;
    }

    private static bool Advance(int[] digits, int alphabet)
    {
        for (int i = digits.Length - 1; i >= 0; i--)
        {
            if (++digits[i] < alphabet) return true;
            digits[i] = 0;
        }

        return false;
    }
}
