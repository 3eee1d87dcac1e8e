using System.Collections.ObjectModel;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Runtime.ExceptionServices;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

// A runspace for one thread, kept for as many runs of its scripts as there are. To open one takes longer than a thousand small scripts; to begin a pipeline in
// it longer than ten. So the thread enters one long pipeline and stays in it, and a run is a call of a script block from inside:
//
//     thread ── pipeline ── Live ── run, run, run ...      a run that is stopped takes the pipeline with it: the next one begins in a new pipeline
//
// What a run leaves behind must not be there for the next: errors on the stream, the location, $ErrorActionPreference. Variables of the script itself go with its scope.

/// <summary>A runspace in which script blocks are run again and again by one thread.</summary>
internal sealed class ActorSpace : IDisposable
{
    private const string Life = "param($life) $life.Invoke()";

    // Pauses and waits for events go through the race: functions that are found by these names before the cmdlets are.
    private const string Pauses =
        "function global:Start-Sleep { param([Parameter(Position = 0)] [object] $Seconds, [Alias('ms')] [int] $Milliseconds, [timespan] $Duration) [GuardedMaps.Shell.ScriptPoint]::Sleep('Start-Sleep') };" +
        "function global:Wait-Event { param([Parameter(Position = 0)] [string] $SourceIdentifier, [Alias('TimeoutSec')] [int] $Timeout = -1) [GuardedMaps.Shell.ScriptPoint]::WaitEvent($ExecutionContext.Events, $SourceIdentifier, $Timeout) }";

    private const string Preference = "global:ErrorActionPreference";
    private const string Whole = "GuardedMapBlock";

    [ThreadStatic]
    private static ActorSpace? t_current;

    private readonly Runspace _runspace;
    private readonly ScriptImports _imports;
    private readonly bool _isRewritten;
    private readonly Dictionary<Ast, ScriptBlock> _blocks = [];
    private ScriptBlock? _piped;
    private ScriptBlock? _called;
    private EngineIntrinsics? _engine;
    private volatile PowerShell? _shell;
    private volatile bool _isInterrupted;
    private long _busySince;
    private object? _preference;
    private string _location = "";

    /// <summary>Opens a runspace. It is used by whichever thread calls <see cref="Live"/>.</summary>
    /// <param name="name">Who it is for.</param>
    /// <param name="imports">What of the caller's session it has.</param>
    /// <param name="isRewritten">Whether functions and blocks get yield points.</param>
    public ActorSpace(string name, ScriptImports imports, bool isRewritten)
    {
        (_imports, _isRewritten) = (imports, isRewritten);
        var state = InitialSessionState.CreateDefault2();
        state.ThreadOptions = PSThreadOptions.UseCurrentThread;
        if (imports.Modules.Count > 0) state.ImportPSModule([.. imports.Modules]);
        state.ThrowOnRunspaceOpenError = true;
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Name = name;
        try
        {
            _runspace.Open();
        }
        catch (RuntimeException e)
        {
            _runspace.Dispose();
            throw new RaceModelException($"The runspace '{name}' could not be made ready: {e.Message}", e);
        }
    }

    /// <summary>How long the script that is running has been running; zero when none is.</summary>
    public TimeSpan Busy => Volatile.Read(ref _busySince) is var since and not 0 ? Stopwatch.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Runs work in the runspace's pipeline, on the calling thread, and again in a new pipeline as long as it says so.</summary>
    public void Live(Func<bool> work)
    {
        Runspace? outer = Runspace.DefaultRunspace;
        ActorSpace? outerSpace = t_current;
        (Runspace.DefaultRunspace, t_current) = (_runspace, this);
        try
        {
            bool again = true;
            ExceptionDispatchInfo? failure = null;
            while (again)
            {
                using var shell = PowerShell.Create();
                shell.Runspace = _runspace;
                (_shell, _isInterrupted) = (shell, false);
                shell.AddScript(Life).AddArgument((Action)(() =>
                {
                    try
                    {
                        _engine ??= Furnish();
                        again = work();
                    }
                    catch (Exception e) when (e is not PipelineStoppedException)
                    {
                        // PowerShell would make an error record of it.
                        (again, failure) = (false, ExceptionDispatchInfo.Capture(e));
                    }
                }));
                try
                {
                    shell.Invoke();
                }
                catch (PipelineStoppedException)
                {
                    // A run was stopped, and its pipeline with it.
                }
            }

            failure?.Throw();
        }
        finally
        {
            _shell = null;
            (Runspace.DefaultRunspace, t_current) = (outer, outerSpace);
        }
    }

