using System.Globalization;
using System.Management.Automation;

namespace GuardedMaps.Shell.Rules;

/// <summary>Puts out what a run finds, in the form that was asked for, and writes the repaired files.</summary>
internal sealed class UsageReport(Cmdlet cmdlet, string folder)
{
    /// <summary>True for one SARIF log at the end instead of an object for each finding.</summary>
    public bool AsSarif { get; init; }

    /// <summary>True for differences instead of findings.</summary>
    public bool AsDiff { get; init; }

    /// <summary>True if files are repaired.</summary>
    public bool Repairs { get; init; }

    /// <summary>What was found, and not repaired.</summary>
    public List<MapFinding> Findings { get; } = [];

    public void Write(IEnumerable<UsageResult> results, int total)
    {
        var progress = new UsageProgress(cmdlet, total);
        foreach (UsageResult result in results)
        {
            progress.Show(result.Source.Path);
            if (result.Failure is not null) cmdlet.WriteError(Errors.ScriptNotRead(result.Failure, result.Source.Path!));
            else Write(result);
        }

        progress.End();
        if (AsSarif && !AsDiff) cmdlet.WriteObject(Sarif.Write(Findings, folder));
    }

    private void Write(UsageResult result)
    {
        if (AsDiff && result is { Original: not null, Repaired: not null })
        {
            cmdlet.WriteObject(UnifiedDiff.Between(result.Original.Text, result.Repaired, NameOf(result.Source.Path)));
        }

        bool isRepaired = Repairs && result.Repaired is not null && Repair(result);
        foreach (MapFinding finding in isRepaired ? result.Left : result.Findings)
        {
            Findings.Add(finding);
            if (!AsSarif && !AsDiff) cmdlet.WriteObject(finding);
        }
    }

    private string NameOf(string? path)
    {
        if (path is null) return "text";
        string relative = Path.GetRelativePath(folder, path);
        return (relative.StartsWith("..", StringComparison.Ordinal) ? path : relative).Replace('\\', '/').TrimStart('/');
    }

    private bool Repair(UsageResult result)
    {
        // A text that came without a file has nowhere to be written to: its difference is all there is.
        if (result.Source.Path is not { } path) return false;
        string action = string.Create(CultureInfo.InvariantCulture, $"Repair {result.RepairedCount} of {result.Findings.Count} findings");
        if (!cmdlet.ShouldProcess(path, action)) return false;
        try
        {
            result.Original!.Write(result.Repaired!);
            cmdlet.WriteVerbose(SafeText.Message($"{path}: {action}."));
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            cmdlet.WriteError(Errors.ScriptNotWritten(e, path));
            return false;
        }
    }
}
