using GuardedMaps.Lab.Tests.Engines;

namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>What is explored is the production source.</summary>
public sealed class SteppersTests
{
    [Fact]
    public void The_steppers_are_what_the_generator_makes_of_the_source_today()
    {
        string folder = Path.Combine(Repository.Root, "src", "GuardedMap.Lab", "Races", "Explore", "Stepping", "Generated");
        var made = Steppers.Program.Generate(Path.Combine(Repository.Root, "src", "GuardedMap.Core"));

        Assert.Equal(made.Keys, Directory.EnumerateFiles(folder, "*.g.cs").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var (name, text) in made)
        {
            string kept = File.ReadAllText(Path.Combine(folder, name)).ReplaceLineEndings("\n");
            Assert.True(kept == text, $"{name} is not what the map's source says any more. Renew it: dotnet run --project tools/GuardedMap.Steppers");
        }
    }

    [Theory]
    [InlineData("private unsafe void Set(TKey key, TValue value) { fixed (long* p = &_version) *p = 1; }", "a pinned pointer")]
    [InlineData("private void Set(TKey key, TValue value) => System.Runtime.CompilerServices.Unsafe.Add(ref _version, 1) = 2;", "Unsafe.Add has no meaning for stepped memory")]
    [InlineData("private void Set(TKey key, TValue value) { Action later = () => _version = 1; later(); }", "a lambda")]
    public void What_cannot_be_translated_stops_the_generator_and_names_the_line(string method, string reason)
    {
        string folder = Path.GetDirectoryName(TestFolder.FileNamed("x"))!;
        string core = Path.Combine(Repository.Root, "src", "GuardedMap.Core");
        foreach (string file in Directory.EnumerateFiles(core, "*.cs", SearchOption.AllDirectories).Where(f => !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)))
        {
            string target = Path.Combine(folder, Path.GetRelativePath(core, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            string text = File.ReadAllText(file);
            if (Path.GetFileName(file) == "GuardedMap.Writing.cs")
            {
                const string Original = "    private void Set(TKey key, TValue value) => Store(key, value, overwrite: true);";
                Assert.Contains(Original, text, StringComparison.Ordinal);
                text = text.Replace(Original, "    " + method, StringComparison.Ordinal);
            }

            File.WriteAllText(target, text);
        }

        var error = Assert.Throws<Steppers.StepperException>(() => Steppers.Program.Generate(folder));
        Assert.Matches(@"^GuardedMap\.Writing\.cs\(\d+,\d+\): ", error.Message);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
