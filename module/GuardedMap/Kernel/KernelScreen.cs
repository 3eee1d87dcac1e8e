using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using System.Text;
using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Shell;

/// <summary>
/// What a cell writes to the host, or to the console, past PowerShell's streams: it is output of the cell that is running. Questions cannot be asked, and
/// whoever asks is told so.
/// </summary>
internal sealed class KernelScreen : PSHostUserInterface
{
    private volatile Action<NotebookOutput>? _show;

    public KernelScreen()
    {
        Out = new Writer(text => Print(StreamOutput.StandardOutput, text));
        Error = new Writer(text => Print(StreamOutput.StandardError, text));
    }

    /// <summary>Where output goes; null while no cell is running.</summary>
    public Action<NotebookOutput>? Show
    {
        get => _show;
        set => _show = value;
    }

    /// <summary>The console's output.</summary>
    public TextWriter Out { get; }

    /// <summary>The console's output for errors.</summary>
    public TextWriter Error { get; }

    public override PSHostRawUserInterface RawUI { get; } = new Size100();

    public static HostException NobodyToAsk() => new("A notebook's cell cannot ask anything: there is nobody at a prompt. Give the value as a parameter, or assign it in a cell.");

    public override void Write(string value) => Print(StreamOutput.StandardOutput, value);

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

    public override void WriteLine(string value) => Write(value + "\n");

    public override void WriteErrorLine(string value) => Print(StreamOutput.StandardError, value + "\n");

    public override void WriteDebugLine(string message) => WriteLine($"DEBUG: {message}");

    public override void WriteVerboseLine(string message) => WriteLine($"VERBOSE: {message}");

    public override void WriteWarningLine(string message) => WriteErrorLine($"WARNING: {message}");

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        // A front end has no place for it that could be overwritten.
    }

    public override string ReadLine() => throw NobodyToAsk();

    public override SecureString ReadLineAsSecureString() => throw NobodyToAsk();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) => throw NobodyToAsk();

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) => throw NobodyToAsk();

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => throw NobodyToAsk();

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) => throw NobodyToAsk();

    private void Print(string stream, string text)
    {
        if (text.Length > 0) _show?.Invoke(new StreamOutput(stream, CellRecorder.Plain(text).ReplaceLineEndings("\n")));
    }

    private sealed class Writer(Action<string> print) : TextWriter(CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => print(value.ToString());

        public override void Write(char[] buffer, int index, int count) => print(new string(buffer, index, count));

        public override void Write(string? value) => print(value ?? "");

        public override void WriteLine(string? value) => print(value + "\n");
    }

    /// <summary>A screen of which only the width matters.</summary>
    private sealed class Size100 : PSHostRawUserInterface
    {
        public override ConsoleColor BackgroundColor { get; set; } = ConsoleColor.Black;

        public override Size BufferSize { get; set; } = new(CellRecorder.Width + 1, 3000);

        public override Coordinates CursorPosition { get; set; }

        public override int CursorSize { get; set; }

        public override ConsoleColor ForegroundColor { get; set; } = ConsoleColor.Gray;

        public override bool KeyAvailable => false;

        public override Size MaxPhysicalWindowSize => BufferSize;

        public override Size MaxWindowSize => BufferSize;

        public override Coordinates WindowPosition { get; set; }

        public override Size WindowSize { get; set; } = new(CellRecorder.Width + 1, 50);

        public override string WindowTitle { get; set; } = "";

        public override void FlushInputBuffer()
        {
            // There is no input.
        }

        public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NobodyToAsk();

        public override KeyInfo ReadKey(ReadKeyOptions options) => throw NobodyToAsk();

        public override void ScrollBufferContents(Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill)
        {
            // A notebook scrolls by itself.
        }

        public override void SetBufferContents(Rectangle rectangle, BufferCell fill)
        {
            // Clear-Host: the outputs of a cell are cleared by running it again.
        }

        public override void SetBufferContents(Coordinates origin, BufferCell[,] contents)
        {
            // See above.
        }
    }
}
