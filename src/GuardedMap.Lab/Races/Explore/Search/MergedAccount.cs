using System.Globalization;
using System.Numerics;

namespace GuardedMaps.Lab;

// A merged search says how many schedules there are without having run them, so its own sum proves nothing. Three other accounts stand beside it; each is taken when the
// search is done, and none uses what the search has added up:
//
//   ways on     each situation has one way on for each actor that can move there: none is missing, none is there twice
//   forwards    ways to a situation = the sum of the ways to those before it. The search adds up from the ends to the beginning, this one from the beginning to the
//               ends, and both must come to the same number; and to that of the formula, where the actors' lengths are known
//   on foot     some schedules are made step by step in the real run, beside the graph: who can go on, and how it ends, must be what the graph says. That is what would
//               find two situations taken for one, or one put together wrongly

/// <summary>The proof that a merged search has counted what there is.</summary>
/// <param name="Counted">The schedules as the search has counted them, from the ends to the beginning.</param>
/// <param name="CountedForwards">The same counted from the beginning to the ends.</param>
/// <param name="Incomplete">Situations that lack a way on, or have one twice.</param>
/// <param name="Walked">How many schedules were made step by step beside the graph.</param>
/// <param name="Astray">The first of them that went another way, in words; null if none did.</param>
/// <param name="Predicted">How many schedules there must be by formula, or null where there is none.</param>
public sealed record MergedAccount(BigInteger Counted, BigInteger CountedForwards, int Incomplete, int Walked, string? Astray, BigInteger? Predicted)
{
    /// <summary>True when nothing is wrong with it.</summary>
    public bool Holds => Objection is null;

    /// <summary>What is wrong with it, in one sentence; null when nothing is.</summary>
    public string? Objection
    {
        get
        {
            if (Incomplete > 0) return string.Create(CultureInfo.InvariantCulture, $"{Incomplete:N0} situations do not have one way on for each actor that can move");
            if (Counted != CountedForwards) return string.Create(CultureInfo.InvariantCulture, $"{Counted:N0} schedules were counted from the ends to the beginning, and {CountedForwards:N0} the other way");
            if (Astray is not null) return Astray;
            return Predicted is { } expected && expected != Counted
                ? string.Create(CultureInfo.InvariantCulture, $"{Counted:N0} schedules were counted where the formula says {expected:N0}: the lengths the model states are wrong")
                : null;
        }
    }
}
