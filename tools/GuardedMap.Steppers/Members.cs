using System.Globalization;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GuardedMaps.Steppers;

/// <summary>Writes the types of the steppers and their members.</summary>
internal sealed class Members(Source source, Closure closure, Folding folding, Points points)
{
    /// <summary>Whether copying a struct of this type touches shared memory, and so takes steps.</summary>
    public static bool CopyStops(ITypeSymbol type) => type.Name is "BucketTable" or "EntryWalk";

    /// <summary>The declaration of a method, from its parts in the source.</summary>
    public static string Method(Translator translator, IMethodSymbol method, ParameterListSyntax parameters, BlockSyntax? body, ArrowExpressionClauseSyntax? arrow, bool stops, string modifiers)
    {
        string list = string.Join(", ", parameters.Parameters.Zip(method.Parameters, (syntax, symbol) => Parameter(syntax, symbol, stops)));
        return Declaration(translator, method.Name, list, method, body, arrow, stops, modifiers);
    }

    public string Type(INamedTypeSymbol type)
    {
        string key = Source.Key(type);
        bool isShared = Source.IsShared(type);
        string name = (Rules.Shared.GetValueOrDefault(key) ?? Rules.Own.GetValueOrDefault(key) ?? Rules.Values[key]).Split('.')[^1];
        if (type.TypeKind == TypeKind.Enum) return $"internal {Strip(Source.Declaration(type)!)}\n".Replace("internal private", "internal", StringComparison.Ordinal);

        var text = new StringBuilder();
        var declaration = (TypeDeclarationSyntax)Source.Declaration(type)!;
        if (Source.IsValue(type))
        {
            var symbols = type.InstanceConstructors.First(c => c.Parameters.Length == declaration.ParameterList!.Parameters.Count && c.Parameters.Length > 1).Parameters;
            string parts = string.Join(", ", declaration.ParameterList!.Parameters.Zip(symbols, (s, p) => Parameter(s, p, stops: false)));
            text.Append(CultureInfo.InvariantCulture, $"internal readonly record struct {name}({parts})\n{{\n");
        }
        else
        {
            string primary = declaration.ParameterList is { Parameters.Count: > 0 } list ? $"({string.Join(", ", list.Parameters.Select(p => $"{Types.Name(source.Model(p).GetDeclaredSymbol(p)!.Type)} {p.Identifier}"))})" : "";
            string bases = isShared ? " : IStepShared" : type.Interfaces.Any(i => i.Name == "ITableAction") ? " : ISteppedAction" : "";
            text.Append(CultureInfo.InvariantCulture, $"internal sealed partial class {name}{primary}{bases}\n{{\n");
        }

        var fields = closure.Members.Where(m => SymbolEqualityComparer.Default.Equals(m.ContainingType, type)).OrderBy(Position).ToList();
        bool IsPositional(ISymbol member) => Source.IsValue(type) && declaration.ParameterList!.Parameters.Any(p => p.Identifier.Text == member.Name);
        foreach (var field in fields.Where(f => !IsPositional(f))) text.Append(Field(field, isShared));
        if (isShared) text.Append(Sharing(fields));
        if (Source.IsBoxed(type)) text.Append(Copying(type, name, fields));
        foreach (var nested in type.GetTypeMembers().Where(t => Source.IsTranslated(t) && (t.TypeKind == TypeKind.Enum || IsReached(t))).OrderBy(Position)) text.Append('\n').Append(Type(nested));
        foreach (var method in closure.Methods.Where(m => m.MethodKind != MethodKind.LocalFunction && SymbolEqualityComparer.Default.Equals(m.ContainingType, type)).OrderBy(Position)) text.Append('\n').Append(Member(method));
        return text.Append("}\n").ToString();
    }

    private bool IsReached(INamedTypeSymbol type) =>
        Source.IsValue(type) || closure.Members.Concat(closure.Methods).Any(m => SymbolEqualityComparer.Default.Equals(m.ContainingType, type));

