using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;

namespace GuardedMaps.Shell.Rules;

/// <summary>Shows how far a check is: from the second half second on, and seldom enough to cost nothing.</summary>
internal sealed class UsageProgress(Cmdlet cmdlet, int total)
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(250);
    private readonly Stopwatch _since = Stopwatch.StartNew();
    private TimeSpan _shown = s_pause;
    private int _done;

    public void Show(string? current)
    {
        _done++;
        if (_since.Elapsed - _shown < s_pause) return;
        _shown = _since.Elapsed;
        cmdlet.WriteProgress(new ProgressRecord(0, "Checking scripts", string.Create(CultureInfo.InvariantCulture, $"{_done} of {total}"))
        {
            CurrentOperation = current ?? "",
            PercentComplete = (int)(100L * _done / Math.Max(1, total)),
        });
    }

    public void End()
    {
        if (_shown > s_pause) cmdlet.WriteProgress(new ProgressRecord(0, "Checking scripts", "Done") { RecordType = ProgressRecordType.Completed });
    }
}
