using GuardedMaps.Lab;

namespace GuardedMaps.Cli;

/// <summary>
/// Hands a race's progress to a bar, at once and on the same thread. (<see cref="Progress{T}"/> would hand it to the thread
/// pool, where reports may overtake each other.)
/// </summary>
internal sealed class RaceReporter(Action<double, string> show) : IProgress<RaceProgress>
{
    public void Report(RaceProgress value) => show(value.Fraction, RaceTable.State(value));
}
