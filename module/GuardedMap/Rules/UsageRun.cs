using System.Management.Automation.Language;
using System.Text.RegularExpressions;

namespace GuardedMaps.Shell.Rules;

/// <summary>Something to check: a file, a text, or a script block that has been parsed already.</summary>
internal sealed record UsageSource(string? Path, string? Text = null, Ast? Block = null);

/// <summary>What checking one source gave.</summary>
internal sealed record UsageResult(UsageSource Source, IReadOnlyList<MapFinding> Findings)
{
    /// <summary>The file as it was read, and its repaired text, where repairing was asked for and changed it.</summary>
    public ScriptText? Original { get; init; }

    public string? Repaired { get; init; }

    /// <summary>How many findings repairing takes away, and what it leaves.</summary>
    public int RepairedCount { get; init; }

    public IReadOnlyList<MapFinding> Left { get; init; } = [];

    /// <summary>Why a file could not be read.</summary>
    public Exception? Failure { get; init; }
}

/// <summary>
/// Checks many sources, several at a time, and gives the results in the order of the sources. Reading, parsing and asking the rules need no
/// runspace and so run on pool threads; only what makes the parser load a module (using module) is left to the caller's own thread.
/// </summary>
internal sealed partial class UsageRun(Func<MapFinding, bool> isWanted, bool repairs, CancellationToken stop)
{
    public IEnumerable<UsageResult> Run(IReadOnlyList<UsageSource> sources)
    {
        var running = new Queue<Task<UsageResult?>>();
        int next = 0;
        int done = 0;
        while (done < sources.Count)
        {
            while (next < sources.Count && running.Count < Environment.ProcessorCount * 4)
            {
                UsageSource source = sources[next++];
                running.Enqueue(Task.Run(() => Check(source, mayLoad: false), stop));
            }

            Task<UsageResult?> first = running.Dequeue();
            Task.WaitAny([first], stop);
            yield return ResultOf(first, sources[done]) ?? Check(sources[done], mayLoad: true)!;
            done++;
        }
    }

    [GeneratedRegex(@"^\s*(using\s+(module|assembly)|configuration\s)", RegexOptions.IgnoreCase | RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex NeedsRunspace();

    private static UsageResult? ResultOf(Task<UsageResult?> check, UsageSource source)
    {
        try
        {
            return check.GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new InvalidOperationException($"Checking {source.Path ?? "the text"} failed: {e.Message} That is a mistake of the rules, not of the script; leave it out, and report it, please.", e);
        }
    }

    private UsageResult? Check(UsageSource source, bool mayLoad)
    {
        stop.ThrowIfCancellationRequested();
        if (source.Block is { } block) return CheckBlock(source, block);
        ScriptText? file = null;
        if (source.Text is null)
        {
            try
            {
                file = ScriptText.Read(source.Path!);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                return new UsageResult(source, []) { Failure = e };
            }
        }

        string text = source.Text ?? file!.Text;
        if (!mayLoad && NeedsRunspace().IsMatch(text)) return null;
        List<MapFinding> findings = [.. ScriptCheck.CheckText(text, source.Path).Where(isWanted)];
        if (!repairs || !findings.Exists(f => f.IsFixable)) return new UsageResult(source, findings) { Left = findings };
        (string repaired, int count, IReadOnlyList<MapFinding> left) = ScriptFixer.Fix(text, source.Path, isWanted);
        return new UsageResult(source, findings) { Original = file ?? new ScriptText("", text, System.Text.Encoding.UTF8, []), Repaired = repaired == text ? null : repaired, RepairedCount = count, Left = left };
    }

    // A block is looked at where it stands, with the variables around it, and what lies outside of it is not reported.
    private UsageResult CheckBlock(UsageSource source, Ast block)
    {
        Ast root = block;
        while (root.Parent is not null) root = root.Parent;
        IEnumerable<MapFinding> findings = ScriptCheck.CheckTree((ScriptBlockAst)root)
            .Where(f => f.Extent.StartOffset >= block.Extent.StartOffset && f.Extent.EndOffset <= block.Extent.EndOffset);
        List<MapFinding> wanted = [.. findings.Where(isWanted)];
        return new UsageResult(source, wanted) { Left = wanted };
    }
}
