namespace GuardedMaps.Lab.Tests.Own;

/// <summary>Eight programs that people bring, each as they bring it and as it is when it is repaired.</summary>
public sealed class ProgramsOfPeopleTests
{
    private static readonly Dictionary<string, (CodeRace<State> Broken, CodeRace<State> Repaired, ScheduleOutcomeKind Kind)> s_programs = new(StringComparer.Ordinal)
    {
        ["check-then-act cache"] = (
            Of(static s => s.Number <= 1, Cached, Cached),
            Of(static s => s.Number <= 1, static s => Locked(s, Cached), static s => Locked(s, Cached)),
            ScheduleOutcomeKind.Failed),
        ["counter"] = (
            Of(static s => s.Map["n"] == 2, Count, Count),
            Of(static s => s.Map["n"] == 2, static s => Locked(s, Count), static s => Locked(s, Count)),
            ScheduleOutcomeKind.Unnoticed),
        ["double-checked start"] = (
            Of(static s => s.Number == 1, Start, Start),
            Of(static s => s.Number == 1, StartChecked, StartChecked),
            ScheduleOutcomeKind.Unnoticed),
        ["iterate and prune"] = (
            Of(static s => !s.Map.ContainsKey("n"), Prune, static s => s.Map["m"] = 5),
            Of(static s => !s.Map.ContainsKey("n"), static s => Locked(s, Prune), static s => Locked(s, static s => s.Map["m"] = 5)),
            ScheduleOutcomeKind.Failed),
        ["producer and consumers over a list"] = (
            Of(static _ => true, Consume, Consume, static s => s.List.Add(1)),
            Of(static _ => true, static s => Locked(s, Consume), static s => Locked(s, Consume), static s => Locked(s, static s => s.List.Add(1))),
            ScheduleOutcomeKind.Failed),
        ["invariant over two maps"] = (
            Of(static s => s.Number is 10, Move, Audit),
            Of(static s => s.Number is 10, static s => Locked(s, Move), static s => Locked(s, Audit)),
            ScheduleOutcomeKind.Unnoticed),
        ["lazy singleton"] = (
            Of(static s => s.Got.Distinct().Count() == 1, Lazily, Lazily),
            Of(static s => s.Got.Distinct().Count() == 1, LazilyOnce, LazilyOnce),
            ScheduleOutcomeKind.Unnoticed),
        ["event handler beside a loop"] = (
            Of(static _ => true, Loop, static s => s.List.Clear()),
            Of(static _ => true, static s => Locked(s, Loop), static s => Locked(s, static s => s.List.Clear())),
            ScheduleOutcomeKind.Failed),
    };

    public static TheoryData<string> Programs => [.. s_programs.Keys];

    [Theory]
    [MemberData(nameof(Programs))]
    public void It_is_explored_explained_shrunk_replayed_and_clean_when_repaired(string program)
    {
        var (broken, repaired, kind) = s_programs[program];
        var result = broken.Explore();

        Assert.True(result.Explored.Exhaustive, result.Explored.Coverage);
        var wrong = result.Wrong.First(o => o.Outcome.Kind == kind);
        Assert.Contains(wrong.SimplestToken.ToString(), Assert.Throws<RaceFoundException>(result.AssertClean).Message, StringComparison.Ordinal);

        var shrunk = result.Shrink(wrong.FirstToken);
        Assert.True(shrunk.MinimalProven);
        Assert.Equal((wrong.FewestPreemptions, wrong.Outcome), (shrunk.Preemptions, shrunk.Outcome));
        Assert.Equal(wrong.Outcome, broken.Replay(ScheduleToken.Parse(shrunk.Token.ToString())).Outcome);

        var clean = repaired.Explore();
        clean.AssertClean();
        Assert.True(clean.Explored.Exhaustive, clean.Explored.Coverage);
    }

    private static CodeRace<State> Of(Func<State, bool> check, params Action<State>[] actors) => new() { Setup = static () => new State(), Check = check, Actors = actors };

    private static void Locked(State s, Action<State> action)
    {
        using (Race.Lock(s.Gate)) action(s);
    }

    private static void Cached(State s)
    {
        if (s.Map.ContainsKey("k")) return;
        s.Number++;
        s.Map.Add("k", 1);
    }

    private static void Count(State s) => s.Map["n"] = s.Map["n"] + 1;

    private static void Start(State s)
    {
        if (Race.Step(() => s.IsStarted)) return;
        Race.Step(() => s.IsStarted = true);
        s.Number++;
    }

    private static void StartChecked(State s)
    {
        if (!Race.Step(() => s.IsStarted)) Locked(s, Start);
    }

    private static void Prune(State s)
    {
        foreach (string key in s.Map.Keys)
        {
            if (key == "n") s.Map.Remove(key);
        }
    }

    private static void Consume(State s)
    {
        if (s.List.Count == 0) return;
        _ = s.List[0];
        s.List.RemoveAt(0);
    }

    private static void Move(State s)
    {
        s.Map["money"] -= 4;
        s.Other["money"] += 4;
    }

    private static void Audit(State s) => s.Number = s.Map["money"] + s.Other["money"];

    private static void Lazily(State s)
    {
        if (Race.Step(() => s.Instance is null)) Race.Step(() => s.Instance = new object());
        s.Got.Add(Race.Step(() => s.Instance));
    }

    private static void LazilyOnce(State s)
    {
        Race.Step(() => Interlocked.CompareExchange(ref s.Instance, new object(), null));
        s.Got.Add(Race.Step(() => s.Instance));
    }

    private static void Loop(State s)
    {
        for (int i = 0; i < s.List.Count; i++) _ = s.List[i];
    }

    private sealed class State
    {
        public object? Instance;

        public object Gate { get; } = new();

        public IDictionary<string, int> Map { get; } = Race.Share(new Dictionary<string, int>(StringComparer.Ordinal) { ["n"] = 0, ["money"] = 10 });

        public IDictionary<string, int> Other { get; } = Race.Share(new Dictionary<string, int>(StringComparer.Ordinal) { ["money"] = 0 });

        public IList<int> List { get; } = Race.Share(new List<int> { 7 });

        public List<object?> Got { get; } = [];

        public bool IsStarted { get; set; }

        public int Number { get; set; }
    }
}
