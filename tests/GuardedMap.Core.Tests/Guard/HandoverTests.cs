using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

/// <summary>
/// A map passes from the thread that made it to all threads at whatever moment a second one writes: every write is done or refused,
/// none is lost, and no two are let in at once.
/// </summary>
public sealed class HandoverTests
{
    [Fact]
    public void Two_writers_that_meet_at_the_handover_either_write_or_are_refused_and_lose_nothing()
    {
        const int Maps = 1500;
        const int Keys = 40;
        var failures = new System.Collections.Concurrent.ConcurrentQueue<string>();
        using var meet = new Barrier(2);
        GuardedMap<int, int>? map = null;
        var second = new Thread(() =>
        {
            for (int i = 0; i < Maps; i++)
            {
                meet.SignalAndWait(HeldThread.Hang);
                Write(map!, 1, i);
                meet.SignalAndWait(HeldThread.Hang);
            }
        })
        {
            IsBackground = true,
        };
        second.Start();
        for (int i = 0; i < Maps; i++)
        {
            ActorThread.ForgetHandovers();
            map = new GuardedMap<int, int>();
            Assert.True(meet.SignalAndWait(HeldThread.Hang));
            HashSet<int> mine = Write(map, 0, i);
            Assert.True(meet.SignalAndWait(HeldThread.Hang));
            map.CheckInvariants();
            HashSet<int> theirs = Theirs;
            Assert.Equal(mine.Count + theirs.Count, map.Count);
            foreach (int key in mine.Concat(theirs)) Assert.True(map.ContainsKey(key), $"the write of {key} was acknowledged and lost");
        }

        Assert.True(second.Join(HeldThread.Hang));
        Assert.Empty(failures);

        HashSet<int> Write(GuardedMap<int, int> target, int who, int round)
        {
            var written = new HashSet<int>();
            // The second writer comes at another moment of the first one's work each time.
            int wait = who == 0 ? 0 : round % 97;
            for (int i = 0; i < wait; i++) Thread.SpinWait(1);
            for (int i = 0; i < Keys; i++)
            {
                int key = (2 * i) + who;
                try
                {
                    if (target.TryAdd(key, who)) written.Add(key);
                    else failures.Enqueue($"{key} was there already");
                }
                catch (MapViolationException e) when (e.Kind == MapViolationKind.ConcurrentWrites)
                {
                    if (target.LastViolation is null) failures.Enqueue("a violation was not recorded");
                }
                catch (Exception e)
                {
                    failures.Enqueue(e.ToString());
                }
            }

            if (who == 1) Theirs = written;
            return written;
        }
    }

    [Fact]
    public void The_makers_plain_stores_and_the_second_writers_swap_never_let_both_in()
    {
        // As many handovers as a second holds, each with the two at it within nanoseconds: the spinning makes them meet.
        GuardedMap<long, long>? published = null;
        int acknowledged = -1;
        bool stop = false;
        var second = new Thread(() =>
        {
            GuardedMap<long, long>? last = null;
            while (!Volatile.Read(ref stop))
            {
                GuardedMap<long, long>? map = Volatile.Read(ref published);
                if (map is null || ReferenceEquals(map, last)) continue;
                last = map;
                Volatile.Write(ref acknowledged, Put(map, 1000));
            }
        })
        {
            IsBackground = true,
        };
        second.Start();
        long watch = System.Diagnostics.Stopwatch.GetTimestamp();
        int rounds = 0;
        try
        {
            for (; System.Diagnostics.Stopwatch.GetElapsedTime(watch) < TimeSpan.FromSeconds(1); rounds++)
            {
                ActorThread.ForgetHandovers();
                var map = new GuardedMap<long, long>(64);
                Volatile.Write(ref acknowledged, -1);
                Volatile.Write(ref published, map);
                int mine = Put(map, 0);
                var spin = default(SpinWait);
                while (Volatile.Read(ref acknowledged) < 0) spin.SpinOnce();
                // Both in at once would take the same slot, or count one entry for two.
                Assert.Equal(mine + Volatile.Read(ref acknowledged), map.Count);
                map.CheckInvariants();
            }
        }
        finally
        {
            Volatile.Write(ref stop, true);
        }

        Assert.True(second.Join(HeldThread.Hang));
        Assert.True(rounds > 0);

        static int Put(GuardedMap<long, long> map, int from)
        {
            int done = 0;
            for (int i = 0; i < 50; i++)
            {
                try
                {
                    map[from + i] = i;
                    done++;
                }
                catch (MapViolationException e) when (e.Kind == MapViolationKind.ConcurrentWrites)
                {
                    // Refused: not counted, and must not be there.
                    if (from > 0) break;
                }
            }

            return done;
        }
    }

    private HashSet<int> Theirs { get; set; } = [];

    [Fact]
    public void A_writer_that_meets_its_makers_loop_is_refused_at_whatever_moment_it_comes()
    {
        const int Maps = 1500;
        using var meet = new Barrier(2);
        GuardedMap<int, int>? map = null;
        int inLoop = 0;
        int missed = 0;
        var writer = new Thread(() =>
        {
            for (int i = 0; i < Maps; i++)
            {
                meet.SignalAndWait(HeldThread.Hang);
                for (int wait = i % 97; wait > 0; wait--) Thread.SpinWait(1);
                bool before = Volatile.Read(ref inLoop) == 1;
                bool written;
                try
                {
                    map![1000] = 1;
                    written = true;
                }
                catch (MapViolationException)
                {
                    written = false;
                }

                // In the loop before and after, and let in all the same.
                if (before && Volatile.Read(ref inLoop) == 1 && written) Interlocked.Increment(ref missed);
                meet.SignalAndWait(HeldThread.Hang);
            }
        })
        {
            IsBackground = true,
        };
        writer.Start();
        for (int i = 0; i < Maps; i++)
        {
            ActorThread.ForgetHandovers();
            map = new GuardedMap<int, int>();
            for (int k = 0; k < 8; k++) map[k] = k;
            Assert.True(meet.SignalAndWait(HeldThread.Hang));
            try
            {
                int count = map.Count;
                int seen = 0;
                foreach (KeyValuePair<int, int> _ in map)
                {
                    if (seen++ == 0)
                    {
                        count = map.Count;
                        Volatile.Write(ref inLoop, 1);
                    }

                    Thread.SpinWait(20);
                    // Nothing is let in between the first entry and the last.
                    Assert.Equal(count, map.Count);
                    if (seen == count) Volatile.Write(ref inLoop, 0);
                }

                Assert.Equal(count, seen);
            }
            catch (MapViolationException e) when (e.Kind == MapViolationKind.ConcurrentIterationAndWrite)
            {
                // The writer was there first, and the loop did not begin.
                Assert.Equal(0, Volatile.Read(ref inLoop));
            }

            Assert.True(meet.SignalAndWait(HeldThread.Hang));
            map[5] = 5;
            map.CheckInvariants();
        }

        Assert.True(writer.Join(HeldThread.Hang));
        Assert.Equal(0, missed);
    }
}
