using GuardedMaps.Lab.Tests.Engines;
using GuardedMaps.Tests.Mutants;

namespace GuardedMaps.Lab.Tests.RaceMutants;

/// <summary>
/// Deliberate bugs that no test on one thread can see (tests/mutants/races), each with a small program that shows it, and within how many preemptions.
/// </summary>
internal sealed class RaceMutants
{
    // A program is one of the catalogue, or named by rule (Catalogue/MadeScenario.cs), or one of those below.
    private static readonly Dictionary<string, (string Program, string Target, int Within)> s_shownBy = new(StringComparer.Ordinal)
    {
        ["anonymous-lease-ended-not-atomically"] = ("TwoForEach", "GuardedMap", 2),
        ["anonymous-lease-not-atomic"] = ("TwoForEach", "GuardedMap", 2),
        ["block-published-unlooked"] = ("Made-0-sA-sB", "OrderedMap", 1),
        ["careful-release-before-the-version"] = ("Made-ABF-iAgB-sC", "GuardedMap", 2),
        ["careful-write-in-two-steps"] = ("AtomicUpdate", "GuardedMap", 2),
        ["cell-changed-in-two-steps"] = ("Made-A-iA-iA", "OrderedMapOfObjects", 1),
        ["cell-looked-at-once"] = ("Made-A-rA-gA", "SyncMap", 1),
        ["cell-published-before-its-value"] = ("Made-A-rAsA-gA", "SyncMap", 2),
        ["epoch-not-looked-at"] = ("SnapshotVersusInsert", "SnapshotMap", 2),
        ["fate-decided-in-two-steps"] = ("SnapshotVersusInsert", "SnapshotMap", 2),
        ["frozen-root-not-validated"] = ("SnapshotVersusInsert", "SnapshotMap", 2),
        ["growth-without-a-version"] = ("ReadDuringEvacuation", "GuardedMap", 1),
        ["iterator-door-not-atomic"] = ("SharedIterator", "GuardedMap", 2),
        ["lease-not-atomic"] = ("DeleteDuringIteration", "GuardedMap", 2),
        ["lookup-looks-once"] = ("ReadDuringEvacuation", "GuardedMap", 1),
        ["overwrite-released-before-its-store"] = ("Made-AF-sA-sB", "GuardedMap", 2),
        ["owner-loops-unlooked"] = ("LoopOfOwner", "GuardedMap", 3),
        ["owner-looks-once"] = ("OwnerHandover", "GuardedMap", 2),
        ["owner-not-waited-for"] = ("OwnerHandover", "GuardedMap", 2),
        ["promotion-overlooked"] = ("RemovalVersusPromotion", "SyncMap", 1),
        ["released-before-the-version"] = ("ClearDuringIteration", "GuardedMap", 2),
        ["removal-released-before-its-stores"] = ("Made-A-sA-rA", "GuardedMap", 2),
        ["snapshot-not-validated"] = ("SnapshotVersusWriter", "GuardedMap", 2),
        ["step-looks-once"] = ("StepWithoutLease", "GuardedMap", 2),
        ["swap-in-two-steps"] = ("TwoWritersSameKey", "GuardedMap", 2),
        ["swap-without-a-look-at-the-version"] = ("Made-ABF-sAgB-sC", "GuardedMap", 2),
    };

    private static readonly Scenario[] s_programs =
    [
        new("LoopOfOwner", "The map's owner goes through it with a plain foreach; another takes the map away with a first write, and changes both entries with two more.")
        {
            Setup = [new(Verb.Set, 10, 100), new(Verb.Set, 11, 110)],
            Programs = [[new(Verb.ForEach)], [new(Verb.Set, 12, 120), new(Verb.Set, 10, 101), new(Verb.Set, 11, 111)]],
            Owner = 0,
        },
        new("RemovalVersusPromotion", "One actor removes a key of the dirty part; another makes that the read part.")
        {
            Setup = [new(Verb.Set, 10, 100), new(Verb.Iterate), new(Verb.Set, 11, 110)],
            Programs = [[new(Verb.Remove, 11)], [new(Verb.Iterate)]],
        },
        new("StepWithoutLease", "One actor steps an iteration that keeps nobody out; another empties the map, and gives the entry on which it stands to another key.")
        {
            Setup = [new(Verb.Set, 10, 100), new(Verb.Set, 11, 110), new(Verb.Set, 12, 120)],
            Programs = [[new(Verb.Begin) { Contract = IterationContract.FailFast }, new(Verb.Next), new(Verb.Next)], [new(Verb.Clear), new(Verb.Set, 13, 130)]],
        },
    ];

