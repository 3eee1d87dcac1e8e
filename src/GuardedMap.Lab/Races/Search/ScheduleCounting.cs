using System.Numerics;

namespace GuardedMaps.Lab;

/// <summary>
/// How many schedules there are, by formula, where each actor makes the same number of steps in all of them. The
/// search counts them one by one, and the two must agree.
/// </summary>
internal static class ScheduleCounting
{
    /// <summary>All schedules of actors with these lengths: (n+m+...)! / (n! m! ...).</summary>
    public static BigInteger All(IReadOnlyList<int> lengths)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        var count = BigInteger.One;
        int total = 0;
        foreach (int length in lengths)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(lengths));
            total += length;
            count *= Choose(total, length);
        }

        return count;
    }

    /// <summary>
    /// The schedules of two actors with exactly this many preemptions. A schedule with p preemptions has p + 2 blocks in
    /// turn; one actor's steps are cut into a of them and the other's into b, and either may begin.
    /// </summary>
    public static BigInteger WithPreemptions(int n, int m, int preemptions)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(n);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(m);
        ArgumentOutOfRangeException.ThrowIfNegative(preemptions);
        int more = (preemptions + 3) / 2;
        int fewer = (preemptions + 2) / 2;
        return (Choose(n - 1, more - 1) * Choose(m - 1, fewer - 1)) + (Choose(n - 1, fewer - 1) * Choose(m - 1, more - 1));
    }

    /// <summary>
    /// What a search finds with at most this many preemptions, or null where there is no formula: more than two actors,
    /// or lengths that vary.
    /// </summary>
    internal static BigInteger? Predict(IReadOnlyList<int>? lengths, int? maxPreemptions)
    {
        if (lengths is null) return null;
        if (maxPreemptions is not { } bound) return All(lengths);
        if (lengths.Count != 2) return null;
        var sum = BigInteger.Zero;
        for (int p = 0; p <= Math.Min(bound, lengths[0] + lengths[1]); p++) sum += WithPreemptions(lengths[0], lengths[1], p);
        return sum;
    }

    private static BigInteger Choose(int n, int k)
    {
        if (k < 0 || k > n) return BigInteger.Zero;
        var result = BigInteger.One;
        for (int i = 1; i <= k; i++) result = result * (n - k + i) / i;
        return result;
    }
}
