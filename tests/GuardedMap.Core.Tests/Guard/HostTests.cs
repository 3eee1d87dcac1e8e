using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

/// <summary>What the process around the map tells it, and what the map tells the process.</summary>
[Collection(GlobalState.Name)]
public sealed class HostTests : IDisposable
{
    private readonly GuardedMap<string, int> _map = new(new MapOptions<string> { Name = nameof(HostTests) }) { ["a"] = 1 };

    public void Dispose()
    {
        MapHost.ActorNumber = null;
        MapHost.ActorLabel = null;
        MapHost.ActorJob = null;
        MapHost.ActorPosition = null;
        MapHost.ExceptionFactory = null;
    }

    [Fact]
    public void The_host_names_both_sides_and_their_positions()
    {
        MapHost.ActorLabel = () => $"runspace {Environment.CurrentManagedThreadId}";
        MapHost.ActorPosition = () => "script.ps1:4";
        using MapIterator<string, int> iterator = _map.Iterate();
        MapViolation violation = Expect.ViolationElsewhere(MapViolationKind.ConcurrentIterationAndWrite, () => _map["a"] = 2);
        Assert.Equal($"runspace {violation.Offender.ThreadId}", violation.Offender.Label);
        Assert.Equal("script.ps1:4", violation.Offender.Position);
        Assert.Equal($"runspace {Environment.CurrentManagedThreadId}", violation.Holder?.Label);
        Assert.Equal("script.ps1:4", violation.Holder?.Position);
        Assert.Contains($"(runspace {violation.Offender.ThreadId}) at script.ps1:4", violation.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_job_has_read_is_held_against_its_own_sets_and_not_against_those_of_the_next()
    {
        var job = new ActorJob();
        MapHost.ActorJob = () => Volatile.Read(ref job);
        var map = new GuardedMap<string, int>(new MapOptions<string> { DetectLostUpdates = true }) { ["a"] = 1 };
        var snapshot = new SnapshotMap<string, int>(new SnapshotMapOptions<string> { DetectLostUpdates = true }) { ["a"] = 1 };
        _ = map["a"] + snapshot["a"];
        Elsewhere.RunWell(() => map["a"] = snapshot["a"] = 2);
        Expect.Violation(MapViolationKind.StaleWrite, () => map["a"] = 3);
        Expect.Violation(MapViolationKind.StaleWrite, () => snapshot["a"] = 3);
        Interlocked.Exchange(ref job, new ActorJob()).End();
        map["a"] = 4;
        snapshot["a"] = 4;
        _ = map["a"];
        Elsewhere.RunWell(() => map["a"] = 5);
        Expect.Violation(MapViolationKind.StaleWrite, () => map["a"] = 6);
        Assert.Equal((5, 4), (map["a"], snapshot["a"]));
    }

    [Fact]
    public void The_host_may_throw_an_exception_of_its_own()
    {
        MapHost.ExceptionFactory = violation => new ShellException(violation);
        using MapIterator<string, int> iterator = _map.Iterate();
        ShellException exception = Assert.Throws<ShellException>(() => _map["a"] = 2);
        Assert.Equal(MapViolationKind.ConcurrentIterationAndWrite, exception.Kind);
        MapHost.ExceptionFactory = null;
        Assert.Throws<MapViolationException>(() => _map["a"] = 2);
    }

    [Fact]
    public void A_writer_that_reported_itself_is_named_by_its_label()
    {
        using HeldThread holder = new(hold =>
        {
            ActorDirectory.Report("runspace 9");
            _map.GetOrAdd("b", _ =>
            {
                hold();
                return 2;
            });
        });
        MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentWrites, () => _map.Clear());
        Assert.Equal("runspace 9", violation.Holder?.Label);
        Assert.Null(violation.Offender.Label);
    }

    [Fact]
    public void A_shells_writer_is_named_by_the_actor_its_thread_works_for_now()
    {
        var map = new GuardedMap { ["a"] = 1 };
        MapHost.ActorLabel = () => "runspace " + MapHost.ActorNumber!();
        foreach (int actor in new[] { 4, 5 })
        {
            // The same thread, which is asked for a name only when the number is a new one, and by nothing more than a plain write.
            using HeldThread holder = new(hold =>
            {
                MapHost.ActorNumber = () => actor - 1;
                map["a"] = 2;
                MapHost.ActorNumber = () => actor;
                map["a"] = 3;
                map.AddOrUpdate("b", 0, (_, _) => 0);
                map.GetOrAdd("held " + actor, _ =>
                {
                    hold();
                    return 2;
                });
            });
            MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentWrites, () => map.Clear());
            Assert.Equal($"runspace {actor}", violation.Holder?.Label);
        }
    }

