using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GuardedMaps.Lab;

// A thread that loops inside a damaged map may do so in code without a point at which it could be interrupted. The next
// garbage collection then waits for it for ever, and every managed thread waits with it: no timer fires, no code of ours
// runs, not even the code that would end the process. (With two writers on a Hashtable this is what a hang looks like,
// nearly always.) The parent sees the silence and kills the child. But if the parent is killed in that very moment,
// nobody would be left to do it.
//
// So the child asks the kernel, which does not wait for anybody: alarm(2) ends the process after some seconds, unless it
// is set anew. It is set anew with every sign of life. On Windows there is no such call; there a child frozen at the
// moment in which its parent is killed stays until somebody ends it.

/// <summary>Ends this process from outside .NET when it has not been set anew for a while.</summary>
internal sealed class DeadManSwitch(TimeSpan limit)
{
    private readonly uint _seconds = (uint)Math.Ceiling(limit.TotalSeconds);
    private bool _isAvailable = !OperatingSystem.IsWindows();

    /// <summary>Gives the process another stretch of life.</summary>
    public void SetAnew()
    {
        if (!_isAvailable) return;
        try
        {
            _ = Alarm(_seconds);
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            // A system without this C function: the race runs all the same, without this last safeguard.
            _isAvailable = false;
            Debug.WriteLine(error.Message);
        }
    }

    [DllImport("libc", EntryPoint = "alarm")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint Alarm(uint seconds);
}
