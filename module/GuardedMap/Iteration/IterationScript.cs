using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using Microsoft.PowerShell.Commands;

namespace GuardedMaps.Shell;

/// <summary>How <c>Invoke-MapIteration</c> runs its script block: as <c>ForEach-Object</c> runs one.</summary>
/// <remarks>
/// <para>
/// A user expects the block to behave as in <c>ForEach-Object</c>: <c>$_</c>, variables assigned in the caller's scope, <c>return</c>,
/// <c>break</c>, output that streams object by object, <c>Select-Object -First</c> that stops it in the middle. And a refused write in the
/// block has to come out as an error of this cmdlet's. So output and errors part ways:
/// </para>
/// <code>
///   ┌ &amp; { walk the entries { user's block } ─── output, object by object ──▶ the cmdlet's own output
///   │    } 2&gt;&amp;1 ──▶ write errors ┐
///   └───────────────────────────┘
/// </code>
/// <para>
/// The output's way is <see cref="DirectBlock"/>. Where PowerShell has not got what that takes, or the caller asked for -ErrorVariable (whose list
/// hangs on the cmdlet's output, and the engine adds what it thinks of each error to it), the frame is
/// </para>
/// <code>
///   ┌ &amp; { read entries ──▶ ForEach-Object { user's block } ──▶ write output } 2&gt;&amp;1 ──▶ write errors ┐
///   └──────────────── runs in a session state of the module's own ────────────────────────────────────┘
/// </code>
/// <list type="bullet">
/// <item>Output leaves before the streams are merged, so the merged stream carries errors only. That is how an error record
/// the block <em>wrote to output</em> (<c>catch { $_ }</c>) is told from an error it raised.</item>
/// <item>The frame lives in a session state of its own, linked to the global one. A script block runs in the scope it comes from,
/// so the user's block still sees and sets the caller's variables, and none of the frame's names is visible to it.</item>
/// <item>Each runspace has its own copy of the script and of the <see cref="CmdletInfo"/> objects, since both are bound to one.</item>
/// <item><c>ForEach-Object</c> is named by its type: an alias or function of that name changes nothing.</item>
/// </list>
/// </remarks>
internal sealed class IterationScript
{
    private const string DirectFrame = "param($run, $blocks, $walk, $errors) & { & $walk -Run $run -Blocks $blocks } 2>&1 | & $errors -Run $run";

    private const string PublicFrame =
        "param($run, $read, $forEach, $blocks, $output, $errors, $warnings, $information) " +
        "& { & $read -Run $run | & $forEach @blocks | & $output -Run $run } 2>&1 | & $errors -Run $run";

    private const string Call = "param($frame, $arguments) & $frame @arguments";

    private static readonly ConditionalWeakTable<Runspace, IterationScript> s_scripts = [];

    private readonly ScriptBlock _directFrame = Bind(DirectFrame);
    private readonly ScriptBlock _publicFrame = Bind(PublicFrame);
    private readonly ScriptBlock _call = ScriptBlock.Create(Call);
    private readonly CmdletInfo _walk = new("Step-MapEntry", typeof(WalkStage));
    private readonly CmdletInfo _read = new("Read-MapEntry", typeof(ReadEntryStage));
    private readonly CmdletInfo _forEach = new("ForEach-Object", typeof(ForEachObjectCommand));
    private readonly CmdletInfo _output = new("Write-MapOutput", typeof(WriteOutputStage));
    private readonly CmdletInfo _errors = new("Write-MapError", typeof(WriteErrorStage));

    /// <summary>The script of the calling runspace.</summary>
    public static IterationScript Current => s_scripts.GetValue(Runspace.DefaultRunspace, static _ => new IterationScript());

    /// <summary>Runs the blocks over what is left of the iteration. What the blocks throw comes out unchanged.</summary>
    /// <param name="run">The iteration.</param>
    /// <param name="blocks">What to run, and for which cmdlet.</param>
    public void Run(MapIterationRun run, IterationBlocks blocks)
    {
        bool direct = DirectBlock.IsAvailable && !blocks.HasErrorVariable;
        object?[] arguments = direct
            ? [run, blocks, _walk, _errors]
            : [run, _read, _forEach, blocks.ForEachArguments(), _output, _errors, blocks.Warnings, blocks.Information];

        // The pipeline is not linked to the cmdlet's own streams: the stages write to those, once each.
        using SteppablePipeline pipeline = _call.GetSteppablePipeline(CommandOrigin.Internal, [direct ? _directFrame : _publicFrame, arguments]);
        pipeline.Begin(expectInput: false);
        pipeline.End();
    }

    private static ScriptBlock Bind(string frame)
    {
        // Parsed under a name, so that descriptions of a caller's position can tell the frame's lines from the caller's.
        ScriptBlockAst syntax = Parser.ParseInput(frame, ScriptActor.InternalScript, out _, out _);
        return new PSModuleInfo(linkToGlobal: true).NewBoundScriptBlock(syntax.GetScriptBlock());
    }
}
