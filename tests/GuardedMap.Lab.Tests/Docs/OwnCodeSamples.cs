using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps.Lab.Tests.Docs;

/// <summary>The samples of docs/own-code.md.</summary>
[SuppressMessage("Usage", "MA0002:IEqualityComparer<string> or IComparer<string> is missing", Justification = "The page shows the shortest form, whose keys are compared ordinally.")]
internal static class OwnCodeSamples
{
    public static void Counter()
    {
        // <sample>
        CodeRaceResult result = MapRace.Explore(
            setup: () => Race.Share(new Dictionary<string, int> { ["n"] = 0 }),
            check: map => map["n"] == 2,
            map => map["n"] = map["n"] + 1,
            map => map["n"] = map["n"] + 1);
        Print.Line(result.Explored.Coverage);
        foreach (ExploredOutcome outcome in result.Outcomes)
            Print.Line($"{outcome.ShareText}, {outcome.Outcome}, first at {outcome.SimplestToken}");
        // </sample>
    }

    public static void Assert()
    {
        // <sample>
        var prune = new CodeRace<IDictionary<string, int>>
        {
            Name = "Prune",
            Setup = () => Race.Share(new Dictionary<string, int> { ["a"] = 1 }),
            Check = sessions => !sessions.ContainsKey("a"),
            Actors = [Prune, sessions => sessions.Add("b", 0)],
            Names = ["prune", "login"],
        };
        try
        {
            prune.Explore().AssertClean();
        }
        catch (RaceFoundException found)
        {
            Print.Line(found.Message);
        }

        static void Prune(IDictionary<string, int> sessions)
        {
            foreach (var (key, visits) in sessions)
            {
                if (visits < 2) sessions.Remove(key);
            }
        }

        // </sample>
    }

    public static void Deadlock()
    {
        // <sample>
        CodeRaceResult result = MapRace.Explore(
            setup: () => new { From = new object(), To = new object() },
            check: _ => true,
            s => Move(s.From, s.To),
            s => Move(s.To, s.From));
        Print.Line($"{result.Wrong[0].Count} of {result.Schedules} schedules: {result.Wrong[0].Outcome.Kind}");
        RaceTimeline timeline = result.Timeline();
        foreach (RaceTimelineStep step in timeline.Steps) Print.Line($"{Schedule.Letter(step.Actor)} {step.Describe()}");
        foreach (RaceWait wait in timeline.Deadlock) Print.Line(wait.ToString());

        static void Move(object one, object other)
        {
            using (Race.Lock(one))
            using (Race.Lock(other)) Race.Yield("move");
        }

        // </sample>
    }

    public static void Cache()
    {
        // <sample>
        var cache = new CodeRace<Service>
        {
            Name = "Cache",
            Setup = () => new Service(),
            Check = s => s.Made == 1,
            Describe = s => $"made {s.Made} times",
            Actors = [s => s.Get("k"), s => s.Get("k"), s => s.Get("k")],
        };
        CodeRaceResult result = cache.Explore();
        Print.Line(string.Join("; ", result.Outcomes.Select(o => $"{o.Count} {o.Outcome.Text}")));

        ScheduleToken token = result.Wrong[^1].FirstToken;
        ShrunkSchedule shrunk = result.Shrink(token);
        Print.Line($"{token.Schedule} shrinks to {shrunk.Token}, proven: {shrunk.MinimalProven}");
        Print.Line($"replayed: {cache.Replay(ScheduleToken.Parse(shrunk.Token.ToString())).Outcome}");
        // </sample>
    }

    public static void Repaired()
    {
        // <sample>
        var transfer = new CodeRace<Accounts>
        {
            Setup = () => new Accounts(),
            Check = a => a.Seen is 100 && a.One["money"] + a.Other["money"] == 100,
            Actors =
            [
                a =>
                {
                    using (Race.Lock(a.Gate))
                    {
                        a.One["money"] -= 30;
                        a.Other["money"] += 30;
                    }
                },
                a =>
                {
                    using (Race.Lock(a.Gate)) a.Seen = a.One["money"] + a.Other["money"];
                },
            ],
        };
        CodeRaceResult result = transfer.Explore();
        result.AssertClean();
        Print.Line($"clean: {result.Explored.Coverage}");
        // </sample>
    }

    private sealed class Service
    {
        private readonly ConcurrentDictionary<string, string> _cache = new();

        public int Made { get; private set; }

        public string Get(string key)
        {
            if (Race.Step(() => _cache.TryGetValue(key, out _))) return _cache[key];
            Race.Step(() => Made++);
            return Race.Step(() => _cache.GetOrAdd(key, "value"));
        }
    }

    private sealed class Accounts
    {
        public object Gate { get; } = new();

        public IDictionary<string, int> One { get; } = Race.Share(new Dictionary<string, int> { ["money"] = 100 });

        public IDictionary<string, int> Other { get; } = Race.Share(new Dictionary<string, int> { ["money"] = 0 });

        public int Seen { get; set; }
    }
}
