namespace GuardedMaps.Lab;

/// <summary>A scenario over the stepped guarded map under one protection, whole or cut, as a model to explore.</summary>
internal sealed class SteppedModel(Scenario program, RaceProtection protection, ScenarioCut cut)
    : RaceModel(program.Name, $"{NameOf(protection)}{cut}", RaceGrain.Access, program.Version, HashSeed, SteppedPoints.Catalogue, program.Actors, lengths: null)
{
    /// <summary>The hash seed of all scenarios. Where a scenario needs keys in certain buckets, it looks for them.</summary>
    public const ulong HashSeed = 1;

    /// <summary>
    /// Within how many preemptions the guarded map is searched where nobody says otherwise. Real schedulers interrupt seldom, and nearly every
    /// known race needs three interruptions or fewer.
    /// </summary>
    public const int Within = 3;

    private static readonly HashSet<Verb> s_verbs =
    [
        Verb.Get, Verb.Set, Verb.SetRead, Verb.Remove, Verb.Clear, Verb.Increment, Verb.TryAdd, Verb.TryUpdate, Verb.GetOrAdd, Verb.AddOrUpdate, Verb.Resize, Verb.Iterate, Verb.ForEach,
        Verb.Begin, Verb.Next, Verb.Finish,
    ];

    public SteppedModel(Scenario program, RaceProtection protection)
        : this(program, protection, ScenarioCut.Nothing)
    {
    }

    /// <summary>The scenario.</summary>
    public Scenario Program => program;

    /// <summary>What is left out of the scenario.</summary>
    public ScenarioCut Cut => cut;

    public RaceProtection Protection => protection;

    // Where operations wait for each other there is less to find, and more steps to find it in.
    private int Bound => protection.Waits() ? Within - 1 : Within;

    internal override ExploreOptions Search => new()
    {
        Mode = ExploreMode.Merged,
        Within = Bound,
        MaxPreemptions = Bound,
    };

    /// <summary>Whether the stepped map has what a scenario does.</summary>
    public static bool IsPossible(Scenario scenario) => scenario.Verbs.All(s_verbs.Contains) && scenario.Setup.All(o => o.Verb == Verb.Set);

    /// <summary>The target that is the stepped map under a protection.</summary>
    public static string NameOf(RaceProtection protection) => protection switch
    {
        RaceProtection.Guard => "GuardedMap",
        RaceProtection.Detect => "GuardedMapDetecting",
        RaceProtection.Wait => "GuardedMapSynchronized",
        _ => $"GuardedMap{protection}",
    };

    /// <summary>Keys from <paramref name="first"/> on that lie in a bucket once there are so many.</summary>
    public static int[] KeysOfBucket(int count, int first, int bucket, int ofBuckets)
    {
        var ops = new StepOps(HashSeed);
        return [.. Enumerable.Range(first, int.MaxValue - first).Where(key => ((int)ops.Hash(key) & (ofBuckets - 1)) == bucket).Take(count)];
    }

    internal override RaceRun CreateRun() => new SteppedRun(this);
}
