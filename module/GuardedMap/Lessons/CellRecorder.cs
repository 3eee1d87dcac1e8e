using System.Management.Automation;
using System.Text;
using System.Text.RegularExpressions;
using GuardedMaps.Lab.Lessons;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell;

/// <summary>
/// Makes a notebook's outputs of what a cell writes, in the order in which it is written.
/// </summary>
/// <remarks>
/// <code>
///   objects ──▶ Out-String, line by line ──▶ stdout     (neighbours are formatted together: one table, one header)
///   pictures ─▶ a display: SVG, and text for those who cannot show it
///   errors, warnings ──▶ stderr
/// </code>
/// The player and the Jupyter kernel both record with this class, so the same cell has the same outputs in both. Text is plain and 100 columns
/// wide wherever it is recorded; else a saved output would depend on the terminal somebody had.
/// </remarks>
internal sealed partial class CellRecorder(Action<NotebookOutput> show)
{
    /// <summary>How wide text is.</summary>
    public const int Width = 100;

    private SteppablePipeline? _formatter;
    private int _emptyLines;
    private bool _hasText;

    /// <summary>How many errors were written.</summary>
    public int Errors { get; private set; }

    /// <summary>Takes one object of the cell's streams.</summary>
    public void Add(object? item)
    {
        switch (InputReader.Bare(item))
        {
            case null:
                break;
            case MapPicture picture:
                Display(CellDisplay.Of(picture));
                break;
            case CellDisplay display:
                Display(display);
                break;
            case string text when CellDisplay.OfMarkup(text) is { } drawing:
                Display(drawing);
                break;
            case ErrorRecord error:
                Errors++;
                Complain(Format(error));
                break;
            case WarningRecord warning:
                Complain($"WARNING: {warning.Message}\n");
                break;
            case VerboseRecord verbose:
                Flush();
                Print(new[] { $"VERBOSE: {verbose.Message}" });
                break;
            case DebugRecord debug:
                Flush();
                Print(new[] { $"DEBUG: {debug.Message}" });
                break;
            case InformationRecord information:
                // What Write-Host prints, and what Write-Information says.
                Flush();
                Print($"{information.MessageData}".ReplaceLineEndings("\n").Split('\n'));
                break;
            default:
                Print(Formatter().Process(item));
                break;
        }
    }

    /// <summary>Puts out what is still being formatted: a table is written when its last row is known.</summary>
    public void Flush()
    {
        if (_formatter is null) return;
        Print(_formatter.End());
        _formatter.Dispose();
        _formatter = null;
        _emptyLines = 0;
    }

    /// <summary>An error record as text, as the prompt shows it.</summary>
    public static string Format(ErrorRecord error)
    {
        using var shell = PowerShell.Create(RunspaceMode.CurrentRunspace);
        shell.AddCommand("Microsoft.PowerShell.Utility\\Out-String").AddParameter("Width", Width).AddParameter("InputObject", error);
        return Plain(string.Concat(shell.Invoke<string>())).ReplaceLineEndings("\n").Trim('\n') + "\n";
    }

    /// <summary>Text without the escape sequences that colour a terminal.</summary>
    public static string Plain(string text) => text.Contains('\u001b', StringComparison.Ordinal) ? Escapes().Replace(text, "") : text;

    private void Display(CellDisplay display)
    {
        Flush();
        show(display.ToOutput());
    }

    private void Complain(string text)
    {
        Flush();
        show(new StreamOutput(StreamOutput.StandardError, text));
    }

    private SteppablePipeline Formatter()
    {
        if (_formatter is not null) return _formatter;
        _formatter = ScriptBlock.Create($"Microsoft.PowerShell.Utility\\Out-String -Stream -Width {Width}").GetSteppablePipeline(CommandOrigin.Internal);
        _formatter.Begin(expectInput: true);
        return _formatter;
    }

    // Empty lines around what is formatted are for a prompt; between two things there is one.
    private void Print(System.Collections.IEnumerable lines)
    {
        var text = new StringBuilder();
        foreach (object? one in lines)
        {
            foreach (string line in Plain($"{one}").ReplaceLineEndings("\n").Split('\n'))
            {
                string trimmed = line.TrimEnd();
                if (trimmed.Length == 0)
                {
                    _emptyLines++;
                    continue;
                }

                if (_hasText && _emptyLines > 0) text.Append('\n');
                text.Append(trimmed).Append('\n');
                (_emptyLines, _hasText) = (0, true);
            }
        }

        if (text.Length > 0) show(new StreamOutput(StreamOutput.StandardOutput, text.ToString()));
    }

    [GeneratedRegex(@"\u001b(\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(\u0007|\u001b\\)|[@-Z\\-_])", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escapes();
}
