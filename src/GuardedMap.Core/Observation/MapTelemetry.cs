using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;

namespace GuardedMaps;

/// <summary>
/// What a live process tells about its maps without being asked: an <see cref="EventSource"/> and a <see cref="Meter"/>, both
/// named <c>GuardedMap</c>, for <c>dotnet-trace</c> and <c>dotnet-counters</c>. Rare events only: nothing here is on a hot path.
/// </summary>
[EventSource(Name = "GuardedMap")]
internal sealed class MapTelemetry : EventSource
{
    public static readonly MapTelemetry Log = new();

    private static readonly Meter s_meter = new("GuardedMap");

    private static readonly Counter<long> s_violations =
        s_meter.CreateCounter<long>("guardedmap.violations", "{violation}", "Forbidden overlaps detected, by kind.");

    private static readonly Counter<long> s_growths =
        s_meter.CreateCounter<long>("guardedmap.growths", "{growth}", "Growths begun, by reason.");

    private static readonly Counter<long> s_chains =
        s_meter.CreateCounter<long>("guardedmap.long_chains", "{chain}", "Chains that became longer than chance allows: a bad hash, or chosen keys.");

    private MapTelemetry()
    {
    }

    /// <summary>True if anybody counts growths or listens for them.</summary>
    public static bool WatchesGrowth => s_growths.Enabled || Log.IsEnabled(EventLevel.Informational, EventKeywords.None);

    [NonEvent]
    public void Report(MapViolation violation)
    {
        string kind = violation.Kind.ToString();
        s_violations.Add(1, new KeyValuePair<string, object?>("kind", kind));
        if (IsEnabled(EventLevel.Warning, EventKeywords.None)) Violation(SafeText.Line(violation.MapName), kind, violation.Message);
    }

    [NonEvent]
    public void ReportGrowth(string map, GrowReason reason, int buckets)
    {
        string text = reason.ToString();
        s_growths.Add(1, new KeyValuePair<string, object?>("reason", text));
        if (IsEnabled(EventLevel.Informational, EventKeywords.None)) GrowStarted(map, text, buckets);
    }

    [NonEvent]
    public void ReportChain(string map, int entries, int buckets)
    {
        s_chains.Add(1);
        if (IsEnabled(EventLevel.Warning, EventKeywords.None)) ChainTooLong(SafeText.Line(map), entries, buckets);
    }

    [NonEvent]
    public void ReportHandler(string map, Exception thrown)
    {
        if (IsEnabled(EventLevel.Error, EventKeywords.None)) HandlerFailed(map, thrown.ToString());
    }

    [Event(4, Level = EventLevel.Error, Message = "A handler of a violation on map {0} has thrown: {1}")]
    private void HandlerFailed(string map, string thrown) => WriteEvent(4, map, thrown);

    [Event(1, Level = EventLevel.Warning, Message = "{1} on map {0}: {2}")]
    private void Violation(string map, string kind, string message) => WriteEvent(1, map, kind, message);

    [Event(3, Level = EventLevel.Warning, Message = "In map {0} {1} keys or more lead to one of {2} buckets, which is no chance: their hash does not spread them, or they were chosen")]
    private void ChainTooLong(string map, int entries, int buckets) => WriteEvent(3, map, entries, buckets);

    [Event(2, Level = EventLevel.Informational, Message = "Map {0} grows to {2} buckets: {1}")]
    private void GrowStarted(string map, string reason, int buckets) => WriteEvent(2, map, reason, buckets);
}
