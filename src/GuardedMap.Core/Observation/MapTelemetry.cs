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
        if (IsEnabled(EventLevel.Warning, EventKeywords.None)) Violation(violation.MapName, kind, violation.Message);
    }

    [NonEvent]
    public void ReportGrowth(string map, GrowReason reason, int buckets)
    {
        string text = reason.ToString();
        s_growths.Add(1, new KeyValuePair<string, object?>("reason", text));
        if (IsEnabled(EventLevel.Informational, EventKeywords.None)) GrowStarted(map, text, buckets);
    }

    [Event(1, Level = EventLevel.Warning, Message = "{1} on map {0}: {2}")]
    private void Violation(string map, string kind, string message) => WriteEvent(1, map, kind, message);

    [Event(2, Level = EventLevel.Informational, Message = "Map {0} grows to {2} buckets: {1}")]
    private void GrowStarted(string map, string reason, int buckets) => WriteEvent(2, map, reason, buckets);
}
