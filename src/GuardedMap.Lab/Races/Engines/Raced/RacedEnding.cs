namespace GuardedMaps.Lab;

/// <summary>
/// How one schedule of a raced map ended. These maps have no table that could be looked into: what is left is what an iteration shows, and what lookups of the scenario's keys find.
/// </summary>
internal sealed class RacedEnding(IReadOnlyList<RacedHand> hands, IReadOnlyDictionary<int, long> initial, IReadOnlyList<int> keys) : RaceEnding(hands, initial)
{
    private readonly List<(int Key, long Value, bool IsFindable)> _entries = [];
    private readonly Dictionary<int, long> _found = [];
    private int _count;
    private string? _stuck;
    private string? _broken;

    public override IReadOnlyList<(int Key, long Value, bool IsFindable)> Entries => _entries;

    public override int Count => _count;

    public override string? Stuck => _stuck;

    public override string? Broken => _broken;

    public override IReadOnlyList<int> LookedUp => keys;

    public override long? Find(int key) => _found.TryGetValue(key, out long value) ? value : null;

    /// <summary>Looks at the map as it is now. One that somebody is still in, or in which somebody has failed, might not answer.</summary>
    public void Look(MapFace<int> map, bool isFinished, bool isAnyLockHeld)
    {
        _entries.Clear();
        _found.Clear();
        (_count, _broken) = (0, null);
        bool isCrashed = hands.Any(h => h.Crash is not null);
        _stuck = !isFinished ? "the actors wait for each other" : isAnyLockHeld && !isCrashed ? "a lock is still held" : null;
        if (_stuck is not null || isCrashed) return;
        foreach (int key in keys)
        {
            if (map.Get(key) is { } value) _found.Add(key, value);
        }

        foreach (var (key, value) in map.Entries()) _entries.Add((key, value, _found.ContainsKey(key)));
        _count = map.Count;
        try
        {
            map.CheckInvariants();
        }
        catch (InvalidOperationException error)
        {
            _broken = error.Message;
        }
    }
}
