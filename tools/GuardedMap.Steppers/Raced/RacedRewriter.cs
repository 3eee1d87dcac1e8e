using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GuardedMaps.Steppers;

/// <summary>Rewrites one member: each access to memory that others may touch becomes a call that stops before it.</summary>
/// <remarks>
/// <code>
///     node.IsMarked = true;                          the source
///     Raced.Write(ref node.IsMarked, node, true, 7); the raced map: the reference, the object it lies in, the value, the point
/// </code>
/// Arguments are evaluated first, and whatever they read stops on its own; so the stop comes at the very last moment before the access. Whatever
/// is not understood is an error that names the line.
/// </remarks>
internal sealed class RacedRewriter(Source source, RacedClosure closure, Points points, string method, bool isInitial) : CSharpSyntaxRewriter
{
    [ThreadStatic]
    private static int s_names;

    private readonly Dictionary<ISymbol, string> _owners = new(SymbolEqualityComparer.Default);

    public static void Restart() => s_names = 0;

    public string Text(SyntaxNode node) => Visit(node)!.ToFullString().Trim();

    public override SyntaxNode? VisitIdentifierName(IdentifierNameSyntax node) => IsRead(node) ? ReadOf(node) : node;

    public override SyntaxNode? VisitMemberAccessExpression(MemberAccessExpressionSyntax node)
    {
        if (IsRead(node)) return ReadOf(node);
        return node.WithExpression((ExpressionSyntax)Visit(node.Expression)!);
    }

    public override SyntaxNode? VisitElementAccessExpression(ElementAccessExpressionSyntax node) => IsRead(node) ? ReadOf(node) : base.VisitElementAccessExpression(node);

    public override SyntaxNode? VisitConditionalAccessExpression(ConditionalAccessExpressionSyntax node)
    {
        if (!isInitial && node.WhenNotNull is MemberBindingExpressionSyntax last && closure.IsShared(source.Symbol(last.Name)))
        {
            var member = source.Symbol(last.Name)!;
            string name = Fresh("part");
            string type = source.Type(node)!.ToMinimalDisplayString(source.Model(node), node.SpanStart).TrimEnd('?');
            return Parse($"({Text(node.Expression)} is {{ }} {name} ? ({type}?)Raced.Read(ref {name}.{member.Name}, {name}, {points.Add(method, member.Name, "Read", $"{member.ContainingType.Name}.{member.Name}")}) : null)", node);
        }

        foreach (var binding in node.WhenNotNull.DescendantNodesAndSelf().OfType<MemberBindingExpressionSyntax>())
        {
            if (closure.IsShared(source.Symbol(binding.Name))) throw new StepperException(node, "a shared field behind a question mark.");
        }

        return node.WithExpression((ExpressionSyntax)Visit(node.Expression)!).WithWhenNotNull((ExpressionSyntax)Visit(node.WhenNotNull)!);
    }

    public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        if (source.Symbol(node) is not IMethodSymbol called) return base.VisitInvocationExpression(node);
        string owner = called.ContainingType.Name;
        if (RacedRules.Replaced.TryGetValue($"{owner}.{called.Name}", out string? text)) return Parse(text.Contains('#', StringComparison.Ordinal) ? text.Replace("#", points.Add(method, called.Name, "Read", called.ContainingType.Name), StringComparison.Ordinal) : text, node);
        var arguments = node.ArgumentList.Arguments;
        if (owner is "Volatile" or "Interlocked" && called.Name is "MemoryBarrier" or "MemoryBarrierProcessWide") return Parse("Raced.Nothing()", node);
        if (owner is "Volatile" or "Interlocked" && !isInitial && OwnerOf(arguments[0].Expression) is { } of)
        {
            string name = called.Name;
            string kind = name == "Read" ? "Read" : "Write";
            string rest = string.Concat(arguments.Skip(1).Select(a => $", {Text(a.Expression)}"));
            var location = called.Parameters[0].Type;
            string type = called.IsGenericMethod ? $"<{((IMethodSymbol)source.Model(node).GetSymbolInfo(node).Symbol!).TypeArguments[0].ToMinimalDisplayString(source.Model(node), node.SpanStart)}>" : "";
            _ = location;
            return Parse($"Raced.{name}{type}(ref {Location(arguments[0].Expression, out string held)}, {held ?? of}{rest}, {Point(arguments[0].Expression, kind)})", node);
        }

