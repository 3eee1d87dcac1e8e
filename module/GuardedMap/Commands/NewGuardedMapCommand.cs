using System.Collections;
using System.Management.Automation;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Makes a guarded map, or one that cannot race: empty, from a hashtable, or from objects.</para>
/// </summary>
/// <remarks>
/// Emits exactly one object when the input has ended. What is read from where is <see cref="MapBuilder"/>'s business; which class is made
/// is <see cref="MapSpecification"/>'s.
/// </remarks>
[Cmdlet(VerbsCommon.New, "GuardedMap", DefaultParameterSetName = DictionarySet)]
[OutputType(typeof(GuardedMap), typeof(GuardedMap<,>), typeof(SnapshotMap), typeof(SyncMap), typeof(OrderedMap))]
public sealed class NewGuardedMapCommand : PSCmdlet
{
    private const string DictionarySet = "Dictionary";
    private const string PropertySet = "Property";
    private MapBuilder? _builder;
    private bool _fromPipeline;

    /// <summary>A hashtable or other dictionary, its entries, or with -KeyProperty any objects.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = DictionarySet)]
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = PropertySet)]
    [AllowNull]
    [AllowEmptyCollection]
    public object? InputObject { get; set; }

    /// <summary>The property of each input object that becomes its key.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PropertySet)]
    [ValidateNotNullOrEmpty]
    public string? KeyProperty { get; set; }

    /// <summary>The property that becomes the value; without it the value is the whole object.</summary>
    [Parameter(ParameterSetName = PropertySet)]
    [ValidateNotNullOrEmpty]
    public string? ValueProperty { get; set; }

    /// <summary>Guarded refuses what collides; Snapshot, Sync and Ordered are maps in which nothing collides.</summary>
    [Parameter]
    public MapKind Kind { get; set; } = MapKind.Guarded;

    /// <summary>The type every key is converted to. Without it, keys keep the types they have.</summary>
    [Parameter]
    [ValidateNotNull]
    public Type? KeyType { get; set; }

    /// <summary>The type every value is converted to. Without it, values keep the types they have.</summary>
    [Parameter]
    [ValidateNotNull]
    public Type? ValueType { get; set; }

    /// <summary>Distinguishes upper and lower case in string keys.</summary>
    [Parameter]
    public SwitchParameter CaseSensitive { get; set; }

    /// <summary>How many entries to make room for at once.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Capacity { get; set; }

    /// <summary>What happens when somebody writes during an iteration that names no contract of its own.</summary>
    [Parameter]
    public IterationContract Contract { get; set; } = IterationContract.Reject;

    /// <summary>How the map defends itself against operations that overlap.</summary>
    [Parameter]
    public MapProtection Protection { get; set; } = MapProtection.Guarded;

    /// <summary>Refuses what a guarded map does not allow, or lets it wait for its turn and reports it.</summary>
    [Parameter]
    public ViolationResponse OnViolation { get; set; } = ViolationResponse.Throw;

    /// <summary>Refuses to set a key that somebody else has changed since it was read.</summary>
    [Parameter]
    public SwitchParameter DetectLostUpdates { get; set; }

    /// <summary>Fixes the hash seed and the start of iterations, so that a run can be repeated.</summary>
    [Parameter]
    public ulong HashSeed { get; set; }

    /// <summary>What errors call the map.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Records what happens inside the map.</summary>
    [Parameter]
    public SwitchParameter Trace { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _fromPipeline = MyInvocation.ExpectingInput;
        CheckType("-KeyType", KeyType);
        CheckType("-ValueType", ValueType);
        if (KindRules.Refusal(Kind, MyInvocation.BoundParameters.ContainsKey, KeyType) is { } refusal) ThrowTerminatingError(refusal);
        if (DetectLostUpdates && Protection == MapProtection.None) ThrowTerminatingError(Errors.NoVersionToCompare());
        if (OnViolation == ViolationResponse.Report && Protection != MapProtection.Guarded) ThrowTerminatingError(Errors.NothingToReport(Protection));
        IterationContract? asked = Kind == MapKind.Guarded && MyInvocation.BoundParameters.ContainsKey(nameof(Contract)) ? Contract : null;
        if (KindRules.Refusal(Protection, asked) is { } notHad) ThrowTerminatingError(notHad);
        var specification = new MapSpecification
        {
            Kind = Kind,
            KeyType = KeyType,
            ValueType = ValueType,
            CaseSensitive = CaseSensitive,
            Capacity = Capacity,
            Contract = Contract,
            Protection = Protection,
            OnViolation = OnViolation,
            DetectLostUpdates = DetectLostUpdates,
            HashSeed = MyInvocation.BoundParameters.ContainsKey(nameof(HashSeed)) ? HashSeed : null,
            Name = Name,
            Trace = Trace,
        };
        _builder = new MapBuilder(specification, KeyProperty, ValueProperty, WriteError, IsVerbose() ? WriteVerbose : null)
        {
            Watch = new BuildWatch(Name, () => Stopping, WriteProgress),
        };
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        bool fromPipeline = _fromPipeline;
        if (!fromPipeline && !MyInvocation.BoundParameters.ContainsKey(nameof(InputObject))) return;

        // An argument of $null is a variable that should have held something. An empty map in its place would hide that.
        if (!fromPipeline && InputReader.Bare(InputObject) is null) ThrowTerminatingError(Errors.NullInput(InputObject));
        try
        {
            // New-GuardedMap (Get-Process) -KeyProperty Id: an argument is one object to PowerShell, a list to the user.
            if (!fromPipeline && LanguagePrimitives.GetEnumerable(InputObject) is { } many)
            {
                _builder!.Watch!.Total = (InputReader.Bare(InputObject) as ICollection)?.Count;
                foreach (object? one in many) _builder.Add(one);
            }
            else
            {
                if (!fromPipeline) _builder!.Watch!.Total = (InputReader.Bare(InputObject) as ICollection)?.Count;
                _builder!.Add(InputObject);
            }
        }
        catch (MapBuildException e)
        {
            ThrowTerminatingError(e.Record);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        IMap map = _builder!.Finish();
        WriteVerbose($"Made {map.GetType().Name} '{SafeText.Line(map.Name)}' with {map.Count} entries.");
        WriteObject(map, enumerateCollection: false);
    }

    private void CheckType(string parameter, Type? type)
    {
        if (type is not null && !MapSpecification.CanBeStored(type)) ThrowTerminatingError(Errors.InvalidType(parameter, type));
    }

    // One sentence per replaced key is only put together when somebody reads it.
    private bool IsVerbose() => MyInvocation.BoundParameters.TryGetValue("Verbose", out object? asked)
        ? ((SwitchParameter)asked).IsPresent
        : GetVariableValue("VerbosePreference") is ActionPreference preference && preference is not (ActionPreference.SilentlyContinue or ActionPreference.Ignore);
}
