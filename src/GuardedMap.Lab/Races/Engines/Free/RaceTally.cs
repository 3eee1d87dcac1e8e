using System.Diagnostics;

namespace GuardedMaps.Lab;

/// <summary>Adds up the reports of a race's trials, and says at any time how far it has come.</summary>
internal sealed class RaceTally
{
    private readonly RaceStretch _job;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly int[] _outcomes = new int[Enum.GetValues<RaceOutcome>().Length];
    private readonly SortedDictionary<ScheduleOutcomeKind, int> _damage = [];
    private readonly SortedDictionary<ScheduleOutcomeKind, long> _damagedEntries = [];
    private readonly SortedDictionary<string, long> _errors = new(StringComparer.Ordinal);
    private double _racingMilliseconds;
    private int _trials;
    private TimeSpan? _firstDamageAfter;
    private int? _firstDamageTrial;
    private string? _example;
    private string? _firstError;
    private string? _firstHang;

    public RaceTally(RaceStretch job) => _job = job;

    public void Add(TrialReport report)
    {
        _trials++;
        _outcomes[(int)report.Outcome]++;
        _racingMilliseconds += report.Milliseconds;
        _firstError ??= report.FirstError;
        _firstHang ??= report.Where;
        foreach (var (name, count) in report.Errors) _errors[name] = _errors.GetValueOrDefault(name) + count;
        foreach (var (kind, entries) in report.Damage)
        {
            _damage[kind] = _damage.GetValueOrDefault(kind) + 1;
            _damagedEntries[kind] = _damagedEntries.GetValueOrDefault(kind) + entries;
        }

        if (report.Outcome != RaceOutcome.SilentlyWrong || _firstDamageTrial is not null) return;
        _firstDamageTrial = report.Trial + 1;
        _firstDamageAfter = TimeSpan.FromMilliseconds(_racingMilliseconds);
        _example = report.Example;
    }

    public RaceProgress Progress()
    {
        double ofTrials = _job.Trials is { } trials ? (double)_trials / trials : 0;
        double ofTime = _job.Duration is { } duration ? _clock.Elapsed / duration : 0;
        return new RaceProgress
        {
            Scenario = _job.ScenarioName,
            Target = _job.TargetName,
            Trials = _trials,
            PlannedTrials = _job.Trials,
            Fraction = Math.Min(1, Math.Max(ofTrials, ofTime)),
            Clean = Of(RaceOutcome.Clean),
            Detected = Of(RaceOutcome.Detected),
            SilentlyWrong = Of(RaceOutcome.SilentlyWrong),
            Hung = Of(RaceOutcome.Hung),
            Crashed = Of(RaceOutcome.Crashed),
            Elapsed = _clock.Elapsed,
        };
    }

    public MapRaceResult Result(bool isCancelled, int childProcesses, string runtime) => new()
    {
        Scenario = _job.ScenarioName,
        Target = _job.TargetName,
        Seed = _job.Seed,
        Operations = _job.Operations,
        Trials = _trials,
        Clean = Of(RaceOutcome.Clean),
        Detected = Of(RaceOutcome.Detected),
        SilentlyWrong = Of(RaceOutcome.SilentlyWrong),
        Hung = Of(RaceOutcome.Hung),
        Crashed = Of(RaceOutcome.Crashed),
        Damage = _damage,
        DamagedEntries = _damagedEntries,
        Errors = _errors,
        FirstDamageAfter = _firstDamageAfter,
        FirstDamageTrial = _firstDamageTrial,
        Example = _example,
        FirstError = _firstError,
        FirstHang = _firstHang,
        Elapsed = _clock.Elapsed,
        Cancelled = isCancelled,
        Runtime = runtime,
        InChildProcess = _job.NeedsChildProcess,
        ChildProcesses = childProcesses,
    };

    private int Of(RaceOutcome outcome) => _outcomes[(int)outcome];
}