    [Fact]
    public void A_plain_write_to_a_shells_map_with_typed_keys_leaves_its_writers_name_as_well()
    {
        var map = new GuardedMap<int, int>(new MapOptions<int> { ForShell = true });
        MapHost.ActorLabel = static () => "runspace " + MapHost.ActorNumber!();
        Elsewhere.RunWell(() =>
        {
            for (int number = 14; number <= 16; number++)
            {
                int actor = number;
                MapHost.ActorNumber = () => actor;
                if (actor == 16) map.Remove(1);
                else map[1] = actor;
                Assert.Equal($"runspace {actor}", ActorDirectory.LabelOf(Environment.CurrentManagedThreadId));
            }
        });
    }

    [Fact]
    public void A_thread_that_works_for_nobody_any_more_has_no_name()
    {
        var map = new GuardedMap { ["a"] = 1 };
        string? label = "runspace 4";
        MapHost.ActorLabel = () => label;
        using HeldThread holder = new(hold =>
        {
            MapHost.ActorNumber = static () => 4;
            map["a"] = 2;
            label = null;
            MapHost.ActorNumber = static () => -1;
            map.GetOrAdd("b", _ =>
            {
                hold();
                return 2;
            });
        });
        MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentWrites, () => map.Clear());
        Assert.Null(violation.Holder?.Label);
    }

    [Fact]
    public void An_event_listener_sees_the_violation()
    {
        using var listener = new Listener();
        using MapIterator<string, int> iterator = _map.Iterate();
        MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => _map["a"] = 2);
        EventWrittenEventArgs written = Assert.Single(listener.Written, e => e.EventName == "Violation" && (string)e.Payload![0]! == nameof(HostTests));
        Assert.Equal(EventLevel.Warning, written.Level);
        Assert.Equal([nameof(HostTests), "ConcurrentIterationAndWrite", violation.Message], written.Payload!);
    }

    [Fact]
    public void A_meter_listener_counts_violations_by_kind()
    {
        var counted = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == "GuardedMap" && instrument.Name == "guardedmap.violations") self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => counted.AddOrUpdate((string)tags[0].Value!, value, (_, sum) => sum + value));
        listener.Start();
        using (_map.Iterate())
        {
            for (int i = 0; i < 3; i++) Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => _map["a"] = 2);
        }

        Expect.Violation(MapViolationKind.ReentrantWrite, () => _map.Update("a", (_, _) => _map.Increment("a")));
        Assert.Equal(3, counted["ConcurrentIterationAndWrite"]);
        Assert.Equal(1, counted["ReentrantWrite"]);
    }

    private sealed class ShellException(MapViolation violation) : MapViolationException(violation);

    private sealed class Listener : EventListener
    {
        // The base constructor calls back before this object's own is through.
        private ConcurrentQueue<EventWrittenEventArgs>? _written;

        public IReadOnlyCollection<EventWrittenEventArgs> Written => Queue;

        private ConcurrentQueue<EventWrittenEventArgs> Queue => LazyInitializer.EnsureInitialized(ref _written)!;

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "GuardedMap") EnableEvents(eventSource, EventLevel.Informational);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData) => Queue.Enqueue(eventData);
    }
}
