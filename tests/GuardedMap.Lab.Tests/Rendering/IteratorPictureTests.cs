using System.Globalization;
using System.Xml.Linq;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Lab.Tests.Rendering;

/// <summary>The picture of an iterator shows where the real one is, and what it has visited.</summary>
public sealed class IteratorPictureTests
{
    private static readonly PictureFormat s_ascii = new() { Ascii = true };

    [Theory]
    [InlineData(8)]
    [InlineData(21)]
    [InlineData(40)]
    [InlineData(55)]
    public void What_is_marked_as_visited_is_what_was_visited(int count)
    {
        GuardedMap<int, int> map = Gallery.Numbers(count);
        using MapIterator<int, int> iterator = map.CreateIterator(IterationContract.Reject, seed: 0x5_0000_0003);
        var visited = new List<string>();
        int steps = 0;
        while (iterator.State != IteratorState.Done)
        {
            iterator.Step();
            steps++;
            var picture = IteratorPicture.Of(map, iterator, steps);
            var keys = picture.Rows.SelectMany(picture.KeysOf).ToList();
            Assert.Equal(count, keys.Count);
            if (iterator.State == IteratorState.Bucket) visited.Add(iterator.Current.Key.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(visited, keys.Where(static k => k.Mark is IteratorMark.Visited or IteratorMark.Current).Select(static k => k.Key), StringComparer.Ordinal);
            Assert.Equal(iterator.State == IteratorState.Bucket ? visited[^1] : null, keys.SingleOrDefault(static k => k.Mark == IteratorMark.Current).Key);
        }

        Assert.Equal(count, visited.Count);
    }

    [Fact]
    public void Stretches_stand_in_the_order_they_are_walked_and_the_first_comes_twice()
    {
        IteratorPicture picture = Gallery.Iterator(Gallery.Numbers(40), 20);
        Assert.Equal(5, picture.Buckets);
        Assert.NotEqual(0, picture.Offset);
        Assert.Equal(Enumerable.Range(0, 6).Select(i => (picture.StartBucket + i) % 5), picture.Rows.Select(static r => r.Bucket));
        Assert.Equal((picture.Offset, 8), (picture.Rows[0].From, picture.Rows[0].To));
        Assert.Equal((0, picture.Offset), (picture.Rows[^1].From, picture.Rows[^1].To));
        string text = picture.ToText(s_ascii);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"began with entry {(8 * picture.StartBucket) + picture.Offset}: stretch {picture.StartBucket} of 5, place {picture.Offset}; {(picture.Wrapped ? "wrapped" : "not wrapped")}"), text, StringComparison.Ordinal);
        Assert.Contains("[Bucket]", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_seed_the_way_is_the_order_of_insertion()
    {
        GuardedMap<int, int> map = Gallery.Numbers(20);
        using MapIterator<int, int> iterator = map.CreateIterator();
        iterator.MoveNext();
        var picture = IteratorPicture.Of(map, iterator);
        Assert.Equal([0, 1, 2], picture.Rows.Select(static r => r.Bucket));
        Assert.Equal(Enumerable.Range(0, 20).Select(static i => i.ToString(CultureInfo.InvariantCulture)), picture.Rows.SelectMany(picture.KeysOf).Select(static k => k.Key), StringComparer.Ordinal);
    }

    [Fact]
    public void A_map_that_has_changed_since_is_told_of_and_the_way_stays()
    {
        GuardedMap<int, int> map = Gallery.Numbers(8);
        using MapIterator<int, int> iterator = map.CreateIterator(IterationContract.Tolerate);
        iterator.MoveNext();
        for (int i = 100; i < 130; i++) map[i] = i;
        map.Remove(5);
        iterator.MoveNext();
        var picture = IteratorPicture.Of(map, iterator);
        Assert.Equal(1, picture.Buckets);
        Assert.Contains("what was added since is not visited", picture.ToString().ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(["0", "1", "2", "3", "4", "6", "7"], picture.Rows.SelectMany(picture.KeysOf).Select(static k => k.Key), StringComparer.Ordinal);
        Assert.Equal(IteratorMark.Empty, picture.MarksOf(picture.Rows[0])[5]);
    }

    [Fact]
    public void An_entry_that_has_come_into_the_place_of_another_is_not_drawn_as_if_it_were_to_come()
    {
        GuardedMap<int, int> map = Gallery.Numbers(16);
        using MapIterator<int, int> iterator = map.CreateIterator(IterationContract.Tolerate);
        iterator.MoveNext();
        for (int i = 9; i < 12; i++) map.Remove(i);
        for (int i = 100; i < 120; i++) map[i] = i;
        MapLayout layout = map.GetLayout();
        Assert.Contains(layout.Buckets.Concat(layout.OldBuckets).SelectMany(static b => b.Chain).SelectMany(static p => p), static s => s is { IsLive: true, Key: >= 100, Number: 9 or 10 or 11 });
        var picture = IteratorPicture.Of(map, iterator);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 13, 14, 15], picture.Rows.SelectMany(picture.KeysOf).Select(static k => int.Parse(k.Key, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Under_Snapshot_it_shows_the_map_that_the_iteration_sees()
    {
        GuardedMap<int, int> map = Gallery.Numbers(5);
        using MapIterator<int, int> iterator = map.CreateIterator(IterationContract.Snapshot);
        iterator.MoveNext();
        map.Remove(3);
        map[9] = 9;
        var picture = IteratorPicture.Of(map, iterator);
        Assert.Equal(["0", "1", "2", "3", "4"], picture.Rows.SelectMany(picture.KeysOf).Select(static k => k.Key), StringComparer.Ordinal);
    }

    [Fact]
    public void The_state_diagram_marks_the_live_state_and_knows_every_transition_there_is()
    {
        Assert.Contains("class Done live", Gallery.Iterator(Gallery.Numbers(20), 1_000).ToMermaid(), StringComparison.Ordinal);
        Assert.Contains("class Nil live", Gallery.Iterator(Gallery.Numbers(20), 0).ToMermaid(), StringComparison.Ordinal);
        var made = new HashSet<(IteratorState, IteratorState)>();
        foreach (int count in (int[])[0, 1, 10, 21, 300])
        {
            GuardedMap<int, int> map = Gallery.Numbers(count);
            for (int i = 0; i < count / 2; i++) map.Remove(i);
            for (ulong seed = 0; seed < 20; seed++)
            {
                using IMapIterator iterator = ((IGuardedMap)map).CreateIterator(IterationContract.Reject, seed);
                for (IteratorState before = iterator.State; before != IteratorState.Done; before = iterator.State) made.Add((before, iterator.Step()));
            }
        }

        Assert.Superset(made, IteratorPicture.Transitions.Select(static t => (t.From, t.To)).ToHashSet());
        Assert.Subset(made, IteratorPicture.Transitions.Select(static t => (t.From, t.To)).ToHashSet());
    }

    [Fact]
    public void The_ring_has_a_bead_for_every_stretch()
    {
        IteratorPicture picture = Gallery.Iterator(Gallery.Numbers(200), 50);
        XElement svg = XElement.Parse(picture.ToSvg());
        var beads = svg.Descendants().Where(static e => e.Name.LocalName == "title" && e.Value.StartsWith("stretch ", StringComparison.Ordinal)).Select(static e => e.Value).ToList();
        Assert.Equal(picture.Buckets, beads.Count);
        Assert.Single(beads, static b => b.EndsWith(": here", StringComparison.Ordinal));
        Assert.Equal(picture.Rows.Count(static r => r.Place == IteratorPlace.Done), beads.Count(static b => b.EndsWith(": visited", StringComparison.Ordinal)));
    }
}
