using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using GuardedMaps.Lab;
using Microsoft.PowerShell.Commands;

namespace GuardedMaps.Shell;

/// <summary>A script block that is run over a map in the caller's own runspace, each time in a pipeline of its own: the map is <c>$_</c>, or the first parameter of a block that has some.</summary>
internal sealed class CallerScript(string name, ScriptBlock block)
{
    // Parsed under a name, so that descriptions of a caller's position can tell this line from the caller's.
    private const string WithDollarUnder = "param($forEach, $block, $map) & $forEach -InputObject $map -Process $block";
    private const string WithParameter = "param($forEach, $block, $map) & $block $map";

    private readonly bool _hasParameters = block.Ast is System.Management.Automation.Language.ScriptBlockAst { ParamBlock: not null };
    private volatile PowerShell? _running;

    /// <summary>Who this is, for people.</summary>
    public string Name => name;

    /// <summary>The script's text.</summary>
    public string Text => block.ToString();

    /// <summary>Runs the block in the caller's runspace, on the calling thread.</summary>
    public ScriptRun Run(IDictionary map)
    {
        // Its errors are told by the result.
        using var handled = HandledErrors.Begin();
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return Run(shell, block, map);
    }

    /// <summary>Asks a running block to stop; returns at once, and does nothing when none is running.</summary>
    public void Interrupt()
    {
        try
        {
            _running?.BeginStop(null, null);
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in this very moment, which is what was wanted.
        }
    }

    private ScriptRun Run(PowerShell shell, ScriptBlock script, IDictionary map)
    {
        shell.AddScript(_hasParameters ? WithParameter : WithDollarUnder, useLocalScope: true)
            .AddArgument(new CmdletInfo("ForEach-Object", typeof(ForEachObjectCommand)))
            .AddArgument(script)
            .AddArgument(map);
        _running = shell;
        Exception? thrown = null;
        Collection<PSObject> output = [];
        try
        {
            output = shell.Invoke();
        }
        catch (Exception error) when (error is RuntimeException and not PipelineStoppedException)
        {
            thrown = error;
        }
        catch (PipelineStoppedException error)
        {
            // Not this script but the whole pipeline is being stopped, perhaps before the cmdlet has heard of it.
            throw new OperationCanceledException("The pipeline that runs this script is being stopped.", error);
        }
        finally
        {
            _running = null;
        }

        List<OperationFault> faults = [.. shell.Streams.Error.Select(e => ActorSpace.FaultOf(e))];
        if (thrown is not null) faults.Add(ActorSpace.FaultOf((thrown as IContainsErrorRecord)?.ErrorRecord ?? new ErrorRecord(thrown, "ScriptFailed", ErrorCategory.NotSpecified, map)));
        return new ScriptRun(output, faults);
    }
}
