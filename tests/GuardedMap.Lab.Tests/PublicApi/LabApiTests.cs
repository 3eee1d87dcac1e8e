using GuardedMaps.Lab.Tests.Engines;
using GuardedMaps.Tests.PublicApi;

namespace GuardedMaps.Lab.Tests.PublicApi;

/// <summary>What a user of the lab can see changes only when somebody says so: the listing beside this file is compared with the assembly.</summary>
public sealed class LabApiTests
{
    private const string Accept = "GUARDEDMAP_ACCEPT_API";

    [Fact]
    public void The_public_interface_of_the_lab_is_the_one_that_is_checked_in()
    {
        string path = Path.Combine(Repository.Root, "tests", "GuardedMap.Lab.Tests", "PublicApi", "GuardedMap.Lab.txt");
        string actual = PublicApiListing.Of(typeof(MapRace).Assembly);
        if (Environment.GetEnvironmentVariable(Accept) == "1") WholeFile.Write(path, actual);
        string expected = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        string[] gone = [.. expected.Split('\n').Except(actual.Split('\n'), StringComparer.Ordinal)];
        string[] come = [.. actual.Split('\n').Except(expected.Split('\n'), StringComparer.Ordinal)];
        Assert.True(
            actual == expected,
            $"The public interface of GuardedMap.Lab is not the one in {path}.\n{string.Join('\n', gone.Select(l => "- " + l).Concat(come.Select(l => "+ " + l)))}\n"
            + $"If the change is meant, accept it and commit the file: {Accept}=1 dotnet test tests/GuardedMap.Lab.Tests --filter {nameof(LabApiTests)}");
    }
}
