using System.Collections;
using System.Reflection;
using System.Runtime.Loader;
using GuardedMaps.Lab.Tests.Engines;
using GuardedMaps.Tests.Mutants;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GuardedMaps.Lab.Tests.RaceMutants;

// A deliberate bug that only a race can show, shown to the lab without a build of the repository:
//
//     source of Core ── edit ──▶ steppers of the edited source ──▶ the lab compiled with these, in memory ──▶ explored
//
// The generator has read and bound the source once; an edit changes one file of it. The lab's own sources are parsed once too, and only the steppers are exchanged. The
// compiled lab is loaded beside the real one and asked by reflection, since its types are not those this test was compiled against. Core itself is the real one: nothing
// of it that actors share is run, only what it says of options, rules and numbers.

/// <summary>A lab over a map with a bug in it.</summary>
internal sealed class MutatedLab : IDisposable
{
    private static readonly string s_root = Repository.Root;
    private static readonly Lazy<Steppers.Source> s_source = new(() => Steppers.Source.Read(Path.Combine(s_root, "src", "GuardedMap.Core")));
    private static readonly Lazy<CSharpCompilation> s_lab = new(Parse);

    private readonly AssemblyLoadContext _context;
    private readonly Assembly _assembly;

    private MutatedLab(AssemblyLoadContext context, Assembly assembly) => (_context, _assembly) = (context, assembly);

    /// <summary>Makes the lab of a mutant; of the source as it is, if that is null.</summary>
    /// <exception cref="InvalidOperationException">An edit does not fit, the edited source does not compile, or the lab with its steppers does not.</exception>
    public static MutatedLab Of(Mutant? mutant)
    {
        Steppers.Source source = s_source.Value;
        foreach (MutantEdit edit in mutant?.Edits ?? [])
        {
            source = source.With(Path.GetFileName(edit.File), text =>
            {
                text = text.ReplaceLineEndings("\n");
                return edit.Occurrences(text) == 1
                    ? edit.ApplyTo(text)
                    : throw new InvalidOperationException($"{mutant!.Name}: what it looks for occurs {edit.Occurrences(text)} times in {edit.File}, not once.");
            });
        }

        CSharpCompilation lab = s_lab.Value;
        foreach ((string name, string text) in Steppers.Program.GenerateStepped(source))
        {
            SyntaxTree old = lab.SyntaxTrees.Single(t => Path.GetFileName(t.FilePath) == name);
            if (old.ToString() == text) continue;
            lab = lab.ReplaceSyntaxTree(old, CSharpSyntaxTree.ParseText(text, (CSharpParseOptions)old.Options, old.FilePath));
        }

        using var image = new MemoryStream();
        var made = lab.Emit(image);
        if (!made.Success) throw new InvalidOperationException($"The lab does not compile with the steppers of {mutant?.Name ?? "the source"}: {made.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error)}");
        image.Position = 0;
        // Beside the real lab, on the real Core.
        var context = new AssemblyLoadContext(mutant?.Name ?? "as it is", isCollectible: true);
        return new MutatedLab(context, context.LoadFromStream(image));
    }

    /// <summary>Explores one scenario, access by access, up to so many preemptions, or wholly.</summary>
    /// <returns>The outcomes: kind, text, and the token of the simplest schedule.</returns>
    public IReadOnlyList<(string Kind, string Text, string Token)> Explore(string scenario, string target, int? within)
    {
        Type options = Type("ExploreOptions");
        object how = Activator.CreateInstance(options)!;
        Set("Mode", Enum.Parse(Type("ExploreMode"), "Merged"));
        if (within is { } bound)
        {
            Set("MaxPreemptions", bound);
            Set("Within", bound);
        }

        object model = Call(Type("RaceModels").GetMethod("Get")!, scenario, target, Enum.Parse(Type("RaceGrain"), "Access"));
        object result = Call(Type("Explorer").GetMethod("Run")!, model, how, null, CancellationToken.None);
        var outcomes = new List<(string, string, string)>();
        foreach (object outcome in (IEnumerable)Get(result, "Outcomes"))
        {
            object what = Get(outcome, "Outcome");
            outcomes.Add(($"{Get(what, "Kind")}", $"{Get(what, "Text")}", $"{Get(outcome, "SimplestToken")}"));
        }

        return outcomes;

        Type Type(string name) => _assembly.GetType("GuardedMaps.Lab." + name, throwOnError: true)!;

        void Set(string property, object value) => options.GetProperty(property)!.SetValue(how, value);

        static object Get(object of, string property) => of.GetType().GetProperty(property)!.GetValue(of)!;

        static object Call(MethodInfo method, params object?[] arguments) => method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
    }

    public void Dispose() => _context.Unload();

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath)
        {
            // They have none but the compiler, which is here.
        }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }

    private static CSharpCompilation Parse()
    {
        string folder = Path.Combine(s_root, "src", "GuardedMap.Lab");
        var options = new CSharpParseOptions(LanguageVersion.Latest, DocumentationMode.None, preprocessorSymbols: ["NET", "NET8_0_OR_GREATER"]);
        string[] usings = ["System", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks", "System.Collections.Generic"];
        var trees = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(f => Path.GetRelativePath(folder, f).Split(Path.DirectorySeparatorChar)[0] is "Races" or "Files" or "Hosting")
            .Select(f => CSharpSyntaxTree.ParseText(File.ReadAllText(f), options, f))
            .Append(CSharpSyntaxTree.ParseText(string.Concat(usings.Select(u => $"global using {u};\n")), options, "usings"));
        // What this process may load is what the lab needs, and more; not the lab itself.
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(f => Path.GetFileName(f) != "GuardedMap.Lab.dll")
            .Select(f => MetadataReference.CreateFromFile(f));
        var lab = CSharpCompilation.Create(
            "GuardedMap.Lab",
            trees,
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        // The lab has regular expressions and JSON whose code is made by generators of the SDK. The build tells where they are.
        string generators = typeof(MutatedLab).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Generators").Value!;
        CSharpGeneratorDriver.Create(generators.Split('|').SelectMany(f => new AnalyzerFileReference(f, new Loader()).GetGenerators(LanguageNames.CSharp)), parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(lab, out Compilation made, out _);
        return (CSharpCompilation)made;
    }
}
