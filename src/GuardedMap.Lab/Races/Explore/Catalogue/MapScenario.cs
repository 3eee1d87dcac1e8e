namespace GuardedMaps.Lab;

/// <summary>
/// A race over one map: what is in the map, what each actor does, and what must be true afterwards. Explored under each
/// <see cref="RaceProtection"/>.
/// </summary>
internal abstract class MapScenario
{
    /// <summary>The name, as tokens and tables use it.</summary>
    public abstract string Name { get; }

    /// <summary>What goes wrong, and where that was seen.</summary>
    public abstract string Story { get; }

    /// <summary>What each actor does, in a few words.</summary>
    public abstract IReadOnlyList<string> Actors { get; }

    /// <summary>Raised when the scenario changes in a way that makes older tokens stale.</summary>
    public virtual int Version => 1;

    /// <summary>
    /// Within how many preemptions the scenario is searched where nobody says otherwise. Real schedulers interrupt seldom, and nearly every
    /// known race needs three interruptions or fewer.
    /// </summary>
    public const int Within = 3;

    /// <summary>The actor the map belongs to when the race begins; -1 for a map that several threads have written.</summary>
    public virtual int Owner => -1;

    /// <summary>Whether an iteration may be left without being ended, with its lease.</summary>
    public virtual bool MayLeaveLease => false;

    /// <summary>How schedules end with no protection. Each must occur within <see cref="Within"/>, and no other may.</summary>
    public abstract IReadOnlyList<ScheduleOutcomeKind> Unprotected { get; }

    /// <summary>How they end with a writer flag only.</summary>
    public abstract IReadOnlyList<ScheduleOutcomeKind> Flagged { get; }

    /// <summary>How they end under the product's guard: never but clean or with a violation, unless the program itself is wrong.</summary>
    public virtual IReadOnlyList<ScheduleOutcomeKind> Guarded => [ScheduleOutcomeKind.Clean, ScheduleOutcomeKind.Violation];

    /// <summary>How they end on a guarded map that detects lost updates; empty for a scenario that is about something else.</summary>
    public virtual IReadOnlyList<ScheduleOutcomeKind> Detecting => [];

    /// <summary>The naive guard whose fault the scenario shows; null for one that is about something else.</summary>
    public virtual NaiveGuardKind? Naive => null;

    /// <summary>How they end under the naive guard.</summary>
    public virtual IReadOnlyList<ScheduleOutcomeKind> GuardedNaively => [];

    /// <summary>What the scenario is explored under.</summary>
    public IReadOnlyList<RaceProtection> Protections => [.. Enum.GetValues<RaceProtection>().Where(p => Expected(p).Count > 0)];

    /// <summary>How schedules end under a protection.</summary>
    public IReadOnlyList<ScheduleOutcomeKind> Expected(RaceProtection protection) => protection switch
    {
        RaceProtection.None => Unprotected,
        RaceProtection.Flag => Flagged,
        RaceProtection.Naive => GuardedNaively,
        RaceProtection.Detect => Detecting,
        _ => Guarded,
    };

    /// <summary>Fills the map.</summary>
    public abstract void Setup(MapSetup setup);

    /// <summary>What an actor does.</summary>
    public abstract Step<None> Act(RaceHand me, MapStage stage);

    /// <summary>Puts on stage what actors share beside the map.</summary>
    public virtual void Prepare(MapStage stage)
    {
    }

    /// <summary>What the general oracle cannot know; null when there is nothing to object to.</summary>
    public virtual ScheduleOutcome? Judge(MapEnding ending) => null;

    /// <summary>Says of a clean schedule which of several legal things happened; null where there is only one.</summary>
    public virtual string? Describe(MapEnding ending) => null;
}

/// <summary>What actors share in one schedule.</summary>
internal sealed class MapStage(SteppedMap map)
{
    public SteppedMap Map => map;

    /// <summary>Keys that the setup has chosen.</summary>
    public int[] Keys { get; set; } = [];

    /// <summary>An iterator that several actors step.</summary>
    public SteppedIterator? Iterator { get; set; }
}

/// <summary>Fills a scenario's map, without races.</summary>
internal sealed class MapSetup(SteppedMap map, ulong seed, ScenarioCut cut)
{
    private readonly Dictionary<int, long> _content = [];
    private readonly List<int> _keys = [];

    /// <summary>The keys of the whole scenario, in their order, those that are left out included.</summary>
    public IReadOnlyList<int> AllKeys => _keys;

    /// <summary>What the map holds when the race begins.</summary>
    public IReadOnlyDictionary<int, long> Content => _content;

    public void Put(int key, long value)
    {
        _keys.Add(key);
        if (cut.LeavesOutKey(_keys.Count)) return;
        map.Set(key, value).Now();
        _content[key] = value;
    }

    /// <summary>Puts some keys in, each with ten times itself as its value.</summary>
    public void PutAll(params ReadOnlySpan<int> keys)
    {
        foreach (int key in keys) Put(key, key * 10);
    }

    /// <summary>The keys from <paramref name="first"/> on that lie in a bucket once there are so many.</summary>
    public int[] Keys(int count, int first, int bucket, int ofBuckets)
    {
        var ops = new StepOps(seed);
        var keys = new List<int>();
        for (int key = first; keys.Count < count; key++)
        {
            if (((int)ops.Hash(key) & (ofBuckets - 1)) == bucket) keys.Add(key);
        }

        return [.. keys];
    }
}
