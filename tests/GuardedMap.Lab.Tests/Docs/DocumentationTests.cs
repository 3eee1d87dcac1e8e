using System.Text.RegularExpressions;
using GuardedMaps.Lab.Tests.Engines;

namespace GuardedMaps.Lab.Tests.Docs;

/// <summary>
/// Every sample in the documentation is code of this project that was run: the pages show the very lines of the sample classes, and
/// the output they show is what those print. Only thread numbers, thread names, times and the samples' own line numbers may differ.
/// </summary>
public sealed partial class DocumentationTests
{
    private const int TriesForARace = 200;

    private static readonly Dictionary<string, Action> s_violations = new(StringComparer.Ordinal)
    {
        [nameof(ViolationSamples.ConcurrentWrites)] = ViolationSamples.ConcurrentWrites,
        [nameof(ViolationSamples.ConcurrentReadAndWrite)] = ViolationSamples.ConcurrentReadAndWrite,
        [nameof(ViolationSamples.ConcurrentIterationAndWrite)] = ViolationSamples.ConcurrentIterationAndWrite,
        [nameof(ViolationSamples.ReentrantWrite)] = ViolationSamples.ReentrantWrite,
        [nameof(ViolationSamples.ReentrantRead)] = ViolationSamples.ReentrantRead,
        [nameof(ViolationSamples.IteratorInUse)] = ViolationSamples.IteratorInUse,
        [nameof(ViolationSamples.ForeignIterator)] = ViolationSamples.ForeignIterator,
        [nameof(ViolationSamples.IteratorDone)] = ViolationSamples.IteratorDone,
        [nameof(ViolationSamples.StaleCount)] = ViolationSamples.StaleCount,
        [nameof(ViolationSamples.DeferredWriteFailed)] = ViolationSamples.DeferredWriteFailed,
        [nameof(ViolationSamples.StaleWrite)] = ViolationSamples.StaleWrite,
    };

    private static readonly Dictionary<string, Action> s_contracts = new(StringComparer.Ordinal)
    {
        [nameof(ContractSamples.Reject)] = ContractSamples.Reject,
        [nameof(ContractSamples.FailFast)] = ContractSamples.FailFast,
        [nameof(ContractSamples.Tolerate)] = ContractSamples.Tolerate,
        [nameof(ContractSamples.Snapshot)] = ContractSamples.Snapshot,
        [nameof(ContractSamples.Defer)] = ContractSamples.Defer,
        [nameof(ContractSamples.WeaklyConsistent)] = ContractSamples.WeaklyConsistent,
        [nameof(ContractSamples.Cursor)] = ContractSamples.Cursor,
    };

    public static TheoryData<string> Kinds => [.. Enum.GetNames<MapViolationKind>()];