    private readonly Lazy<MutatedEngine> _engine;
    private readonly Func<RaceTarget, bool> _isOfEngine;

    private RaceMutants(bool isRaced)
    {
        _isOfEngine = target => target.Raced is not null == isRaced;
        _engine = new(() => MutatedEngine.Of(isRaced, [.. Names.Select(name => Catalogue.Single(m => m.Name == name))]));
    }

    /// <summary>Bugs of the guarded map.</summary>
    public static RaceMutants OfStepped { get; } = new(isRaced: false);

    /// <summary>Bugs of the maps that cannot race.</summary>
    public static RaceMutants OfRaced { get; } = new(isRaced: true);

    public static IReadOnlyList<Mutant> Catalogue { get; } = Mutant.ReadAll(Path.Combine(Repository.Root, "tests", "mutants", "races"));

    public static IEnumerable<string> AllNames => s_shownBy.Keys;

    public IReadOnlyList<string> Names => [.. s_shownBy.Where(m => _isOfEngine(RaceCatalogue.GetTarget(m.Value.Target))).Select(m => m.Key)];

    /// <summary>Holds that the lab shows a mutant, with a schedule that can be run again.</summary>
    public void Show(string name)
    {
        var shown = Wrong(name, name);
        Assert.True(shown is not null, $"{s_shownBy[name]} does not show {name}.");
        Assert.Equal(shown.Value.Outcome.Outcome, ScheduleReplay.Of(shown.Value.Model, ScheduleToken.Parse(shown.Value.Outcome.SimplestToken.ToString())).ToEnd());
    }

    /// <summary>Holds that the same programs show nothing of the source as it is.</summary>
    public void ShowNothingOfTheSourceAsItIs()
    {
        foreach (string name in Names.DistinctBy(n => s_shownBy[n]))
        {
            if (Wrong(name, mutant: null) is { } wrong) Assert.Fail($"{s_shownBy[name]}: {wrong.Outcome.Outcome}");
        }
    }

    public static bool IsWrong(ExploredOutcome outcome) => outcome.Outcome.Kind is not (ScheduleOutcomeKind.Clean or ScheduleOutcomeKind.Violation);

    public MutatedEngine Engine => _engine.Value;

    private (RaceModel Model, ExploredOutcome Outcome)? Wrong(string name, string? mutant)
    {
        var (program, target, within) = s_shownBy[name];
        Scenario scenario = s_programs.FirstOrDefault(s => s.Name == program) ?? RaceCatalogue.GetScenario(program);
        RaceModel model = Engine.Model(scenario, RaceCatalogue.GetTarget(target), mutant);
        ExploredOutcome? wrong = Explorer.Run(model, new() { Mode = ExploreMode.Merged, Within = within, MaxPreemptions = within }).Outcomes.FirstOrDefault(IsWrong);
        return wrong is null ? null : (model, wrong);
    }
}

/// <summary>The lab shows each bug of the guarded map.</summary>
public sealed class RaceMutantTests
{
    public static TheoryData<string> Names => [.. RaceMutants.OfStepped.Names];

    [Fact]
    public void Every_mutant_of_the_catalogue_is_tried() => Assert.Equal(RaceMutants.Catalogue.Select(m => m.Name), RaceMutants.AllNames.Order(StringComparer.Ordinal), StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_lab_shows_it(string name) => RaceMutants.OfStepped.Show(name);

    [Fact]
    public void The_same_programs_show_nothing_of_the_source_as_it_is() => RaceMutants.OfStepped.ShowNothingOfTheSourceAsItIs();
}

/// <summary>And of the maps that cannot race. Their engine is another, so they are tried beside.</summary>
public sealed class RacedMutantTests
{
    public static TheoryData<string> Names => [.. RaceMutants.OfRaced.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_lab_shows_it(string name) => RaceMutants.OfRaced.Show(name);

    [Fact]
    public void The_same_programs_show_nothing_of_the_source_as_it_is() => RaceMutants.OfRaced.ShowNothingOfTheSourceAsItIs();
}
