using GuardedMaps.Lab.Tests.Engines;
using GuardedMaps.Lab.Tests.RaceMutants;

namespace GuardedMaps.Lab.Tests.Explore;

/// <summary>What is explored is the production source.</summary>
public sealed class SteppersTests
{
    [Fact]
    public void The_steppers_are_what_the_generator_makes_of_the_source_today()
    {
        var made = Steppers.Program.Generate(MutatedEngine.Source);

        Assert.Equal(made.Keys, Steppers.Program.Folders.SelectMany(f => Directory.EnumerateFiles(Path.Combine(Repository.Root, f), "*.g.cs")).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        foreach (var (name, text) in made)
        {
            string kept = File.ReadAllText(Path.Combine(Repository.Root, Steppers.Program.FolderOf(name), name)).ReplaceLineEndings("\n");
            Assert.True(kept == text, $"{name} is not what the map's source says any more. Renew it: dotnet run --project tools/GuardedMap.Steppers");
        }
    }

    [Theory]
    [InlineData("private unsafe void Set(TKey key, TValue value) { fixed (long* p = &_version) *p = 1; }", "a pinned pointer")]
    [InlineData("private void Set(TKey key, TValue value) => System.Runtime.CompilerServices.Unsafe.Add(ref _version, 1) = 2;", "Unsafe.Add has no meaning for stepped memory")]
    [InlineData("private void Set(TKey key, TValue value) { Action later = () => _version = 1; later(); }", "a lambda")]
    public void What_cannot_be_translated_stops_the_generator_and_names_the_line(string method, string reason)
    {
        var changed = MutatedEngine.Source.With("GuardedMap.Writing.cs", text =>
        {
            const string Original = "    private void Set(TKey key, TValue value) => Store(key, value, overwrite: true);";
            Assert.Contains(Original, text, StringComparison.Ordinal);
            return text.Replace(Original, "    " + method, StringComparison.Ordinal);
        });

        var error = Assert.Throws<Steppers.StepperException>(() => Steppers.Program.Generate(changed));
        Assert.Matches(@"^GuardedMap\.Writing\.cs\(\d+,\d+\): ", error.Message);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }
}
