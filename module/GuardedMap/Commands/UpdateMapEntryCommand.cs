using System.Collections;
using System.Management.Automation;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Changes the value of a key in one atomic operation.</para>
/// </summary>
/// <remarks>
/// <para>
/// <c>$m['n']++</c> is a read and a write, two operations, between which others may write: their update is then lost, and nobody can
/// notice. This is one operation. It does nothing but bind arguments: what it does are the map's methods Increment, Append and
/// AddOrUpdate, and a runspace that has not imported the module calls those.
/// </para>
/// <para>
/// A script block runs on the caller's own thread: once, while a guarded map is held for writing; on a map of another kind outside of any lock, and once more
/// whenever another write of the key came between. If it fails, in whatever way, the entry stays as it is.
/// </para>
/// </remarks>
[Cmdlet(VerbsData.Update, "MapEntry", DefaultParameterSetName = IncrementSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(DictionaryEntry))]
public sealed class UpdateMapEntryCommand : PSCmdlet
{
    private const string IncrementSet = "Increment";
    private const string AppendSet = "Append";
    private const string ScriptSet = "ScriptBlock";

    /// <summary>The map to change.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [GuardedMapArgument]
    public IMap Map { get; set; } = null!;

    /// <summary>The key: an argument, or from the pipeline. Of an entry, or an object with a property Key, it is that key.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true)]
    [Alias("InputObject")]
    [ValidateNotNull]
    public object Key { get; set; } = null!;

    /// <summary>Adds this whole number to the value; a missing key counts as 0.</summary>
    [Parameter(Mandatory = true, ParameterSetName = IncrementSet)]
    [WholeNumberArgument]
    public long Increment { get; set; }

    /// <summary>Adds this object at the end of the list that is the value; a missing key's list is empty.</summary>
    [Parameter(Mandatory = true, ParameterSetName = AppendSet, ValueFromPipelineByPropertyName = true)]
    [Alias("Value")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Append { get; set; }

    /// <summary>Makes the new value from the present one, which is in $_ and is $null for a missing key. Its arguments are the key and the value.</summary>
    [Parameter(Mandatory = true, Position = 2, ParameterSetName = ScriptSet)]
    public ScriptBlock ScriptBlock { get; set; } = null!;

    /// <summary>Emits the entry as it is afterwards.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        object? key = InputReader.Bare(Key);
        if (MyInvocation.ExpectingInput && !IsPlainKey(key))
        {
            if (InputReader.TryReadEntry(Key, out object? entryKey, out _) || InputReader.TryReadProperty(Key, "Key", out entryKey)) key = entryKey;
        }

        if (key is null)
        {
            WriteError(Errors.NullKey(Key, "Key"));
            return;
        }

        if (!ShouldProcess($"key '{key}' of map '{Map.Name}'", Describe())) return;
        try
        {
            object? value = ParameterSetName switch
            {
                IncrementSet => Map.Increment(key, Increment),
                AppendSet => Map.Append(key, InputReader.Bare(Append)),
                _ => Map.AddOrUpdate(key, present => UpdateScript.Run(ScriptBlock, key, present)),
            };
            if (PassThru) WriteObject(new DictionaryEntry(key, value));
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or ArithmeticException or UpdateScriptException || Errors.FindViolation(e) is not null)
        {
            WriteError(Errors.UpdateFailed(e, Map, key));
        }
    }

    // A text or a number may have a property called Key, added by somebody; it is a key all the same.
    private static bool IsPlainKey(object? key) => key is string or ValueType and not DictionaryEntry && !(key.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(KeyValuePair<,>));

    private string Describe() => ParameterSetName switch
    {
        IncrementSet => $"Add {Increment}",
        AppendSet => $"Append {Errors.Describe(Append)}",
        _ => $"Replace the value by what {{{ScriptBlock}}} makes of it",
    };
}
