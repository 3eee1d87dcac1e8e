using System.Text;

namespace GuardedMaps.Tests.PublicApi;

/// <summary>
/// The public interface is a promise, so it changes only when somebody says so: the listing beside this file is compared with the
/// assembly, and accepting a change is a line in a review.
/// </summary>
public sealed class PublicApiTests
{
    private const string Accept = "GUARDEDMAP_ACCEPT_API";

    [Fact]
    public void The_public_interface_is_the_one_that_is_checked_in()
    {
        string path = Path.Combine(RepositoryRoot(), "tests", "GuardedMap.Core.Tests", "PublicApi", "GuardedMap.Core.txt");
        string actual = PublicApiListing.Of(typeof(GuardedMap).Assembly);
        if (Environment.GetEnvironmentVariable(Accept) == "1") File.WriteAllText(path, actual);

        string expected = File.Exists(path) ? File.ReadAllText(path).ReplaceLineEndings("\n") : "";
        if (actual == expected) return;
        Assert.Fail(
            $"The public interface of GuardedMap.Core is not the one in {path}.\n{Difference(expected, actual)}\n" +
            $"If the change is meant, accept it and commit the file:\n    {Accept}=1 dotnet test tests/GuardedMap.Core.Tests --filter {nameof(PublicApiTests)}\n" +
            $"(PowerShell: $env:{Accept} = 1; dotnet test ...; $env:{Accept} = $null)");
    }

    // What the listing must be able to tell apart: were one of these rendered like its neighbour, a breaking change would pass.
    [Theory]
    [InlineData("public string? MayBeNull { get; }")]
    [InlineData("public string NeverNull { get; init; }")]
    [InlineData("public System.Collections.Generic.List<string?> Inside { get; protected set; }")]
    [InlineData("public static bool TryGet(T key, [MaybeNullWhen(false)] out string value)")]
    [InlineData("public System.Func<T, int?, T?>? Generic(System.Collections.Generic.Dictionary<T, string?[]> map)")]
    [InlineData("public void Optional(int count = 3, string? text = default, params object[] rest)")]
    [InlineData("public ref readonly int ByReference(in int number)")]
    [InlineData("protected virtual void ForHeirs<TOther>(TOther? other) where TOther : class, System.IDisposable")]
    [InlineData("public override string ToString()")]
    [InlineData("public event System.EventHandler<string>? Happened")]
    [InlineData("public const int Limit = 7")]
    public void The_listing_tells_what_a_caller_can_notice(string declaration)
    {
        string listing = PublicApiListing.Of(typeof(PublicApiTests).Assembly);
        Assert.Contains("\n    " + declaration + "\n", listing, StringComparison.Ordinal);
    }

    [Fact]
    public void The_listing_leaves_out_what_no_caller_can_see()
    {
        string listing = PublicApiListing.Of(typeof(PublicApiTests).Assembly);
        Assert.Contains(nameof(ListedSample<int>), listing, StringComparison.Ordinal);
        Assert.DoesNotContain("OnlyForTheAssembly", listing, StringComparison.Ordinal);
        Assert.DoesNotContain(nameof(PublicApiListing), listing, StringComparison.Ordinal);
    }

    /// <summary>The lines that only one side has, in place; the listing's lines are unique enough within their type for that to read well.</summary>
    private static string Difference(string expected, string actual)
    {
        string[] before = Qualified(expected);
        string[] after = Qualified(actual);
        var text = new StringBuilder();
        foreach (string gone in before.Except(after, StringComparer.Ordinal)) text.Append("  - ").Append(gone).Append('\n');
        foreach (string come in after.Except(before, StringComparer.Ordinal)) text.Append("  + ").Append(come).Append('\n');
        return text.Length > 0 ? text.ToString() : "  (the same lines in another order)\n";
    }

    /// <summary>Each member's line behind its type's, so that equal members of two types stay apart.</summary>
    private static string[] Qualified(string listing)
    {
        string type = "";
        var lines = new List<string>();
        foreach (string line in listing.Split('\n').Where(l => l.Length > 0))
        {
            bool isMember = line.StartsWith(' ');
            if (!isMember) type = line.Split(" : ")[0];
            lines.Add(isMember ? $"{type}: {line.Trim()}" : line);
        }

        return [.. lines];
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "GuardedMap.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("The tests run outside the repository: no GuardedMap.slnx above " + AppContext.BaseDirectory);
    }
}
