using System.Numerics;

namespace GuardedMaps.Lab.Rendering;

/// <summary>
/// What one lookup in a map did: hash, bucket, cards compared, keys compared. Seen by running the map's own lookup, not by knowing how it
/// should go.
/// </summary>
public sealed record MapLookup
{
    private const int MostTries = 8;

    private readonly HashSet<(int Link, int Slot)> _falseHits = [];

    private MapLookup(object key, IReadOnlyList<MapEvent> events, MapLayout layout)
    {
        Key = key;
        Events = events;
        Layout = layout;
        foreach (MapEvent e in events)
        {
            switch (e.Point)
            {
                case ProbePoint.HashComputed:
                    Hash = e.Data;
                    break;
                case ProbePoint.BucketChosen:
                    Bucket = e.Bucket;
                    InOldBuckets = e.Data == 1;
                    break;
                case ProbePoint.OverflowFollowed:
                    Link++;
                    break;
                case ProbePoint.TophashMatched:
                    TophashHits += BitOperations.PopCount(e.Data);
                    break;
                case ProbePoint.FalseHit:
                    Compares++;
                    _falseHits.Add((Link, e.Slot));
                    break;
                case ProbePoint.KeyFound:
                    Compares++;
                    Slot = e.Slot;
                    Found = true;
                    break;
            }
        }
    }

    /// <summary>The key that was looked up.</summary>
    public object Key { get; }

    /// <summary>True if it was there.</summary>
    public bool Found { get; }

    /// <summary>The key's hash under the map's seed.</summary>
    public ulong Hash { get; }

    /// <summary>What pictures show of the key's card: bits 20 to 27 of the hash, kept clear of the markers.</summary>
    public byte Tophash => GuardedMaps.Tophash.Of(Hash);

    /// <summary>The bucket the lookup began in.</summary>
    public int Bucket { get; }

    /// <summary>True if that was a bucket of the old array, not evacuated yet.</summary>
    public bool InOldBuckets { get; }

    /// <summary>How many overflow buckets the lookup went on to. Where the key was found, that is the link of the chain it lies in.</summary>
    public int Link { get; }

    /// <summary>The slot the key was found in; -1 if it was not.</summary>
    public int Slot { get; } = -1;

    /// <summary>How many buckets were looked at.</summary>
    public int BucketsLookedAt => Link + 1;

    /// <summary>In how many slots the card was the key's: all of the hash's low 28 bits, the tophash among them.</summary>
    public int TophashHits { get; }

    /// <summary>How many stored keys were compared with the key.</summary>
    public int Compares { get; }

    /// <summary>The lookup step by step.</summary>
    public IReadOnlyList<MapEvent> Events { get; }

    /// <summary>The table at that time.</summary>
    public MapLayout Layout { get; }

    /// <summary>The array that was searched.</summary>
    public IReadOnlyList<BucketLayout> Searched => InOldBuckets ? Layout.OldBuckets : Layout.Buckets;

    /// <summary>Looks a key up. The map does not record it.</summary>
    /// <exception cref="ArgumentException">The key is not of the map's key type, or the map cannot be looked into.</exception>
    /// <exception cref="MapViolationException">The map was being written meanwhile.</exception>
    public static MapLookup Of(IGuardedMap map, object key)
    {
        ArgumentNullException.ThrowIfNull(map);
        // Table and lookup belong together: if somebody has written in between, both are taken again.
        for (int tries = 1; ; tries++)
        {
            MapLayout layout = map.GetLayout();
            MapLookup lookup = Of(map, key, layout);
            if (map.Version == layout.Version || tries == MostTries) return lookup;
        }
    }

    /// <summary>Looks a key up in a map whose table is known already.</summary>
    internal static MapLookup Of(IGuardedMap map, object key, MapLayout layout) => map is IWatchedMap watched
        ? new MapLookup(key, watched.TraceLookup(key), layout)
        : throw new ArgumentException(SafeText.Message($"The map '{map.Name}' is wrapped in another, which hides how it looks keys up."), nameof(map));

    /// <summary>True if the card at this place of the chain was the key's, and the entry another's.</summary>
    internal bool WasFalseHit(int link, int slot) => _falseHits.Contains((link, slot));

    /// <summary>True if the slot at this place is where the lookup ended.</summary>
    internal bool EndedAt(BucketLayout bucket, int link, int slot) => Found && bucket.IsOld == InOldBuckets && bucket.Number == Bucket && link == Link && slot == Slot;
}
