using System.Diagnostics;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

/// <summary>
/// One writer, several readers, entries wider than a word, no luck needed to pass: whatever the interleaving, each read answers a value
/// that was stored under its key at some time, or throws.
/// </summary>
public sealed class TornReadTests
{
    private static readonly TimeSpan s_duration = TimeSpan.FromMilliseconds(600);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_read_is_whole_or_refused_over_int_keys(bool custom) =>
        Stress(custom ? new PlainComparer() : null, i => i);

    [Fact]
    public void A_read_is_whole_or_refused_over_strings() =>
        Stress<string>(null, i => $"key {i}");

    [Fact]
    public void A_read_is_whole_or_refused_while_the_maps_maker_writes() =>
        Stress<string>(null, i => $"key {i}", writerMakes: true);

    [Fact]
    public void A_read_is_whole_or_refused_over_wide_keys() =>
        Stress<Wide>(null, i => new Wide(i, i, i, i));

    private static void Stress<TKey>(IEqualityComparer<TKey>? comparer, Func<int, TKey> makeKey, bool writerMakes = false)
        where TKey : notnull
    {
        const int Keys = 64;
        TKey[] keys = [.. Enumerable.Range(0, Keys).Select(makeKey)];
        ActorThread.ForgetHandovers();
        // A map is its maker's until somebody else writes: then its writes take another way.
        GuardedMap<TKey, Wide> map = writerMakes ? null! : new GuardedMap<TKey, Wide>(comparer);
        using var start = new Barrier(3);
        int stop = 0;
        int begun = 0;
        long reads = 0;
        long refused = 0;
        var failures = new System.Collections.Concurrent.ConcurrentQueue<string>();
        Thread[] threads = [new(Write), new(Read), new(Read)];
        foreach (Thread thread in threads)
        {
            thread.IsBackground = true;
            thread.Start();
        }

        foreach (Thread thread in threads) Assert.True(thread.Join(HeldThread.Hang), "somebody hangs");
        Assert.Empty(failures);
        Assert.True(reads > 0);
        Assert.True(refused == 0 || map.LastViolation?.Kind is MapViolationKind.ConcurrentReadAndWrite or MapViolationKind.ConcurrentIterationAndWrite);
        map.CheckInvariants();

        void Write()
        {
            var random = new Random(1);
            if (writerMakes) map = new GuardedMap<TKey, Wide>(comparer);
            start.SignalAndWait();
            try
            {
                long watch = Stopwatch.GetTimestamp();
                // And until each reader has come to its turn, which on a busy machine may take longer.
                for (int i = 0; Stopwatch.GetElapsedTime(watch) < s_duration || Volatile.Read(ref begun) < 2; i++)
                {
                    int k = random.Next(Keys);
                    int what = random.Next(100);
                    // Values carry their key, so that a stale bucket's value is noticed as well as a torn one.
                    if (what < 55) map[keys[k]] = Wide.Of(k, i);
                    else if (what < 95) map.Remove(keys[k]);
                    else if (what < 97) map.Clear();
                    else if (what < 99) map.EnsureCapacity(random.Next(2000));
                    else map.TrimExcess();
                }
            }
            catch (Exception e)
            {
                failures.Enqueue($"the writer: {e}");
            }
            finally
            {
                Volatile.Write(ref stop, 1);
            }
        }

        void Read()
        {
            start.SignalAndWait();
            long done = 0;
            long thrown = 0;
            for (int i = 0; Volatile.Read(ref stop) == 0; i++)
            {
                int k = i % Keys;
                try
                {
                    if (i % 200 == 0)
                    {
                        foreach (Wide value in map.Values) Check(value, value.A % Keys);
                    }
                    else if (map.TryGetValue(keys[k], out Wide value))
                    {
                        Check(value, k);
                    }

                    if (done++ == 0) Interlocked.Increment(ref begun);
                }
                catch (MapViolationException e) when (e.Kind is MapViolationKind.ConcurrentReadAndWrite or MapViolationKind.ConcurrentIterationAndWrite)
                {
                    thrown++;
                }
                catch (Exception e)
                {
                    failures.Enqueue($"a reader: {e}");
                    Interlocked.Add(ref begun, 2); // Nobody waits for it.
                    return;
                }
            }

            Interlocked.Add(ref reads, done);
            Interlocked.Add(ref refused, thrown);
        }

        void Check(Wide value, long key)
        {
            if (!value.IsWhole) failures.Enqueue($"torn: {value}");
            else if (value.A % Keys != key) failures.Enqueue($"{value} under key {key}");
        }
    }

    private readonly record struct Wide(long A, long B, long C, long D)
    {
        public bool IsWhole => B == ~A && C == A * 31 && D == A - 1;

        public static Wide Of(int key, int round)
        {
            long a = (round * 64L) + key;
            return new Wide(a, ~a, a * 31, a - 1);
        }
    }
}
