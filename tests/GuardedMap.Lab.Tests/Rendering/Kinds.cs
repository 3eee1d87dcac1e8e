using System.Numerics;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Lab.Tests.Rendering;

/// <summary>Maps that cannot race, in the states that their pictures have to show; the same each time.</summary>
internal static class Kinds
{
    /// <summary>Entries that both parts know, that one does, that were removed, and that were left out.</summary>
    public static SyncMap<string, int> Parts()
    {
        var map = new SyncMap<string, int>(new SyncMapOptions<string> { HashSeed = 7, Name = "<settings>" });
        foreach (string key in (string[])["fig", "pear", Gallery.WildKey, "lime", "a key that is longer than any line it could be drawn on"]) map[key] = key.Length;
        Assert.Equal(5, map.Count(static _ => true)); // An iteration promotes.
        map.Remove("pear");
        map["date"] = 4;
        map.Remove("lime");
        map.TryGetValue("date", out _);
        return map;
    }

    /// <summary>Numbers, some of them removed, and so many that came after the read part was made.</summary>
    public static SyncMap<int, int> ManyParts(int count, int fresh)
    {
        var map = new SyncMap<int, int>(new SyncMapOptions<int> { HashSeed = 7, Name = "parts" });
        for (int i = 0; i < count; i++) map[i] = i;
        Assert.Equal(count, map.Count(static _ => true));
        for (int i = 1; i < count; i += 9) map.Remove(i);
        for (int i = 0; i < fresh; i++) map[count + i] = i;
        for (int i = 2; i < count; i += 9) map.Remove(i);
        return map;
    }

    /// <summary>A map of so many numbers, its snapshot, and then a few writes.</summary>
    public static (SnapshotMap<int, int> Map, IMapSnapshot Snapshot) Tree(int count)
    {
        var map = new SnapshotMap<int, int>(new SnapshotMapOptions<int> { HashSeed = 7, Name = "prices" });
        for (int i = 0; i < count; i++) map[i] = i;
        IMapSnapshot snapshot = ((IMap)map).GetSnapshot();
        map[3] = -3;
        map.Remove(17);
        for (int i = 0; i < Math.Min(40, count / 20); i++) map[count + i] = i;
        return (map, snapshot);
    }

    public static KindPicture Compared(int count)
    {
        (SnapshotMap<int, int> map, IMapSnapshot snapshot) = Tree(count);
        return KindPicture.Of(map, snapshot, key: 3);
    }

    public static SnapshotMap<string, int> WildTree()
    {
        var map = new SnapshotMap<string, int>(new SnapshotMapOptions<string> { HashSeed = 7, Name = Gallery.WildKey });
        map[Gallery.WildKey] = 1;
        for (int i = 0; i < 50; i++) map[$"<b>{i}</b>"] = i;
        return map;
    }

    public static object TowerKey(int number) => $"<k{number:D5}>";

    /// <summary>
    /// A skip list of small blocks, so that a picture has something to show: every fourth key is at two levels, every sixteenth at three.
    /// </summary>
    public static OrderedLayout Towers(int count, bool withRemoved = false)
    {
        int[] levels = [.. Enumerable.Range(0, count).Select(static i => 1 + (BitOperations.TrailingZeroCount(i + 1) / 2))];
        var nodes = new OrderedNodeLayout[count];
        int[] next = [.. Enumerable.Repeat(-1, 17)];
        for (int i = count - 1; i >= 0; i--)
        {
            OrderedNodeState state = !withRemoved ? OrderedNodeState.Live : i % 8 == 3 ? OrderedNodeState.Tombstone : OrderedNodeState.Live;
            nodes[i] = new OrderedNodeLayout(i, TowerKey(i), state == OrderedNodeState.Live ? i : null, state, next[..levels[i]]);
            for (int level = 0; level < levels[i]; level++) next[level] = i;
        }

        return new OrderedLayout { Name = "<words>", Count = nodes.Count(static node => node.State == OrderedNodeState.Live), Nodes = nodes };
    }
}
