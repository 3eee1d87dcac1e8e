using GuardedMaps.Lab.Tests;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("GuardedMaps.Lab.Tests." + nameof(LongestFirst), "GuardedMap.Lab.Tests")]

namespace GuardedMaps.Lab.Tests;

// Test classes run side by side, as many as there are processors, and the tests within a class one after the other. So the whole takes at least as long as its
// longest class, and longer if that one begins late:
//
//     unlucky   ▒▒▒▒▒▒▒▒▒▒▒▒▒            longest first   ████████████████████▒▒▒
//               ▒▒▒▒▒▒▒▒▒▒████████████████████           ▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒
//
// The classes that make the long searches begin, and those that look at what was searched (Explore/Searches.cs) come last, when it is there. Nothing depends on
// it but the time: whoever wants a search that is not there yet makes it.

/// <summary>The order in which test classes begin.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] s_first = ["PesterTestsThatStartProcesses", "PesterTestsInOneProcess", "RacedMapTests", "MatrixTable", "NotebookRunTests", "PolyglotTests", "RaceTests", "ThreadReplayTests", "ProgramSearchTests", "PictureFacesTests", "RecordedRaceTests", "DemoTests"];
    private static readonly string[] s_last = ["TimelineTests", "TokenTests", "RacePictureTests", "MatrixPictureTests"];

    /// <inheritdoc/>
    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(static collection => PlaceOf(collection.DisplayName)).ThenBy(static collection => collection.DisplayName, StringComparer.Ordinal);

    // "Test collection for GuardedMaps.Lab.Tests.Explore.RacedMapTests"
    private static int PlaceOf(string name)
    {
        string type = name[(name.LastIndexOf('.') + 1)..];
        int first = Array.IndexOf(s_first, type);
        return first >= 0 ? first - s_first.Length : Array.IndexOf(s_last, type) + 1;
    }
}
