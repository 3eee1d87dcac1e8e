using System.Globalization;
using System.Management.Automation;

namespace GuardedMaps.Shell;

/// <summary>
/// What a long <c>New-GuardedMap</c> owes whoever waits for it: progress, and an end at Ctrl+C. Asked once per entry.
/// </summary>
/// <remarks>
/// Nobody wants a bar that flashes by, and each record costs as much as hundreds of entries: the first is shown when the work has taken half a second, and
/// then at most five a second. PowerShell itself stops a pipeline between two objects, but an argument is one object to it, however many
/// entries it has.
/// </remarks>
/// <param name="name">What the map is called, or null.</param>
/// <param name="isStopping">True once the user has had enough.</param>
/// <param name="show">Shows a record.</param>
internal sealed class BuildWatch(string? name, Func<bool> isStopping, Action<ProgressRecord> show)
{
    private const int FirstAfterMilliseconds = 500;
    private const int EveryMilliseconds = 200;
    private const int LookAtClockEvery = 16;

    private ProgressRecord? _record;
    private long _next = Environment.TickCount64 + FirstAfterMilliseconds;
    private long _done;

    /// <summary>How many entries there will be, if that is known.</summary>
    public long? Total { get; set; }

    /// <summary>Counts one entry.</summary>
    /// <exception cref="PipelineStoppedException">The user has had enough.</exception>
    public void Count()
    {
        if (isStopping()) throw new PipelineStoppedException();
        if (++_done % LookAtClockEvery == 0 && Environment.TickCount64 >= _next) Show();
    }

    /// <summary>Takes the bar away, if there was one.</summary>
    public void Complete()
    {
        if (_record is null) return;
        _record.RecordType = ProgressRecordType.Completed;
        show(_record);
    }

    private void Show()
    {
        _next = Environment.TickCount64 + EveryMilliseconds;
        _record ??= new ProgressRecord(0, name is null ? "Making a map" : $"Making the map '{SafeText.Line(name)}'", "Under way");
        _record.StatusDescription = Total is { } total
            ? string.Create(CultureInfo.CurrentCulture, $"{_done:N0} of {total:N0} entries")
            : string.Create(CultureInfo.CurrentCulture, $"{_done:N0} entries");
        _record.PercentComplete = Total is { } all and > 0 ? (int)Math.Min(100, 100 * _done / all) : -1;
        show(_record);
    }
}
