namespace GuardedMaps.Bench;

/// <summary>Measures several subjects in turns, so that each quotient is of two figures taken moments apart. See <see cref="Ratios"/> for why.</summary>
internal static class Rotation
{
    private const int WarmUpMilliseconds = 1500;

    /// <summary>Runs every subject once per round, in rotating order.</summary>
    /// <returns>For each subject what it gave in each round.</returns>
    public static double[][] Measure(int rounds, params Func<double>[] subjects)
    {
        double[][] figures = [.. subjects.Select(_ => new double[rounds])];
        // Long enough for every method to reach its last tier of compilation.
        long warmUntil = Environment.TickCount64 + WarmUpMilliseconds;
        for (int round = -1; round < rounds; round += round >= 0 || Environment.TickCount64 >= warmUntil ? 1 : 0)
        {
            for (int turn = 0; turn < subjects.Length; turn++)
            {
                int who = (turn + round + 1) % subjects.Length;
                double figure = subjects[who]();
                if (round >= 0) figures[who][round] = figure;
            }
        }

        return figures;
    }

    /// <summary>The median over the rounds of one subject's figure divided by another's of the same round.</summary>
    public static double Quotient(double[] figures, double[] by) => Ratios.Median(figures.Zip(by, (a, b) => a / b));
}
