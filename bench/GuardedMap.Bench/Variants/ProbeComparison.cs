using System.Globalization;

namespace GuardedMaps.Bench.Variants;

/// <summary>
/// Shows what the probe costs where nobody watches: the machine code of find, set and remove from the core's sources as they are, beside the
/// machine code from the same sources without the probe.
/// </summary>
/// <remarks>
/// <para>
/// Two variants are made. One lacks the calls, which is the claim: empty calls vanish without a trace. The other lacks the parameter too,
/// which no caller of an inlined method notices, but an out-of-line one may: an empty struct still takes a register.
/// </para>
/// <para>
/// The code compared is that of the last tier. Profile-guided optimisation is off, because two runs never have quite the same profile.
/// </para>
/// </remarks>
internal static class ProbeComparison
{
    private const int LinesShown = 12;
    private const int Attempts = 5;

    private static readonly string[] s_keys = ["ulong", "System.__Canon"];
    private static readonly string[] s_operations = ["TryGetValue(", "set_Item(", "Remove("];

    /// <returns>True if find, set and remove have the same instructions, registers and order apart, with and without the calls.</returns>
    public static bool Run()
    {
        string folder = Path.Combine(Path.GetTempPath(), "guardedmap-probe-" + Guid.NewGuid().ToString("n"));
        try
        {
            string asIs = Listing(folder, "as-it-is", (source, _) => source);
            string again = Listing(folder, "as-it-is-again", (source, _) => source);
            int calls = 0;
            string withoutCalls = Listing(folder, "without-calls", (source, inTable) =>
            {
                string rewritten = ProbeRemover.Remove(source, parameters: false, inTable, out int removed);
                calls += removed;
                return rewritten;
            });
            if (calls == 0) throw new InvalidOperationException("No call of the probe was found in the sources, so there is nothing to compare.");
            string withoutParameter = Listing(folder, "without-parameter", (source, inTable) => ProbeRemover.Remove(source, parameters: true, inTable, out _));

            Console.WriteLine(Invariant($"{calls} calls of the probe taken out of src/GuardedMap.Core."));
            Console.WriteLine();
            Console.WriteLine("The control, the same sources once more:");
            Compare(MachineCode.Parse(asIs, forgetProbe: false), MachineCode.Parse(again, forgetProbe: false));
            Console.WriteLine();
            Console.WriteLine("Without the calls:");
            bool equal = Compare(MachineCode.Parse(asIs, forgetProbe: false), MachineCode.Parse(withoutCalls, forgetProbe: false));
            Console.WriteLine();
            Console.WriteLine("Without the parameter as well:");
            Compare(MachineCode.Parse(asIs, forgetProbe: true), MachineCode.Parse(withoutParameter, forgetProbe: true));
            Console.WriteLine();
            Console.WriteLine(equal
                ? "Find, set and remove have the same instructions with and without the calls of the probe."
                : "The instructions of find, set and remove DIFFER with and without the calls of the probe.");
            return equal;
        }
        finally
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    private static bool Compare(SortedDictionary<string, string[]> with, SortedDictionary<string, string[]> without)
    {
        bool equal = true;
        List<string> entrances = Entrances(with);
        int same = 0;
        foreach (string name in Reached(entrances, with))
        {
            string[] before = with[name];
            string[] after = without.GetValueOrDefault(name, []);
            string[] difference = [.. MachineCode.Difference(before, after)];
            bool sameInstructions = difference.Length == 0 || MachineCode.IsSameWork(before, after);
            bool isEntrance = entrances.Contains(name);
            if (sameInstructions && !isEntrance)
            {
                same++;
                continue;
            }

            equal &= sameInstructions || !isEntrance;
            string verdict = difference.Length == 0
                ? Invariant($"equal: {MachineCode.Instructions(before)} instructions")
                : sameInstructions
                ? Invariant($"same {MachineCode.Instructions(before)} instructions, other registers")
                : Invariant($"DIFFERS: {MachineCode.Instructions(before)} instructions, without {MachineCode.Instructions(after)}");
            Console.WriteLine($"  {verdict,-40} {(isEntrance ? "" : "  ")}{name}");
            if (sameInstructions) continue;
            foreach (string line in difference.Take(LinesShown)) Console.WriteLine("          " + line);
            if (difference.Length > LinesShown) Console.WriteLine(Invariant($"          ... and {difference.Length - LinesShown} lines more"));
        }

        Console.WriteLine(Invariant($"  the same: {same} other methods, which these call"));
        return equal;
    }

    /// <summary>
    /// The entrances and everything they call, directly or not, that is hot enough to have been compiled for good. What was inlined is part of
    /// its caller; that it may also exist alone, for callers long replaced, is of no interest.
    /// </summary>
    private static List<string> Reached(List<string> entrances, SortedDictionary<string, string[]> methods)
    {
        List<string> reached = [.. entrances];
        for (int next = 0; next < reached.Count; next++)
        {
            string[] called = [.. MachineCode.Calls(methods[reached[next]]).Distinct(StringComparer.Ordinal)];
            reached.AddRange(called.Where(name => methods.ContainsKey(name) && !reached.Contains(name)).ToArray());
        }

        return reached;
    }

    /// <summary>The methods a caller calls.</summary>
    /// <exception cref="InvalidDataException">One of them never reached the last tier, so that a comparison would be void.</exception>
    private static List<string> Entrances(SortedDictionary<string, string[]> methods)
    {
        var entrances = new List<string>();
        foreach (string key in s_keys)
        {
            foreach (string operation in s_operations)
            {
                string prefix = $"GuardedMapBase`2[{key},long]:{operation}";
                string[] found = [.. methods.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))];
                if (found.Length == 0) throw new InvalidDataException($"{prefix} never reached the last tier.");
                entrances.AddRange(found);
            }
        }

        return entrances;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Runs a copy of this program with a variant of the core under the JIT's eye.</summary>
    private static string Listing(string folder, string variant, Func<string, bool, string> rewrite)
    {
        string stage = CoreVariant.Build(Path.Combine(folder, variant), (relative, text) => rewrite(text, relative.StartsWith("Table", StringComparison.Ordinal)));
        // On a busy machine the first pass may last longer than the delay, and the listing is then spoilt; the next attempt is another chance.
        for (int attempt = 1; ; attempt++)
        {
            string listing = Watch(stage, Invariant($"listing-{attempt}.txt"));
            try
            {
                _ = Entrances(MachineCode.Parse(listing, forgetProbe: false));
                return listing;
            }
            catch (InvalidDataException spoilt) when (attempt < Attempts)
            {
                Console.WriteLine(Invariant($"# {variant}, attempt {attempt} of {Attempts}: {spoilt.Message}"));
            }
        }
    }

    private static string Watch(string stage, string file)
    {
        string listing = Path.Combine(stage, file);
        CoreVariant.Start(stage, [ProbeDriver.Command], new(StringComparer.Ordinal)
        {
            ["DOTNET_JitDisasm"] = "GuardedMaps.*:*",
            ["DOTNET_JitDisasmDiffable"] = "1",
            ["DOTNET_JitStdOutFile"] = listing,
            ["DOTNET_TieredPGO"] = "0",
            ["DOTNET_TieredCompilation"] = "1",
            // Hexadecimal, both. No replacement of running loops: it compiles on the caller's thread, beside the background compiler.
            ["DOTNET_TC_CallCountingDelayMs"] = ProbeDriver.CountingDelayMilliseconds.ToString("X", CultureInfo.InvariantCulture),
            ["DOTNET_TC_OnStackReplacement_InitialCounter"] = "7FFFFFFF",
        });
        return File.ReadAllText(listing);
    }
}
