using System.Collections.Concurrent;

namespace GuardedMaps.Lab.Tests.Explore;

// Searching is what takes the time of these tests: a minute or two for the whole catalogue. A search of the same model with the same options finds the
// same, whoever asks (a search that did not would be a fault of its own, which SearchTests look for), so it is made once in a process, by
// the first test that wants it, and everybody who wants to see what was found looks at the one result.

/// <summary>The searches of the whole catalogue, each made once for all tests that look at it.</summary>
internal static class Searches
{
    private static readonly ConcurrentDictionary<RaceModel, Lazy<ExploreResult>> s_results = new();
    private static readonly ConcurrentDictionary<RaceModel, Lazy<RaceTimeline>> s_tellings = new();

    /// <summary>
    /// How a model is searched here: as it is where nobody says otherwise. Only the maps that cannot race, with objects for values, no further than two
    /// preemptions, for the time it takes; docs/race-lab.md has the figures of all.
    /// </summary>
    public static ExploreOptions OptionsFor(RaceModel model) =>
        model is RacedModel && model.Target.EndsWith("OfObjects", StringComparison.Ordinal) ? model.Search with { Within = 2, MaxPreemptions = 2 } : model.Search;

    /// <summary>What a search of the model finds.</summary>
    public static ExploreResult Of(RaceModel model) => s_results.GetOrAdd(model, m => new Lazy<ExploreResult>(() => Explorer.Run(m, OptionsFor(m)))).Value;

    /// <summary>The outcome most worth looking at, step by step.</summary>
    public static RaceTimeline Telling(RaceModel model) =>
        s_tellings.GetOrAdd(model, m => new Lazy<RaceTimeline>(() => RaceTimeline.Of(m, Of(m).MostTelling!.SimplestToken))).Value;
}
