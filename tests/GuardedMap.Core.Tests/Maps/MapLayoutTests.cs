namespace GuardedMaps.Tests.Maps;

/// <summary>What the maps show of their insides is what is there.</summary>
public sealed class MapLayoutTests
{
    [Fact]
    public void Every_kind_has_a_layout_with_its_name_and_count()
    {
        IMap[] maps =
        [
            new GuardedMap<int, int>(new MapOptions<int> { Name = "m" }), new SnapshotMap<int, int>(name: "m"), new SyncMap<int, int>(name: "m"), new OrderedMap<int, int>(name: "m"),
        ];
        foreach (IMap map in maps)
        {
            Assert.Equal(("m", map.Kind, 0), (map.GetLayout().Name, map.GetLayout().Kind, map.GetLayout().Count));
            map[1] = 1;
            Assert.Equal(1, map.GetLayout().Count);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(33)]
    [InlineData(5_000)]
    public void A_tree_has_every_entry_in_the_range_of_its_hash(int count)
    {
        var map = new SnapshotMap<int, int>(new SnapshotMapOptions<int> { HashSeed = 7 });
        for (int i = 0; i < count; i++) map[i] = -i;
        for (int i = 0; i < count; i += 3) map.Remove(i);
        SnapshotLayout layout = map.GetLayout();
        Assert.Equal(map.Version, layout.Version);
        Assert.Equal(map.Count, layout.Count);
        Assert.Equal(map.OrderBy(e => e.Key), layout.Nodes.SelectMany(n => n.Entries).Select(e => KeyValuePair.Create((int)e.Key, (int)e.Value!)).OrderBy(e => e.Key));
        foreach (TreeNodeLayout node in layout.Nodes)
        {
            Assert.True(node.IsBranch == (node.Entries.Count == 0 && node.Below.Count > 1) || count == 0);
            ulong width = node.Bits == 0 ? ulong.MaxValue : (1UL << (64 - node.Bits)) - 1;
            foreach (var (key, _) in node.Entries) Assert.InRange(map.HashOf((int)key), node.First, node.First + width);
            if (!node.IsBranch) continue;
            // What is below covers what the branch covers, without a gap.
            ulong next = node.First;
            foreach (TreeNodeLayout below in node.Below)
            {
                Assert.Equal(next, below.First);
                Assert.Equal(node.Depth + 1, below.Depth);
                next = unchecked(below.First + (1UL << (64 - below.Bits)));
            }

            Assert.Equal(unchecked(node.First + width + 1), next);
        }
    }

    [Fact]
    public void A_snapshot_freezes_the_tree_and_a_write_copies_one_path()
    {
        var map = new SnapshotMap<int, int>(new SnapshotMapOptions<int> { HashSeed = 7 });
        for (int i = 0; i < 2_000; i++) map[i] = i;
        // Looking does not freeze.
        Assert.DoesNotContain(map.GetLayout().Nodes, n => n.IsFrozen);
        Assert.DoesNotContain(map.GetLayout().Nodes, n => n.IsFrozen);

        Snapshot<int, int> snapshot = map.GetSnapshot();
        Assert.All(map.GetLayout().Nodes, n => Assert.True(n.IsFrozen));
        Assert.Equal(Ids(snapshot.GetLayout()), Ids(map.GetLayout()));

        map[5] = -5;
        SnapshotLayout now = map.GetLayout();
        SnapshotLayout then = snapshot.GetLayout();
        var shared = Ids(now).Intersect(Ids(then)).ToHashSet();
        TreeNodeLayout[] copied = [.. now.Nodes.Where(n => !shared.Contains(n.Id))];
        Assert.Equal(copied, now.Nodes.Where(n => !n.IsFrozen));
        Assert.Single(copied, n => !n.IsBranch);
        Assert.Equal(copied.Length - 1, copied.Single(n => !n.IsBranch).Depth);
        Assert.Equal(then.Nodes.Count() - shared.Count, copied.Length);
        Assert.Contains(copied.Single(n => !n.IsBranch).Entries, e => (int)e.Key == 5 && (int)e.Value! == -5);
        Assert.Contains(then.Nodes.SelectMany(n => n.Entries), e => (int)e.Key == 5 && (int)e.Value! == 5);
        Assert.Equal(then.Version + 1, now.Version);

        static HashSet<long> Ids(SnapshotLayout layout) => [.. layout.Nodes.Select(n => n.Id)];
    }

    [Fact]
    public void Keys_whose_hashes_are_equal_are_a_chain()
    {
        var map = new SnapshotMap<int, int>(new SnapshotMapOptions<int> { Comparer = EqualityComparer<int>.Create((a, b) => a == b, _ => 1) });
        for (int i = 0; i < 100; i++) map[i] = i;
        TreeNodeLayout group = map.GetLayout().Nodes.Single(n => n.Entries.Count > 0);
        Assert.Equal(100, group.Entries.Count);
        Assert.InRange(group.Chained, 3, 6);
    }

    [Fact]
    public void The_parts_of_a_sync_map_know_what_was_promoted_removed_and_left_out()
    {
        var map = new SyncMap<string, int>(new SyncMapOptions<string> { HashSeed = 7, Name = "settings" });
        foreach (string key in (string[])["fig", "pear", "plum", "lime"]) map[key] = key.Length;
        SyncLayout layout = map.GetLayout();
        Assert.Equal((0, 4, true, 0, 4), (layout.ReadKeys, layout.DirtyKeys, layout.HasDirty, layout.Misses, layout.PromotedAt));

        Assert.Equal(4, map.Count(_ => true)); // An iteration promotes.
        layout = map.GetLayout();
        Assert.Equal((4, 0, false, 0, 0), (layout.ReadKeys, layout.DirtyKeys, layout.HasDirty, layout.Misses, layout.PromotedAt));

        map.Remove("pear");
        map["date"] = 4; // Makes a dirty part, from which pear is left out.
        map.Remove("lime");
        Assert.False(map.ContainsKey("kiwi"));
        layout = map.GetLayout();
        var byKey = layout.Entries.ToDictionary(e => e.Key);
        Assert.Equal(new SyncEntryLayout("fig", 3, SyncEntryState.Live, true, true), byKey["fig"]);
        Assert.Equal(new SyncEntryLayout("pear", null, SyncEntryState.Expunged, true, false), byKey["pear"]);
        Assert.Equal(new SyncEntryLayout("lime", null, SyncEntryState.Removed, true, true), byKey["lime"]);
        Assert.Equal(new SyncEntryLayout("date", 4, SyncEntryState.Live, false, true), byKey["date"]);
        Assert.Equal((4, 4, 1, 4, 3), (layout.ReadKeys, layout.DirtyKeys, layout.Misses, layout.PromotedAt, layout.Count));
        Assert.Equal("date", layout.Entries[^1].Key);
        map.CheckInvariants();
    }

    [Fact]
    public void The_nodes_of_an_ordered_map_are_in_order_and_linked_at_each_of_their_levels()
    {
        var map = new OrderedMap<int, string>();
        foreach (int i in Enumerable.Range(0, 500).OrderBy(i => i * 7919 % 500)) map[i] = $"{i}";
        OrderedLayout layout = map.GetLayout();
        Assert.Equal(Enumerable.Range(0, 500), layout.Nodes.Select(n => (int)n.Key));
        Assert.Equal(Enumerable.Range(0, 500), layout.Nodes.Select(n => n.Number));
        Assert.All(layout.Nodes, n => Assert.Equal((OrderedNodeState.Live, $"{n.Key}"), (n.State, n.Value)));
        Assert.Equal(3, layout.Levels);
        Assert.InRange(layout.Nodes.Count(n => n.Levels > 1), 500 / 32, 500 / 8);
        foreach (OrderedNodeLayout node in layout.Nodes)
        {
            for (int level = 0; level < node.Levels; level++)
                Assert.Equal(layout.Nodes.Skip(node.Number + 1).FirstOrDefault(n => n.Levels > level)?.Number ?? -1, node.Links[level]);
        }
    }

    [Fact]
    public void A_key_that_was_removed_is_shown_as_such_until_its_block_is_made_anew()
    {
        var map = new OrderedMap<int, int>(Enumerable.Range(0, 20).Select(i => KeyValuePair.Create(i, i)));
        map.Remove(2);
        OrderedNodeLayout removed = Assert.Single(map.GetLayout().Nodes, n => n.State != OrderedNodeState.Live);
        Assert.Equal((2, null, OrderedNodeState.Tombstone), ((int)removed.Key, removed.Value, removed.State));
        for (int i = 4; i < 8; i++) map.Remove(i);
        Assert.All(map.GetLayout().Nodes, n => Assert.Equal(OrderedNodeState.Live, n.State));
        Assert.Equal(map.Select(e => e.Key), map.GetLayout().Nodes.Select(n => (int)n.Key));
    }

    [Fact]
    public async Task Layouts_can_be_taken_while_others_write()
    {
        IMap[] maps = [new SnapshotMap<int, int>(), new SyncMap<int, int>(), new OrderedMap<int, int>()];
        foreach (IMap map in maps)
        {
            for (int i = 0; i < 200; i++) map[i] = i;
            using var stop = new CancellationTokenSource();
            Task writer = Task.Run(() =>
            {
                var random = new Random(1);
                while (!stop.IsCancellationRequested)
                {
                    int key = 200 + random.Next(200);
                    if (random.Next(2) == 0) map[key] = key;
                    else map.Remove(key);
                }
            }, CancellationToken.None);
            for (int i = 0; i < 100; i++)
            {
                int[] keys = map.GetLayout() switch
                {
                    SnapshotLayout tree => [.. tree.Nodes.SelectMany(n => n.Entries).Select(e => (int)e.Key)],
                    SyncLayout parts => [.. parts.Entries.Where(e => e.State == SyncEntryState.Live).Select(e => (int)e.Key)],
                    OrderedLayout list => [.. list.Nodes.Where(n => n.State == OrderedNodeState.Live).Select(n => (int)n.Key)],
                    _ => [],
                };
                Assert.Equal(keys.Length, keys.Distinct().Count());
                Assert.Equal(Enumerable.Range(0, 200), keys.Where(k => k < 200).Order());
            }

            await stop.CancelAsync();
            await writer;
            map.CheckInvariants();
        }
    }
}
