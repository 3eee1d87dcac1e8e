using System.Management.Automation;
using System.Management.Automation.Language;
using System.Text;

namespace GuardedMaps.Shell.Rules;

/// <summary>Turns what a user gives into sources: files, folders, text, script blocks, functions.</summary>
internal sealed class UsageSources
{
    private static readonly EnumerationOptions s_everything = new() { RecurseSubdirectories = true, IgnoreInaccessible = true };

    private readonly HashSet<string> _seen = new(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
    private readonly StringBuilder _lines = new();
    private string? _linesOf;

    /// <summary>What has been collected, in the order it was given.</summary>
    public List<UsageSource> All { get; } = [];

    /// <summary>Adds a file, or the scripts in a folder and below. False if there is neither.</summary>
    public bool AddPath(string path)
    {
        if (Directory.Exists(path))
        {
            IEnumerable<string> scripts = Directory.EnumerateFiles(path, "*.ps*1", s_everything)
                .Where(static f => f.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase) || f.EndsWith(".psm1", StringComparison.OrdinalIgnoreCase));
            foreach (string script in scripts.Order(StringComparer.Ordinal)) AddFile(script);
            return true;
        }

        if (!File.Exists(path)) return false;
        AddFile(path);
        return true;
    }

    public void AddText(string text)
    {
        EndLines();
        All.Add(new UsageSource(Path: null, text));
    }

    public void AddBlock(ScriptBlock block)
    {
        EndLines();
        All.Add(new UsageSource(block.File, Block: block.Ast));
    }

    /// <summary>Adds what a pipeline brings. False if it is nothing that can be checked.</summary>
    public bool AddInput(object? input)
    {
        switch (InputReader.Bare(input))
        {
            case string line when input is PSObject wrapped && wrapped.Properties["PSPath"]?.Value is string from && wrapped.Properties["ReadCount"] is not null && !line.Contains('\n', StringComparison.Ordinal):
                // Get-Content hands a file over line by line; its lines are one script.
                if (_linesOf is not null && _linesOf != from) EndLines();
                _linesOf = from;
                _lines.Append(line).Append('\n');
                return true;
            case string text:
                AddText(text);
                return true;
            case ScriptBlock block:
                AddBlock(block);
                return true;
            case FileSystemInfo file:
                EndLines();
                return AddPath(file.FullName);
            case FunctionInfo function:
                AddBlock(function.ScriptBlock);
                return true;
            case ExternalScriptInfo script:
                EndLines();
                return AddPath(script.Path);
            default:
                return false;
        }
    }

    /// <summary>Ends a script that came line by line.</summary>
    public void EndLines()
    {
        if (_linesOf is null) return;
        All.Add(new UsageSource(Path: null, _lines.ToString()));
        _lines.Clear();
        _linesOf = null;
    }

    private void AddFile(string path)
    {
        EndLines();
        string full = Path.GetFullPath(path);
        if (_seen.Add(full)) All.Add(new UsageSource(full));
    }
}