    /// <summary>Runs a block, on the thread that is in <see cref="Live"/>: <paramref name="map"/> is its <c>$_</c>, and the first argument of a block that has parameters.</summary>
    /// <exception cref="PipelineStoppedException">The run was stopped.</exception>
    public ScriptRun Run(ScriptBlockAst tree, object? map)
    {
        PowerShell shell = _shell!;
        shell.Streams.ClearStreams();
        var variables = new List<PSVariable> { new("_", map) };
        Collection<PSObject> output = [];
        var faults = new List<OperationFault>();
        Volatile.Write(ref _busySince, Stopwatch.GetTimestamp());
        try
        {
            ScriptBlock block = BlockOf(tree);
            if (HasAll(tree))
            {
                // It cannot be called as it is, and gets the map from a pipeline, or as its argument.
                variables.Add(new PSVariable(Whole, block));
                output = (tree.ParamBlock is null ? _piped ??= ScriptBlock.Create($",$_ | & ${Whole}") : _called ??= ScriptBlock.Create($"& ${Whole} $_")).InvokeWithContext(null, variables);
            }
            else
            {
                output = block.InvokeWithContext(null, variables, tree.ParamBlock is null ? [] : [map]);
            }
        }
        catch (PipelineStoppedException)
        {
            throw;
        }
        catch (RuntimeException e)
        {
            faults.Add(FaultOf(e.ErrorRecord, e));
        }
        catch (ExitException)
        {
            faults.Add(new OperationFault("Exit", "The script called exit.", null));
        }
        catch (FlowControlException)
        {
            // A break or continue outside of any loop ends the script.
        }
        finally
        {
            Volatile.Write(ref _busySince, 0);
            if (shell.Streams.Error is { Count: > 0 } errors) faults.InsertRange(0, errors.ReadAll().Select(e => FaultOf(e)));
            Tidy();
        }

        return new ScriptRun(output, faults);
    }

    /// <summary>Asks what is running to stop, from any thread, and does not wait.</summary>
    public void Interrupt()
    {
        _isInterrupted = true;
        try
        {
            _shell?.BeginStop(null, null);
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself in this very moment, which is what was wanted.
        }
    }

    /// <summary>Ends the run on this thread if it was asked to stop.</summary>
    public static void ThrowIfInterrupted()
    {
        if (t_current is { _isInterrupted: true }) throw new PipelineStoppedException("The run was asked to stop.");
    }

    /// <summary>Closes the runspace.</summary>
    public void Dispose() => _runspace.Dispose();

    /// <summary>What an error means to the lab.</summary>
    /// <param name="record">The error.</param>
    /// <param name="thrown">The exception that was thrown with it; its own record has a copy of that without what is inside.</param>
    public static OperationFault FaultOf(ErrorRecord record, Exception? thrown = null)
    {
        OperationFault fault = OperationFault.Of(thrown ?? record.Exception);
        int line = record.InvocationInfo?.ScriptLineNumber ?? 0;
        string? file = record.InvocationInfo?.ScriptName;
        string? position = line == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"{(string.IsNullOrEmpty(file) ? "line " : Path.GetFileName(file) + ":")}{line}");
        return fault with { Position = position };
    }

    // A block as it was given would run in the session it was made in, on a thread that is not that session's. So each runspace has blocks of its own.
    private ScriptBlock BlockOf(ScriptBlockAst tree)
    {
        if (!_blocks.TryGetValue(tree, out ScriptBlock? block)) _blocks[tree] = block = Own(tree);
        return block;
    }

    private ScriptBlock Own(ScriptBlockAst tree) => (_isRewritten ? YieldRewriter.Rewrite(tree, _imports.Uses, out _) : tree).GetScriptBlock();

    // Brings the caller's things into the runspace, from inside of its pipeline.
    private EngineIntrinsics Furnish()
    {
        var engine = (EngineIntrinsics)ScriptBlock.Create("$ExecutionContext").Invoke()[0].BaseObject;
        foreach (var (name, value) in _imports.Variables.Where(v => IsNeeded(v.Key)))
            engine.SessionState.PSVariable.Set($"global:{name}", InputReader.Bare(value) is ScriptBlock block ? Own(TreeOf(block)) : value);
        foreach (var (name, function) in _imports.Functions.Where(f => IsNeeded(f.Key)))
            ScriptBlock.Create("param($define) . $define").Invoke((_isRewritten ? YieldRewriter.Definition($"global:{name}", function, _imports.Uses) : YieldRewriter.Definition($"global:{name}", function)).GetScriptBlock());
        foreach (var (name, command) in _imports.Aliases)
        {
            if (engine.InvokeCommand.GetCommand(name, CommandTypes.Alias) is null) engine.InvokeProvider.Item.Set($"alias:{name}", command);
        }

        if (_isRewritten) ScriptBlock.Create(Pauses).Invoke();
        if (_imports.Location is { } location) engine.SessionState.Path.SetLocation(WildcardPattern.Escape(location));
        _location = engine.SessionState.Path.CurrentLocation.Path;
        _preference = engine.SessionState.PSVariable.GetValue(Preference);
        return engine;
    }

    // What only the setup and the check use may be what no actor could run.
    private bool IsNeeded(string name) => !_isRewritten || _imports.IsOfActors(name);

    private void Tidy()
    {
        SessionState session = _engine!.SessionState;
        if (session.Path.CurrentLocation.Path != _location) session.Path.SetLocation(WildcardPattern.Escape(_location));
        if (!Equals(session.PSVariable.GetValue(Preference), _preference)) session.PSVariable.Set(Preference, _preference);
    }

    private static bool HasAll(ScriptBlockAst tree) => tree.BeginBlock is not null || tree.ProcessBlock is not null || Tree.Clean(tree) is not null;

    /// <summary>The tree of a block; of a function, that of its body.</summary>
    public static ScriptBlockAst TreeOf(ScriptBlock block) => block.Ast is FunctionDefinitionAst function ? function.Body : (ScriptBlockAst)block.Ast;
}
