using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GuardedMaps.Steppers;

/// <summary>The production source, parsed and bound, and what the rules say of its symbols.</summary>
internal sealed class Source
{
    private static readonly string[] ImplicitUsings = ["System", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks", "System.Collections.Generic"];

    private readonly Dictionary<SyntaxTree, SemanticModel> _models = [];

    private Source(CSharpCompilation compilation) => Compilation = compilation;

    public CSharpCompilation Compilation { get; }

    public static Source Read(string coreFolder)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var trees = Directory.EnumerateFiles(coreFolder, "*.cs", SearchOption.AllDirectories)
            .Where(f => !Path.GetRelativePath(coreFolder, f).Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin"))
            .Order(StringComparer.Ordinal)
            .Select(f => CSharpSyntaxTree.ParseText(File.ReadAllText(f), options, Path.GetRelativePath(coreFolder, f).Replace('\\', '/')))
            .Select(t => t.WithRootAndOptions(new PlainLocks().Visit(t.GetRoot()), options))
            .Append(CSharpSyntaxTree.ParseText(string.Concat(ImplicitUsings.Select(u => $"global using {u};\n")), options, "usings"))
            .ToList();
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var references = Directory.EnumerateFiles(runtime, "System*.dll")
            .Where(f => !Path.GetFileName(f).Contains("Native", StringComparison.Ordinal))
            .Select(f => MetadataReference.CreateFromFile(f));
        var compilation = CSharpCompilation.Create("Core", trees, references, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, allowUnsafe: true));
        RequireNoError(compilation.GetDiagnostics());
        return new Source(compilation);
    }

    /// <summary>
    /// The same source with another text for one of its files. What has been parsed of the others, and of the references, is not parsed again, and only
    /// the file is compiled anew: what others may use of it must stay as it is.
    /// </summary>
    /// <param name="file">The file's name, which must be that of one file.</param>
    /// <param name="edit">From its text the other one.</param>
    public Source With(string file, Func<string, string> edit)
    {
        var old = Compilation.SyntaxTrees.Single(t => Path.GetFileName(t.FilePath) == file);
        var made = CSharpSyntaxTree.ParseText(edit(old.ToString()), (CSharpParseOptions)old.Options, old.FilePath);
        var compilation = Compilation.ReplaceSyntaxTree(old, made);
        RequireNoError(compilation.GetSemanticModel(made).GetDiagnostics());
        return new Source(compilation);
    }

    /// <summary>The same source with one more file.</summary>
    public Source And(string text) => new(Compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText(text, (CSharpParseOptions)Compilation.SyntaxTrees[0].Options)));

    private static void RequireNoError(IEnumerable<Diagnostic> diagnostics)
    {
        var error = diagnostics.FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error);
        if (error is not null) throw new InvalidOperationException($"The production source does not compile, so it cannot be translated: {error}");
    }

    public SemanticModel Model(SyntaxNode node)
    {
        if (!_models.TryGetValue(node.SyntaxTree, out var model)) _models.Add(node.SyntaxTree, model = Compilation.GetSemanticModel(node.SyntaxTree));
        return model;
    }

    public ISymbol? Symbol(SyntaxNode node) => Model(node).GetSymbolInfo(node).Symbol?.OriginalDefinition;

    public ITypeSymbol? Type(SyntaxNode node) => Model(node).GetTypeInfo(node).Type;

    /// <summary>The type's name in <see cref="Rules"/>: without type parameters, within its outer type.</summary>
    public static string Key(ITypeSymbol type) => type.ContainingType is { } outer ? $"{Key(outer)}.{type.Name}" : type.Name;

    /// <summary>The member's name in <see cref="Rules"/>.</summary>
    public static string Key(ISymbol member) => member is ITypeSymbol type ? Key(type) : member.ContainingType is { } owner ? $"{Key(owner)}.{member.Name}" : member.Name;

    public static bool IsShared(ITypeSymbol? type) => type is not null && Rules.Shared.ContainsKey(Key(type.OriginalDefinition));

    public static bool IsOwn(ITypeSymbol? type) => type is not null && Rules.Own.ContainsKey(Key(type.OriginalDefinition));

    public static bool IsValue(ITypeSymbol? type) => type is not null && Rules.Values.ContainsKey(Key(type.OriginalDefinition));

    public static bool IsTranslated(ITypeSymbol? type) => IsShared(type) || IsOwn(type) || IsValue(type);

    /// <summary>A struct of the source that is a class in the steppers.</summary>
    public static bool IsBoxed(ITypeSymbol? type) => type is { IsValueType: true } && (IsShared(type) || IsOwn(type));

    public static bool IsSlot(ITypeSymbol? type) => type is { Name: "Slot" };

    public static bool IsSpan(ITypeSymbol? type) => type is { Name: "Span" or "ReadOnlySpan", ContainingNamespace.Name: "System" };

    /// <summary>Whether a field or automatic property is a location that others may touch.</summary>
    public static bool IsCell(ISymbol? symbol)
    {
        if (symbol is null || symbol.IsStatic || !IsShared(symbol.ContainingType) || Rules.Constant.ContainsKey(Key(symbol)) || Rules.ByHand.ContainsKey(Key(symbol))) return false;
        return symbol switch
        {
            IFieldSymbol field => !field.IsReadOnly && !field.IsConst && !IsBoxed(field.Type),
            IPropertySymbol property => IsAuto(property) && property.SetMethod is { IsInitOnly: false },
            _ => false,
        };
    }

    public static bool IsAuto(IPropertySymbol property) =>
        property.ContainingType.GetMembers().OfType<IFieldSymbol>().Any(f => SymbolEqualityComparer.Default.Equals(f.AssociatedSymbol, property));

    public static SyntaxNode? Declaration(ISymbol symbol) =>
        symbol.DeclaringSyntaxReferences.Select(r => r.GetSyntax()).FirstOrDefault();

    /// <summary>The method of a type.</summary>
    /// <param name="typeKey">The type.</param>
    /// <param name="name">Its name.</param>
    /// <param name="parameters">How many parameters it has, or their names with commas between; null where there is one of the name.</param>
    public IMethodSymbol Method(string typeKey, string name, string? parameters)
    {
        var found = Compilation.GetSymbolsWithName(name, SymbolFilter.Member)
            .Select(m => m is IPropertySymbol p ? p.GetMethod : m as IMethodSymbol)
            .Where(m => m is not null && Key(m.ContainingType) == typeKey && (parameters is null || Fits(m)))
            .ToList();
        return found.Count == 1 ? found[0]! : throw new InvalidOperationException($"The rules name {typeKey}.{name} as a root, and the source has {found.Count} of it.");

        bool Fits(IMethodSymbol method) => int.TryParse(parameters, System.Globalization.CultureInfo.InvariantCulture, out int count) ? method.Parameters.Length == count : string.Join(',', method.Parameters.Select(p => p.Name)) == parameters;
    }
}
