using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

/// <summary>The guard's table from inside comparers: held there on another thread, or re-entering from there on the same one.</summary>
public sealed class ComparerOverlapTests
{
    private readonly CallbackComparer _comparer = new();

    private GuardedMap<int, int> Make(bool growing)
    {
        // All keys in one chain, which doubles when the load factor says so and repacks when the chain has too many overflow buckets.
        var map = new GuardedMap<int, int>(_comparer);
        for (int i = 0; i < 1000 && (i < 60 || map.IsGrowing != growing); i++) map[i] = i;
        Assert.Equal(growing, map.IsGrowing);
        return map;
    }

    private static Dictionary<int, int> Copy(GuardedMap<int, int> map) => Expect.Copy(map, Enumerable.Range(0, 1000));

    public static TheoryData<bool, bool> Places => new() { { false, false }, { false, true }, { true, false }, { true, true } };

    /// <summary>Calls <paramref name="body"/> at the first comparison, or the first hash, from now on.</summary>
    private void Once(bool inHash, Action body)
    {
        void Callback()
        {
            _comparer.OnEquals = null;
            _comparer.OnHash = null;
            body();
        }

        if (inHash) _comparer.OnHash = Callback;
        else _comparer.OnEquals = Callback;
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_write_held_in_its_comparer_keeps_other_threads_writes_reads_and_iterations_out(bool growing, bool inHash)
    {
        GuardedMap<int, int> map = Make(growing);
        Dictionary<int, int> expected = Copy(map);
        using (new HeldThread(hold =>
        {
            Once(inHash, hold);
            map[5] = -5;
        }))
        {
            Expect.Violation(MapViolationKind.ConcurrentWrites, () => map[6] = -6);
            Expect.Violation(MapViolationKind.ConcurrentWrites, () => map.Clear());
            Expect.Violation(MapViolationKind.ConcurrentReadAndWrite, () => map.ContainsKey(7));
            Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map.GetEnumerator().Dispose());
            Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map.Iterate().Dispose());
        }

        expected[5] = -5;
        Expect.HoldsAndIsFree(expected, map, -1);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_write_from_inside_a_writes_comparer_gets_ReentrantWrite(bool growing, bool inHash)
    {
        GuardedMap<int, int> map = Make(growing);
        Dictionary<int, int> expected = Copy(map);
        int tried = 0;
        Action[] writes =
        [
            () => map[6] = -6, () => map.Add(-2, 0), () => map.Remove(6), () => map.Clear(), () => map.Increment(6),
            () => map.EnsureCapacity(9999), () => map.TrimExcess(), () => map.GetOrAdd(-2, 0), () => map.Iterate().Dispose(), () => map.GetEnumerator().Dispose(),
        ];
        Once(inHash, () =>
        {
            foreach (Action write in writes)
            {
                Expect.Violation(MapViolationKind.ReentrantWrite, write);
                tried++;
            }
        });
        map[5] = -5;
        Assert.Equal(writes.Length, tried);
        expected[5] = -5;
        Expect.HoldsAndIsFree(expected, map, -1);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_read_from_inside_a_writes_comparer_sees_the_map_before_the_write(bool growing, bool inHash)
    {
        GuardedMap<int, int> map = Make(growing);
        Dictionary<int, int> expected = Copy(map);
        bool ran = false;
        Once(inHash, () =>
        {
            Expect.Holds(expected, map);
            ran = true;
        });
        Assert.True(map.Remove(5));
        Assert.True(ran);
        expected.Remove(5);
        Expect.HoldsAndIsFree(expected, map, -1);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_lookup_whose_own_comparer_writes_gets_ReentrantRead_and_the_write_stays(bool growing, bool inHash)
    {
        GuardedMap<int, int> map = Make(growing);
        Dictionary<int, int> expected = Copy(map);
        Once(inHash, () => map[6] = -6);
        MapViolation violation = Expect.Violation(MapViolationKind.ReentrantRead, () => map.ContainsKey(7));
        Assert.Equal(Environment.CurrentManagedThreadId, violation.Holder?.ThreadId);
        Assert.Equal(MapOperation.Set, violation.Holder?.Operation);
        expected[6] = -6;
        Expect.HoldsAndIsFree(expected, map, -1);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_lookup_overlapped_by_another_threads_whole_write_gets_ConcurrentReadAndWrite(bool growing, bool inHash)
    {
        // This thread wrote last before that, so its own old signature is still there to be mistaken for the culprit's.
        GuardedMap<int, int> map = Make(growing);
        Dictionary<int, int> expected = Copy(map);
        int writer = 0;
        Once(inHash, () => Elsewhere.RunWell(() =>
        {
            writer = Environment.CurrentManagedThreadId;
            map[6] = -6;
        }));
        MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentReadAndWrite, () => map.ContainsKey(7));
        Assert.Equal(writer, violation.Holder?.ThreadId);
        Assert.True(violation.VersionFound > violation.VersionExpected);
        expected[6] = -6;
        Expect.HoldsAndIsFree(expected, map, -1);
    }

    [Fact]
    public void A_lookup_whose_comparer_reads_the_map_is_no_violation()
    {
        GuardedMap<int, int> map = Make(growing: false);
        int inner = 0;
        Once(inHash: false, () => inner = map[6]);
        Assert.Equal(5, map[5]);
        Assert.Equal(6, inner);
        Assert.Null(map.LastViolation);
    }

    [Fact]
    public void A_cursors_write_held_in_its_comparer_is_a_write_like_any_other()
    {
        GuardedMap<int, int> map = Make(growing: false);
        using MapIterator<int, int> iterator = map.Iterate(IterationContract.Reject);
        Assert.True(iterator.MoveNext());
        int key = iterator.Current.Key;
        using (HeldThread holder = new(hold =>
        {
            Once(inHash: false, hold);
            Assert.True(iterator.Entry.SetValue(-7));
        }))
        {
            MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentReadAndWrite, () => map.ContainsKey(key));
            Assert.Equal(MapOperation.CursorWrite, violation.Holder?.Operation);
            Assert.Equal(holder.ThreadId, violation.Holder?.ThreadId);
            Expect.Violation(MapViolationKind.ConcurrentWrites, () => map[key] = 0);
            Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => map.Iterate().Dispose());
        }

        Assert.Equal(-7, map[key]);
    }

    [Fact]
    public void A_read_that_stumbles_over_a_racing_write_is_the_violation_and_not_an_error_of_its_own()
    {
        // The comparer throws because the map was written under it: what it stumbled over is not the caller's business.
        GuardedMap<int, int> map = Make(growing: false);
        Once(inHash: false, () =>
        {
            Elsewhere.RunWell(() => map[6] = -6);
            throw new IndexOutOfRangeException();
        });
        Expect.Violation(MapViolationKind.ConcurrentReadAndWrite, () => map.ContainsKey(7));

        // Without a write it is.
        Once(inHash: false, () => throw new IndexOutOfRangeException());
        Assert.Throws<IndexOutOfRangeException>(() => map.ContainsKey(7));
    }
}
