using System.Management.Automation;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Measures a map: how full and even its inside is, or which of its keys are asked for most.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Measure, "GuardedMap", DefaultParameterSetName = TableSet)]
[OutputType(typeof(LayoutFigures), typeof(SnapshotFigures), typeof(SyncFigures), typeof(OrderedFigures), ParameterSetName = [TableSet])]
[OutputType(typeof(HotKey), ParameterSetName = [HotKeySet, DuringSet, DurationSet])]
public sealed class MeasureGuardedMapCommand : MapCommand, IDisposable
{
    private const string TableSet = "Table";
    private const string HotKeySet = "HotKey";
    private const string DuringSet = "HotKeyDuring";
    private const string DurationSet = "HotKeyDuration";
    private readonly ManualResetEventSlim _stop = new();

    /// <summary>How many of the keys that are asked for most to tell of.</summary>
    [Parameter(Mandatory = true, ParameterSetName = HotKeySet)]
    [Parameter(Mandatory = true, ParameterSetName = DuringSet)]
    [Parameter(Mandatory = true, ParameterSetName = DurationSet)]
    [ValidateRange(1, 100_000)]
    public int HotKey { get; set; }

    /// <summary>Samples while this runs. What it emits is not passed on.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DuringSet)]
    [ValidateNotNull]
    public ScriptBlock? During { get; set; }

    /// <summary>Samples for so long, while other runspaces use the map.</summary>
    [Parameter(Mandatory = true, ParameterSetName = DurationSet)]
    [DurationArgument]
    public TimeSpan Duration { get; set; }

    /// <summary>How many keys are counted at once: the memory it takes, and how exact the counts are.</summary>
    [Parameter(ParameterSetName = HotKeySet)]
    [Parameter(ParameterSetName = DuringSet)]
    [Parameter(ParameterSetName = DurationSet)]
    [ValidateRange(1, 1_000_000)]
    public int Counters { get; set; } = 1000;

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Set();

    private protected override void Process(IMap map)
    {
        if (ParameterSetName != TableSet)
        {
            FindHotKeys(map);
            return;
        }

        object figures = map.GetLayout() switch
        {
            MapLayout table => LayoutFigures.Of(table),
            SnapshotLayout tree => SnapshotFigures.Of(tree),
            SyncLayout parts => SyncFigures.Of(parts),
            OrderedLayout list => OrderedFigures.Of(list),
            IMapLayout other => other,
        };
        WriteObject(figures);
        if (figures is LayoutFigures { Warning: { } warning }) WriteWarning(warning);
    }

    private void FindHotKeys(IMap map)
    {
        if (ParameterSetName == HotKeySet)
        {
            // Begun by an earlier call, it goes on: a sample is worth the more the longer it is.
            if (map.GetHotKeys(HotKey) is { IsSampling: true } report)
            {
                Write(report);
                return;
            }

            map.StartHotKeys(Counters);
            WriteWarning($"From now on the keys of the map '{SafeText.Line(map.Name)}' are sampled. Use it, and ask again; its method StopHotKeys() ends the sampling. (With -During or -Duration one call does it all.)");
            return;
        }

        map.StartHotKeys(Counters);
        try
        {
            if (During is not null) SessionState.InvokeCommand.InvokeScript(useLocalScope: false, During, null, null);
            else _stop.Wait(Duration);
        }
        finally
        {
            map.StopHotKeys();
        }

        Write(map.GetHotKeys(HotKey)!);
    }

    private void Write(HotKeyReport report)
    {
        WriteVerbose(SafeText.Lines(report.Basis));
        if (report.Samples == 0) WriteWarning($"No key of the map '{SafeText.Line(report.MapName)}' was read or written while it was sampled. Use it while it is: within -During, or in another runspace.");
        WriteObject(report.Keys, enumerateCollection: true);
    }
}
