using System.Security.Cryptography;
using System.Text;

namespace GuardedMaps.Lab;

// The one way in which files are written here: wholly, or not at all.
//
//   beside the file, under a fresh name that nobody could have foreseen (a link planted under a known name would be followed)
//   flushed to the disk (a full disk says so now, and not when the old file is gone)
//   renamed into its place, in one step
//
// Whatever fails, the file that was there is still there, as it was, and nothing of ours is left beside it. What overwriting a file in place would have refused is refused
// here too: a file that may not be written, a folder. Its permissions stay. Where the path is a link, the file that it leads to is written and the link stays one.
// What is no file on a disk (a device, a pipe) cannot be renamed over, and is written directly.

/// <summary>Writes files wholly or not at all: beside the file first, then in its place in one step.</summary>
internal static class WholeFile
{
    private static readonly UTF8Encoding s_plain = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes text, as UTF-8 without a mark.</summary>
    /// <exception cref="IOException">It cannot be written. The file is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written. The file is as it was.</exception>
    public static void Write(string path, string text, bool replaces = true) => Write(path, s_plain.GetBytes(text), replaces);

    /// <summary>Writes bytes.</summary>
    /// <param name="path">Where.</param>
    /// <param name="bytes">What.</param>
    /// <param name="replaces">False to write only a file that is not there yet, also if somebody else makes one meanwhile.</param>
    /// <exception cref="IOException">It cannot be written. The file is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written. The file is as it was.</exception>
    public static void Write(string path, ReadOnlySpan<byte> bytes, bool replaces = true)
    {
        string target = FinalTarget(Path.GetFullPath(path));
        bool exists = File.Exists(target);
        if (exists && replaces && WriteDirectly(target, bytes)) return;
        string beside = Path.Combine(Path.GetDirectoryName(target) ?? target, $".guardedmap-{Convert.ToHexString(RandomNumberGenerator.GetBytes(8))}.tmp");
        // Ours from here on, and nobody else's: a file of that name is an error, and is not taken away.
        FileStream stream = Create(beside, exists ? target : null);
        try
        {
            using (stream)
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            // On Windows a replaced file hands on its access rules, and a moved one does not.
            if (exists && replaces && OperatingSystem.IsWindows()) File.Replace(beside, target, destinationBackupFileName: null);
            else File.Move(beside, target, replaces);
        }
        catch
        {
            File.Delete(beside);
            throw;
        }
    }

    // Of a chain of links the last, which need not lead to anything: then the file is made where it leads.
    private static string FinalTarget(string full)
    {
        try
        {
            return new FileInfo(full).LinkTarget is null ? full : File.ResolveLinkTarget(full, returnFinalTarget: true)!.FullName;
        }
        catch (IOException e)
        {
            throw new IOException($"'{full}' is a link that leads to no file that could be written: {e.Message}", e);
        }
    }

    /// <summary>Opens the file that is there as overwriting it would, changing nothing; writes it if it can be written in no other way.</summary>
    private static bool WriteDirectly(string target, ReadOnlySpan<byte> bytes)
    {
        using var stream = new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        if (stream.CanSeek && !IsDevice(target)) return false;
        stream.Write(bytes);
        stream.Flush(flushToDisk: false);
        return true;
    }

    private static bool IsDevice(string target) => !OperatingSystem.IsWindows() && (target.StartsWith("/dev/", StringComparison.Ordinal) || target.StartsWith("/proc/", StringComparison.Ordinal));

    private static FileStream Create(string beside, string? like)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (like is null || OperatingSystem.IsWindows()) return new FileStream(beside, options);
        UnixFileMode mode = File.GetUnixFileMode(like);
        // Never readable by more than the file was, not even for a moment. What the process's mask takes away is set afterwards.
        options.UnixCreateMode = mode;
        var stream = new FileStream(beside, options);
        File.SetUnixFileMode(stream.SafeFileHandle, mode);
        return stream;
    }
}
