using System.Globalization;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Lab;

/// <summary>
/// Records what a real map does while it does it: insert by insert, evacuation by evacuation, iterator step by iterator step.
/// </summary>
/// <remarks>
/// <para>
/// The map's own probe tells of each event at a point where the table is consistent, in the middle of the operation, and on the thread
/// that makes it. A writer may look at the map it is writing, so that is where the table is copied: between two evacuations of one
/// insert, too.
/// </para>
/// <code>
///   hash, bucket, tophashes ──▶ details, kept for the next frame     (a lookup by itself is a frame of its own)
///   insert, evacuation, ... ──▶ a frame, with the table as it is now
///   iterator moved, lease, violation ──▶ a frame, with the table of the frame before
/// </code>
/// <para>
/// Frames share the buckets that did not change, so a long run of a large map takes memory for what happened, not for each picture of it.
/// Invariant: the last frame's table is the map's own when the recording stops, unless the recording was full before.
/// </para>
/// </remarks>
internal sealed class MapRecorder : IDisposable
{
    /// <summary>The most frames that one recording holds.</summary>
    public const int MostFrames = 5_000;

    private readonly IGuardedMap _map;
    private readonly MapObserver _observer;
    private readonly Watcher _watcher;
    private readonly object _lock = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<MapFrame> _frames = [];
    private readonly List<string> _details = [];
    private string _operation = "";
    private int _leftOut;
    private bool _hasLookup;

    /// <summary>Begins to record a map.</summary>
    /// <exception cref="ArgumentException">The map is not traced, so it tells nobody what it does.</exception>
    /// <exception cref="InvalidOperationException">Somebody records the map already.</exception>
    /// <exception cref="MapViolationException">The map is being written.</exception>
    public MapRecorder(IGuardedMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        _map = map;
        _observer = (map as IWatchedMap)?.Observer ?? throw new ArgumentException(SafeText.Message($"The map '{map.Name}' records no events: it was made without tracing."), nameof(map));
        _frames.Add(new MapFrame { Number = 0, Point = null, Operation = "", Text = "before the first step", Details = [], Layout = map.GetLayout(), Iterator = null });
        _watcher = new Watcher(this);
        if (_observer.Watcher is not null) throw new InvalidOperationException(SafeText.Message($"The map '{map.Name}' is being recorded already."));
        _observer.Watcher = _watcher;
    }

    /// <summary>Says what the events to come belong to.</summary>
    public void Begin(string operation)
    {
        lock (_lock)
        {
            FlushLookup();
            _operation = operation;
        }
    }

    /// <summary>Stops, and gives what was recorded.</summary>
    public MapRecording Stop()
    {
        Dispose();
        lock (_lock)
        {
            FlushLookup();
            // An array, since a shell cannot index everything that is a list.
            return new MapRecording(_map.Name, _frames.ToArray(), _leftOut);
        }
    }

    /// <summary>Stops.</summary>
    public void Dispose()
    {
        if (ReferenceEquals(_observer.Watcher, _watcher)) _observer.Watcher = null;
    }

    private void Happened(MapEvent happened, IMapIterator? iterator)
    {
        lock (_lock)
        {
            switch (happened.Point)
            {
                case ProbePoint.HashComputed:
                    FlushLookup();
                    _hasLookup = true;
                    _details.Add(happened.Text);
                    break;
                case ProbePoint.BucketChosen or ProbePoint.TophashMatched or ProbePoint.FalseHit or ProbePoint.KeyFound or ProbePoint.OverflowFollowed:
                    _details.Add(happened.Text);
                    break;
                case ProbePoint.IteratorMoved:
                    AddFrame(happened.Point, Describe(iterator, happened), _frames[^1].Layout, iterator is null ? _frames[^1].Iterator : IteratorPosition.Of(iterator));
                    break;
                case ProbePoint.LeaseBegun or ProbePoint.LeaseEnded or ProbePoint.WriteDeferred or ProbePoint.ViolationDetected or ProbePoint.TableCopied:
                    AddFrame(happened.Point, happened.Text, _frames[^1].Layout, _frames[^1].Iterator);
                    break;
                default:
                    MapLayout before = _frames[^1].Layout;
                    MapLayout after = LookAt(before);
                    AddFrame(happened.Point, LayoutChange.Describe(happened, before, after), after, _frames[^1].Iterator);
                    break;
            }
        }
    }

    /// <summary>The table now. An unguarded map that another thread writes cannot be looked at safely: the last look stands.</summary>
    private MapLayout LookAt(MapLayout before)
    {
        if (_map.Protection == MapProtection.None && Environment.CurrentManagedThreadId != _thread) return before;
        return _frames.Count >= MostFrames ? before : LayoutChange.Share(before, _map.GetLayout());
    }

    private static string Describe(IMapIterator? iterator, MapEvent happened)
    {
        return iterator?.State switch
        {
            IteratorState.Init => string.Create(CultureInfo.InvariantCulture, $"iterator Init: begins with entry {(iterator.StartBucket * 8) + iterator.Offset}"),
            IteratorState.Bucket => string.Create(CultureInfo.InvariantCulture, $"iterator Bucket: key {PictureText.Key(iterator.Entry.Key)}, stretch {iterator.Bucket}, entry {(iterator.Bucket * 8) + iterator.Slot}"),
            IteratorState.NextBucket => string.Create(CultureInfo.InvariantCulture, $"iterator NextBucket: stretch {iterator.Bucket} is done"),
            IteratorState.Done => "iterator Done",
            _ => happened.Text,
        };
    }

    /// <summary>Makes a frame of a lookup that led to nothing else.</summary>
    private void FlushLookup()
    {
        if (_hasLookup) AddFrame(ProbePoint.HashComputed, _details.Exists(static d => d.EndsWith(": found", StringComparison.Ordinal)) ? "looked up: found" : "looked up: not there", _frames[^1].Layout, _frames[^1].Iterator);
    }

    private void AddFrame(ProbePoint point, string text, MapLayout layout, IteratorPosition? iterator)
    {
        if (_frames.Count > MostFrames)
        {
            _leftOut++;
        }
        else
        {
            _frames.Add(new MapFrame { Number = _frames.Count, Point = point, Operation = _operation, Text = text, Details = _details.ToArray(), Layout = layout, Iterator = iterator });
        }

        _details.Clear();
        _hasLookup = false;
    }

    /// <summary>What the map is shown of the recorder: not more than the one method.</summary>
    private sealed class Watcher(MapRecorder recorder) : IMapWatcher
    {
        public void Happened(MapEvent happened, IMapIterator? iterator) => recorder.Happened(happened, iterator);
    }
}