    private string Member(IMethodSymbol method)
    {
        bool stops = closure.Stops(method);
        string origin = $"// {Source.Declaration(method)!.SyntaxTree.FilePath}\n";
        var translator = new Translator(source, closure, folding, points, $"{method.ContainingType.Name}.{method.AssociatedSymbol?.Name ?? method.Name}", stops);
        bool isAction = method.Name == "Run" && Source.IsOwn(method.ContainingType);
        string modifiers = method.IsStatic ? "internal static" : isAction ? "public" : "internal";
        switch (Source.Declaration(method))
        {
            case MethodDeclarationSyntax declared:
                return origin + Method(translator, method, declared.ParameterList, declared.Body, declared.ExpressionBody, stops, modifiers);
            case ConstructorDeclarationSyntax constructor:
                string list = string.Join(", ", constructor.ParameterList.Parameters.Zip(method.Parameters, (s, p) => Parameter(s, p, stops: false)));
                return $"{origin}internal {Types.Name(method.ContainingType)}({list})\n{translator.Body(constructor.Body!)}\n";
            case AccessorDeclarationSyntax accessor when method.MethodKind == MethodKind.PropertyGet:
                return stops
                    ? origin + Declaration(translator, $"Get_{method.AssociatedSymbol!.Name}", "", method, accessor.Body, accessor.ExpressionBody, stops, modifiers)
                    : $"{origin}{modifiers} {Types.Name(method.ReturnType)} {method.AssociatedSymbol!.Name} {{ {translator.Body(accessor)} }}\n";
            case ArrowExpressionClauseSyntax arrow:
                return stops
                    ? origin + Declaration(translator, $"Get_{method.AssociatedSymbol!.Name}", "", method, null, arrow, stops, modifiers)
                    : $"{origin}{modifiers} {Types.Name(method.ReturnType)} {method.AssociatedSymbol!.Name} => {translator.Body(arrow.Expression)};\n";
            default:
                throw new StepperException(Source.Declaration(method)!, "a kind of member.");
        }
    }

    private static string Declaration(Translator translator, string name, string parameters, IMethodSymbol method, BlockSyntax? body, ArrowExpressionClauseSyntax? arrow, bool stops, string modifiers)
    {
        string returned = method.ReturnsByRef ? Types.Reference(method.ReturnType) : method.ReturnsVoid ? "void" : Types.Name(method.ReturnType);
        if (stops) returned = method.ReturnsVoid ? "Step<None>" : $"Step<{returned}>";
        string head = $"{modifiers} {(stops ? "async " : "")}{returned} {name}({parameters})";
        if (arrow is not null)
        {
            string expression = translator.Body(arrow.Expression);
            if (!method.ReturnsVoid) return $"{head} => {expression};\n";
            return stops ? $"{head}\n{{\n{Translator.Unwrapped(expression)};\nreturn default;\n}}\n" : $"{head} => {expression};\n";
        }

        string text = translator.Body(body!);
        if (translator.Declarations is { Length: > 0 } declarations) text = $"{text[..(text.IndexOf('{', StringComparison.Ordinal) + 1)]}\n{declarations}{text[(text.IndexOf('{', StringComparison.Ordinal) + 1)..]}";
        if (stops && method.ReturnsVoid) text = $"{text[..text.LastIndexOf('}')]}return default;\n}}";
        return $"{head}\n{text}\n";
    }

    private static string Parameter(ParameterSyntax syntax, IParameterSymbol symbol, bool stops)
    {
        string initial = syntax.Default is { } value ? $" {value}" : "";
        string type = symbol.RefKind is RefKind.Ref or RefKind.Out && !Source.IsBoxed(symbol.Type)
            ? stops ? Types.Reference(symbol.Type) : $"{(symbol.RefKind == RefKind.Out ? "out" : "ref")} {Types.Name(symbol.Type)}"
            : Types.Name(symbol.Type);
        return $"{type} {symbol.Name}{initial}";
    }

    private string Field(ISymbol member, bool isShared)
    {
        var type = member is IFieldSymbol f ? f.Type : ((IPropertySymbol)member).Type;
        string name = Types.Name(type);
        // A constant made of others, which nobody else may use here.
        if (member is IFieldSymbol { IsConst: true, ConstantValue: int constant }) return string.Create(CultureInfo.InvariantCulture, $"internal const int {member.Name} = {constant};\n");
        if (member is IFieldSymbol { IsConst: true } or IFieldSymbol { IsStatic: true, IsReadOnly: true })
        {
            var variable = (VariableDeclaratorSyntax)Source.Declaration(member)!;
            string kind = member is IFieldSymbol { IsConst: true } ? "const" : "static readonly";
            return $"internal {kind} {name} {member.Name} = {new Translator(source, closure, folding, points, member.Name, stops: false).Body(variable.Initializer!.Value)};\n";
        }

        if (Source.IsCell(member)) return $"internal readonly Cells<{name}> {member.Name} = StepWorld.Field<{name}>(\"{member.ContainingType.Name}.{member.Name.TrimStart('_')}\");\n";
        if (Source.IsBoxed(type)) return $"internal {(isShared ? "readonly " : "")}{name} {member.Name} = new();\n";
        if (member is IPropertySymbol property) return $"internal {name} {member.Name} {{ get; {(property.SetMethod is null || property.SetMethod.IsInitOnly ? "init" : "set")}; }}{(type.IsReferenceType ? " = null!;" : "")}\n";
        bool isReadonly = member is IFieldSymbol { IsReadOnly: true } && isShared;
        var parameter = member.ContainingType.IsRecord && Source.Declaration(member) is VariableDeclaratorSyntax { Initializer: { } start } ? $" = {start.Value}" : type is { IsReferenceType: true, NullableAnnotation: not NullableAnnotation.Annotated } && !isReadonly ? " = null!" : "";
        return $"internal {(isReadonly ? "readonly " : "")}{name} {member.Name}{parameter};\n";
    }

