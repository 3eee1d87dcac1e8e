using GuardedMaps.Lab.Tests.Engines;
using GuardedMaps.Tests.Mutants;

namespace GuardedMaps.Lab.Tests.RaceMutants;

/// <summary>
/// Deliberate bugs that no test on one thread can see (tests/mutants/races): the lab shows each of them, within two preemptions, with a schedule that replays.
/// </summary>
[Collection(Explore.SteppersTests.Generator)]
public sealed class RaceMutantTests
{
    private const int Within = 2;

    // Each with a scenario that shows it.
    private static readonly Dictionary<string, string> s_shownBy = new(StringComparer.Ordinal)
    {
        ["careful-write-in-two-steps"] = "AtomicUpdate",
        ["iterator-door-not-atomic"] = "SharedIterator",
        ["lease-not-atomic"] = "DeleteDuringIteration",
        ["lookup-looks-once"] = "ReadDuringEvacuation",
        ["overwrite-released-before-its-store"] = "Made-AF-sA-sB",
        ["owner-looks-once"] = "OwnerHandover",
        ["owner-not-waited-for"] = "OwnerHandover",
        ["released-before-the-version"] = "ClearDuringIteration",
        ["removal-released-before-its-stores"] = "Made-A-sA-rA",
        ["snapshot-not-validated"] = "SnapshotVersusWriter",
        ["swap-in-two-steps"] = "TwoWritersSameKey",
    };

    public static TheoryData<string> Names => [.. s_shownBy.Keys.Order(StringComparer.Ordinal)];

    private static IReadOnlyList<Mutant> Catalogue { get; } = Mutant.ReadAll(Path.Combine(Repository.Root, "tests", "mutants", "races"));

    [Fact]
    public void Every_mutant_of_the_catalogue_is_tried() => Assert.Equal(Catalogue.Select(m => m.Name), s_shownBy.Keys.Order(StringComparer.Ordinal), StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_lab_shows_it(string name)
    {
        using var lab = MutatedLab.Of(Catalogue.Single(m => m.Name == name));
        var outcomes = lab.Explore(s_shownBy[name], "GuardedMap", Within);
        Assert.Contains(outcomes, o => o.Kind is not ("Clean" or "Violation"));
    }

    [Fact]
    public void The_same_scenarios_show_nothing_of_the_source_as_it_is()
    {
        using var lab = MutatedLab.Of(null);
        foreach (string scenario in s_shownBy.Values.Distinct(StringComparer.Ordinal))
            Assert.All(lab.Explore(scenario, "GuardedMap", Within), o => Assert.True(o.Kind is "Clean" or "Violation", $"{scenario}: {o}"));
    }
}
