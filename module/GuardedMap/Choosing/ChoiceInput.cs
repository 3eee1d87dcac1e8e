using System.Management.Automation;
using GuardedMaps.Lab.Choosing;

namespace GuardedMaps.Shell;

/// <summary>Reads the file of a recorded load for a cmdlet.</summary>
internal static class ChoiceInput
{
    public static IReadOnlyList<LoadOperation> Read(PSCmdlet cmdlet, string path)
    {
        string full = cmdlet.GetUnresolvedProviderPathFromPSPath(path);
        try
        {
            return RecordedLoad.Read(File.ReadLines(full), path);
        }
        catch (FormatException e)
        {
            cmdlet.ThrowTerminatingError(Errors.LoadMalformed(e, path));
            throw;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            cmdlet.ThrowTerminatingError(Errors.LoadNotRead(e, path));
            throw;
        }
    }
}
