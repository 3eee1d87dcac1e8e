using System.Management.Automation;
using GuardedMaps.Lab.Choosing;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Plays a load on every kind of map, measures what each does, and recommends one.</para>
/// </summary>
/// <remarks>The lab does everything (<see cref="ChoiceMeasurement"/>): this cmdlet binds the load and shows how far it is.</remarks>
[Cmdlet(VerbsDiagnostic.Measure, "MapChoice", DefaultParameterSetName = DescribedSet)]
[OutputType(typeof(MapChoice))]
public sealed class MeasureMapChoiceCommand : PSCmdlet, IDisposable
{
    private const string DescribedSet = "Described";
    private const string TypicalSet = "Typical";
    private const string RecordedSet = "Recorded";
    private const int ProgressId = 0x6D63;
    private readonly CancellationTokenSource _stop = new();

    /// <summary>A load that many programs have, by name.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = TypicalSet)]
    [ArgumentCompleter(typeof(LoadCompleter))]
    public string Load { get; set; } = null!;

    /// <summary>A file with operations that were recorded, one on each line: what was done, a comma, and the key.</summary>
    [Parameter(Mandatory = true, ParameterSetName = RecordedSet)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>How many operations look a key up, in proportion to the others.</summary>
    [Parameter(ParameterSetName = DescribedSet)]
    public double Read { get; set; } = 90;

    /// <summary>How many operations store a value, in proportion to the others.</summary>
    [Parameter(ParameterSetName = DescribedSet)]
    public double Write { get; set; } = 10;

    /// <summary>How many operations remove a key, in proportion to the others.</summary>
    [Parameter(ParameterSetName = DescribedSet)]
    public double Remove { get; set; }

    /// <summary>How many operations add one to a number, in proportion to the others.</summary>
    [Parameter(ParameterSetName = DescribedSet)]
    public double Increment { get; set; }

    /// <summary>How many operations add a new key and remove an old one, as a cache does, in proportion to the others.</summary>
    [Parameter(ParameterSetName = DescribedSet)]
    public double Renewal { get; set; }

    /// <summary>How many operations go through all entries, in proportion to the others.</summary>
    [Parameter(ParameterSetName = DescribedSet)]
    public double Iteration { get; set; }

    /// <summary>How many operations go through the entries from one key to another, in order, in proportion to the others.</summary>
    [Parameter(ParameterSetName = DescribedSet)]
    public double Range { get; set; }

    /// <summary>How many keys a range has.</summary>
    [Parameter(ParameterSetName = DescribedSet)]
    public int RangeLength { get; set; } = 100;

    /// <summary>How many entries there are at the beginning.</summary>
    [Parameter(ParameterSetName = DescribedSet)]
    public int EntryCount { get; set; } = 10_000;

    /// <summary>How unevenly keys are asked for: the exponent of Zipf's law.</summary>
    [Parameter(ParameterSetName = DescribedSet)]
    public double Skew { get; set; }

    /// <summary>Each thread has keys of its own.</summary>
    [Parameter(ParameterSetName = DescribedSet)]
    public SwitchParameter OwnKey { get; set; }

    /// <summary>The keys are numbers; without it, strings.</summary>
    [Parameter(ParameterSetName = DescribedSet)]
    public SwitchParameter NumericKey { get; set; }

    /// <summary>How many threads do it at once.</summary>
    [Parameter]
    public int ThreadCount { get; set; } = 2;

    /// <summary>Which maps to choose from; wildcards are allowed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ChoiceCompleter))]
    public string[] Map { get; set; } = ["*"];

    /// <summary>For how long each map is under the load: a time span, or a number of seconds.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan Duration { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Into how many rounds that is divided.</summary>
    [Parameter]
    [ValidateRange(1, 10_000)]
    public int Round { get; set; } = 10;

    /// <summary>Fixes which operations come, and for which keys.</summary>
    [Parameter]
    public ulong Seed { get; set; } = 1;

    /// <summary>A map that refuses operations which overlap may be recommended as well.</summary>
    [Parameter]
    public SwitchParameter AllowRefusal { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            var load = ChosenLoad();
            var options = new ChoiceOptions { Duration = Duration, Rounds = Round, Maps = Map, WantsRefusals = AllowRefusal };
            MapChoice choice = ChoiceMeasurement.Run(load, options, ShowProgress, _stop.Token);
            WriteProgress(new ProgressRecord(ProgressId, "Measuring", "Done") { RecordType = ProgressRecordType.Completed });
            WriteObject(choice);
            if (choice.Warning is not null) WriteWarning(choice.Warning);
        }
        catch (UnknownChoiceException e)
        {
            ThrowTerminatingError(e.IsLoad ? Errors.UnknownName("Load", e.Name, e, e.Valid) : Errors.UnknownName("Map", e.Name, e, e.Valid));
        }
        catch (MapLoadException e)
        {
            ThrowTerminatingError(Errors.LoadNotPlayable(e));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Ctrl+C: what was measured until then is too little to choose by.
        }
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private MapLoad ChosenLoad()
    {
        var load = ParameterSetName switch
        {
            TypicalSet => TypicalLoads.Find(Load),
            RecordedSet => new MapLoad { Name = System.IO.Path.GetFileName(Path), Recorded = ChoiceInput.Read(this, Path) },
            _ => new MapLoad
            {
                Reads = Read,
                Writes = Write,
                Removes = Remove,
                Increments = Increment,
                Renewals = Renewal,
                Iterations = Iteration,
                Ranges = Range,
                RangeLength = RangeLength,
                Entries = EntryCount,
                Skew = Skew,
                OwnKeys = OwnKey,
                NumericKeys = NumericKey,
            },
        };
        bool isThreadsGiven = MyInvocation.BoundParameters.ContainsKey(nameof(ThreadCount));
        return load with { Seed = Seed, Threads = isThreadsGiven ? ThreadCount : load.Threads };
    }

    private void ShowProgress(double done, string what) =>
        WriteProgress(new ProgressRecord(ProgressId, "Measuring", what) { PercentComplete = (int)(done * 100) });
}
