using System.Diagnostics;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

/// <summary>
/// The second thread comes while the owner is in the middle of a write, and stays there: an insert that starts the growth of a large
/// table allocates for a good while, on the fast path, with nothing but its "busy" to say so. Whoever takes the map away must look.
/// </summary>
public sealed class LongWriteHandoverTests
{
    /// <summary>Entries that fill 2^14 buckets to their limit; the next one allocates slots for 2^15.</summary>
    private const int Full = 5 << 14;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    // In microseconds. The allocation takes from half a millisecond to several.
    private static readonly int[] s_late = [100, 300, 0, 600, 30, 200];

    [Fact]
    public void Who_comes_in_the_middle_of_its_makers_write_is_refused_and_nothing_is_lost()
    {
        const int Newcomer = -1;
        int refused = 0;
        var clock = Stopwatch.StartNew();
        for (int round = 0; refused < 2; round++)
        {
            Assert.True(clock.Elapsed < s_patience, $"in {round} rounds the second writer came into the middle of the first one's write {refused} times");
            ActorThread.ForgetHandovers();
            var map = new GuardedMap<int, string>();
            for (int i = 0; i < Full; i++) map[i] = "";
            bool go = false;
            var late = TimeSpan.FromMicroseconds(s_late[round % s_late.Length]);
            bool? done = null;
            Exception? problem = null;
            using var ready = new ManualResetEventSlim();
            var second = new Thread(() =>
            {
                ready.Set();
                while (!Volatile.Read(ref go)) Thread.SpinWait(1);
                // Who comes at once often comes before the other has begun. How long to wait depends on the machine, so it differs from round to round.
                long from = Stopwatch.GetTimestamp();
                while (Stopwatch.GetElapsedTime(from) < late) Thread.SpinWait(1);
                try
                {
                    done = TryWrite(map, Newcomer);
                }
                catch (Exception e)
                {
                    problem = e;
                }
            })
            {
                IsBackground = true,
            };
            second.Start();
            Assert.True(ready.Wait(HeldThread.Hang));

            Volatile.Write(ref go, true);
            bool mine = TryWrite(map, Full);
            Assert.True(second.Join(HeldThread.Hang));
            Assert.Null(problem);
            if (done == false) refused++;

            map.CheckInvariants();
            Assert.Equal(Full + (mine ? 1 : 0) + (done == true ? 1 : 0), map.Count);
            Assert.Equal(mine, map.ContainsKey(Full));
            Assert.Equal(done, map.ContainsKey(Newcomer));
        }
    }

    private static bool TryWrite(GuardedMap<int, string> map, int key)
    {
        try
        {
            map.Add(key, "written");
            return true;
        }
        catch (MapViolationException e)
        {
            Assert.Equal(MapViolationKind.ConcurrentWrites, e.Kind);
            return false;
        }
    }
}
