using System.Management.Automation;
using GuardedMaps.Shell.Rules;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Finds races and changed-while-iterated collections in scripts, without running them.</para>
/// </summary>
[Cmdlet(VerbsDiagnostic.Test, "MapUsage", DefaultParameterSetName = nameof(Path), SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(MapFinding), typeof(string))]
public sealed class TestMapUsageCommand : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly UsageSources _sources = new();

    /// <summary>Files, folders or wildcards. Folders are searched for scripts, with all folders below.</summary>
    [Parameter(Position = 0, ParameterSetName = nameof(Path))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = ["."];

    /// <summary>Files or folders, taken as they are.</summary>
    [Parameter(Mandatory = true, ParameterSetName = nameof(LiteralPath))]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = null!;

    /// <summary>From the pipeline: files, folders, text, script blocks, functions.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = nameof(InputObject))]
    [AllowNull]
    [AllowEmptyString]
    public object? InputObject { get; set; }

    /// <summary>Scripts as text.</summary>
    [Parameter(Mandatory = true, ParameterSetName = nameof(Text))]
    [AllowEmptyString]
    public string[] Text { get; set; } = null!;

    /// <summary>Script blocks. They are read, never run.</summary>
    [Parameter(Mandatory = true, ParameterSetName = nameof(ScriptBlock))]
    [ValidateNotNull]
    public ScriptBlock[] ScriptBlock { get; set; } = null!;

    /// <summary>Only these rules, by id or name.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] Rule { get; set; } = [];

    /// <summary>All rules but these.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[] ExcludeRule { get; set; } = [];

    /// <summary>Only findings of these severities.</summary>
    [Parameter]
    public MapFindingSeverity[] Severity { get; set; } = [];

    /// <summary>Object, one for each finding, or Sarif, one text for them all.</summary>
    [Parameter]
    [ValidateSet("Object", "Sarif")]
    public string Format { get; set; } = "Object";

    /// <summary>From which severity on findings end the cmdlet with an error, after all of them have been put out.</summary>
    [Parameter]
    public MapFindingLevel FailOn { get; set; }

    /// <summary>Repairs the files where the result is certain to be equivalent, and puts out what is left.</summary>
    [Parameter]
    public SwitchParameter Fix { get; set; }

    /// <summary>Puts out, instead of findings, what the repair changes, as a unified diff.</summary>
    [Parameter]
    public SwitchParameter Diff { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        if (UsageOptions.FirstUnknown(Rule.Concat(ExcludeRule)) is { } unknown)
        {
            ThrowTerminatingError(Errors.UnknownRule(unknown, RuleCatalogue.All.Prepend(RuleCatalogue.ParseError).Select(r => $"{r.Id} {r.Name}")));
        }
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case nameof(Path):
                foreach (string path in Path) AddMatching(path);
                break;
            case nameof(LiteralPath):
                foreach (string path in LiteralPath) Add(GetUnresolvedProviderPathFromPSPath(path), path);
                break;
            case nameof(Text):
                foreach (string text in Text) _sources.AddText(text);
                break;
            case nameof(ScriptBlock):
                foreach (ScriptBlock block in ScriptBlock) _sources.AddBlock(block);
                break;
            default:
                if (!_sources.AddInput(InputObject)) WriteError(Errors.NotCheckable(InputObject));
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        _sources.EndLines();
        var options = new UsageOptions(Rule, ExcludeRule, Severity);
        var report = new UsageReport(this, SessionState.Path.CurrentFileSystemLocation.ProviderPath) { AsSarif = Format == "Sarif", Repairs = Fix, AsDiff = Diff };
        try
        {
            report.Write(new UsageRun(options.IsWanted, Fix || Diff, _stop.Token).Run(_sources.All), _sources.All.Count);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return;
        }

        int bad = FailOn == MapFindingLevel.None ? 0 : report.Findings.Count(f => (int)f.Severity >= (int)FailOn - 1);
        if (bad > 0) ThrowTerminatingError(Errors.UsageFound(bad, FailOn.ToString()));
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private void AddMatching(string path)
    {
        // A file whose name has brackets is found by its name; anything else that has wildcards is expanded.
        string literal = GetUnresolvedProviderPathFromPSPath(path);
        bool isPattern = WildcardPattern.ContainsWildcardCharacters(path) && !File.Exists(literal);
        IReadOnlyList<string> matching = isPattern ? SessionState.Path.GetResolvedProviderPathFromPSPath(path, out _) : [literal];
        if (matching.Count == 0) WriteError(Errors.ScriptNotFound(path));
        foreach (string one in matching) Add(one, path);
    }

    private void Add(string resolved, string given)
    {
        if (!_sources.AddPath(resolved)) WriteError(Errors.ScriptNotFound(given));
    }
}
