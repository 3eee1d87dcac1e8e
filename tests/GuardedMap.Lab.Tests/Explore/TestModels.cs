using System.Globalization;

namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>Small models whose trees are known.</summary>
internal sealed class TestModel<TState>(
    Func<TState> setup,
    Func<TState, ScheduleOutcome> judge,
    int[]? lengths,
    params Func<TState, IEnumerator<Footprint>>[] actors)
    : RaceModel<TState>("Test", "model", RaceGrain.Access, 1, TestModels.Points, [.. actors.Select((a, i) => new ActorProgram<TState>($"actor {i}", a))], lengths)
{
    public Func<TState, int, Exception, bool>? OnFault { get; init; }

    internal override TState Setup() => setup();

    internal override ScheduleOutcome Judge(TState state) => judge(state);

    internal override bool AcceptFault(TState state, int actor, Exception error) => OnFault?.Invoke(state, actor, error) ?? false;
}

internal static class TestModels
{
    public static YieldPointCatalogue Points { get; } = new(
        new("read", "cell", AccessKind.Read), new("write", "cell", AccessKind.Write), new("think", "none", AccessKind.None));

    public static ScheduleOutcome Clean { get; } = new(ScheduleOutcomeKind.Clean, "done");

    public static Footprint Read(long cell) => Points.At("read", cell);

    public static Footprint Write(long cell) => Points.At("write", cell);

    public static ScheduleOutcome Named(string text) => new(ScheduleOutcomeKind.Clean, text);

    /// <summary>Actors of fixed lengths; the outcome is the order of the steps itself, so every schedule ends differently.</summary>
    public static TestModel<List<int>> Fixed(bool named, params int[] lengths) => new(
        () => [],
        order => named ? Named(string.Concat(order.Select(a => Schedule.Letter(a)))) : Clean,
        lengths,
        [.. lengths.Select((length, actor) => (Func<List<int>, IEnumerator<Footprint>>)(order => Steps(order, actor, length, named)))]);

    private static IEnumerator<Footprint> Steps(List<int> order, int actor, int length, bool named)
    {
        for (int i = 0; i < length; i++)
        {
            yield return Write(0);
            if (named) order.Add(actor);
        }
    }

    /// <summary>Each actor adds 1 to a cell by read and write, a number of times, after some steps on a cell of its own.</summary>
    public static TestModel<long[]> Counters(int actors, int times, int alone) => new(
        () => new long[actors + 1],
        cells => Named(cells[0].ToString(CultureInfo.InvariantCulture)),
        [.. Enumerable.Repeat(alone + (2 * times), actors)],
        [.. Enumerable.Range(1, actors).Select(own => (Func<long[], IEnumerator<Footprint>>)(cells => Count(cells, own, times, alone)))]);

    private static IEnumerator<Footprint> Count(long[] cells, int own, int times, int alone)
    {
        for (int i = 0; i < alone; i++)
        {
            yield return Write(own);
            cells[own]++;
        }

        for (int i = 0; i < times; i++)
        {
            yield return Read(0);
            long seen = cells[0];
            yield return Write(0);
            cells[0] = seen + 1;
        }
    }

    /// <summary>Three actors whose lengths depend on what they read: a writer, a reader that goes on only if it sees the write, and a thinker.</summary>
    public static TestModel<long[]> Varying() => new(
        () => new long[3],
        cells => Named(string.Join(",", cells)),
        lengths: null,
        WriteTwo,
        ReadThenWrite,
        ReadThenWrite);

    private static IEnumerator<Footprint> WriteTwo(long[] cells)
    {
        yield return Write(0);
        cells[0] = 1;
        yield return Write(1);
        cells[1]++;
    }

    private static IEnumerator<Footprint> ReadThenWrite(long[] cells)
    {
        yield return Read(0);
        long seen = cells[0];
        for (long i = 0; i <= seen; i++)
        {
            yield return Read(1);
            long read = cells[1];
            yield return Write(2);
            cells[2] = (cells[2] * 2) + read;
        }
    }

    /// <summary>A waits for B in a loop; B sets the cell in its third step.</summary>
    public static TestModel<long[]> Spinning() => new(() => new long[1], _ => Clean, lengths: null, Spin, Release);

    private static IEnumerator<Footprint> Spin(long[] cells)
    {
        do yield return Read(0);
        while (cells[0] == 0);
    }

    private static IEnumerator<Footprint> Release(long[] cells)
    {
        for (int i = 0; i < 3; i++)
        {
            yield return Write(0);
            if (i == 2) cells[0] = 1;
        }
    }
}
