using System.Collections;
using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using GuardedMaps.Lab;
using Microsoft.PowerShell.Commands;

namespace GuardedMaps.Shell;

/// <summary>A script block that is run over a shared map: the map is <c>$_</c>, or the first parameter of a block that has some.</summary>
/// <remarks>
/// Each run is a PowerShell pipeline of its own, in the caller's runspace or in another. That gives it streams of its own, so that
/// what a statement writes as an error can be told from what the others wrote, and a way to be stopped: an exception from the map
/// would not do it, since PowerShell swallows what a getter throws.
/// </remarks>
internal sealed class ScriptProgram(string name, ScriptBlock block)
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

    /// <summary>Where the script was written: <c>script.ps1:4</c>, or null when it was typed at a prompt.</summary>
    public string? Position => string.IsNullOrEmpty(block.File) ? null : $"{Path.GetFileName(block.File)}:{block.Ast.Extent.StartLineNumber}";

    /// <summary>Runs the block in the caller's runspace, on the calling thread.</summary>
    public ScriptRun Run(IDictionary map)
    {
        // Its errors are told by the result.
        using var handled = HandledErrors.Begin();
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        return Run(shell, block, map);
    }

    /// <summary>Runs a copy of the block in another runspace, on the calling thread. The copy knows nothing of the caller's variables.</summary>
    public ScriptRun RunIn(Runspace runspace, IDictionary map)
    {
        using var shell = PowerShell.Create();
        shell.Runspace = runspace;
        return Run(shell, ScriptBlock.Create(Text), map);
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

        List<OperationFault> faults = [.. shell.Streams.Error.Select(FaultOf)];
        if (thrown is not null) faults.Add(FaultOf((thrown as IContainsErrorRecord)?.ErrorRecord ?? new ErrorRecord(thrown, "ScriptFailed", ErrorCategory.NotSpecified, map)));
        return new ScriptRun(output, faults, shell.InvocationStateInfo.State == PSInvocationState.Stopped);
    }

    private static OperationFault FaultOf(ErrorRecord record)
    {
        Exception exception = record.Exception;
        // "throw 'text'" is a RuntimeException around nothing; the shell's own wrappers are around what really happened.
        OperationFault fault = OperationFault.Of(exception);
        int line = record.InvocationInfo?.ScriptLineNumber ?? 0;
        string? file = record.InvocationInfo?.ScriptName;
        string? position = line == 0 ? null : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(string.IsNullOrEmpty(file) ? "line " : Path.GetFileName(file) + ":")}{line}");
        return fault with { Position = position };
    }
}

/// <summary>What one run of a script block came to.</summary>
/// <param name="Output">What it wrote.</param>
/// <param name="Faults">The errors it wrote or threw, in order.</param>
/// <param name="Stopped">True when it was interrupted.</param>
internal sealed record ScriptRun(Collection<PSObject> Output, IReadOnlyList<OperationFault> Faults, bool Stopped);
