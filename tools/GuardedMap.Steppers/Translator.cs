using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GuardedMaps.Steppers;

/// <summary>Translates one member: each access to shared memory becomes an await, each reference a handle.</summary>
/// <remarks>
/// Whatever needs no change is kept as it stands. Whatever might need one and is not understood is an error that names the line: a
/// stepper that silently did something else than the source would be worse than none.
/// </remarks>
internal sealed class Translator(Source source, Closure closure, Folding folding, Points points, string method, bool stops) : CSharpSyntaxRewriter
{
    [ThreadStatic]
    private static int s_names;

    private readonly Stack<string> _receivers = [];
    private readonly Dictionary<ISymbol, ExpressionSyntax> _keys = new(SymbolEqualityComparer.Default);
    private readonly HashSet<ISymbol> _handedDown = new(SymbolEqualityComparer.Default);

    /// <summary>Variables that the source declares in the middle of a call that takes a reference to them.</summary>
    public string Declarations { get; private set; } = "";

    /// <summary>What denotes a location.</summary>
    private sealed record Place(string Text, string Subject, bool IsSlot);

    public static string Fresh(string prefix) => $"{prefix}{++s_names}";

    public static void Restart() => s_names = 0;

    public string Body(SyntaxNode body)
    {
        foreach (var argument in body.DescendantNodesAndSelf().OfType<ArgumentSyntax>())
        {
            if (!argument.RefKindKeyword.IsKind(SyntaxKind.OutKeyword) && !argument.RefKindKeyword.IsKind(SyntaxKind.RefKeyword)) continue;
            if (argument.Parent?.Parent is not InvocationExpressionSyntax call || source.Symbol(call) is not IMethodSymbol callee || !IsStepped(callee)) continue;
            var declared = argument.Expression is DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax designation } ? source.Model(designation).GetDeclaredSymbol(designation) : null;
            if ((declared ?? source.Symbol(argument.Expression)) is not ILocalSymbol { RefKind: RefKind.None } local || Source.IsBoxed(local.Type)) continue;
            _handedDown.Add(local);
            if (declared is null) continue;
            string line = $"var {local.Name} = StepWorld.Local<{Types.Name(local.Type)}>(default!);\n";
            if (Declarations.Contains($"var {local.Name} =", StringComparison.Ordinal)) throw new StepperException(argument, "a second variable of this name that is handed down by reference.");
            Declarations += line;
        }

