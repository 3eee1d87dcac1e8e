using System.Management.Automation;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

/// <summary>A text file that a cmdlet writes: where it is, whether it may be written, and what becomes of a failure.</summary>
internal sealed class OutputFile(PSCmdlet cmdlet, string path, bool noClobber, bool passThru)
{
    /// <summary>The file's full path.</summary>
    public string FullPath { get; } = cmdlet.GetUnresolvedProviderPathFromPSPath(path);

    /// <summary>True if it may be written: it is not there or may be replaced, and the caller wants it. What stands against it was reported.</summary>
    public bool MayBeWritten(string action)
    {
        if (!noClobber || !File.Exists(FullPath)) return cmdlet.ShouldProcess(FullPath, action);
        cmdlet.WriteError(Errors.FileExists(FullPath));
        return false;
    }

    /// <summary>Writes it.</summary>
    public void Write(string text)
    {
        try
        {
            WholeFile.Write(FullPath, text, replaces: !noClobber);
            if (passThru) cmdlet.WriteObject(new FileInfo(FullPath));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            cmdlet.WriteError(Errors.FileNotWritten(e, FullPath));
        }
    }
}
