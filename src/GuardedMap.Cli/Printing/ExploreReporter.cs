using GuardedMaps.Lab;

namespace GuardedMaps.Cli;

/// <summary>Hands a search's progress to a bar, at once and on the same thread.</summary>
internal sealed class ExploreReporter(Action<double, string> show) : IProgress<ExploreProgress>
{
    public void Report(ExploreProgress value) => show(value.Fraction, $"{Screen.Number(value.Schedules)} schedules");
}
