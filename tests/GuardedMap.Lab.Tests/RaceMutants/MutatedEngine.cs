using System.Reflection;
using System.Runtime.Loader;
using GuardedMaps.Lab.Tests.Engines;
using GuardedMaps.Tests.Mutants;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GuardedMaps.Lab.Tests.RaceMutants;

// Deliberate bugs that only a race can show, shown to the lab without a build of the repository:
//
//     source of Core ── with all bugs ──▶ steppers ──▶ one engine compiled with these, in memory ──▶ each bug switched on in turn, and explored by the lab as it is
//
// Making steppers and compiling them takes seconds, so it is done once for all bugs of an engine. A method with a bug is there twice, and which of the two runs is asked at its beginning:
//
//     Way EnterBySwap(...) { if (MutantSwitch.Is(3)) return EnterBySwap__3(...); return EnterBySwap__0(...); }
//
// Of the lab only the folder of the engine is compiled again: its types take the place of those of the same name in the real lab, and everything else (scenarios, searches, judges, tokens) is
// the real one. Core is the real one as well: nothing of it that actors share is run, only what it says of options, rules and numbers.

/// <summary>An engine that runs a map with one of many bugs in it, or with none.</summary>
internal sealed class MutatedEngine
{
    private const string Switch = "namespace GuardedMaps { internal static class MutantSwitch { public static int Number; public static bool Is(int number) => Number == number; } }";

    private static readonly string s_root = Repository.Root;
    private static readonly string[] s_usings = ["System", "System.IO", "System.Linq", "System.Threading", "System.Threading.Tasks", "System.Collections.Generic"];
    private static readonly CSharpParseOptions s_options = new(LanguageVersion.Latest, DocumentationMode.None, preprocessorSymbols: ["NET", "NET8_0_OR_GREATER"]);
    private static readonly Lazy<Steppers.Source> s_source = new(() => Steppers.Source.Read(Path.Combine(s_root, "src", "GuardedMap.Core")));

    // What the rest of the lab knows of the stepped engine, and what no mutant changes.
    private static readonly string[] s_known = ["RaceProtection.cs", "NaiveGuardKind.cs", "ScenarioCut.cs"];

    private readonly List<string> _names;
    private readonly Assembly _assembly;
    private readonly FieldInfo _switch;

    private MutatedEngine(List<string> names, Assembly assembly)
    {
        (_names, _assembly) = (names, assembly);
        _switch = assembly.GetType("GuardedMaps.MutantSwitch", throwOnError: true)!.GetField("Number")!;
    }

    /// <summary>The production source as it is, read and bound once for all tests: that is most of the work.</summary>
    public static Steppers.Source Source => s_source.Value;

