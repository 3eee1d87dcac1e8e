using System.Globalization;
using System.Numerics;

namespace GuardedMaps.Lab;

// The certificate of a search is two independent accounts of the same tree.
//
// Weights: each leaf that was run, each branch that pruning proved superfluous and each branch beyond the preemption bound
// enters with its weight, the product of 1/choices on the way to it. Each enters when it is met, not as a remainder: only a
// search that met every branch exactly once reaches the sum 1. One that skips a branch stays below, one that runs a branch
// twice goes above; the two could cancel only if the weights happened to agree, which the count then shows.
//
// Counts: where each actor makes the same number of steps in every schedule, the number of leaves is a formula.

/// <summary>The proof that a search has covered what it says.</summary>
/// <param name="Explored">The weight of the schedules that were run.</param>
/// <param name="Pruned">The weight of the branches that can only repeat an order of conflicting steps already run.</param>
/// <param name="Cut">The weight of the branches beyond the bound of preemptions.</param>
/// <param name="PrunedBranches">How many branches were pruned.</param>
/// <param name="CutBranches">How many branches were cut.</param>
/// <param name="Leaves">The schedules counted.</param>
/// <param name="Predicted">How many there must be by formula, or null where there is none.</param>
public sealed record ExploreCertificate(
    ExactFraction Explored, ExactFraction Pruned, ExactFraction Cut, long PrunedBranches, long CutBranches, long Leaves, BigInteger? Predicted)
{
    /// <summary>The sum of all weights. Exactly 1 when every branch of the tree is accounted for.</summary>
    public ExactFraction Total => Explored + Pruned + Cut;

    /// <summary>True when nothing was cut by a bound.</summary>
    public bool IsWholeTree => CutBranches == 0;

    /// <summary>True when the weights sum to exactly 1 and the count is what the formula says.</summary>
    public bool Holds => Objection is null;

    /// <summary>What is wrong with it, in one sentence; null when nothing is.</summary>
    public string? Objection
    {
        get
        {
            if (Total != ExactFraction.One) return $"the weights of the branches sum to {Total}, not to 1: part of the tree was not searched, or was searched twice";
            return Predicted is { } expected && PrunedBranches == 0 && expected != Leaves
                ? string.Create(CultureInfo.InvariantCulture, $"{Leaves} schedules were counted where the formula says {expected}: the lengths the model states are wrong")
                : null;
        }
    }
}
