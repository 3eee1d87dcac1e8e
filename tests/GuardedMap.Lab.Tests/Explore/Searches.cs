using System.Collections.Concurrent;

namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>The searches of the whole catalogue, each made once for all tests that look at it.</summary>
internal static class Searches
{
    private static readonly ConcurrentDictionary<RaceModel, Lazy<ExploreResult>> s_results = new();

    public static ExploreResult Of(RaceModel model) => s_results.GetOrAdd(model, m => new Lazy<ExploreResult>(() => Explorer.Run(m, m.Search))).Value;
}