        return Text(body);
    }

    /// <summary>Visits a node and gives its text.</summary>
    public string Text(SyntaxNode node) => Visit(node)!.ToString();

    public override SyntaxNode? VisitAttributeList(AttributeListSyntax node) => null;

    public override SyntaxNode? VisitIdentifierName(IdentifierNameSyntax node) => Name(node);

    public override SyntaxNode? VisitGenericName(GenericNameSyntax node) => Name(node);

    public override SyntaxNode? VisitMemberAccessExpression(MemberAccessExpressionSyntax node)
    {
        if (source.Symbol(node) is { } symbol)
        {
            string key = Source.Key(symbol);
            if (Rules.Replaced.TryGetValue(key, out string? text)) return Parse(text, node);
            if (key == "BucketIndex.Unallocated") return Parse("SteppedIndex.Unallocated", node);
            if (symbol is IPropertySymbol property && IsSteppedProperty(property)) return Parse($"(await {Text(node.Expression)}.Get_{property.Name}())", node);
            CheckKnown(symbol, node);
        }

        if (PlaceOf(node) is { } place) return ReadOf(place, node);
        return node.Update((ExpressionSyntax)Visit(node.Expression)!, node.OperatorToken, node.Name is GenericNameSyntax ? (SimpleNameSyntax)Visit(node.Name)! : node.Name);
    }

    public override SyntaxNode? VisitMemberBindingExpression(MemberBindingExpressionSyntax node)
    {
        string receiver = _receivers.Peek();
        var symbol = source.Symbol(node.Name);
        if (symbol is IPropertySymbol property && IsSteppedProperty(property)) return Parse($"(await {receiver}.Get_{property.Name}())", node);
        if (Source.IsCell(symbol)) return Parse($"(await {receiver}.{symbol!.Name}.Read({points.Add(method, symbol.Name, "Read")}))", node);
        return Parse($"{receiver}.{node.Name}", node);
    }

    public override SyntaxNode? VisitConditionalAccessExpression(ConditionalAccessExpressionSyntax node)
    {
        string name = Fresh("found");
        string receiver = Text(node.Expression);
        _receivers.Push(name);
        string then = Text(node.WhenNotNull);
        _receivers.Pop();
        if (node.Parent is ExpressionStatementSyntax) return Parse($"_ = {receiver} is {{ }} {name} ? {then} : default", node);
        string type = Types.Name(source.Type(node)!);
        if (!type.EndsWith('?')) type += "?";
        return Parse($"({receiver} is {{ }} {name} ? ({type}){then} : null)", node);
    }

    public override SyntaxNode? VisitElementAccessExpression(ElementAccessExpressionSyntax node) =>
        PlaceOf(node) is { } place ? ReadOf(place, node) : base.VisitElementAccessExpression(node);

    public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        if (source.Symbol(node) is not IMethodSymbol called)
        {
            return node.Expression.ToString() == "nameof"
                ? Parse(SymbolDisplay.FormatLiteral(node.ArgumentList.Arguments[0].ToString(), quote: true), node)
                : throw new StepperException(node, "this call cannot be bound.");
        }

        string key = Source.Key(called);
        if (Rules.Replaced.TryGetValue(key, out string? text)) return Parse(text, node);
        var arguments = node.ArgumentList.Arguments;
        string owner = called.ContainingType.Name;
        if (owner == "Volatile" || owner == "Interlocked") return Parse(Atomic(node, called), node);
        switch (owner, called.Name)
        {
            case ("Unsafe", "IsNullRef"):
                return Parse($"{PlaceText(arguments[0].Expression)}.IsNull", node);
            case ("Unsafe", "NullRef"):
                return Parse("default(SlotRef)", node);
            case ("Unsafe", "SizeOf"):
                return Parse("SlotRef.Size", node);
            case ("Unsafe", "ByteOffset") when arguments[0].Expression is InvocationExpressionSyntax start && source.Symbol(start) is { Name: "GetArrayDataReference" }:
                return Parse($"{PlaceText(arguments[1].Expression)}.DistanceFrom({Text(start.ArgumentList.Arguments[0].Expression)})", node);
            case ("Unsafe" or "MemoryMarshal", _):
                throw new StepperException(node, $"{owner}.{called.Name} has no meaning for stepped memory.");
            case ("Monitor", _):
                return Parse("SteppedMap.NotReached(\"Monitor\")", node);
            case ("GuardedMapBase", "Violation"):
                return Parse($"Refused({string.Join(", ", ((BaseObjectCreationExpressionSyntax)arguments[0].Expression).ArgumentList!.Arguments.Select(a => Text(a.Expression)))})", node);
            case ("MapHost", "ToException") or ("GuardedMapBase", "Describe"):
                return Visit(arguments[0].Expression);
            case ("MapActor", "Current"):
                return Parse($"SteppedMap.Me({Text(arguments[0])})", node);
            case ("SpinWait", "SpinOnce"):
                return Parse($"(await StepWorld.Spin({points.Add(method, "spin", "None")}))", node);
            case ("BucketIndex", "Copy") when called.IsGenericMethod:
                return Parse($"(await {Text(arguments[0])}.Copy({points.Add(method, Subject(arguments[0].Expression), "Read")}))", node);
        }

        if (Source.IsSpan(called.ContainingType) && called.Name is "Clear" or "CopyTo" && Source.IsSpan(called.ContainingType))
        {
            string receiver = Receiver(node);
            string point = points.Add(method, Subject(node.Expression), called.Name == "Clear" ? "Write" : "Read");
            string rest = arguments.Count > 0 ? $", {Text(arguments[0])}" : "";
            return Parse($"(await {receiver}.{called.Name}({point}{rest}))", node);
        }

        if (!IsStepped(called))
        {
            if (called.ContainingType.ContainingNamespace.ToString() == "GuardedMaps" && !Source.IsTranslated(called.ContainingType) && !called.IsStatic) CheckKnown(called, node);
            return PlaceOf(node) is { } plain ? ReadOf(plain, node) : base.VisitInvocationExpression(node);
        }

        if (PlaceOf(node) is { } place) return ReadOf(place, node);
        return Parse($"(await {Call(node, called)})", node);
    }

    public override SyntaxNode? VisitAssignmentExpression(AssignmentExpressionSyntax node)
    {
        var leftType = source.Type(node.Left);
        if (node.Parent is InitializerExpressionSyntax) return Initializer(node);
        // Not a store, but another place for the reference.
        if (node.Right is RefExpressionSyntax { Expression: var referred }) return Parse($"{node.Left} = {PlaceText(referred)}", node);
        if (Source.IsBoxed(leftType) && node.IsKind(SyntaxKind.SimpleAssignmentExpression)) return Parse(AssignBoxed(node), node);
        if (source.Symbol(node.Left) is IPropertySymbol property && IsSteppedProperty(property))
        {
            if (!node.IsKind(SyntaxKind.SimpleAssignmentExpression)) throw new StepperException(node, "a compound assignment to a property with steps.");
            string target = node.Left is MemberAccessExpressionSyntax access ? $"{Text(access.Expression)}." : "";
            return Parse($"(await {target}Set_{property.Name}({Text(node.Right)}))", node);
        }

        if (PlaceOf(node.Left) is not { } place) return base.VisitAssignmentExpression(node);
        string right = Text(node.Right);
        if (node.IsKind(SyntaxKind.SimpleAssignmentExpression)) return Parse(WriteOf(place, right), node);
        if (place.IsSlot) throw new StepperException(node, "a compound assignment to an entry.");
        string op = node.OperatorToken.Text[..^1];
        string read = $"(await {place.Text}.Read({points.Add(method, place.Subject, "Read")}))";
        return Parse($"(await {place.Text}.Write({points.Add(method, place.Subject, "Write")}, ({Types.Name(leftType!)})({read} {op} {right})))", node);
    }

    public override SyntaxNode? VisitPostfixUnaryExpression(PostfixUnaryExpressionSyntax node)
    {
        if (node.IsKind(SyntaxKind.SuppressNullableWarningExpression)) return PlaceOf(node.Operand) is null || NeedsRead(node) ? Parse($"{Text(node.Operand)}!", node) : base.VisitPostfixUnaryExpression(node);
        return Step(node, node.Operand, node.OperatorToken, isPostfix: true) ?? base.VisitPostfixUnaryExpression(node);
    }

    public override SyntaxNode? VisitPrefixUnaryExpression(PrefixUnaryExpressionSyntax node)
    {
        if (node.Kind() is SyntaxKind.AddressOfExpression or SyntaxKind.PointerIndirectionExpression) throw new StepperException(node, "a pointer.");
        return Step(node, node.Operand, node.OperatorToken, isPostfix: false) ?? base.VisitPrefixUnaryExpression(node);
    }

    public override SyntaxNode? VisitRefExpression(RefExpressionSyntax node)
    {
        if (node.Expression is ConditionalExpressionSyntax choice)
            return Parse($"{Text(choice.Condition)} ? {Text(choice.WhenTrue)} : {Text(choice.WhenFalse)}", node);
        return Parse(PlaceText(node.Expression), node);
    }

    public override SyntaxNode? VisitRefType(RefTypeSyntax node) => SyntaxFactory.ParseTypeName(Types.Reference(source.Type(node.Type)!)).WithTriviaFrom(node);

    public override SyntaxNode? VisitArrayType(ArrayTypeSyntax node) => SyntaxFactory.ParseTypeName(Types.Name(source.Type(node)!)).WithTriviaFrom(node);

    public override SyntaxNode? VisitNullableType(NullableTypeSyntax node) =>
        source.Type(node.ElementType) is ITypeParameterSymbol parameter
            ? SyntaxFactory.ParseTypeName(Types.Name(parameter)).WithTriviaFrom(node)
            : base.VisitNullableType(node);

    public override SyntaxNode? VisitArrayCreationExpression(ArrayCreationExpressionSyntax node)
    {
        if (node.Initializer is not null) throw new StepperException(node, "an array with elements.");
        var element = source.Type(node.Type.ElementType)!;
        string length = Text(node.Type.RankSpecifiers[0].Sizes[0]);
        return Parse(Source.IsSlot(element) ? $"StepWorld.Slots({length})" : $"StepWorld.Array<{Types.Name(element)}>({length})", node);
    }

    public override SyntaxNode? VisitCollectionExpression(CollectionExpressionSyntax node)
    {
        if (node.Elements.Count > 0) throw new StepperException(node, "an array with elements.");
        return Parse($"{Types.Name(source.Model(node).GetTypeInfo(node).ConvertedType!)}.Empty", node);
    }

    public override SyntaxNode? VisitDefaultExpression(DefaultExpressionSyntax node)
    {
        string type = Types.Name(source.Type(node.Type)!);
        if (type == "StepProbe") return Parse("StepWorld.Current.Probe", node);
        return Source.IsBoxed(source.Type(node.Type)) ? Parse($"new {type}()", node) : Parse($"default({type})", node);
    }

    public override SyntaxNode? VisitObjectCreationExpression(ObjectCreationExpressionSyntax node) => Parse(Creation(node), node);

    public override SyntaxNode? VisitImplicitObjectCreationExpression(ImplicitObjectCreationExpressionSyntax node) => Parse(Creation(node), node);

    public override SyntaxNode? VisitConditionalExpression(ConditionalExpressionSyntax node) => folding.Of(node.Condition) switch
    {
        true => Visit(node.WhenTrue),
        false => Visit(node.WhenFalse),
        null => base.VisitConditionalExpression(node),
    };

    public override SyntaxNode? VisitBinaryExpression(BinaryExpressionSyntax node)
    {
        if (folding.Of(node) is { } value) return Parse(value ? "true" : "false", node);
        if (node.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression)
        {
            if (folding.Of(node.Left) is not null) return Visit(node.Right);
            if (folding.Of(node.Right) is not null) return Visit(node.Left);
        }

        return base.VisitBinaryExpression(node);
    }

    public override SyntaxNode? VisitIfStatement(IfStatementSyntax node) => folding.Of(node.Condition) switch
    {
        true => Visit(node.Statement)!.WithTriviaFrom(node),
        false => node.Else is null ? SyntaxFactory.ParseStatement("// Not reached with these types.\n;").WithTriviaFrom(node) : Visit(node.Else.Statement)!.WithTriviaFrom(node),
        null => base.VisitIfStatement(node),
    };

    public override SyntaxNode? VisitBlock(BlockSyntax node) =>
        node.WithStatements(SyntaxFactory.List(folding.Reached(node).Select(s => (StatementSyntax)Visit(s)!)));

    public override SyntaxNode? VisitExpressionStatement(ExpressionStatementSyntax node)
    {
        if (node.Expression is InvocationExpressionSyntax call && source.Symbol(call) is IMethodSymbol called)
        {
            if (Rules.Dropped.Contains(Source.Key(called))) return SyntaxFactory.EmptyStatement().WithTriviaFrom(node);
            if (Rules.Throwing.TryGetValue(called.Name, out string? error))
                return Statement($"throw await new ThrowStep(StepWorld.Current, {error}({string.Join(", ", call.ArgumentList.Arguments.Select(a => Text(a.Expression)))}));", node);
        }

        return Statement($"{Unwrapped(Text(node.Expression))};", node);
    }

    /// <summary>Without the parentheses around an await that is a statement of its own.</summary>
    public static string Unwrapped(string expression)
    {
        if (!expression.StartsWith("(await ", StringComparison.Ordinal)) return expression;
        int depth = 0;
        for (int i = 0; i < expression.Length; i++)
        {
            if (expression[i] == '(') depth++;
            else if (expression[i] == ')' && --depth == 0) return i == expression.Length - 1 ? expression[1..^1] : expression;
        }

        return expression;
    }

    public override SyntaxNode? VisitThrowStatement(ThrowStatementSyntax node) =>
        node.Expression is null ? node : Statement($"throw await new ThrowStep(StepWorld.Current, {Text(node.Expression)});", node);

    public override SyntaxNode? VisitThrowExpression(ThrowExpressionSyntax node) => Parse($"throw await new ThrowStep(StepWorld.Current, {Text(node.Expression)})", node);

    public override SyntaxNode? VisitReturnStatement(ReturnStatementSyntax node) =>
        node.Expression is null && stops ? Statement("return default;", node) : base.VisitReturnStatement(node);

    public override SyntaxNode? VisitLocalDeclarationStatement(LocalDeclarationStatementSyntax node)
    {
        if (node.Declaration.Variables.Any(v => _handedDown.Contains(source.Model(v).GetDeclaredSymbol(v)!)))
        {
            var local = node.Declaration.Variables.Single();
            string type = Types.Name(((ILocalSymbol)source.Model(local).GetDeclaredSymbol(local)!).Type);
            string value = local.Initializer is null ? $"default({type})!" : Text(local.Initializer.Value);
            return Statement($"var {local.Identifier} = StepWorld.Local<{type}>({value});", node);
        }

        // A reference to a key's first byte is how hashing takes a key; the steppers' hashing takes the key.
        if (node.Declaration.Variables is [{ Initializer.Value: RefExpressionSyntax { Expression: var referred } } alias] && AsKey(referred) is { } key)
        {
            _keys[source.Model(alias).GetDeclaredSymbol(alias)!] = key;
            return SyntaxFactory.EmptyStatement().WithTriviaFrom(node);
        }

        if (node.Declaration.Type.IsVar && node.Declaration.Variables[0].Initializer is { Value: var initial } && Source.IsBoxed(source.Type(initial)) && IsCopied(initial))
        {
            var type = source.Type(initial)!;
            string name = node.Declaration.Variables[0].Identifier.Text;
            if (!Source.IsShared(type) || !Members.CopyStops(type)) throw new StepperException(node, "a copy of a struct that is a class in the steppers.");
            return Statement($"var {name} = await {Types.Name(type)}.CopyOf({points.Add(method, name, "Read")}, {points.Add(method, name, "Write")}, {Text(initial)});", node);
        }

        return base.VisitLocalDeclarationStatement(node);
    }

    public override SyntaxNode? VisitTryStatement(TryStatementSyntax node)
    {
        string body = $"StepWorld.BeginTry();\ntry {{ try {Text(node.Block)} finally {{ StepWorld.EndTry(); }} }}\n";
        foreach (var clause in node.Catches)
        {
            string block = Text(clause.Block);
            if (clause.Filter is { } filter) block = $"{{ if (!({Text(filter.FilterExpression)})) throw;\n{block} }}";
            body += $"{clause.CatchKeyword} {clause.Declaration}\n{block}\n";
        }

        if (node.Finally is { } end) body += $"finally {Text(end.Block)}\n";
        return Statement(body, node);
    }

    public override SyntaxNode? VisitLockStatement(LockStatementSyntax node)
    {
        string name = Fresh("held");
        return Statement(
            $"{{ var {name} = {Text(node.Expression)};\nawait {name}.Enter({points.Add(method, "lock", "Write")}, {points.Add(method, "spin", "None")});\nStepWorld.BeginTry();\ntry {{ {Text(node.Statement)} }} finally {{ StepWorld.EndTry(); await {name}.Exit({points.Add(method, "lock", "Write")}); }} }}",
            node);
    }

    public override SyntaxNode? VisitLocalFunctionStatement(LocalFunctionStatementSyntax node)
    {
        var symbol = (IMethodSymbol)source.Model(node).GetDeclaredSymbol(node)!;
        bool inner = closure.Stops(symbol);
        var translator = new Translator(source, closure, folding, points, method, inner);
        return Statement(Members.Method(translator, symbol, node.ParameterList, node.Body, node.ExpressionBody, inner, node.Modifiers.Any(SyntaxKind.StaticKeyword) ? "static" : ""), node);
    }

    public override SyntaxNode? VisitArgument(ArgumentSyntax node)
    {
        if (node.Parent is TupleExpressionSyntax) return base.VisitArgument(node);
        if (AsKey(node.Expression) is { } key) return SyntaxFactory.Argument(SyntaxFactory.ParseExpression(Text(key))).WithTriviaFrom(node);
        var keyword = node.RefKindKeyword.Kind();
        bool isStepped = node.Parent?.Parent switch
        {
            InvocationExpressionSyntax call => source.Symbol(call) is IMethodSymbol callee && IsStepped(callee),
            _ => false,
        };
        string name = node.NameColon is { } colon ? $"{colon} " : "";
        if (keyword is SyntaxKind.None or SyntaxKind.InKeyword || (keyword is SyntaxKind.RefKeyword or SyntaxKind.InKeyword && Source.IsBoxed(source.Type(node.Expression))))
        {
            if (node.Expression is not InvocationExpressionSyntax && keyword == SyntaxKind.None && Source.IsBoxed(source.Type(node.Expression)) && IsCopied(node.Expression) && !IsReadonlyReference(node))
                throw new StepperException(node, "a copy of a struct that is a class in the steppers.");
            return SyntaxFactory.Argument(SyntaxFactory.ParseExpression($"{Text(node.Expression)}")).WithNameColon(node.NameColon).WithTriviaFrom(node);
        }

        if (!isStepped) return keyword == SyntaxKind.OutKeyword ? base.VisitArgument(node) : throw new StepperException(node, "a reference handed to code that is not translated.");
        if (node.Expression is DeclarationExpressionSyntax { Designation: SingleVariableDesignationSyntax designation })
            return SyntaxFactory.Argument(SyntaxFactory.ParseExpression(designation.Identifier.Text));
        if (node.Expression is IdentifierNameSyntax { Identifier.Text: "_" })
            return SyntaxFactory.Argument(SyntaxFactory.ParseExpression($"StepWorld.Local<{Types.Name(source.Type(node.Expression)!)}>(default!)"));
        return SyntaxFactory.Argument(SyntaxFactory.ParseExpression(name + PlaceText(node.Expression))).WithTriviaFrom(node);
    }

    public override SyntaxNode? VisitUnsafeStatement(UnsafeStatementSyntax node) => throw new StepperException(node, "unsafe code.");

    public override SyntaxNode? VisitFixedStatement(FixedStatementSyntax node) => throw new StepperException(node, "a pinned pointer.");

    public override SyntaxNode? VisitStackAllocArrayCreationExpression(StackAllocArrayCreationExpressionSyntax node) => throw new StepperException(node, "memory on the stack.");

    public override SyntaxNode? VisitParenthesizedLambdaExpression(ParenthesizedLambdaExpressionSyntax node) => throw new StepperException(node, "a lambda.");

    public override SyntaxNode? VisitSimpleLambdaExpression(SimpleLambdaExpressionSyntax node) => throw new StepperException(node, "a lambda.");

    public override SyntaxNode? VisitYieldStatement(YieldStatementSyntax node) => throw new StepperException(node, "an iterator.");

    public override SyntaxNode? VisitUsingStatement(UsingStatementSyntax node) => throw new StepperException(node, "a using statement.");

    // What ref Unsafe.As<TKey, byte>(ref x) refers to, also by the name of a local.
    private ExpressionSyntax? AsKey(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name when source.Symbol(name) is { } symbol => _keys.GetValueOrDefault(symbol),
        InvocationExpressionSyntax call when source.Model(call).GetSymbolInfo(call).Symbol is IMethodSymbol { Name: "As", ContainingType.Name: "Unsafe", TypeArguments: [_, { SpecialType: SpecialType.System_Byte }] } =>
            call.ArgumentList.Arguments[0].Expression,
        _ => null,
    };

    private static bool NeedsRead(SyntaxNode node) => node.Parent is not RefExpressionSyntax;

    private static SyntaxNode Parse(string text, SyntaxNode node)
    {
        var expression = SyntaxFactory.ParseExpression(text);
        return expression.ContainsDiagnostics ? throw new StepperException(node, $"its translation '{text}' is no expression.") : expression.WithTriviaFrom(node);
    }

    private static StatementSyntax Statement(string text, SyntaxNode node)
    {
        // One statement may become several; a block without braces does not exist, and braces would end the scope of what is declared.
        var statement = SyntaxFactory.ParseStatement($"{{ {text} }}");
        if (statement.ContainsDiagnostics || statement is not BlockSyntax block) throw new StepperException(node, $"its translation '{text}' is no statement.");
        return (block.Statements.Count == 1 ? block.Statements[0] : statement).WithTriviaFrom(node);
    }

    private bool IsStepped(IMethodSymbol called) => closure.Stops(called.OriginalDefinition);

    private bool IsSteppedProperty(IPropertySymbol property) =>
        Source.IsTranslated(property.ContainingType) && !Source.IsAuto(property) && property.GetMethod is { } get && closure.Stops(get);

    private bool IsReadonlyReference(ArgumentSyntax node) =>
        source.Symbol(node.Parent!.Parent!) is IMethodSymbol called
        && called.Parameters[((BaseArgumentListSyntax)node.Parent).Arguments.IndexOf(node)].RefKind is RefKind.In or RefKind.RefReadOnlyParameter;

    // Whether the value is that of a variable, which the source copies, and not one just made.
    private static bool IsCopied(ExpressionSyntax value) => value is IdentifierNameSyntax or MemberAccessExpressionSyntax or ThisExpressionSyntax or ElementAccessExpressionSyntax;

    private SyntaxNode Name(SimpleNameSyntax node)
    {
        var symbol = source.Symbol(node);
        if (symbol is null) return node;
        if (symbol is ITypeSymbol type && !node.IsVar)
        {
            var bound = source.Model(node).GetSymbolInfo(node).Symbol as ITypeSymbol ?? type;
            if (node.Parent is MemberAccessExpressionSyntax or ObjectCreationExpressionSyntax or TypeOfExpressionSyntax || Source.IsTranslated(type) || symbol is ITypeParameterSymbol || node is GenericNameSyntax || Rules.Twins.ContainsKey(Source.Key(type)))
                return SyntaxFactory.ParseTypeName(Types.Name(bound).TrimEnd('?')).WithTriviaFrom(node);
            return node;
        }

        string key = Source.Key(symbol);
        if (Rules.Replaced.TryGetValue(key, out string? text)) return Parse(text, node);
        if (symbol is IPropertySymbol property && IsSteppedProperty(property) && node.Parent is not (MemberAccessExpressionSyntax or MemberBindingExpressionSyntax or NameColonSyntax) | IsReceiver(node))
            return Parse($"(await Get_{property.Name}())", node);
        if (PlaceOf(node) is { } place) return ReadOf(place, node);
        return node;
    }

    private static bool IsReceiver(SyntaxNode node) => node.Parent is MemberAccessExpressionSyntax access && access.Expression == node;

    private Place? PlaceOf(ExpressionSyntax expression)
    {
        switch (expression)
        {
            case ParenthesizedExpressionSyntax inner:
                return PlaceOf(inner.Expression);
            case PostfixUnaryExpressionSyntax suppressed when suppressed.IsKind(SyntaxKind.SuppressNullableWarningExpression):
                return PlaceOf(suppressed.Operand);
            case IdentifierNameSyntax name:
                var symbol = source.Symbol(name);
                if (Source.IsCell(symbol)) return new Place(name.Identifier.Text, name.Identifier.Text, IsSlot: false);
                if (symbol is ILocalSymbol local && (_handedDown.Contains(local) || (local.RefKind != RefKind.None && !Source.IsBoxed(local.Type))))
                    return new Place(local.Name, local.Name, Source.IsSlot(local.Type));
                return symbol is IParameterSymbol { RefKind: RefKind.Ref or RefKind.Out } parameter && stops && !Source.IsBoxed(parameter.Type)
                    ? new Place(parameter.Name, parameter.Name, Source.IsSlot(parameter.Type))
                    : null;
            case MemberAccessExpressionSyntax access:
                var member = source.Symbol(access);
                if (Source.IsCell(member)) return new Place($"{Text(access.Expression)}.{access.Name}", access.Name.Identifier.Text, IsSlot: false);
                return member is IFieldSymbol { ContainingType.Name: "Slot" } && PlaceOf(access.Expression) is { IsSlot: true } slot
                    ? new Place($"{slot.Text}.{access.Name}", access.Name.Identifier.Text.ToLowerInvariant(), IsSlot: false)
                    : null;
            case ElementAccessExpressionSyntax element:
                var type = source.Type(element.Expression);
                if (type is not IArrayTypeSymbol && !Source.IsSpan(type)) return null;
                bool isSlot = Source.IsSlot(type is IArrayTypeSymbol array ? array.ElementType : ((INamedTypeSymbol)type!).TypeArguments[0]);
                return new Place($"{Text(element.Expression)}.Ref({Text(element.ArgumentList.Arguments[0].Expression)})", Subject(element.Expression), isSlot);
            case InvocationExpressionSyntax call when source.Symbol(call) is IMethodSymbol { Name: "Bucket", ContainingType.Name: "Card" }:
                return new Place($"{Text(call.ArgumentList.Arguments[0])}.Ref({Text(call.ArgumentList.Arguments[1])})", "cards", IsSlot: false);
            case InvocationExpressionSyntax call when source.Symbol(call) is IMethodSymbol { ReturnsByRef: true } called && called.ContainingType.Name != "Unsafe":
                string text = IsStepped(called) ? $"(await {Call(call, called)})" : Call(call, called);
                return new Place(text, called.Name, Source.IsSlot(called.ReturnType));
            default:
                return null;
        }
    }

    private string PlaceText(ExpressionSyntax expression)
    {
        if (expression is InvocationExpressionSyntax call && source.Symbol(call) is IMethodSymbol { ContainingType.Name: "Unsafe", Name: "NullRef" }) return "default(SlotRef)";
        return PlaceOf(expression)?.Text ?? throw new StepperException(expression, "a reference to something that is no location.");
    }

    private SyntaxNode ReadOf(Place place, SyntaxNode node)
    {
        if (place.IsSlot) return Parse($"(await {place.Text}.Read({points.Add(method, "key", "Read")}, {points.Add(method, "value", "Read")}))", node);
        return Parse($"(await {place.Text}.Read({points.Add(method, place.Subject, "Read")}))", node);
    }

    private string WriteOf(Place place, string value)
    {
        if (place.IsSlot) return $"(await {place.Text}.Write({points.Add(method, "key", "Write")}, {points.Add(method, "value", "Write")}, {value}))";
        return $"(await {place.Text}.Write({points.Add(method, place.Subject, "Write")}, {value}))";
    }

    private SyntaxNode? Step(ExpressionSyntax node, ExpressionSyntax operand, SyntaxToken op, bool isPostfix)
    {
        if (!op.IsKind(SyntaxKind.PlusPlusToken) && !op.IsKind(SyntaxKind.MinusMinusToken)) return null;
        if (PlaceOf(operand) is not { } place) return null;
        string sign = op.IsKind(SyntaxKind.PlusPlusToken) ? "+" : "-";
        string back = op.IsKind(SyntaxKind.PlusPlusToken) ? "-" : "+";
        string read = $"(await {place.Text}.Read({points.Add(method, place.Subject, "Read")}))";
        string type = Types.Name(source.Type(operand)!);
        string write = $"(await {place.Text}.Write({points.Add(method, place.Subject, "Write")}, ({type})({read} {sign} 1)))";
        return Parse(isPostfix && node.Parent is not ExpressionStatementSyntax ? $"({type})({write} {back} 1)" : write, node);
    }

    private string Receiver(InvocationExpressionSyntax node) => node.Expression switch
    {
        MemberAccessExpressionSyntax access => Text(access.Expression),
        MemberBindingExpressionSyntax => _receivers.Peek(),
        _ => throw new StepperException(node, "a call without a receiver."),
    };

    private string Call(InvocationExpressionSyntax node, IMethodSymbol called)
    {
        string receiver = node.Expression switch
        {
            // A bucket as a whole is taken card by card.
            MemberAccessExpressionSyntax when called.ContainingType.Name == "Card" => "SteppedCard.",
            MemberAccessExpressionSyntax access => $"{Text(access.Expression)}.",
            MemberBindingExpressionSyntax => $"{_receivers.Peek()}.",
            _ => "",
        };
        return $"{receiver}{called.Name}({string.Join(", ", node.ArgumentList.Arguments.Select(a => Text(a)))})";
    }

    private string Atomic(InvocationExpressionSyntax node, IMethodSymbol called)
    {
        var arguments = node.ArgumentList.Arguments;
        if (called.Name is "MemoryBarrier" or "MemoryBarrierProcessWide") return "default(None)";
        var place = PlaceOf(arguments[0].Expression) ?? throw new StepperException(node, "an atomic access to something that is no location.");
        string rest = string.Concat(arguments.Skip(1).Select(a => $", {Text(a.Expression)}"));
        string kind = called.Name == "Read" ? "Read" : "Write";
        if (called.Name is not ("Read" or "Write" or "CompareExchange" or "Exchange" or "And" or "Or")) throw new StepperException(node, $"the atomic operation {called.Name}.");
        string type = Types.Name(((IMethodSymbol)source.Model(node).GetSymbolInfo(node).Symbol!).Parameters[0].Type);
        string text = called.Name is "Read" or "Write" ? place.Text : $"((CellRef<{type}>){place.Text})";
        return $"(await {text}.{called.Name}({points.Add(method, place.Subject, kind)}{rest}))";
    }

    private string AssignBoxed(AssignmentExpressionSyntax node)
    {
        string left = Text(node.Left);
        if (node.Right is LiteralExpressionSyntax { RawKind: (int)SyntaxKind.DefaultLiteralExpression }) return $"{left}.SetDefault()";
        bool steps = Members.CopyStops(source.Type(node.Left)!);
        string right = Text(node.Right);
        return steps
            ? $"(await {left}.Assign({points.Add(method, Subject(node.Left), "Read")}, {points.Add(method, Subject(node.Left), "Write")}, {right}))"
            : $"{left}.Assign({right})";
    }

    private string Creation(BaseObjectCreationExpressionSyntax node)
    {
        string type = Types.Name(source.Type(node)!).TrimEnd('?');
        string arguments = node.ArgumentList is null ? "" : string.Join(", ", node.ArgumentList.Arguments.Select(a => Text(a)));
        string initializer = node.Initializer is null ? "" : $" {{ {string.Join(", ", node.Initializer.Expressions.Select(Text))} }}";
        return $"new {type}({arguments}){initializer}";
    }

    private SyntaxNode Initializer(AssignmentExpressionSyntax node)
    {
        string name = node.Left.ToString();
        if (Source.IsCell(source.Symbol(node.Left))) return Parse($"{name} = {Text(node.Right)}", node) is AssignmentExpressionSyntax plain
            ? plain.WithRight((ExpressionSyntax)SyntaxFactory.InitializerExpression(SyntaxKind.ObjectInitializerExpression, SyntaxFactory.SingletonSeparatedList<ExpressionSyntax>(SyntaxFactory.AssignmentExpression(SyntaxKind.SimpleAssignmentExpression, SyntaxFactory.IdentifierName("Value"), plain.Right))))
            : throw new StepperException(node, "an initializer.");
        string value = Text(node.Right);
        if (Source.IsBoxed(source.Type(node.Right)) && IsCopied(node.Right))
        {
            value = Members.CopyStops(source.Type(node.Right)!) ? $"await {value}.Copy({points.Add(method, Subject(node.Right), "Read")})" : $"{value}.Copy()";
        }

        return Parse($"{name} = {value}", node);
    }

    private string Subject(ExpressionSyntax expression) => expression switch
    {
        IdentifierNameSyntax name => name.Identifier.Text,
        MemberAccessExpressionSyntax access when source.Symbol(access) is IMethodSymbol => Subject(access.Expression),
        MemberAccessExpressionSyntax access => access.Name.Identifier.Text.ToLowerInvariant(),
        MemberBindingExpressionSyntax binding => binding.Name.Identifier.Text.ToLowerInvariant(),
        InvocationExpressionSyntax call => Subject(call.Expression),
        PostfixUnaryExpressionSyntax postfix => Subject(postfix.Operand),
        ConditionalAccessExpressionSyntax conditional => Subject(conditional.Expression),
        _ => "memory",
    };

    private static void CheckKnown(ISymbol symbol, SyntaxNode node)
    {
        var owner = symbol.ContainingType;
        if (symbol.IsStatic || owner is null || owner.ContainingNamespace?.ToString() != "GuardedMaps" || owner.TypeKind == TypeKind.Enum) return;
        if (Source.IsTranslated(owner) || Rules.Twins.ContainsKey(Source.Key(owner.OriginalDefinition)) || Rules.Known.Contains(owner.Name) || owner.TypeKind == TypeKind.Interface) return;
        throw new StepperException(node, $"it uses {owner.Name}, of which the rules do not say whether actors share it.");
    }
}
