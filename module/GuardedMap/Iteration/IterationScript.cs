using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using Microsoft.PowerShell.Commands;

namespace GuardedMaps.Shell;

/// <summary>How <c>Invoke-MapIteration</c> runs its script block: through PowerShell's own <c>ForEach-Object</c>, between two stages of ours.</summary>
/// <remarks>
/// <para>
/// A user expects the block to behave as in <c>ForEach-Object</c>: <c>$_</c>, variables assigned in the caller's scope, <c>return</c>,
/// <c>break</c>, output that streams object by object, <c>Select-Object -First</c> that stops it in the middle. A cmdlet that invokes the
/// block itself gets most of these wrong, because the calls that would get them right are not public. So the block is given to the real
/// one:
/// </para>
/// <code>
///   ┌ &amp; { read entries ──▶ ForEach-Object { user's block } ──▶ write output } 2&gt;&amp;1 ──▶ write errors ┐
///   └──────────────── runs in a session state of the module's own ────────────────────────────────────┘
/// </code>
/// <list type="bullet">
/// <item>Output leaves through a stage of its own, so the merged stream that remains carries errors only. That is how an error record
/// the block <em>wrote to output</em> (<c>catch { $_ }</c>) is told from an error it raised.</item>
/// <item>The frame lives in a session state of its own, linked to the global one. A script block runs in the scope it comes from,
/// so the user's block still sees and sets the caller's variables, and none of the frame's names is visible to it.</item>
/// <item>Each runspace has its own copy of the script and of the <see cref="CmdletInfo"/> objects, since both are bound to one.</item>
/// <item><c>ForEach-Object</c> is named by its type: an alias or function of that name changes nothing.</item>
/// </list>
/// </remarks>
internal sealed class IterationScript
{
    private const string Frame =
        "param($run, $read, $forEach, $blocks, $output, $errors, $warnings, $information) " +
        "& { & $read -Run $run | & $forEach @blocks | & $output -Run $run } 2>&1 | & $errors -Run $run";

    private const string Call = "param($frame, $arguments) & $frame @arguments";

    private static readonly ConditionalWeakTable<Runspace, IterationScript> s_scripts = [];

    private readonly ScriptBlock _frame;
    private readonly ScriptBlock _call = ScriptBlock.Create(Call);
    private readonly CmdletInfo _read = new("Read-MapEntry", typeof(ReadEntryStage));
    private readonly CmdletInfo _forEach = new("ForEach-Object", typeof(ForEachObjectCommand));
    private readonly CmdletInfo _output = new("Write-MapOutput", typeof(WriteOutputStage));
    private readonly CmdletInfo _errors = new("Write-MapError", typeof(WriteErrorStage));

    private IterationScript()
    {
        // Parsed under a name, so that descriptions of a caller's position can tell the frame's lines from the caller's.
        ScriptBlockAst syntax = Parser.ParseInput(Frame, ScriptActor.InternalScript, out _, out _);
        _frame = new PSModuleInfo(linkToGlobal: true).NewBoundScriptBlock(syntax.GetScriptBlock());
    }

    /// <summary>The script of the calling runspace.</summary>
    public static IterationScript Current => s_scripts.GetValue(Runspace.DefaultRunspace, static _ => new IterationScript());

    /// <summary>Runs the blocks over what is left of the iteration. What the blocks throw comes out unchanged.</summary>
    /// <param name="run">The iteration.</param>
    /// <param name="begin">Runs first, or null.</param>
    /// <param name="process">Runs for each entry.</param>
    /// <param name="end">Runs last, or null.</param>
    /// <param name="warnings">The list that the caller asked for with -WarningVariable, or null.</param>
    /// <param name="information">The list that the caller asked for with -InformationVariable, or null.</param>
    public void Run(MapIterationRun run, ScriptBlock? begin, ScriptBlock process, ScriptBlock? end, IList? warnings, IList? information)
    {
        var blocks = new Hashtable { ["Process"] = process };
        if (begin is not null) blocks["Begin"] = begin;
        if (end is not null) blocks["End"] = end;
        // With a plus sign PowerShell adds to the list that the variable holds, and that is the caller's own.
        if (warnings is not null) blocks["WarningVariable"] = "+warnings";
        if (information is not null) blocks["InformationVariable"] = "+information";
        object?[] arguments = [run, _read, _forEach, blocks, _output, _errors, warnings, information];

        // The pipeline is not linked to the cmdlet's own streams: the stages write to those, once each.
        using SteppablePipeline pipeline = _call.GetSteppablePipeline(CommandOrigin.Internal, [_frame, arguments]);
        pipeline.Begin(expectInput: false);
        pipeline.End();
    }
}