        if (owner == "Monitor" && called.Name is "Enter" or "Exit") return Parse($"Raced.{called.Name}({Text(arguments[0].Expression)}, {points.Add(method, "lock", "Write", "lock")})", node);
        if (owner == "SpinWait" && called.Name == "SpinOnce") return Parse($"Raced.Spin({points.Add(method, "spin", "None", "wait")})", node);
        if (RacedRules.Opaque.Contains($"{owner}.{called.Name}") && !called.ReturnsVoid) return Parse($"Raced.Saw({base.VisitInvocationExpression(node)})", node);
        if (called.ReturnsByRef && IsRead(node)) return ReadOf(node);
        if (called.ContainingType.TypeKind == TypeKind.Struct && node.Expression is MemberAccessExpressionSyntax { Expression: var receiver } && OwnerOf(receiver) is not null && RacedClosure.IsOfMaps(called.ContainingType))
            throw new StepperException(node, "a method called on a struct that others may touch.");
        return base.VisitInvocationExpression(node);
    }

    public override SyntaxNode? VisitArgument(ArgumentSyntax node)
    {
        if (node.RefKindKeyword.IsKind(SyntaxKind.None) || node.RefKindKeyword.IsKind(SyntaxKind.InKeyword)) return base.VisitArgument(node);
        if (isInitial || OwnerOf(node.Expression) is not { } owner) return base.VisitArgument(node);
        // A reference that is only made on the way to another one stops where that is used.
        if (IsOnItsWay(node)) return Raw(node);
        if (node.RefKindKeyword.IsKind(SyntaxKind.OutKeyword)) throw new StepperException(node, "shared memory that a method fills in.");
        // The method it is handed to reads it, on the spot.
        return SyntaxFactory.Argument(SyntaxFactory.ParseExpression($"ref Raced.Peek(ref {Location(node.Expression, out string held)}, {held ?? owner}, {Point(node.Expression, "Read")})")).WithTriviaFrom(node);
    }

    public override SyntaxNode? VisitRefExpression(RefExpressionSyntax node) => Raw(node);

    public override SyntaxNode? VisitAssignmentExpression(AssignmentExpressionSyntax node)
    {
        if (node.Parent is InitializerExpressionSyntax) return node.WithRight((ExpressionSyntax)Visit(node.Right)!);
        if (isInitial && node.Left is ElementAccessExpressionSyntax element && node.IsKind(SyntaxKind.SimpleAssignmentExpression) && source.Type(element.Expression) is IArrayTypeSymbol)
            return Parse($"Raced.Note(ref {node.Left}, {element.Expression}, {Text(node.Right)})", node);
        if (isInitial || OwnerOf(node.Left) is not { } owner) return base.VisitAssignmentExpression(node);
        string right = Text(node.Right);
        string location = Location(node.Left, out string held);
        owner = held ?? owner;
        if (node.IsKind(SyntaxKind.SimpleAssignmentExpression)) return Parse($"Raced.Write(ref {location}, {owner}, {right}, {Point(node.Left, "Write")})", node);
        string read = Text(node.Left, asRead: true);
        if (node.IsKind(SyntaxKind.CoalesceAssignmentExpression)) return Parse($"({read} ?? Raced.Write(ref {location}, {owner}, {right}, {Point(node.Left, "Write")}))", node);
        string type = source.Type(node.Left)!.ToDisplayString();
        return Parse($"Raced.Write(ref {location}, {owner}, ({type})({read} {node.OperatorToken.Text[..^1]} ({right})), {Point(node.Left, "Write")})", node);
    }

    public override SyntaxNode? VisitPostfixUnaryExpression(PostfixUnaryExpressionSyntax node) =>
        Step(node, node.Operand, node.OperatorToken, isPostfix: true) ?? base.VisitPostfixUnaryExpression(node);

    public override SyntaxNode? VisitPrefixUnaryExpression(PrefixUnaryExpressionSyntax node) =>
        Step(node, node.Operand, node.OperatorToken, isPostfix: false) ?? base.VisitPrefixUnaryExpression(node);

    public override SyntaxNode? VisitExpressionStatement(ExpressionStatementSyntax node)
    {
        if (node.Expression is InvocationExpressionSyntax call && source.Symbol(call) is { } called && RacedRules.Dropped.Contains(called.Name)) return SyntaxFactory.ParseStatement(";\n");
        if (!isInitial && node.Expression is AssignmentExpressionSyntax { Left: TupleExpressionSyntax left } assignment && left.Arguments.Any(a => OwnerOf(a.Expression) is not null))
        {
            if (assignment.Right is not TupleExpressionSyntax right) throw new StepperException(node, "shared memory filled from a tuple that is not written out.");
            var names = right.Arguments.Select(_ => Fresh("part")).ToList();
            string values = string.Concat(right.Arguments.Select((a, i) => $"{source.Type(left.Arguments[i].Expression)!.ToMinimalDisplayString(source.Model(node), node.SpanStart)} {names[i]} = {Text(a.Expression)};\n"));
            string stores = string.Concat(left.Arguments.Select((a, i) => OwnerOf(a.Expression) is { } owner
                ? $"Raced.Write(ref {Location(a.Expression, out string held)}, {held ?? owner}, {names[i]}, {Point(a.Expression, "Write")});\n"
                : $"{Text(a.Expression)} = {names[i]};\n"));
            return SyntaxFactory.ParseStatement($"{{ {values}{stores} }}\n");
        }

        var visited = (ExpressionStatementSyntax)base.VisitExpressionStatement(node)!;
        // A value that nobody wants is no statement by itself.
        return visited.Expression is ParenthesizedExpressionSyntax ? SyntaxFactory.ParseStatement($"_ = {visited.Expression};\n") : visited;
    }

    public override SyntaxNode? VisitLocalDeclarationStatement(LocalDeclarationStatementSyntax node)
    {
        if (node.Declaration.Type is not RefTypeSyntax) return base.VisitLocalDeclarationStatement(node);
        foreach (var variable in node.Declaration.Variables)
        {
            if (variable.Initializer?.Value is not RefExpressionSyntax { Expression: var referred } || OwnerOf(referred) is not { } owner) continue;
            if (!owner.All(c => char.IsLetterOrDigit(c) || c == '_')) throw new StepperException(node, $"a reference into '{owner}', which is not simply a variable.");
            _owners[source.Model(variable).GetDeclaredSymbol(variable)!] = owner;
        }

        return node.WithDeclaration(node.Declaration.WithVariables(SyntaxFactory.SeparatedList(node.Declaration.Variables.Select(v => v.WithInitializer(v.Initializer!.WithValue((ExpressionSyntax)Visit(v.Initializer.Value)!))))));
    }

    public override SyntaxNode? VisitLockStatement(LockStatementSyntax node)
    {
        string name = Fresh("held");
        return SyntaxFactory.ParseStatement($"{{ var {name} = {Text(node.Expression)};\nRaced.Enter({name}, {points.Add(method, "lock", "Write", "lock")});\ntry {Block(node.Statement)} finally {{ Raced.Exit({name}, {points.Add(method, "unlock", "Write", "lock")}); }} }}\n").WithTriviaFrom(node);
    }

    public override SyntaxNode? VisitForEachStatement(ForEachStatementSyntax node)
    {
        if (source.Type(node.Expression) is not IArrayTypeSymbol) return base.VisitForEachStatement(node);
        var visited = (ForEachStatementSyntax)base.VisitForEachStatement(node)!;
        return visited.WithExpression(SyntaxFactory.ParseExpression($"Raced.All({visited.Expression})"));
    }

    public override SyntaxNode? VisitIsPatternExpression(IsPatternExpressionSyntax node)
    {
        bool isNegated = node.Pattern is UnaryPatternSyntax { Pattern: RecursivePatternSyntax };
        var given = node.Pattern is UnaryPatternSyntax negation ? negation.Pattern : node.Pattern;
        if (isInitial || given is not RecursivePatternSyntax { PropertyPatternClause: { } properties } pattern || !properties.Subpatterns.Any(IsSharedPart))
        {
            if (node.Pattern.DescendantNodes().OfType<SubpatternSyntax>().Any(IsSharedPart)) throw new StepperException(node, "a pattern that reads shared memory in the middle.");
            return base.VisitIsPatternExpression(node);
        }

        string name = pattern.Designation is SingleVariableDesignationSyntax designation ? designation.Identifier.Text : Fresh("part");
        string type = pattern.Type is null ? "{ }" : pattern.Type.ToString();
        string tests = string.Concat(properties.Subpatterns.Select(p =>
        {
            var member = source.Symbol(p.NameColon!.Name)!;
            string read = closure.IsShared(member) ? $"Raced.Read(ref {name}.{member.Name}, {name}, {points.Add(method, member.Name, "Read", $"{member.ContainingType.Name}.{member.Name}")})" : $"{name}.{member.Name}";
            return $" && {read} is {p.Pattern}";
        }));
        return Parse($"{(isNegated ? "!" : "")}({Text(node.Expression)} is {type} {name}{tests})", node);
    }

    public override SyntaxNode? VisitArrayCreationExpression(ArrayCreationExpressionSyntax node) => Parse($"Raced.Made({base.VisitArrayCreationExpression(node)})", node);

    public override SyntaxNode? VisitObjectCreationExpression(ObjectCreationExpressionSyntax node)
    {
        if (source.Type(node)?.SpecialType != SpecialType.System_Object) return base.VisitObjectCreationExpression(node);
        // A mark or a lock: an object with an identity.
        bool isStatic = node.FirstAncestorOrSelf<FieldDeclarationSyntax>() is { } field && field.Modifiers.Any(SyntaxKind.StaticKeyword);
        return Parse(isStatic ? "RacedObject.ForAll()" : "new RacedObject()", node);
    }

    public override SyntaxNode? VisitImplicitObjectCreationExpression(ImplicitObjectCreationExpressionSyntax node)
    {
        if (source.Type(node)?.SpecialType != SpecialType.System_Object) return base.VisitImplicitObjectCreationExpression(node);
        bool isStatic = node.FirstAncestorOrSelf<FieldDeclarationSyntax>() is { } field && field.Modifiers.Any(SyntaxKind.StaticKeyword);
        return Parse(isStatic ? "RacedObject.ForAll()" : "new RacedObject()", node);
    }

    public override SyntaxNode? VisitAttributeList(AttributeListSyntax node) => null;

    private static string Fresh(string prefix) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{++s_names}");

    private static SyntaxNode Parse(string text, SyntaxNode node)
    {
        var expression = SyntaxFactory.ParseExpression(text);
        return expression.ContainsDiagnostics ? throw new StepperException(node, $"its translation '{text}' is no expression.") : expression.WithTriviaFrom(node);
    }

    // Only the address is computed; what is read on the way, such as an index, stops all the same.
    private SyntaxNode Raw(SyntaxNode node) => node switch
    {
        RefExpressionSyntax reference when OwnerOf(reference.Expression) is not null => reference.WithExpression(SyntaxFactory.ParseExpression(Location(reference.Expression, out _, simple: true))),
        RefExpressionSyntax reference => base.VisitRefExpression(reference)!,
        ArgumentSyntax argument => argument.WithExpression(SyntaxFactory.ParseExpression(Location(argument.Expression, out _, simple: true))),
        _ => node,
    };

    private string Block(StatementSyntax statement) => statement is BlockSyntax ? Text(statement) : $"{{ {Text(statement)} }}";

    private bool IsSharedPart(SubpatternSyntax part) => part.NameColon is { } name && closure.IsShared(source.Symbol(name.Name));

    private string Text(ExpressionSyntax left, bool asRead) => asRead ? ReadOf(left).ToString() : left.ToString();

    private string Point(ExpressionSyntax place, string kind)
    {
        var (subject, location) = Subject(place);
        return points.Add(method, subject, kind, location);
    }

    private (string Subject, string Class) Subject(ExpressionSyntax place) => place switch
    {
        ParenthesizedExpressionSyntax inner => Subject(inner.Expression),
        PostfixUnaryExpressionSyntax suppressed => Subject(suppressed.Operand),
        ElementAccessExpressionSyntax element => source.Type(element.Expression) is { } type and not IArrayTypeSymbol ? ("entry", $"{type.Name}[]") : (Subject(element.Expression).Subject, $"{Subject(element.Expression).Subject}[]"),
        InvocationExpressionSyntax call when source.Symbol(call) is { ContainingType.Name: "Unsafe" } => Subject(call.ArgumentList.Arguments[0].Expression),
        InvocationExpressionSyntax call when source.Symbol(call) is { } called => (called.Name, $"{called.ContainingType.Name}.{called.Name}"),
        _ when source.Symbol(place) is { } symbol => (symbol.Name, symbol.ContainingType is { } owner && symbol is not ILocalSymbol ? $"{owner.Name}.{symbol.Name}" : symbol.Name),
        _ => ("memory", "memory"),
    };

    // Whether an expression is shared memory whose value is wanted here.
    private bool IsRead(ExpressionSyntax node)
    {
        if (isInitial || OwnerOf(node) is null) return false;
        SyntaxNode at = node;
        while (at.Parent is ParenthesizedExpressionSyntax) at = at.Parent;
        switch (at.Parent)
        {
            case AssignmentExpressionSyntax assignment when assignment.Left == at:
            case ArgumentSyntax { RefKindKeyword.RawKind: not (int)SyntaxKind.None }:
            case RefExpressionSyntax:
            case NameColonSyntax or NameEqualsSyntax:
                return false;
            case ArgumentSyntax { Parent: TupleExpressionSyntax { Parent: AssignmentExpressionSyntax deconstruction } tuple } when deconstruction.Left == tuple:
                return false;
            case MemberAccessExpressionSyntax access when access.Name == at:
                return false;
            // The memory is a field within it.
            case MemberAccessExpressionSyntax access when access.Expression == at && OwnerOf(access) is not null && source.Type(node) is { IsValueType: true }:
                return false;
            case ElementAccessExpressionSyntax element when element.Expression == at && source.Type(node) is { IsValueType: true }:
                return false;
            case PostfixUnaryExpressionSyntax postfix when postfix.Kind() is SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression:
            case PrefixUnaryExpressionSyntax prefix when prefix.Kind() is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression:
                return false;
            default:
                return !IsNameOf(node);
        }
    }

    private static bool IsNameOf(SyntaxNode node) => node.Ancestors().OfType<InvocationExpressionSyntax>().Any(i => i.Expression.ToString() == "nameof");

    private SyntaxNode ReadOf(ExpressionSyntax node) =>
        Parse($"Raced.Read(ref {Location(node, out string held)}, {held ?? OwnerOf(node)}, {Point(node, "Read")})", node);

    private SyntaxNode? Step(ExpressionSyntax node, ExpressionSyntax operand, SyntaxToken op, bool isPostfix)
    {
        if (!op.IsKind(SyntaxKind.PlusPlusToken) && !op.IsKind(SyntaxKind.MinusMinusToken)) return null;
        if (isInitial || OwnerOf(operand) is not { } owner) return null;
        bool isUp = op.IsKind(SyntaxKind.PlusPlusToken);
        string type = source.Type(operand)!.ToDisplayString();
        string location = Location(operand, out string held);
        string read = ReadOf(operand).ToString();
        string write = $"Raced.Write(ref {location}, {held ?? owner}, ({type})({read} {(isUp ? '+' : '-')} 1), {Point(operand, "Write")})";
        return Parse(isPostfix && node.Parent is not ExpressionStatementSyntax ? $"({type})({write} {(isUp ? '-' : '+')} 1)" : write, node);
    }

    // A reference handed to Unsafe.As, Unsafe.Add and the like, whose result is a reference that is handed on or returned.
    private bool IsOnItsWay(ArgumentSyntax node)
    {
        if (node.Parent?.Parent is not InvocationExpressionSyntax call || source.Symbol(call) is not IMethodSymbol { ContainingType.Name: "Unsafe" or "MemoryMarshal" } called) return false;
        if (called.Name is "AsPointer" or "SizeOf") return true;
        return call.Parent switch
        {
            RefExpressionSyntax => true,
            ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword } outer => IsOnItsWay(outer) || OwnerOf(call) is not null && source.Symbol(outer.Parent!.Parent!) is { ContainingType.Name: "Volatile" or "Interlocked" },
            _ => false,
        };
    }

    /// <summary>The object in which a location lies, as text; null for what is no shared memory.</summary>
    private string? OwnerOf(ExpressionSyntax expression)
    {
        switch (expression)
        {
            case ParenthesizedExpressionSyntax inner:
                return OwnerOf(inner.Expression);
            case PostfixUnaryExpressionSyntax suppressed when suppressed.IsKind(SyntaxKind.SuppressNullableWarningExpression):
                return OwnerOf(suppressed.Operand);
            case IdentifierNameSyntax name:
                var symbol = source.Symbol(name);
                if (symbol is ILocalSymbol { RefKind: not RefKind.None } local) return _owners.GetValueOrDefault(local);
                if (!closure.IsShared(symbol)) return null;
                if (symbol!.ContainingType.TypeKind == TypeKind.Struct) throw new StepperException(expression, "a method of a struct that others may touch.");
                return "this";
            case MemberAccessExpressionSyntax access:
                if (!closure.IsShared(source.Symbol(access))) return null;
                return source.Type(access.Expression) is { IsValueType: true } ? OwnerOf(access.Expression) : Receiver(access.Expression);
            case ElementAccessExpressionSyntax element:
                if (source.Type(element.Expression) is IArrayTypeSymbol) return Receiver(element.Expression);
                if (source.Symbol(element) is not IPropertySymbol { ReturnsByRef: true } indexer || !RacedClosure.IsOfMaps(indexer.ContainingType) || indexer.ContainingType.TypeKind != TypeKind.Class) return null;
                return Receiver(element.Expression);
            case InvocationExpressionSyntax call when source.Symbol(call) is IMethodSymbol { ReturnsByRef: true } called:
                if (called.ContainingType.Name is "Unsafe") return OwnerOf(call.ArgumentList.Arguments[0].Expression);
                if (!RacedClosure.IsOfMaps(called.ContainingType) || called.ContainingType.TypeKind != TypeKind.Class) return null;
                return call.Expression is MemberAccessExpressionSyntax by ? Receiver(by.Expression) : "this";
            default:
                return null;
        }
    }

    private string Receiver(ExpressionSyntax expression)
    {
        while (expression is PostfixUnaryExpressionSyntax suppressed) expression = suppressed.Operand;
        return IsPure(expression) ? expression.ToString() : "";
    }

    // Whether it can be written down twice: variables, this, and fields that never change.
    private bool IsPure(ExpressionSyntax expression) => expression switch
    {
        ThisExpressionSyntax => true,
        IdentifierNameSyntax name => source.Symbol(name) is ILocalSymbol or IParameterSymbol || (source.Symbol(name) is IFieldSymbol field && !closure.IsShared(field)) || (source.Symbol(name) is IPropertySymbol property && Source.IsAuto(property) && !closure.IsShared(property)),
        MemberAccessExpressionSyntax access => source.Symbol(access) is { } symbol && !closure.IsShared(symbol) && (symbol is IFieldSymbol || (symbol is IPropertySymbol property && Source.IsAuto(property))) && IsPure(access.Expression),
        ParenthesizedExpressionSyntax inner => IsPure(inner.Expression),
        PostfixUnaryExpressionSyntax suppressed when suppressed.IsKind(SyntaxKind.SuppressNullableWarningExpression) => IsPure(suppressed.Operand),
        _ => false,
    };

    /// <summary>A location as text that can stand behind ref, and a variable that holds its owner where that cannot be written down twice.</summary>
    private string Location(ExpressionSyntax expression, out string held, bool simple = false)
    {
        held = null!;
        switch (expression)
        {
            case ParenthesizedExpressionSyntax inner:
                return Location(inner.Expression, out held, simple);
            case PostfixUnaryExpressionSyntax suppressed when suppressed.IsKind(SyntaxKind.SuppressNullableWarningExpression):
                return Location(suppressed.Operand, out held, simple);
            case IdentifierNameSyntax name:
                return name.Identifier.Text;
            case MemberAccessExpressionSyntax access when source.Type(access.Expression) is { IsValueType: true }:
                return $"{Location(access.Expression, out held, simple)}.{access.Name}";
            case MemberAccessExpressionSyntax access:
                return $"{Held(access.Expression, out held, simple)}.{access.Name}";
            case ElementAccessExpressionSyntax element:
                return $"{Held(element.Expression, out held, simple)}{base.Visit(element.ArgumentList)}";
            case InvocationExpressionSyntax call when source.Symbol(call) is { ContainingType.Name: "Unsafe" }:
                var arguments = call.ArgumentList.Arguments;
                string first = Location(arguments[0].Expression, out held, simple);
                return $"{call.Expression}(ref {first}{string.Concat(arguments.Skip(1).Select(a => $", {Text(a.Expression)}"))})";
            case InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax by } call:
                return $"{Held(by.Expression, out held, simple)}.{by.Name}{base.Visit(call.ArgumentList)}";
            case InvocationExpressionSyntax call:
                return $"{call.Expression}{base.Visit(call.ArgumentList)}";
            default:
                throw new StepperException(expression, "a reference to something that is no location.");
        }
    }

    private string Held(ExpressionSyntax receiver, out string held, bool simple)
    {
        held = null!;
        if (IsPure(receiver)) return receiver.ToString();
        if (simple) throw new StepperException(receiver, "a reference that is handed on, into something that takes steps to find.");
        held = Fresh("owner");
        return $"Raced.Hold({Text(receiver)}, out var {held})";
    }
}