    private static string Sharing(List<ISymbol> fields)
    {
        string identity = fields.Any(m => m.Name == "Cards") ? "Cards.Location" : fields.Any(m => m.Name == "_bits") ? "_bits.Location" : "0";
        var text = new StringBuilder($"\npublic long Identity => {identity};\npublic void Share()\n{{\n");
        foreach (var member in fields.Where(m => !m.IsStatic))
        {
            var type = member is IFieldSymbol f ? f.Type : ((IPropertySymbol)member).Type;
            if (Source.IsCell(member) || (type is IArrayTypeSymbol && !Source.IsCell(member))) text.Append(CultureInfo.InvariantCulture, $"{member.Name}?.Share();\n");
            else if (Source.IsBoxed(type) && CopyStops(type)) text.Append(CultureInfo.InvariantCulture, $"{member.Name}.Share();\n");
        }

        return text.Append("}\n").ToString();
    }

    private string Copying(INamedTypeSymbol type, string name, List<ISymbol> fields)
    {
        var own = fields.Where(m => !m.IsStatic).ToList();
        if (!CopyStops(type))
        {
            string copies = string.Concat(own.Select(m => Source.IsBoxed(TypeOf(m)) ? $"{m.Name}.Assign(other.{m.Name});\n" : $"{m.Name} = other.{m.Name};\n"));
            return own.Any(m => Source.IsBoxed(TypeOf(m))) ? "" : $"\ninternal void Assign({name} other)\n{{\n{copies}}}\n";
        }

        var text = new StringBuilder();
        if (Source.IsShared(type))
        {
            // Field by field, as a struct is copied: whoever writes meanwhile leaves a copy of neither the one nor the other.
            string all = string.Concat(own.Select(m => Source.IsCell(m)
                ? $"await {m.Name}.Write({points.Add($"{type.Name}.copy", m.Name, "Write")}, await other.{m.Name}.Read({points.Add($"{type.Name}.copy", m.Name, "Read")}));\n"
                : ""));
            text.Append(CultureInfo.InvariantCulture, $"\ninternal async Step<None> Assign(int read, int write, {name} other)\n{{\nCopyConstants(other);\n{all}return default;\n}}\n");
            text.Append(CultureInfo.InvariantCulture, $"\ninternal static async Step<{name}> CopyOf(int read, int write, {name} other)\n{{\nvar copy = new {name}();\nawait copy.Assign(read, write, other);\nreturn copy;\n}}\n");
            text.Append(CultureInfo.InvariantCulture, $"\ninternal void SetDefault()\n{{\n{string.Concat(own.Where(Source.IsCell).Select(m => $"{m.Name}.Value = default!;\n"))}}}\n");
            return text.ToString();
        }

        string plain = string.Concat(own.Select(m => $"{m.Name} = other.{m.Name};\n"));
        text.Append(CultureInfo.InvariantCulture, $"\nprivate void Take({name} other)\n{{\n{plain}}}\n");
        return text.ToString();
    }

    private static ITypeSymbol TypeOf(ISymbol member) => member is IFieldSymbol f ? f.Type : ((IPropertySymbol)member).Type;

    private static (string File, int At) Position(ISymbol symbol)
    {
        var node = Source.Declaration(symbol)!;
        return (node.SyntaxTree.FilePath, node.SpanStart);
    }

    // Without documentation comments.
    private static string Strip(SyntaxNode node) => string.Join('\n', node.ToString().Split('\n').Where(l => !l.TrimStart().StartsWith("///", StringComparison.Ordinal)));
}