    /// <summary>Makes an engine with all these bugs in it.</summary>
    /// <param name="isRaced">Whether it is the raced engine, or the stepped one.</param>
    /// <param name="mutants">The bugs.</param>
    /// <exception cref="InvalidOperationException">An edit does not fit, the edited source does not compile, or the engine with its steppers does not.</exception>
    public static MutatedEngine Of(bool isRaced, IReadOnlyList<Mutant> mutants)
    {
        Steppers.Source source = Source.And(Switch);
        foreach (var file in mutants.SelectMany((m, i) => m.Edits.Select(e => (Name: Path.GetFileName(e.File), Number: i + 1, Mutant: m, Edit: e))).GroupBy(e => e.Name, StringComparer.Ordinal))
        {
            source = source.With(file.Key, text =>
            {
                text = text.ReplaceLineEndings("\n");
                var variants = new List<(int, string)>();
                foreach (var mutant in file.GroupBy(e => (e.Number, e.Mutant)))
                {
                    string changed = text;
                    foreach (var (_, _, _, edit) in mutant)
                    {
                        int found = edit.Occurrences(changed);
                        if (found != 1) throw new InvalidOperationException($"{mutant.Key.Mutant.Name}: what it looks for occurs {found} times in {edit.File}, not once.");
                        changed = edit.ApplyTo(changed);
                    }

                    variants.Add((mutant.Key.Number, changed));
                }

                return WithVariants(text, variants);
            });
        }

        string engine = isRaced ? "Raced" : "Stepped";
        var steppers = isRaced ? Steppers.Program.GenerateRaced(source) : Steppers.Program.GenerateStepped(source);
        string folder = Path.Combine(s_root, "src", "GuardedMap.Lab", "Races", "Engines", engine);
        var trees = Directory.EnumerateFiles(folder, "*.cs", SearchOption.TopDirectoryOnly)
            .Where(f => !s_known.Contains(Path.GetFileName(f), StringComparer.Ordinal))
            .Select(f => CSharpSyntaxTree.ParseText(File.ReadAllText(f), s_options, f))
            .Concat(steppers.Select(s => CSharpSyntaxTree.ParseText(s.Value, s_options, s.Key)))
            .Append(CSharpSyntaxTree.ParseText(string.Concat(s_usings.Select(u => $"global using {u};\n")) + Switch, s_options, "usings"));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(f => Path.GetFileName(f).StartsWith("System", StringComparison.Ordinal) || Path.GetFileName(f) is "GuardedMap.Core.dll" or "GuardedMap.Lab.dll" or "netstandard.dll")
            .Select(f => MetadataReference.CreateFromFile(f));
        // The lab and the core let the assembly of this name see what they keep from others.
        var compilation = CSharpCompilation.Create(
            typeof(MutatedEngine).Assembly.GetName().Name,
            trees,
            references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        if (!emitted.Success) throw new InvalidOperationException($"The engine does not compile with its steppers: {emitted.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error)}");
        image.Position = 0;
        return new MutatedEngine([.. mutants.Select(m => m.Name)], new AssemblyLoadContext($"{engine} with mutants").LoadFromStream(image));
    }

    /// <summary>A scenario over the map with one of the bugs, or with none. One model at a time: the bug is switched on for the engine.</summary>
    public RaceModel Model(Scenario scenario, RaceTarget target, string? mutant)
    {
        _switch.SetValue(null, mutant is null ? 0 : _names.IndexOf(mutant) + 1);
        return target.Stepped is { } protection
            ? (RaceModel)Activator.CreateInstance(Type("SteppedModel"), scenario, protection)!
            : (RaceModel)Activator.CreateInstance(Type("RacedModel"), scenario, target.Raced!, null)!;

        Type Type(string name) => _assembly.GetType($"GuardedMaps.Lab.{name}", throwOnError: true)!;
    }

    // Each method that a bug changes, with the others of it.
    private static string WithVariants(string text, IReadOnlyList<(int Number, string Text)> variants)
    {
        List<MethodDeclarationSyntax> methods = Methods(text);
        var changed = variants.Select(v => (v.Number, Methods: Methods(v.Text))).ToList();
        if (changed.FirstOrDefault(c => c.Methods.Count != methods.Count) is { Methods: not null } other) throw new InvalidOperationException($"Mutant {other.Number} adds or removes a method.");
        for (int i = methods.Count - 1; i >= 0; i--)
        {
            MethodDeclarationSyntax method = methods[i];
            var others = changed.Where(c => c.Methods[i].ToString() != method.ToString()).Select(c => (c.Number, Method: c.Methods[i])).ToList();
            if (others.Count > 0) text = text[..method.SpanStart] + Chosen(method, others) + text[method.Span.End..];
        }

        return text;

        static List<MethodDeclarationSyntax> Methods(string of) => [.. CSharpSyntaxTree.ParseText(of, s_options).GetRoot().DescendantNodes().OfType<MethodDeclarationSyntax>()];
    }

    private static string Chosen(MethodDeclarationSyntax method, IReadOnlyList<(int Number, MethodDeclarationSyntax Method)> others)
    {
        string arguments = string.Join(", ", method.ParameterList.Parameters.Select(p => $"{string.Concat(p.Modifiers.Where(m => m.Kind() is SyntaxKind.RefKeyword or SyntaxKind.OutKeyword or SyntaxKind.InKeyword).Select(m => $"{m.Text} "))}{p.Identifier.Text}"));
        string head = method.WithBody(null).WithExpressionBody(null).WithSemicolonToken(default).ToString();
        return $"{head}\n{{\n{string.Concat(others.Select(o => $"if (MutantSwitch.Is({o.Number})) {{ {Call(o.Number)} }}\n"))}{Call(0)}\n}}\n\n{Named(method, 0)}\n\n{string.Join("\n\n", others.Select(o => Named(o.Method, o.Number)))}";

        string Call(int number)
        {
            string call = $"{method.Identifier.Text}__{number}({arguments});";
            return method.ReturnType.ToString() == "void" ? $"{call} return;" : $"return {(method.ReturnType is RefTypeSyntax ? "ref " : "")}{call}";
        }

        static string Named(MethodDeclarationSyntax of, int number)
        {
            var kept = of.Modifiers.Where(m => m.Kind() is SyntaxKind.StaticKeyword or SyntaxKind.UnsafeKeyword or SyntaxKind.ReadOnlyKeyword).Prepend(SyntaxFactory.Token(SyntaxKind.PrivateKeyword)).Select(m => m.WithTrailingTrivia(SyntaxFactory.Space));
            return of.WithAttributeLists(default).WithModifiers(SyntaxFactory.TokenList(kept)).WithIdentifier(SyntaxFactory.Identifier($"{of.Identifier.Text}__{number}")).ToString();
        }
    }
}
