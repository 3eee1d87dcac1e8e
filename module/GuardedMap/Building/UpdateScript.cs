using System.Collections.ObjectModel;
using System.Management.Automation;

namespace GuardedMaps.Shell;

/// <summary>Runs the script block that makes a key's new value from its present one.</summary>
/// <remarks>
/// The block runs in the scope it comes from, so it sees the caller's variables, with <c>$_</c> as the value and key and value as arguments.
/// Errors that would only be written elsewhere are exceptions here: whatever goes wrong in the block, there is no new value,
/// and storing <c>$null</c> or half a result in its place would be the silent damage this map exists to prevent.
/// </remarks>
internal static class UpdateScript
{
    /// <exception cref="UpdateScriptException">The block raised an error.</exception>
    public static object? Run(ScriptBlock block, object key, object? present)
    {
        List<PSVariable> variables = [new("_", present), new("ErrorActionPreference", ActionPreference.Stop)];
        Collection<PSObject> made;
        var handled = HandledErrors.Begin();
        try
        {
            made = block.InvokeWithContext(functionsToDefine: null, variables, key, present);
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            // The cmdlet reports it, as an error of its own.
            handled.Dispose();
            // A violation passes: it is the error, not the fact that a script block met it.
            if (Errors.FindViolation(e) is not null) throw;
            throw new UpdateScriptException(e);
        }

        return made.Count switch
        {
            0 => null,
            1 => InputReader.Bare(made[0]),
            _ => made.Select(static item => InputReader.Bare(item)).ToArray(),
        };
    }
}

/// <summary>The block of <c>Update-MapEntry</c> raised an error, and nothing was stored.</summary>
internal sealed class UpdateScriptException(RuntimeException cause) : Exception(cause.ErrorRecord.Exception.Message, cause)
{
    public ErrorRecord Cause => ((RuntimeException)InnerException!).ErrorRecord;
}
