using System.Diagnostics;
using System.Globalization;
using System.Text;
using GuardedMaps.Tests.Mutants;

// Makes every mutant of tests/mutants in a copy of the sources, one at a time, and runs the tests of Core on it: each mutant must make
// some test fail. A test suite that lets one pass has a hole where that mutant's line says.
//
//   dotnet run -c Release --project tests/GuardedMap.Mutants
//
//   --only TEXT      only mutants whose name contains this
//   --limit SECONDS  how long the tests of one mutant may take (default: five times as long as without a mutant, at least 60)
//   --enough N       stop a mutant's tests after so many have failed (default 3); 0 runs all
//   --write FILE     put the table between the markers in this file
//
// The exit code is 0 if every mutant was caught, 1 if one survived or does not build, 2 for a wrong call or a catalogue that does not
// fit the sources.
const string Begin = "<!-- mutants: written by tests/GuardedMap.Mutants -->";
const string End = "<!-- end of mutants -->";
string? only = null;
int? limitInSeconds = null;
int enough = 3;
string? write = null;
for (int i = 0; i < args.Length; i += 2)
{
    bool understood = i + 1 < args.Length;
    switch (args[i])
    {
        case "--only" when understood:
            only = args[i + 1];
            continue;
        case "--limit" when understood && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int seconds):
            limitInSeconds = seconds;
            continue;
        case "--enough" when understood && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out int count):
            enough = count == 0 ? int.MaxValue : count;
            continue;
        case "--write" when understood:
            write = Path.GetFullPath(args[i + 1]);
            continue;
    }

    Console.Error.WriteLine($"Not understood: {string.Join(' ', args.Skip(i).Take(2))}. The options are --only TEXT, --limit SECONDS, --enough N, --write FILE.");
    return 2;
}

string? root = Environment.CurrentDirectory;
while (root is not null && !File.Exists(Path.Combine(root, "GuardedMap.slnx"))) root = Path.GetDirectoryName(root);
if (root is null)
{
    Console.Error.WriteLine("Run this inside the repository.");
    return 2;
}

IReadOnlyList<Mutant> mutants = [.. Mutant.ReadAll(Path.Combine(root, "tests", "mutants")).Where(mutant => only is null || mutant.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];
string[] problems = [.. mutants.Select(mutant => mutant.FindProblem(root)).OfType<string>()];
if (problems.Length > 0 || mutants.Count == 0)
{
    Console.Error.WriteLine(mutants.Count == 0 ? "There is no such mutant." : string.Join("\n\n", problems));
    return 2;
}

var clock = Stopwatch.StartNew();
using var tree = new MutantTree(root);
Say($"{mutants.Count} mutants, in {tree.Root}");
if (tree.Build() is { } broken)
{
    Console.Error.WriteLine($"The sources do not build without a mutant:\n{broken}");
    return 2;
}

var testClock = Stopwatch.StartNew();
TestOutcome without = tree.Test(TimeSpan.FromMinutes(20), int.MaxValue);
if (!without.HasPassed)
{
    Console.Error.WriteLine($"The tests fail without a mutant: {string.Join(", ", without.Failed)}{(without.HasEnded ? "" : " (and do not come to an end)")}");
    return 2;
}

var limit = TimeSpan.FromSeconds(limitInSeconds ?? Math.Max(60, 5 * testClock.Elapsed.TotalSeconds));
Say($"Without a mutant the tests pass in {testClock.Elapsed.TotalSeconds:0} s; with one they may take {limit.TotalSeconds:0} s.");
Say($"");

var table = new StringBuilder("| mutant | what it breaks | caught by |\n|---|---|---|\n");
int missed = 0;
foreach (Mutant mutant in mutants)
{
    tree.Apply(mutant);
    string verdict;
    bool isCaught = false;
    if (tree.Build() is { } errors)
    {
        verdict = $"DOES NOT BUILD: {errors.ReplaceLineEndings(" ")}";
    }
    else
    {
        TestOutcome outcome = tree.Test(limit, enough);
        isCaught = !outcome.HasPassed;
        verdict = !isCaught ? "SURVIVED" : Describe(outcome);
    }

    tree.Restore();
    if (!isCaught) missed++;
    Say($"{clock.Elapsed:hh\\:mm\\:ss}  {mutant.Name,-44} {verdict}");
    table.Append(CultureInfo.InvariantCulture, $"| {mutant.Name} | {mutant.Title} | {(isCaught ? verdict : $"**{verdict}**")} |\n");
}

string summary = string.Create(CultureInfo.InvariantCulture, $"{mutants.Count} mutants, {mutants.Count - missed} caught, {missed} not, {clock.Elapsed:hh\\:mm\\:ss}");
table.Append('\n').Append(summary).Append(".\n");
Console.WriteLine();
Console.WriteLine(table);
if (write is not null)
{
    string text = File.ReadAllText(write);
    int begin = text.IndexOf(Begin, StringComparison.Ordinal);
    int end = text.IndexOf(End, StringComparison.Ordinal);
    if (begin < 0 || end < begin)
    {
        Console.Error.WriteLine($"{write} has no place for the table, between '{Begin}' and '{End}'.");
        return 2;
    }

    File.WriteAllText(write, $"{text[..(begin + Begin.Length)]}\n\n{table}\n{text[end..]}");
}

return missed == 0 ? 0 : 1;

string Describe(TestOutcome outcome)
{
    string tests = string.Join(", ", outcome.Failed.Select(ShortName));
    if (outcome.Failed.Count >= enough) return tests + ", ...";
    if (outcome.HasEnded) return tests.Length > 0 ? tests : "the test process crashed";
    return tests.Length > 0 ? tests + ", then a hang" : "a hang";
}

// Class and method are enough: GuardedMaps.Tests.Guard.LeaseTests.A_lease_ends becomes LeaseTests.A_lease_ends.
static string ShortName(string test) => string.Join('.', test.Split('.')[^2..]);

static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
