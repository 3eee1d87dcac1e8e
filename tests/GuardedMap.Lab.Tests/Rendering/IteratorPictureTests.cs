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
    [InlineData(27)]
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
    public void Buckets_stand_in_the_order_they_are_visited_and_wrap()
    {
        IteratorPicture picture = Gallery.Iterator(Gallery.Numbers(40), 20);
        Assert.Equal(picture.StartBucket, picture.Rows[0].Bucket);
        Assert.Equal(Enumerable.Range(0, picture.Buckets).Select(i => (picture.StartBucket + i) % picture.Buckets), picture.Rows.Select(static r => r.Bucket));
        string text = picture.ToText(s_ascii);
        Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"start bucket {picture.StartBucket} of 8, offset {picture.Offset}, {(picture.Wrapped ? "wrapped" : "not wrapped")}, checkBucket none"), text, StringComparison.Ordinal);
        Assert.Contains("[Bucket]", text, StringComparison.Ordinal);
    }

    [Fact]
    public void While_the_table_grows_it_says_for_which_bucket_an_old_one_is_read()
    {
        GuardedMap<int, int> map = Gallery.Numbers(27);
        Assert.True(map.IsGrowing);
        var seen = new HashSet<int>();
        using IMapIterator iterator = ((IGuardedMap)map).CreateIterator(IterationContract.Reject, seed: 1);
        while (iterator.State != IteratorState.Done)
        {
            iterator.Step();
            var picture = IteratorPicture.Of(map, iterator);
            Assert.Equal(iterator.InOldBuckets, picture.InOldBuckets);
            if (picture.CheckBucket < 0) continue;
            Assert.Equal(picture.Bucket, picture.CheckBucket);
            seen.Add(picture.CheckBucket);
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"checkBucket {picture.CheckBucket}, reading an old bucket"), picture.ToString(), StringComparison.Ordinal);
        }

        int unevacuated = map.GetLayout().OldBuckets.Count(static b => !b.IsEvacuated);
        Assert.Equal(2 * unevacuated, seen.Count);
    }

    [Fact]
    public void A_map_that_has_grown_since_is_told_of()
    {
        GuardedMap<int, int> map = Gallery.Numbers(8);
        using MapIterator<int, int> iterator = map.CreateIterator(IterationContract.Tolerate, seed: 1);
        iterator.MoveNext();
        for (int i = 100; i < 130; i++) map[i] = i;
        iterator.MoveNext();
        var picture = IteratorPicture.Of(map, iterator);
        Assert.Equal(1, picture.Buckets);
        Assert.Contains("the map has grown to 8 buckets since", picture.ToString().ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("(moved)", picture.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_state_diagram_marks_the_live_state_and_knows_every_transition_there_is()
    {
        Assert.Contains("class Done live", Gallery.Iterator(Gallery.Numbers(20), 1_000).ToMermaid(), StringComparison.Ordinal);
        Assert.Contains("class Nil live", Gallery.Iterator(Gallery.Numbers(20), 0).ToMermaid(), StringComparison.Ordinal);
        var made = new HashSet<(IteratorState, IteratorState)>();
        foreach (int count in (int[])[0, 1, 10, 27, 300])
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
    public void The_ring_has_a_bead_for_every_bucket()
    {
        IteratorPicture picture = Gallery.Iterator(Gallery.Numbers(200), 50);
        XElement svg = XElement.Parse(picture.ToSvg());
        var beads = svg.Descendants().Where(static e => e.Name.LocalName == "title" && e.Value.StartsWith("bucket ", StringComparison.Ordinal)).Select(static e => e.Value).ToList();
        Assert.Equal(picture.Buckets, beads.Count);
        Assert.Single(beads, static b => b.EndsWith(": here", StringComparison.Ordinal));
        Assert.Equal(picture.Rows.Count(static r => r.Place == IteratorPlace.Done), beads.Count(static b => b.EndsWith(": visited", StringComparison.Ordinal)));
    }
}
