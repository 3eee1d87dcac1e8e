namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>What threads that take turns pass to one another.</summary>
public sealed class BatonTests
{
    [Fact]
    public void It_is_taken_as_often_as_it_was_passed_and_passed_twice_is_passed_once()
    {
        var baton = new Baton();
        Assert.False(baton.Take(TimeSpan.Zero));
        baton.Pass();
        baton.Pass();
        Assert.True(baton.Take(TimeSpan.Zero));
        Assert.False(baton.Take(TimeSpan.FromMilliseconds(1)));
        baton.Pass();
        baton.Take();
        Assert.False(baton.Take(TimeSpan.Zero));
    }

    [Fact]
    public void Two_threads_take_turns_and_never_run_at_the_same_time()
    {
        const int Turns = 2_000;
        var there = new Baton();
        var back = new Baton();
        int runs = 0; // Plain, since what one has written the next to have its turn sees.
        var other = new Thread(() =>
        {
            for (int i = 0; i < Turns; i++)
            {
                there.Take();
                runs++;
                back.Pass();
            }
        })
        { IsBackground = true };
        other.Start();
        for (int i = 0; i < Turns; i++)
        {
            Assert.Equal(2 * i, runs);
            runs++;
            there.Pass();
            Assert.True(back.Take(TimeSpan.FromMinutes(1)));
        }

        Assert.True(other.Join(TimeSpan.FromMinutes(1)));
        Assert.Equal(2 * Turns, runs);
    }
}
