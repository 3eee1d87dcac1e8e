using System.Globalization;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

/// <summary>Whose write an iteration stumbles over, by its script line, although the writer has gone on and nobody traces the map.</summary>
[Collection(GlobalState.Name)]
public sealed class WriterPositionTests : IDisposable
{
    private int _line;
    private int _asked;

    public WriterPositionTests() => MapHost.ActorPosition = () =>
    {
        _asked++;
        return string.Create(CultureInfo.InvariantCulture, $"s.ps1:{_line}");
    };

    public void Dispose() => MapHost.ActorPosition = null;

    private static GuardedMap<string, int> Make() => new(new MapOptions<string> { Name = "m", ForShell = true }) { ["a"] = 1, ["b"] = 2 };

    [Fact]
    public void The_writer_in_the_way_of_an_iteration_is_named_with_its_line()
    {
        var shells = new GuardedMap { ["a"] = 1, ["b"] = 2 };
        GuardedMap<string, int> typed = Make();
        Action<int>[] writes = [i => shells["new"] = i, i => shells[i] = i, _ => shells.Remove("a"), i => shells.AddOrUpdate("b", i, (_, _) => i)];
        foreach (Action<int> write in writes)
        {
            var loop = shells.Keys.GetEnumerator();
            Assert.True(loop.MoveNext());
            _line = 7;
            write(7);
            _line = 8;
            MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => loop.MoveNext());
            Assert.Equal(("s.ps1:7", "s.ps1:8"), (violation.Holder!.Position, violation.Offender.Position));
            Assert.Contains(" at s.ps1:7", violation.Message, StringComparison.Ordinal);
        }

        var typedLoop = typed.Keys.GetEnumerator();
        Assert.True(typedLoop.MoveNext());
        _line = 9;
        typed["new"] = 1;
        Assert.Equal("s.ps1:9", Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => typedLoop.MoveNext()).Holder!.Position);
    }

    [Fact]
    public void A_line_is_never_that_of_another_write()
    {
        GuardedMap<string, int> map = Make();
        var loop = map.Keys.GetEnumerator();
        Assert.True(loop.MoveNext());
        for (_line = 1; _line <= 500; _line++) map["k"] = _line;
        MapViolation violation = Expect.Violation(MapViolationKind.ConcurrentIterationAndWrite, () => loop.MoveNext());
        // The last write is the one in the way; it came long after the last line that was taken.
        Assert.Null(violation.Holder!.Position);
    }

    [Fact]
    public void Lines_are_taken_of_few_writes_only()
    {
        GuardedMap<string, int> map = Make();
        for (int i = 0; i < 1000; i++) map["k"] = i;
        Assert.Equal(0, _asked);
        foreach (string _ in map.Keys)
        {
        }

        for (int i = 0; i < 1000; i++) map["k"] = i;
        Assert.InRange(_asked, 1, 10);
    }
}