    public static TheoryData<string> Contracts => [.. s_contracts.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_violation_has_a_section_whose_sample_and_output_are_true(string kind)
    {
        // The exception's help link leads to this heading: its anchor is the kind's name in lower case.
        string section = Section("docs/violations.md", kind);
        AssertSampleIsTrue(section, "ViolationSamples.cs", kind, s_violations[kind]);
    }

    [Theory]
    [MemberData(nameof(Contracts))]
    public void The_contract_has_a_section_whose_sample_and_output_are_true(string contract)
    {
        string section = Section("docs/contracts.md", contract == nameof(ContractSamples.Cursor) ? "The cursor" : contract);
        AssertSampleIsTrue(section, "ContractSamples.cs", contract, s_contracts[contract]);
    }

    [Fact]
    public void The_pages_name_every_violation_and_every_contract_and_no_other()
    {
        Assert.Equal(Enum.GetNames<MapViolationKind>(), s_violations.Keys, StringComparer.Ordinal);
        Assert.Equal([.. Enum.GetNames<IterationContract>(), nameof(ContractSamples.Cursor)], s_contracts.Keys, StringComparer.Ordinal);
    }

    [Fact]
    public void The_page_on_the_contracts_shows_what_protection_Synchronized_refuses() =>
        AssertSampleIsTrue(Section("docs/contracts.md", "Which contract is in force"), "ContractSamples.cs", nameof(ContractSamples.InForce), ContractSamples.InForce);

    [Theory]
    [InlineData(nameof(RaceLabSamples.TwoWriters), "Two writers, one bucket")]
    [InlineData(nameof(RaceLabSamples.OneSchedule), "One schedule again")]
    public void The_page_on_the_race_lab_shows_samples_that_are_true(string sample, string heading) =>
        AssertSampleIsTrue(Section("docs/race-lab.md", heading), "RaceLabSamples.cs", sample, sample == nameof(RaceLabSamples.TwoWriters) ? RaceLabSamples.TwoWriters : RaceLabSamples.OneSchedule);

    [Theory]
    [InlineData(nameof(OwnCodeSamples.Counter), "A lost update")]
    [InlineData(nameof(OwnCodeSamples.Assert), "In a test")]
    [InlineData(nameof(OwnCodeSamples.Deadlock), "Locks and deadlocks")]
    [InlineData(nameof(OwnCodeSamples.Cache), "The smallest schedule, and the same again")]
    [InlineData(nameof(OwnCodeSamples.Repaired), "Repaired")]
    public void The_page_on_own_code_shows_samples_that_are_true(string sample, string heading) =>
        AssertSampleIsTrue(Section("docs/own-code.md", heading), "OwnCodeSamples.cs", sample, typeof(OwnCodeSamples).GetMethod(sample)!.CreateDelegate<Action>());

    [Fact]
    public void The_README_shows_a_sample_that_is_true()
    {
        string section = Section("README.md", "In C#");
        AssertSampleIsTrue(section, "ContractSamples.cs", nameof(ContractSamples.Readme), ContractSamples.Readme);
    }

    [Fact]
    public void The_page_of_the_Core_package_shows_a_sample_that_is_true()
    {
        string section = Section("src/GuardedMap.Core/README.md", "GuardedMap.Core");
        AssertSampleIsTrue(section, "ContractSamples.cs", nameof(ContractSamples.CorePackage), ContractSamples.CorePackage);
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("docs/violations.md")]
    [InlineData("docs/contracts.md")]
    [InlineData("docs/errors.md")]
    [InlineData("docs/race-lab.md")]
    [InlineData("docs/own-code.md")]
    [InlineData("docs/choosing.md")]
    [InlineData("docs/handbook.md")]
    [InlineData("docs/migration.md")]
    [InlineData("docs/observe.md")]
    public void Links_within_the_repository_lead_somewhere(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        foreach (Match link in RelativeLink().Matches(Read(page)))
        {
            string target = Path.Combine(folder, link.Groups["path"].Value);
            Assert.True(File.Exists(target) || Directory.Exists(target), $"{page} links to '{link.Groups["path"].Value}', which is not there.");
        }
    }

    private static void AssertSampleIsTrue(string section, string sourceFile, string method, Action sample)
    {
        Assert.Contains(Normalise(Source(sourceFile, method)), Normalise(section), StringComparison.Ordinal);

        // Where it takes two threads to meet, it may take some tries until they do.
        IReadOnlyList<string> printed = [];
        for (int i = 0; i < TriesForARace && printed.Count == 0; i++) printed = Print.Of(sample);

        string[] shown = Block(section, "text");
        Assert.Equal(shown.Select(Mask), printed.SelectMany(text => text.ReplaceLineEndings("\n").Split('\n')).Select(Mask), StringComparer.Ordinal);
    }

    /// <summary>The lines between the marks in a method of a sample class, without their indentation.</summary>
    private static string Source(string file, string method)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "tests", "GuardedMap.Lab.Tests", "Docs", file)).ReplaceLineEndings("\n");
        int from = text.IndexOf($"public static void {method}()", StringComparison.Ordinal);
        Assert.True(from >= 0, $"{file} has no sample {method}.");
        int begin = text.IndexOf("// <sample>\n", from, StringComparison.Ordinal) + "// <sample>\n".Length;
        int end = text.IndexOf("// </sample>", begin, StringComparison.Ordinal);
        string[] lines = text[begin..end].TrimEnd().Split('\n');
        return string.Join('\n', lines.Select(line => line.StartsWith("        ", StringComparison.Ordinal) ? line[8..] : line));
    }

    /// <summary>From a heading to the next one of the same or a higher level.</summary>
    private static string Section(string page, string heading)
    {
        string[] lines = Read(page).Split('\n');
        int first = Array.FindIndex(lines, line => line.StartsWith('#') && string.Equals(line.TrimStart('#').Trim(), heading, StringComparison.Ordinal));
        Assert.True(first >= 0, $"{page} has no heading '{heading}'.");
        int level = lines[first].TakeWhile(c => c == '#').Count();
        bool isCode = false;
        int last = first + 1;
        for (; last < lines.Length; last++)
        {
            if (lines[last].StartsWith("```", StringComparison.Ordinal)) isCode = !isCode;
            if (!isCode && lines[last].StartsWith('#') && lines[last].TakeWhile(c => c == '#').Count() <= level) break;
        }

        return string.Join('\n', lines[first..last]);
    }

    /// <summary>The lines of a section's block of the given language.</summary>
    private static string[] Block(string section, string language)
    {
        string[] lines = section.Split('\n');
        int begin = Array.IndexOf(lines, "```" + language) + 1;
        Assert.True(begin > 0, $"There is no {language} block in: {lines[0]}");
        return lines[begin..Array.IndexOf(lines, "```", begin)];
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(Repository.Root, page)).ReplaceLineEndings("\n");

    // The pages say Console.WriteLine where the samples collect their lines.
    private static string Normalise(string code) => code.Replace("Print.Line(", "Console.WriteLine(", StringComparison.Ordinal);

    private static string Mask(string line) => Lines().Replace(Times().Replace(Threads().Replace(line, "thread N"), "since T"), ".cs, line N");

    [GeneratedRegex(@"thread \d+( '[^']*')?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Threads();

    [GeneratedRegex(@"\.cs, line \d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Lines();

    [GeneratedRegex(@"since \d\d:\d\d:\d\d\.\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Times();

    [GeneratedRegex(@"\]\((?!https?:)(?<path>[^)#]+)[^)]*\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RelativeLink();
}
