using System.Globalization;

namespace GuardedMaps.Tests.Model;

/// <summary>
/// What a search has been through. A search that never met a refused write or a repacked table proves nothing about them, so the
/// tests ask for these counts as well as for agreement.
/// </summary>
internal sealed class ModelStatistics
{
    public long Programs { get; set; }

    /// <summary>Single operations: a burst counts each of its own, a step that did nothing counts none.</summary>
    public long Operations { get; set; }

    /// <summary>Writes that an iteration's contract refused.</summary>
    public long Refused { get; set; }

    /// <summary>Writes that were queued.</summary>
    public long Queued { get; set; }

    /// <summary>Queues that were applied.</summary>
    public long Applied { get; set; }

    /// <summary>Steps that failed because somebody had written.</summary>
    public long Stale { get; set; }

    /// <summary>Writes through a cursor that were done at once.</summary>
    public long CursorWrites { get; set; }

    /// <summary>The same, while the table was growing.</summary>
    public long CursorWritesInGrowth { get; set; }

    /// <summary>Entries visited.</summary>
    public long Visits { get; set; }

    /// <summary>Iterations walked to their end.</summary>
    public long Finished { get; set; }

    /// <summary>Tolerant iterations walked to their end over a table that began a growth meanwhile.</summary>
    public long FinishedAcrossGrowth { get; set; }

    /// <summary>Snapshots walked to their end over a map that was written meanwhile.</summary>
    public long SnapshotsOutlived { get; set; }

    /// <summary>Growths seen under way that doubled the table.</summary>
    public long Doublings { get; set; }

    /// <summary>Growths seen under way that repacked it.</summary>
    public long Repackings { get; set; }

    /// <summary>Operations taken by the other thread.</summary>
    public long ByOtherThread { get; set; }

    /// <summary>The largest map seen.</summary>
    public int LargestCount { get; set; }

    public override string ToString() => string.Join(
        '\n',
        Line($"programs {Programs:N0}, operations {Operations:N0} ({ByOtherThread:N0} by another thread), largest map {LargestCount:N0} entries"),
        Line($"writes refused {Refused:N0}, queued {Queued:N0}, queues applied {Applied:N0}; cursor writes {CursorWrites:N0}, {CursorWritesInGrowth:N0} of them during growth"),
        Line($"growths looked at under way: doubling {Doublings:N0}, repacking {Repackings:N0}"),
        Line($"entries visited {Visits:N0}; iterations finished {Finished:N0}, tolerant ones across a growth {FinishedAcrossGrowth:N0}, snapshots over a changed map {SnapshotsOutlived:N0}; stale steps {Stale:N0}"));

    private static string Line(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
