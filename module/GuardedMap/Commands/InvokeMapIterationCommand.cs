using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Remoting.Internal;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Runs a script block for each entry of a map, under a lease.</para>
/// </summary>
/// <remarks>
/// <para>
/// PowerShell never disposes an enumerator, so <c>foreach</c> cannot hold a lease: nobody would ever end it. This cmdlet knows its end. The
/// lease begins after -Begin and ends before -End, and it ends just as well with <c>break</c>, <c>throw</c>, <c>Select-Object -First</c> and
/// Ctrl+C.
/// </para>
/// <para>
/// What a refused write in the block becomes. PowerShell reports an error in one of two ways. Outside of <c>try</c> a failed statement
/// writes its error and the block goes on with the next one: that error is caught on its way and written again as this cmdlet's own, with
/// the violation's kind as its id. Inside of <c>try</c> a failed statement leaves the block: the error is written here and the iteration
/// goes on with the next entry. Either way each refused write is one non-terminating error, <c>-ErrorAction</c> decides what becomes of it,
/// and <c>$Error</c> holds it once. A violation the block throws itself (<c>throw</c>) ends the iteration, as anything it throws does. Other
/// errors are not touched: they arrive as <c>ForEach-Object</c> would have delivered them.
/// </para>
/// </remarks>
[Cmdlet(VerbsLifecycle.Invoke, "MapIteration", DefaultParameterSetName = ArgumentSet)]
[OutputType(typeof(object))]
public sealed class InvokeMapIterationCommand : PSCmdlet
{
    private const string ArgumentSet = "Argument";
    private const string PipelineSet = "Pipeline";

    /// <summary>The map to iterate over.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ArgumentSet)]
    [GuardedMapArgument]
    public IMap? Map { get; set; }

    /// <summary>Maps from the pipeline. A parameter of its own: one that is both positional and from the pipeline would take the script block for itself.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = PipelineSet)]
    [GuardedMapArgument]
    public IMap? InputObject { get; set; }

    /// <summary>What to do with each entry, which is in $_.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = ArgumentSet)]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PipelineSet)]
    public ScriptBlock Process { get; set; } = null!;

    /// <summary>Runs once, before the lease begins.</summary>
    [Parameter]
    public ScriptBlock? Begin { get; set; }

    /// <summary>Runs once, after the lease has ended.</summary>
    [Parameter]
    public ScriptBlock? End { get; set; }

    /// <summary>What happens when somebody writes during this iteration. Without it, the map's own contract holds.</summary>
    [Parameter]
    public IterationContract Contract { get; set; }

    /// <summary>Chooses the entry the iteration begins with, as Go does by chance; without it that is the first.</summary>
    [Parameter]
    public ulong Seed { get; set; }

    /// <summary>Adds the iterator's position to each entry, as $_.Iterator.</summary>
    [Parameter]
    public SwitchParameter IncludeState { get; set; }

    private DateTimeOffset _began;

    private IMap Current => (Map ?? InputObject)!;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        IterationContract? contract = MyInvocation.BoundParameters.ContainsKey(nameof(Contract)) ? Contract : null;
        ulong? seed = MyInvocation.BoundParameters.ContainsKey(nameof(Seed)) ? Seed : null;
        IMap map = Current;
        if (Refusal(map, contract) is { } refusal)
        {
            WriteError(refusal);
            return;
        }

        _began = DateTimeOffset.Now;
        using var run = new MapIterationRun(() => map.Iterate(contract, seed), IncludeState, WriteObject, Report);
        ScriptBlock? begin = Begin;
        while (!TryRun(run, begin) && !run.IsOver) begin = null;
    }

    /// <summary>What is asked of the map that its kind does not have, or null.</summary>
    private ErrorRecord? Refusal(IMap map, IterationContract? contract)
    {
        if (map is IGuardedMap guarded) return KindRules.Refusal(guarded.Protection, contract);
        if (contract is { } asked && asked != map.Contract) return Errors.ContractNotOfKind(map, asked);
        return IncludeState ? Errors.NoStateToInclude(map) : null;
    }

    /// <summary>Runs the blocks over the remaining entries. False if a refused write ended the run before its time, and was reported.</summary>
    private bool TryRun(MapIterationRun run, ScriptBlock? begin)
    {
        try
        {
            var blocks = new IterationBlocks(this, begin, Process, End)
            {
                HasErrorVariable = MyInvocation.BoundParameters.ContainsKey("ErrorVariable"),
                Warnings = ListBehind("WarningVariable"),
                Information = ListBehind("InformationVariable"),
            };
            IterationScript.Current.Run(run, blocks);
        }
        catch (RuntimeException e) when (run.Failure is null && !run.StoppedFromOutside && !Stopping && !e.WasThrownFromThrowStatement && Errors.FindViolation(e) is not null)
        {
            Report(e.ErrorRecord);
            return false;
        }
        catch (RuntimeException) when (run.Failure is not null)
        {
            // Reported below, as it is when PowerShell turned it into an error of the inner pipeline instead of throwing it.
        }

        // The iteration itself ended with an error, under FailFast for instance: that ends the cmdlet.
        if (run.Failure is { } failure) ThrowTerminatingError(Errors.IterationFailed(failure, Current));
        return true;
    }

    /// <summary>The list that PowerShell has put into the variable which the caller named, for what the block writes. (Errors and output come by here anyway.)</summary>
    private IList? ListBehind(string parameter) =>
        MyInvocation.BoundParameters.TryGetValue(parameter, out object? name) && name is string text ? InputReader.Bare(GetVariableValue(text.TrimStart('+'))) as IList : null;

    private void Report(ErrorRecord error)
    {
        if (Errors.FindViolation(error.Exception) is not { } violation || Errors.IsFromCmdlet(error, violation))
        {
            // Cmdlet.WriteError would put this cmdlet's name and position in place of the error's own.
            new PSStreamObject(PSStreamObjectType.Error, error).WriteStreamObject(this, overrideInquire: false);
            return;
        }

        // The engine has put its own record of the failed call into $Error. Ours says more and takes its place.
        if (GetVariableValue("global:Error") is ArrayList { Count: > 0 } list && list[0] is ErrorRecord last && ReferenceEquals(last.Exception, error.Exception))
            list.RemoveAt(0);
        bool isOwn = violation.Holder?.Since is { } since && since >= _began;
        WriteError(Errors.Violation(violation, string.Equals(violation.MapName, Current.Name, StringComparison.Ordinal) ? Current : violation.MapName, isRunning: isOwn));
    }
}
