using System.Management.Automation;
using GuardedMaps.Lab;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Writes a picture of a map as a file, or a recorded run as an HTML page to step through.</para>
/// </summary>
[Cmdlet(VerbsData.Export, "MapPicture", SupportsShouldProcess = true, DefaultParameterSetName = InputSet)]
[OutputType(typeof(FileInfo))]
public sealed class ExportMapPictureCommand : RecordingCommand
{
    private const string InputSet = "Input";
    private bool _isWritten;

    /// <summary>The file to write. Its extension says what: .html, .svg, .txt, .mmd or .md.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>A picture that one of the Show cmdlets made, or a recording of Trace-GuardedMap.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, ParameterSetName = InputSet)]
    [AllowNull]
    public object? InputObject { get; set; }

    /// <summary>Leaves a file alone that is there already.</summary>
    [Parameter]
    public SwitchParameter NoClobber { get; set; }

    /// <summary>Hands on the file that was written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == InputSet) Export(InputReader.Bare(InputObject));
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (ParameterSetName == InputSet) return;
        if (PictureFile.KindOf(Path) != PictureFile.Page)
        {
            WriteError(Errors.PictureFormat(Path, "A recorded run", PictureFile.Page));
            return;
        }

        // The run comes after the question: it may write to the caller's map.
        var file = new OutputFile(this, Path, NoClobber, PassThru);
        if (file.MayBeWritten("Write recorded run") && Record() is { } recording && !Stopping) file.Write(new RecordingPage { Recording = recording }.ToHtml());
    }

    private void Export(object? input)
    {
        if (input is not (MapPicture or MapRecording))
        {
            WriteError(Errors.NotDrawable(InputObject));
            return;
        }

        if (_isWritten)
        {
            WriteError(Errors.OnePictureOnly(Path, input));
            return;
        }

        string? text = input is MapRecording recording
            ? PictureFile.KindOf(Path) == PictureFile.Page ? new RecordingPage { Recording = recording }.ToHtml() : null
            : PictureFile.TextOf((MapPicture)input, PictureFile.KindOf(Path));
        if (text is null)
        {
            string possible = input is MapPicture picture ? PictureFile.KindsOf(picture) : PictureFile.Page;
            WriteError(Errors.PictureFormat(Path, input is MapPicture ? input.GetType().Name : "A recorded run", possible));
            return;
        }

        _isWritten = true;
        var file = new OutputFile(this, Path, NoClobber, PassThru);
        if (file.MayBeWritten("Write picture")) file.Write(text);
    }
}
