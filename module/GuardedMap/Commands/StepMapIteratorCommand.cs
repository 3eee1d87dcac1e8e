using System.Diagnostics;
using System.Management.Automation;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Steps an iterator: by one transition, by several, to the next entry, or to the end.</para>
/// </summary>
/// <remarks>Emits the iterator's state after each step, as it is made. Ctrl+C and Select-Object -First leave the iterator where it is.</remarks>
[Cmdlet(VerbsCommon.Step, "MapIterator", DefaultParameterSetName = CountSet)]
[OutputType(typeof(MapIterationState))]
public sealed class StepMapIteratorCommand : PSCmdlet
{
    private const string CountSet = "Count";
    private const string EntrySet = "Entry";
    private const string EndSet = "End";
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(1);

    /// <summary>The iterator, made by New-MapIterator.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("InputObject")]
    [ValidateNotNull]
    public MapIterator Iterator { get; set; } = null!;

    /// <summary>How many transitions to make.</summary>
    [Parameter(Position = 1, ParameterSetName = CountSet)]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    /// <summary>Steps until the iterator stands on an entry, or is done.</summary>
    [Parameter(Mandatory = true, ParameterSetName = EntrySet)]
    public SwitchParameter ToEntry { get; set; }

    /// <summary>Steps until the iterator is done.</summary>
    [Parameter(Mandatory = true, ParameterSetName = EndSet)]
    public SwitchParameter ToEnd { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        long since = Stopwatch.GetTimestamp();
        ProgressRecord? progress = null;
        try
        {
            for (long made = 1; ; made++)
            {
                MapIterationState state = Iterator.Step();
                WriteObject(state);
                if (state.State == IteratorState.Done || Stopping) break;
                if (ParameterSetName == CountSet ? made >= Count : ParameterSetName == EntrySet && state.State == IteratorState.Bucket) break;
                if ((made & 0xFFF) != 0 || Stopwatch.GetElapsedTime(since) < s_quiet) continue;
                progress ??= new ProgressRecord(0, $"Stepping the iterator over map '{SafeText.Line(Iterator.Map.Name)}'", "Under way");
                progress.StatusDescription = $"{made} steps, bucket {state.Bucket}";
                WriteProgress(progress);
            }
        }
        catch (GuardedMaps.MapViolationException e)
        {
            WriteError(Errors.Violation(e, Iterator));
        }

        if (progress is null) return;
        progress.RecordType = ProgressRecordType.Completed;
        WriteProgress(progress);
    }
}
