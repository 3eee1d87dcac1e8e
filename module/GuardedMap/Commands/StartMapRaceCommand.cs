using System.Management.Automation;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Races programs over one map and says what came of it: detected, silently wrong, hung or clean.</para>
/// </summary>
/// <remarks>
/// The lab does everything (<see cref="RaceWork"/> hands it over); this cmdlet chooses what to run and binds the options. The lab blocks
/// the calling thread and reports its progress there, so nothing is written from another thread. Ctrl+C cancels the token the lab looks at,
/// and ends its child processes.
/// </remarks>
[Cmdlet(VerbsLifecycle.Start, "MapRace", DefaultParameterSetName = ScenarioSet)]
[OutputType(typeof(MapRaceResult), typeof(ExploreResult), ParameterSetName = [ScenarioSet])]
[OutputType(typeof(RaceTimeline), typeof(ThreadReplay), typeof(ShrunkRace), ParameterSetName = [TokenSet])]
[OutputType(typeof(ExploreResult), typeof(MapRaceResult), typeof(RaceTimeline), typeof(ShrunkRace), ParameterSetName = [ScriptSet])]
[OutputType(typeof(ProgramSearchResult), ParameterSetName = [GenerateSet])]
public sealed class StartMapRaceCommand : PSCmdlet, IDisposable
{
    private const string ScenarioSet = "Scenario";
    private const string TokenSet = "Token";
    private const string ScriptSet = "Script";
    private const string GenerateSet = "Generate";
    private static readonly TimeSpan s_freeDuration = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_proofDuration = TimeSpan.FromSeconds(30);
    private static readonly string[] s_defaultTargets = ["Hashtable", "GuardedMap"];
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Which scenarios to run; wildcards are allowed.</summary>
    [Parameter(Position = 0, ParameterSetName = ScenarioSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ScenarioCompleter))]
    public string[] Scenario { get; set; } = ["TwoWriters"];

    /// <summary>Which maps to run them on; wildcards are allowed. Without it, on those on which each scenario is best seen.</summary>
    [Parameter(Position = 1, ParameterSetName = ScenarioSet)]
    [Parameter(ParameterSetName = ScriptSet)]
    [Parameter(ParameterSetName = GenerateSet)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [Alias("Container")]
    [ArgumentCompleter(typeof(TargetCompleter))]
    public string[] Target { get; set; } = s_defaultTargets;

    /// <summary>Explored: how small a step is. Without it, as small as shows the scenario best, and as the target allows.</summary>
    [Parameter(ParameterSetName = ScenarioSet)]
    public RaceGrain Grain { get; set; }

    /// <summary>The programs of a race of one's own, over one shared map: the map is $_, or the first parameter of a block that has some.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ScriptSet)]
    [ValidateNotNullOrEmpty]
    public ScriptBlock[] Actor { get; set; } = null!;

    /// <summary>Makes programs that nobody has written, smallest first, and explores each access by access.</summary>
    [Parameter(Mandatory = true, ParameterSetName = GenerateSet)]
    public SwitchParameter Generate { get; set; }

    /// <summary>Fills the shared map before each run.</summary>
    [Parameter(ParameterSetName = ScriptSet)]
    public ScriptBlock? Setup { get; set; }

    /// <summary>Looks at the shared map after each run. It fails by writing $false or an error.</summary>
    [Parameter(ParameterSetName = ScriptSet)]
    public ScriptBlock? Check { get; set; }

    /// <summary>How the programs are interleaved. Without it, what can be explored is, and the rest is raced.</summary>
    [Parameter]
    public MapRaceMode Mode { get; set; } = MapRaceMode.Auto;

    /// <summary>The schedule to run again.</summary>
    [Parameter(Mandatory = true, ParameterSetName = TokenSet, ValueFromPipelineByPropertyName = true)]
    [Parameter(ParameterSetName = ScriptSet)]
    [Alias("SimplestToken")]
    [ArgumentCompleter(typeof(TokenCompleter))]
    public string[]? Token { get; set; }

    /// <summary>Runs the schedule again with a real thread for each actor.</summary>
    [Parameter(ParameterSetName = TokenSet)]
    public SwitchParameter OnThreads { get; set; }

    /// <summary>Makes the race of the schedule as small as it can be: the fewest preemptions, operations and keys that end the same way.</summary>
    [Parameter(ParameterSetName = TokenSet)]
    [Parameter(ParameterSetName = ScriptSet)]
    public SwitchParameter Shrink { get; set; }

    /// <summary>Explored: at most how many schedules to run of each. Generated: at most how many programs.</summary>
    [Parameter(ParameterSetName = ScenarioSet)]
    [Parameter(ParameterSetName = GenerateSet)]
    [Parameter(ParameterSetName = ScriptSet)]
    [ValidateRange(1L, long.MaxValue)]
    public long Budget { get; set; }

    /// <summary>Explored: how often actors may be interrupted at most.</summary>
    [Parameter(ParameterSetName = ScenarioSet)]
    [Parameter(ParameterSetName = GenerateSet)]
    [Parameter(ParameterSetName = ScriptSet)]
    [ValidateRange(0, 100)]
    public int Preemptions { get; set; } = 3;

    /// <summary>Explored: how schedules are chosen.</summary>
    [Parameter(ParameterSetName = ScenarioSet)]
    [ValidateSet(nameof(ExploreMode.Exhaustive), nameof(ExploreMode.Bounded), nameof(ExploreMode.Sleep), nameof(ExploreMode.Merged), nameof(ExploreMode.Uniform), nameof(ExploreMode.Walk), nameof(ExploreMode.Pct))]
    public string? Search { get; set; }

    /// <summary>Raced: how many trials to run on each target. Without -Duration, exactly so many.</summary>
    [Parameter(ParameterSetName = ScenarioSet)]
    [Parameter(ParameterSetName = ScriptSet)]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; }

    /// <summary>For how long to run each: a time span, or a number of seconds.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan Duration { get; set; }

    /// <summary>Raced: how much each program does in one trial.</summary>
    [Parameter(ParameterSetName = ScenarioSet)]
    [Parameter(ParameterSetName = GenerateSet)]
    [ValidateRange(1, int.MaxValue)]
    public int Operations { get; set; }

    /// <summary>Raced: fixes what each program does, not how the system interleaves them. Drawn schedules, and generated programs: which are drawn.</summary>
    [Parameter(ParameterSetName = ScenarioSet)]
    [Parameter(ParameterSetName = GenerateSet)]
    public ulong Seed { get; set; }

    /// <summary>Scripts: how many steps a schedule may have before it is ended as one that never ends.</summary>
    [Parameter(ParameterSetName = ScriptSet)]
    [ValidateRange(1, 20_000)]
    public int StepLimit { get; set; } = 5_000;

    /// <summary>Scripts: how long an actor may go without a step, or when raced run at all, before it is stopped as one that never ends.</summary>
    [Parameter(ParameterSetName = ScriptSet)]
    [DurationArgument]
    public TimeSpan StallLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var stage = new RaceStage(this, _stop.Token);
        var work = new RaceWork(stage);
        try
        {
            if (ParameterSetName == ScriptSet) RunScripts(stage, work);
            else if (ParameterSetName == TokenSet) Replay(work);
            else if (ParameterSetName == GenerateSet) RunPrograms(stage, work);
            else RunScenarios(stage, work);
        }
        catch (UnknownRaceException e)
        {
            ThrowTerminatingError(Errors.UnknownName(e.Parameter, e.Pattern, e, e.Valid));
        }
        catch (ScheduleTokenException e)
        {
            ThrowTerminatingError(Errors.TokenNotReplayed(e, Token));
        }
        catch (ScriptSetupException e)
        {
            ThrowTerminatingError(Errors.SetupFailed(e, Setup));
        }
        catch (NotCoveredException e)
        {
            ThrowTerminatingError(Errors.NotCovered(e));
        }

        if (!_stop.IsCancellationRequested) stage.Clear("Racing");
    }

    /// <inheritdoc/>
    protected override void StopProcessing() => _stop.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private void RunScenarios(RaceStage stage, RaceWork work)
    {
        if (Mode == MapRaceMode.Replay) ThrowTerminatingError(Errors.TokenNeeded());
        MapRaceMode mode = Mode != MapRaceMode.Auto ? Mode
            : IsGiven(nameof(Budget), nameof(Preemptions), nameof(Search), nameof(Grain)) ? MapRaceMode.Explore
            : IsGiven(nameof(Count), nameof(Operations)) ? MapRaceMode.Free
            : MapRaceMode.Auto;
        if (mode == MapRaceMode.Free) Refuse(mode, nameof(Budget), nameof(Preemptions), nameof(Search), nameof(Grain));
        if (mode == MapRaceMode.Explore) Refuse(mode, nameof(Count), nameof(Operations));

        RacePairs pairs = RacePairs.Find(Scenario, IsGiven(nameof(Target)) ? Target : null, mode, IsGiven(nameof(Grain)) ? Grain : null);
        if (pairs.Count == 0)
        {
            (string why, string instead) = RacePairs.WhyNone(Scenario, IsGiven(nameof(Target)) ? Target : null, mode, IsGiven(nameof(Grain)) ? Grain : null);
            WriteError(Errors.NothingToRace(Scenario, IsGiven(nameof(Target)) ? Target : [], why, instead));
            return;
        }

        stage.Expect(pairs.Count);
        foreach (RaceModel model in pairs.Models.TakeWhile(_ => !_stop.IsCancellationRequested))
        {
            work.Explore(model, ExploreOptionsFor(model));
            stage.PartDone();
        }

        foreach ((Scenario scenario, RaceTarget target) in pairs.Free.TakeWhile(_ => !_stop.IsCancellationRequested))
        {
            work.Free(scenario, target, FreeOptions());
            stage.PartDone();
        }
    }

    private void RunPrograms(RaceStage stage, RaceWork work)
    {
        if (Mode is MapRaceMode.Free or MapRaceMode.Replay) ThrowTerminatingError(Errors.ParameterOfAnotherMode(nameof(Generate), Mode));
        IReadOnlyList<RaceTarget> targets = IsGiven(nameof(Target)) ? [.. Target.SelectMany(RaceCatalogue.FindTargets).Distinct()] : [RaceCatalogue.GetTarget("GuardedMap")];
        stage.Expect(targets.Count);
        foreach (RaceTarget target in targets.TakeWhile(_ => !_stop.IsCancellationRequested))
        {
            var options = new ProgramSearchOptions { Target = target.Name };
            work.Generate(options with
            {
                Programs = IsGiven(nameof(Budget)) ? (int)Math.Min(int.MaxValue, Budget) : options.Programs,
                MostOperations = IsGiven(nameof(Operations)) ? Operations : options.MostOperations,
                MaxPreemptions = IsGiven(nameof(Preemptions)) ? Preemptions : options.MaxPreemptions,
                Seed = IsGiven(nameof(Seed)) ? Seed : null,
                MaxDuration = IsGiven(nameof(Duration)) ? Duration : null,
            });
            stage.PartDone();
        }
    }

    private void RunScripts(RaceStage stage, RaceWork work)
    {
        MapRaceMode mode = Mode != MapRaceMode.Auto ? Mode : Token is not null ? MapRaceMode.Replay : IsGiven(nameof(Count)) ? MapRaceMode.Free : MapRaceMode.Explore;
        if (mode == MapRaceMode.Replay && Token is null) ThrowTerminatingError(Errors.TokenNeeded());
        var race = new ScriptRace(Actor, Setup, Check, SessionState) { StallLimit = StallLimit, MaxSteps = StepLimit };
        if (mode != MapRaceMode.Free)
        {
            if (Actor.Length > OwnRace.MostActors) ThrowTerminatingError(Errors.ActorCount(Actor.Length));
            race.RequireCovered();
        }

        if (mode == MapRaceMode.Replay)
        {
            foreach (ScheduleToken token in Token!.Select(ScheduleToken.Parse)) Replay(work, race, token);
            return;
        }

        if (mode == MapRaceMode.Free) Refuse(mode, nameof(Budget), nameof(Preemptions), nameof(Shrink));
        else Refuse(mode, nameof(Count));
        RaceTarget[] targets = [.. RacePairs.ContainersFor(Target)];
        stage.Expect(targets.Length);
        foreach (RaceTarget target in targets.TakeWhile(_ => !_stop.IsCancellationRequested))
        {
            if (mode == MapRaceMode.Free) work.Free(JobFor(race, target));
            else work.Explore(race, target.Name, ScriptOptions());
            stage.PartDone();
        }
    }

    private ExploreOptions ScriptOptions() => new()
    {
        Mode = IsGiven(nameof(Preemptions)) ? ExploreMode.Bounded : ExploreMode.Exhaustive,
        MaxPreemptions = Preemptions,
        MaxSchedules = IsGiven(nameof(Budget)) ? Budget : null,
        MaxDuration = IsGiven(nameof(Duration)) ? Duration : null,
        MaxSteps = StepLimit,
    };

    private void Replay(RaceWork work, ScriptRace race, ScheduleToken token)
    {
        if (Shrink) work.Shrink(race, token, IsGiven(nameof(Duration)) ? Duration : s_proofDuration);
        else work.Replay(race, token);
    }

    private void Replay(RaceWork work)
    {
        if (Mode is MapRaceMode.Free or MapRaceMode.Explore) ThrowTerminatingError(Errors.TokenIsForReplay(Mode));
        if (OnThreads && Shrink) ThrowTerminatingError(Errors.OneAtATime(nameof(OnThreads), nameof(Shrink)));
        foreach (string text in Token!)
        {
            ScheduleToken token = ScheduleToken.Parse(text);
            if (token.Scenario == OwnRace.Scripts && !OnThreads)
            {
                if (RecentRaces.ScriptsOf(token) is { } scripts) Replay(work, scripts, token);
                else WriteError(Errors.ScriptsNeeded(text));
            }
            else if (Shrink) work.Shrink(token, IsGiven(nameof(Duration)) ? Duration : s_proofDuration);
            else if (OnThreads) work.ReplayOnThreads(token);
            else work.Replay(token);
        }
    }

    private ScriptJob JobFor(ScriptRace race, RaceTarget target) => new()
    {
        Race = race,
        Target = target,
        Seed = 0,
        Operations = 0,
        Trials = IsGiven(nameof(Count)) ? Count : null,
        Duration = IsGiven(nameof(Duration)) ? Duration : IsGiven(nameof(Count)) ? null : s_freeDuration,
        StallLimit = StallLimit,
    };

    private MapRaceOptions FreeOptions() => new()
    {
        Count = IsGiven(nameof(Count)) ? Count : null,
        Duration = IsGiven(nameof(Duration)) ? Duration : IsGiven(nameof(Count)) ? null : s_freeDuration,
        Seed = IsGiven(nameof(Seed)) ? Seed : null,
        Operations = IsGiven(nameof(Operations)) ? Operations : null,
    };

    private ExploreOptions ExploreOptionsFor(RaceModel model)
    {
        // Who says how far to go does not want the scenario's own way of searching.
        ExploreOptions own = IsGiven(nameof(Preemptions)) ? new ExploreOptions { Mode = ExploreMode.Bounded, MaxPreemptions = Preemptions } : RaceModels.SearchFor(model);
        ExploreOptions options = own with
        {
            MaxSchedules = IsGiven(nameof(Budget)) ? Budget : null,
            MaxDuration = IsGiven(nameof(Duration)) ? Duration : null,
            Seed = IsGiven(nameof(Seed)) ? Seed : 1,
        };
        if (Search is null) return options;
        return options with { Mode = Enum.Parse<ExploreMode>(Search), Within = IsGiven(nameof(Preemptions)) ? Preemptions : null };
    }

    private void Refuse(MapRaceMode mode, params string[] parameters)
    {
        if (parameters.FirstOrDefault(p => IsGiven(p)) is { } foreign) ThrowTerminatingError(Errors.ParameterOfAnotherMode(foreign, mode));
    }

    private bool IsGiven(params string[] parameters) => parameters.Any(MyInvocation.BoundParameters.ContainsKey);
}
