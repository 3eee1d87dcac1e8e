using System.Globalization;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Lab;

/// <summary>What differs between two looks at a table.</summary>
internal static class LayoutChange
{
    /// <summary>The second layout with the first one's buckets where they are the same.</summary>
    public static MapLayout Share(MapLayout before, MapLayout after) => after with
    {
        Buckets = Share(before.Buckets, after.Buckets),
        OldBuckets = Share(before.OldBuckets, after.OldBuckets),
    };

    /// <summary>An event in words that name the key, where it has one: what changed in the table tells.</summary>
    public static string Describe(MapEvent happened, MapLayout before, MapLayout after)
    {
        // A removal closes the gap by the chain's last card, so the slot that became empty is not that of the key: its entry's number tells.
        HashSet<int>? left = happened.Point == ProbePoint.EntryRemoved ? [.. Numbers(after)] : null;
        (BucketLayout Bucket, int Link, int Slot, SlotLayout Was, SlotLayout Is)? change = happened.Point switch
        {
            ProbePoint.EntryInserted => Find(before, after, static (was, now) => !was.IsLive && now.IsLive),
            ProbePoint.EntryRemoved => Find(before, after, (was, _) => was.IsLive && !left!.Contains(was.Number)),
            ProbePoint.EntryUpdated => Find(before, after, static (was, now) => was.IsLive && now.IsLive && !Same(was.Value, now.Value)),
            _ => null,
        };
        if (change is not { } found) return happened.Text;
        string place = string.Create(CultureInfo.InvariantCulture, $"{(found.Bucket.IsOld ? "old " : "")}bucket {found.Bucket.Number}{(found.Link > 0 ? string.Create(CultureInfo.InvariantCulture, $", link {found.Link}") : "")}, slot {found.Slot}");
        return happened.Point switch
        {
            ProbePoint.EntryInserted => $"key {PictureText.Key(found.Is.Key)} inserted: {place}",
            ProbePoint.EntryRemoved => $"key {PictureText.Key(found.Was.Key)} removed: {place} {(found.Is.IsLive ? $"has the card of key {PictureText.Key(found.Is.Key)} now, the last of the chain" : $"is now {found.Is.State}")}",
            _ => $"key {PictureText.Key(found.Is.Key)} updated: {place}",
        };
    }

    private static IEnumerable<int> Numbers(MapLayout layout) => layout.Buckets.Concat(layout.OldBuckets).SelectMany(static bucket => bucket.Chain).SelectMany(static part => part).Select(static slot => slot.Number);

    private static IReadOnlyList<BucketLayout> Share(IReadOnlyList<BucketLayout> before, IReadOnlyList<BucketLayout> after)
    {
        if (before.Count != after.Count || before.Count == 0) return after;
        var shared = new BucketLayout[after.Count];
        bool all = true;
        for (int bucket = 0; bucket < shared.Length; bucket++)
        {
            shared[bucket] = Same(before[bucket], after[bucket]) ? before[bucket] : after[bucket];
            all &= ReferenceEquals(shared[bucket], before[bucket]);
        }

        return all ? before : shared;
    }

    private static (BucketLayout Bucket, int Link, int Slot, SlotLayout Was, SlotLayout Is)? Find(MapLayout before, MapLayout after, Func<SlotLayout, SlotLayout, bool> fits) =>
        Find(before.Buckets, after.Buckets, fits) ?? Find(before.OldBuckets, after.OldBuckets, fits);

    private static (BucketLayout Bucket, int Link, int Slot, SlotLayout Was, SlotLayout Is)? Find(IReadOnlyList<BucketLayout> before, IReadOnlyList<BucketLayout> after, Func<SlotLayout, SlotLayout, bool> fits)
    {
        if (before.Count != after.Count) return null;
        for (int bucket = 0; bucket < after.Count; bucket++)
        {
            if (ReferenceEquals(before[bucket], after[bucket])) continue;
            for (int link = 0; link < after[bucket].Chain.Count; link++)
            {
                for (int slot = 0; slot < after[bucket].Chain[link].Count; slot++)
                {
                    SlotLayout was = link < before[bucket].Chain.Count ? before[bucket].Chain[link][slot] : s_empty;
                    SlotLayout now = after[bucket].Chain[link][slot];
                    if (fits(was, now)) return (after[bucket], link, slot, was, now);
                }
            }
        }

        return null;
    }

    private static readonly SlotLayout s_empty = new(Tophash.EmptyRest, null, null);

    private static bool Same(BucketLayout a, BucketLayout b)
    {
        if (a.IsEvacuated != b.IsEvacuated || a.Chain.Count != b.Chain.Count) return false;
        for (int link = 0; link < a.Chain.Count; link++)
        {
            for (int slot = 0; slot < a.Chain[link].Count; slot++)
            {
                SlotLayout x = a.Chain[link][slot];
                SlotLayout y = b.Chain[link][slot];
                if (x.Tophash != y.Tophash || x.Number != y.Number || !Same(x.Key, y.Key) || !Same(x.Value, y.Value)) return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The same object, or two boxes of the same built-in value. Whatever else would have to be asked runs its owner's code, in the middle of a write; it
    /// counts as changed.
    /// </summary>
    private static bool Same(object? a, object? b) => ReferenceEquals(a, b) || (a is IConvertible and ValueType or Guid && b is not null && a.GetType() == b.GetType() && a.Equals(b));
}
