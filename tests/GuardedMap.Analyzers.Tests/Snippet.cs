using System.Collections.Immutable;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GuardedMaps.Analyzers.Tests;

/// <summary>
/// A piece of C#, compiled as a library against this runtime and GuardedMap.Core, and looked at by all analyzers. The lines that must be
/// found end with <c>//! GM2001</c>; nothing else may be. A snippet that does not compile fails its test.
/// </summary>
internal static partial class Snippet
{
    private const string Usings = "using System; using System.Collections; using System.Collections.Concurrent; using System.Collections.Generic; using System.Threading; using System.Threading.Tasks; using GuardedMaps;\n";

    private static readonly ImmutableArray<DiagnosticAnalyzer> s_analyzers =
    [
        .. typeof(Rules).Assembly.GetTypes().Where(t => t.GetCustomAttribute<DiagnosticAnalyzerAttribute>() is not null).Select(t => (DiagnosticAnalyzer)Activator.CreateInstance(t)!),
    ];

    private static readonly List<MetadataReference> s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(p) is "GuardedMap.Core.dll" or "netstandard.dll")
            .Select(p => MetadataReference.CreateFromFile(p)),
    ];

    /// <summary>Fails unless exactly the marked lines are found.</summary>
    public static async Task VerifyAsync(string code, string? wrap = "class C {\n{0}\n}", string assembly = "App", string path = "/src/App.cs")
    {
        string whole = Whole(code, wrap);
        IEnumerable<string> expected = whole.Split('\n').SelectMany((line, i) => Mark().Matches(line).Select(m => $"{i + 1}: {m.Groups["rule"].Value}"));
        IEnumerable<string> found = (await DiagnosticsAsync(whole, assembly, path)).Select(d => $"{d.Location.GetLineSpan().StartLinePosition.Line + 1}: {d.Id}");
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }

    /// <summary>What the analyzers find.</summary>
    public static async Task<ImmutableArray<Diagnostic>> DiagnosticsAsync(string whole, string assembly = "App", string path = "/src/App.cs")
    {
        var compilation = CSharpCompilation.Create(
            assembly,
            [CSharpSyntaxTree.ParseText(whole, new CSharpParseOptions(LanguageVersion.Latest), path)],
            s_references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString()));
        ImmutableArray<Diagnostic> found = await compilation.WithAnalyzers(s_analyzers).GetAnalyzerDiagnosticsAsync();
        Assert.DoesNotContain(found, d => d.Id == "AD0001");
        return found;
    }

    /// <summary>The code after a fix of its only finding; null if no fix of that title is offered.</summary>
    public static async Task<string?> FixAsync(string code, CodeFixProvider provider, string title)
    {
        string whole = Whole(code, "class C { {0} }");
        using var workspace = new AdhocWorkspace();
        Document document = workspace.AddProject(ProjectInfo.Create(
                ProjectId.CreateNewId(), VersionStamp.Default, "App", "App", LanguageNames.CSharp, metadataReferences: s_references,
                compilationOptions: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)))
            .AddDocument("App.cs", whole);
        Compilation compilation = (await document.Project.GetCompilationAsync())!;
        Diagnostic finding = Assert.Single(await compilation.WithAnalyzers(s_analyzers).GetAnalyzerDiagnosticsAsync());
        var offered = new List<CodeAction>();
        await provider.RegisterCodeFixesAsync(new CodeFixContext(document, finding, (action, _) => offered.Add(action), CancellationToken.None));
        if (offered.Find(a => a.Title.StartsWith(title, StringComparison.Ordinal)) is not { } chosen) return null;
        ApplyChangesOperation applied = (await chosen.GetOperationsAsync(CancellationToken.None)).OfType<ApplyChangesOperation>().Single();
        Document changed = applied.ChangedSolution.GetDocument(document.Id)!;
        Assert.Empty((await changed.Project.GetCompilationAsync())!.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString()));
        return (await changed.GetTextAsync()).ToString();
    }

    private static string Whole(string code, string? wrap) => Usings + (wrap is null ? code : wrap.Replace("{0}", code, StringComparison.Ordinal));

    [GeneratedRegex(@"(?<=//!.*)(?<rule>GM\d{4})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Mark();
}
