using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

// A script block in, the same script block with yield points out: at each of them the lab may let another actor go on.
//
// It is the syntax tree that is rewritten, and every node of the new one has the place of an old one. So errors name the line, the column and the text that
// the user wrote, and nobody sees that a statement has grown.
//
// A point stands directly before each access to something that may be shared, behind everything that is computed for it:
//
//     $list.Add($list.Count)     ->   read Count | add            (with the point before the target, the count would be as new as the addition)
//     $h['n']++                  ->   read n | write n            (it is two accesses, and what lies between them is the whole matter)
//     foreach ($e in $list)      ->   step | step | step ...
//
// How: PowerShell evaluates target, index and arguments in this order, and then makes the access. So the point is a call around the last of them, which hands
// it on: $h[Go('n')], $list.Add(Go($list.Count)), Touch($o).Name. An assignment evaluates its right side first, and then the target and the index: the point
// is around whichever is last. What PowerShell does in one go ($h['n']++, $h['n'] += 2) is taken apart into a read and a write, over variables of its own
// where target or index are more than a name.
//
// What cannot be shared gets no point: local variables, literals, members of strings and numbers (that is known when the script runs), a static member that
// never changes. A command that is not a script (Set-Content, Invoke-MapIteration) is one step; those that only handle what goes through the pipeline are none.

/// <summary>Puts yield points into the syntax tree of a script.</summary>
internal sealed class YieldRewriter
{
    private const int LongestText = 60;

    // Their static functions compute with their arguments and nothing else.
    private static readonly HashSet<Type> s_pure =
    [
        typeof(Math), typeof(MathF), typeof(Convert), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(Guid), typeof(Path), typeof(char), typeof(bool), typeof(byte), typeof(sbyte), typeof(short),
        typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double), typeof(decimal), typeof(BitConverter), typeof(Version), typeof(StringComparer), typeof(Environment),
    ];

    // Variables that are each runspace's own.
    private static readonly HashSet<string> s_own = new(StringComparer.OrdinalIgnoreCase)
    {
        "args", "Matches", "PSBoundParameters", "MyInvocation", "Host", "PSCmdlet", "ExecutionContext", "PSVersionTable", "PSStyle", "foreach", "switch", "input", "Error", "StackTrace", "null", "true", "false",
    };

    private static readonly HashSet<string> s_waits = new(StringComparer.OrdinalIgnoreCase)
    {
        "Wait", "WaitOne", "Enter", "TryEnter", "EnterScope", "Exit", "EnterReadLock", "EnterWriteLock", "EnterUpgradeableReadLock", "TryEnterReadLock", "TryEnterWriteLock", "TryEnterUpgradeableReadLock",
        "ExitReadLock", "ExitWriteLock", "ExitUpgradeableReadLock", "Release", "ReleaseMutex", "Set", "Signal", "Join",
    };

    // Methods that change what they are called on.
    private static readonly HashSet<string> s_writes = new(StringComparer.OrdinalIgnoreCase)
    {
        "Add", "AddRange", "Insert", "InsertRange", "Remove", "RemoveAt", "RemoveRange", "RemoveAll", "Clear", "Enqueue", "Dequeue", "Push", "Pop", "Sort", "Reverse", "SetByIndex", "TrimToSize", "TryAdd", "TryRemove", "TryUpdate",
        "AddOrUpdate", "GetOrAdd", "Increment", "Append", "CompareAndSwap",
    };

    private static readonly HashSet<TokenKind> s_leftCollections =
    [
        TokenKind.Icontains, TokenKind.Ccontains, TokenKind.Inotcontains, TokenKind.Cnotcontains, TokenKind.Join,
    ];

    private static readonly HashSet<TokenKind> s_rightCollections = [TokenKind.Iin, TokenKind.Cin, TokenKind.Inotin, TokenKind.Cnotin];

    private readonly CommandUses _commands;
    private readonly int _begin;
    private int _variables;

    // Where a point is, is told from where its program begins: what stands in the file before that is nothing to the program, and braces are not around each.
    private YieldRewriter(Ast program, CommandUses commands)
    {
        _commands = commands;
        Ast? first = program.Find(a => a != program && a is ParamBlockAst or StatementAst, false);
        _begin = (first ?? program).Extent.StartOffset;
    }

    /// <summary>How many places of the tree have a point.</summary>
    public int Places { get; private set; }

    /// <summary>Rewrites a block.</summary>
    /// <param name="block">A block, or the body of a function.</param>
    /// <param name="commands">What the commands in it are.</param>
    /// <param name="places">How many places got a point.</param>
    /// <exception cref="NotCoveredException">It has something in it that cannot be explored.</exception>
    public static ScriptBlockAst Rewrite(ScriptBlockAst block, CommandUses commands, out int places)
    {
        var rewriter = new YieldRewriter(block, commands);
        ScriptBlockAst rewritten = rewriter.Root(block);
        places = rewriter.Places;
        return rewritten;
    }

    /// <summary>A script that defines a function, rewritten.</summary>
    /// <param name="name">Under which name.</param>
    /// <param name="function">Its definition, or the block it was made from.</param>
    /// <param name="commands">What the commands in it are.</param>
    public static ScriptBlockAst Definition(string name, Ast function, CommandUses commands)
    {
        var rewriter = new YieldRewriter(function, commands);
        return Definition(name, function, b => rewriter.Block(b), rewriter.Parameter);
    }

    /// <summary>A script that defines a function as it is.</summary>
    public static ScriptBlockAst Definition(string name, Ast function) => Definition(name, function, Tree.Copy, Tree.Copy);

    private static ScriptBlockAst Definition(string name, Ast function, Func<ScriptBlockAst, ScriptBlockAst> body, Func<ParameterAst, ParameterAst> parameter)
    {
        IScriptExtent at = function.Extent;
        FunctionDefinitionAst definition = function is FunctionDefinitionAst f
            ? new FunctionDefinitionAst(at, f.IsFilter, f.IsWorkflow, name, f.Parameters?.Select(parameter).ToList(), body(f.Body))
            : new FunctionDefinitionAst(at, false, false, name, null, body((ScriptBlockAst)function));
        return new ScriptBlockAst(at, Usings(function), null, new StatementBlockAst(at, [definition], null), false, false);
    }

    // Names of types are looked up with the namespaces of the file around.
    private ScriptBlockAst Root(ScriptBlockAst block) => Block(block, Usings(block));

    private static List<UsingStatementAst> Usings(Ast node)
    {
        while (node.Parent is not null) node = node.Parent;
        return node is ScriptBlockAst file ? [.. file.UsingStatements.Where(u => u.UsingStatementKind == UsingStatementKind.Namespace).Select(Tree.Namespace)] : [];
    }

    private ScriptBlockAst Block(ScriptBlockAst block, IEnumerable<UsingStatementAst>? usings = null) => Tree.Block(block, usings ?? [], Parameters(block.ParamBlock), Named);

    private ParamBlockAst? Parameters(ParamBlockAst? block) => block is null ? null : new ParamBlockAst(block.Extent, Tree.All(block.Attributes), block.Parameters.Select(Parameter).ToList());

    private ParameterAst Parameter(ParameterAst p) => new(p.Extent, Tree.Copy(p.Name), Tree.All(p.Attributes), p.DefaultValue is null ? null : Expression(p.DefaultValue));

    // An unnamed block begins where the script does, at its param; so it is not found by its place, and must be made from the parts it has.
    private NamedBlockAst? Named(NamedBlockAst? block) =>
        block is null ? null : new NamedBlockAst(block.Extent, block.BlockKind, new StatementBlockAst(block.Extent, Statements(block.Statements), Traps(block.Traps)), block.Unnamed);

    private StatementBlockAst Body(StatementBlockAst block) => new(block.Extent, Statements(block.Statements), Traps(block.Traps));

    // A stop that comes while PowerShell is in a finally is lost, and a loop around it would go on for ever; so it is asked for again at the end.
    private StatementBlockAst Finally(StatementBlockAst block)
    {
        List<StatementAst> statements = Statements(block.Statements);
        statements.Add(Tree.Silent(Call(nameof(ScriptPoint.Alive), block.Extent)));
        return new StatementBlockAst(block.Extent, statements, Traps(block.Traps));
    }

    private StatementBlockAst? BodyOf(StatementBlockAst? block) => block is null ? null : Body(block);

    private List<TrapStatementAst>? Traps(IEnumerable<TrapStatementAst>? traps) => traps?.Select(t => new TrapStatementAst(t.Extent, Tree.CopyOf(t.TrapType), Body(t.Body))).ToList();

    private List<StatementAst> Statements(IEnumerable<StatementAst> statements)
    {
        var rewritten = new List<StatementAst>();
        foreach (StatementAst statement in statements)
        {
            if (StepOf(statement) is { } step) rewritten.Add(Tree.Silent(Call(nameof(ScriptPoint.Pass), step.Extent, Site(step))));
            rewritten.Add(Statement(statement, isAlone: true));
        }

        return rewritten;
    }

    // ---- statements ----
    private StatementAst Statement(StatementAst s, bool isAlone = false) => s switch
    {
        PipelineBaseAst pipeline => Pipeline(pipeline, isAlone),
        CommandExpressionAst e => new CommandExpressionAst(e.Extent, Expression(e.Expression), Tree.All(e.Redirections)),
        IfStatementAst i => new IfStatementAst(i.Extent, i.Clauses.Select(c => Tuple.Create(Condition(c.Item1), Body(c.Item2))).ToList(), BodyOf(i.ElseClause)),
        ForEachStatementAst f => ForEach(f),
        ForStatementAst f => new ForStatementAst(f.Extent, f.Label, Optional(f.Initializer), f.Condition is null ? null : Condition(f.Condition), Optional(f.Iterator), Body(f.Body)),
        DoWhileStatementAst d => new DoWhileStatementAst(d.Extent, d.Label, Condition(d.Condition), Body(d.Body)),
        DoUntilStatementAst d => new DoUntilStatementAst(d.Extent, d.Label, Condition(d.Condition), Body(d.Body)),
        WhileStatementAst w => new WhileStatementAst(w.Extent, w.Label, Condition(w.Condition), Body(w.Body)),
        SwitchStatementAst w => Switch(w),
        TryStatementAst t => new TryStatementAst(t.Extent, Body(t.Body), t.CatchClauses.Select(c => new CatchClauseAst(c.Extent, Tree.All(c.CatchTypes), Body(c.Body))).ToList(), t.Finally is null ? null : Finally(t.Finally)),
        ReturnStatementAst r => new ReturnStatementAst(r.Extent, Optional(r.Pipeline)),
        ThrowStatementAst t => new ThrowStatementAst(t.Extent, Optional(t.Pipeline)),
        BreakStatementAst b => new BreakStatementAst(b.Extent, Tree.CopyOf(b.Label)),
        ContinueStatementAst c => new ContinueStatementAst(c.Extent, Tree.CopyOf(c.Label)),
        FunctionDefinitionAst f => new FunctionDefinitionAst(f.Extent, f.IsFilter, f.IsWorkflow, f.Name, f.Parameters?.Select(Parameter).ToList(), Block(f.Body)),
        TrapStatementAst t => new TrapStatementAst(t.Extent, Tree.CopyOf(t.TrapType), Body(t.Body)),
        DataStatementAst d => Tree.Copy(d),
        TypeDefinitionAst { IsEnum: true } e => Tree.Copy(e),
        ExitStatementAst => throw new NotCoveredException(s, "exit would end the race, and not only the actor", "Write return."),
        TypeDefinitionAst => throw new NotCoveredException(s, "the methods of a class run without yield points, and no order of their steps would be tried", "Write functions instead of methods."),
        BlockStatementAst => throw new NotCoveredException(s, "workflows have threads of their own", "Give each thread as an actor."),
        _ => throw new NotCoveredException(s, $"nothing is known of the order of steps in this ({s.GetType().Name})", "Write it in another way."),
    };

    private PipelineBaseAst? Optional(PipelineBaseAst? pipeline) => pipeline is null ? null : Pipeline(pipeline);

    private PipelineBaseAst Pipeline(PipelineBaseAst pipeline, bool isAlone = false)
    {
        if (Tree.IsInBackground(pipeline)) throw new NotCoveredException(pipeline, "a job runs in a process of its own", "Give what it does as an actor.");
        if (Tree.IsChain(pipeline)) return Tree.Rebuilt(pipeline, part => part is PipelineBaseAst p ? Pipeline(p) : Tree.Copy(part));
        if (pipeline is AssignmentStatementAst assignment) return Assignment(assignment);
        if (pipeline is not PipelineAst { PipelineElements: var elements }) throw new NotCoveredException(pipeline, $"nothing is known of the order of steps in this ({pipeline.GetType().Name})", "Write it in another way.");
        // What is counted up and not used afterwards is a statement, and writes nothing to the output.
        if (isAlone && Tree.PureExpression(pipeline) is UnaryExpressionAst unary && StepTarget(unary) is { } target) return Counted(unary, target, keepsOld: false, out _);
        var rewritten = new List<CommandBaseAst>();
        foreach (CommandBaseAst element in elements)
        {
            rewritten.Add(element switch
            {
                CommandExpressionAst e when rewritten.Count == 0 && elements.Count > 1 && IsCollection(e.Expression) => new CommandExpressionAst(e.Extent, Each(e.Expression), Tree.All(e.Redirections)),
                CommandExpressionAst e => new CommandExpressionAst(e.Extent, Expression(e.Expression), Tree.All(e.Redirections)),
                CommandAst c => Command(c),
                _ => throw new NotCoveredException(element, "this is no command of PowerShell's", "Leave it out of the actors."),
            });
        }

        return new PipelineAst(pipeline.Extent, rewritten);
    }

    private CommandAst Command(CommandAst command)
    {
        CommandUse use = UseOf(command);
        bool reads = use == CommandUse.None;
        return new CommandAst(command.Extent, command.CommandElements.Select((e, i) => i == 0 ? Name(e) : Argument(e)).ToList(), command.InvocationOperator, Tree.All(command.Redirections));

        CommandElementAst Name(CommandElementAst element) => element is ExpressionAst e ? Expression(e) : Tree.Copy(element);

        CommandElementAst Argument(CommandElementAst element) => element switch
        {
            CommandParameterAst p => new CommandParameterAst(p.Extent, p.ParameterName, p.Argument is null ? null : ArgumentValue(p.Argument), p.ErrorPosition),
            ExpressionAst e => ArgumentValue(e),
            _ => Tree.Copy(element),
        };

        // -InputObject $list: a cmdlet that handles values reads all of a collection.
        ExpressionAst ArgumentValue(ExpressionAst value) => reads && value is VariableExpressionAst { Splatted: false } v && IsReal(v) ? Tree.Paren(Tree.Pipeline(Whole(v))) : Expression(value);
    }

    private PipelineBaseAst Condition(PipelineBaseAst condition)
    {
        PipelineBaseAst rewritten = Pipeline(condition);
        if (StepOf(condition) is not { } step) return rewritten;
        IScriptExtent at = condition.Extent;
        return Tree.Pipeline(new BinaryExpressionAst(at, Call(nameof(ScriptPoint.Pass), step.Extent, Site(step)), TokenKind.And, Tree.Paren(rewritten), at));
    }

    private ForEachStatementAst ForEach(ForEachStatementAst f)
    {
        if (f.Flags.HasFlag(ForEachFlags.Parallel)) throw new NotCoveredException(f, "it has threads of its own", "Give each thread as an actor.");
        PipelineBaseAst over = Tree.PureExpression(f.Condition) is { } all && IsCollection(all) ? Tree.Pipeline(Each(all)) : Pipeline(f.Condition);
        return new ForEachStatementAst(f.Extent, f.Label, f.Flags, Tree.CopyOf(f.ThrottleLimit), Tree.Copy(f.Variable), over, Body(f.Body));
    }

    private SwitchStatementAst Switch(SwitchStatementAst s)
    {
        if (s.Flags.HasFlag(SwitchFlags.Parallel)) throw new NotCoveredException(s, "it has threads of its own", "Give each thread as an actor.");
        bool isFile = s.Flags.HasFlag(SwitchFlags.File);
        PipelineBaseAst over = !isFile && Tree.PureExpression(s.Condition) is { } all && IsCollection(all) ? Tree.Pipeline(Each(all)) : Pipeline(s.Condition);
        return new SwitchStatementAst(s.Extent, s.Label, over, s.Flags, s.Clauses.Select(c => Tuple.Create(Expression(c.Item1), Body(c.Item2))).ToList(), BodyOf(s.Default));
    }

    // ---- expressions ----
    private ExpressionAst Expression(ExpressionAst e)
    {
        switch (e)
        {
            case ExpandableStringExpressionAst text:
                return !text.NestedExpressions.Any(NeedsWork) ? Tree.Copy(text)
                    : Tree.Expandable(text, Expression) ?? throw new NotCoveredException(text, "this PowerShell does not show what the string is made of", "Put the string together with +, or with -f.");
            case TypeExpressionAst t when IsClass(t.TypeName.GetReflectionType()): throw new NotCoveredException(e, "the methods of a class run without yield points, and no order of their steps would be tried", "Write functions instead of methods.");
            case ConstantExpressionAst or VariableExpressionAst or TypeExpressionAst: return Tree.Copy(e);
            case ParenExpressionAst p: return new ParenExpressionAst(p.Extent, Pipeline(p.Pipeline));
            case SubExpressionAst s: return new SubExpressionAst(s.Extent, Body(s.SubExpression));
            case ArrayExpressionAst a: return new ArrayExpressionAst(a.Extent, Body(a.SubExpression));
            case ArrayLiteralAst a: return new ArrayLiteralAst(a.Extent, a.Elements.Select(Expression).ToList());
            case HashtableAst h: return new HashtableAst(h.Extent, h.KeyValuePairs.Select(p => Tuple.Create(Expression(p.Item1), Statement(p.Item2))).ToList());
            case ScriptBlockExpressionAst b: return new ScriptBlockExpressionAst(b.Extent, Block(b.ScriptBlock));
            case BinaryExpressionAst b: return new BinaryExpressionAst(b.Extent, Operand(b.Left, s_leftCollections.Contains(b.Operator)), b.Operator, Operand(b.Right, s_rightCollections.Contains(b.Operator)), b.ErrorPosition);
            case UnaryExpressionAst u when StepTarget(u) is { } target: return CountedValue(u, target);
            case UnaryExpressionAst { TokenKind: TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus } u: return Tree.Copy(u);
            case UnaryExpressionAst u: return new UnaryExpressionAst(u.Extent, u.TokenKind, Operand(u.Child, u.TokenKind == TokenKind.Join));
            case ConvertExpressionAst c: return new ConvertExpressionAst(c.Extent, Tree.Copy(c.Type), IsReference(c) && c.Child is VariableExpressionAst ? Tree.Copy(c.Child) : Expression(c.Child));
            case AttributedExpressionAst a: return new AttributedExpressionAst(a.Extent, Tree.Copy(a.Attribute), Expression(a.Child));
            case InvokeMemberExpressionAst m: return Invoke(m);
            case MemberExpressionAst m: return Member(m);
            case IndexExpressionAst i: return Index(i);
            case UsingExpressionAst: throw new NotCoveredException(e, "actors see your variables as they are", "Leave the $using: out.");
            case var _ when Tree.IsTernary(e): return Tree.Rebuilt(e, part => Expression((ExpressionAst)part));
            default: throw new NotCoveredException(e, $"nothing is known of the order of steps in this ({e.GetType().Name})", "Write it in another way.");
        }
    }

    private ExpressionAst Operand(ExpressionAst e, bool isCollection) => isCollection && e is VariableExpressionAst v && IsReal(v) ? Whole(v) : Expression(e);

    private ExpressionAst Index(IndexExpressionAst i) => IsOwn(i.Target)
        ? Tree.Index(i, Expression(i.Target), Expression(i.Index))
        : Saw(i.Extent, Tree.Index(i, Expression(i.Target), Behind(i, i.Index, i.Target)));

    private ExpressionAst Member(MemberExpressionAst m)
    {
        CommandElementAst name = MemberName(m);
        if (m.Static) return IsFixed(m) ? Tree.Member(m, Tree.Copy(m.Expression), name) : Saw(m.Extent, Call(nameof(ScriptPoint.Pass), m.Extent, Site(m, null, AccessKind.Read)), Tree.Member(m, Tree.Copy(m.Expression), name));
        return IsOwn(m.Expression) ? Tree.Member(m, Expression(m.Expression), name) : Saw(m.Extent, Tree.Member(m, Touch(m, m.Expression), name));
    }

    private CommandElementAst MemberName(MemberExpressionAst m) => m.Member is ExpressionAst e ? Expression(e) : Tree.Copy(m.Member);

    private ExpressionAst Invoke(InvokeMemberExpressionAst m)
    {
        string name = (m.Member as StringConstantExpressionAst)?.Value ?? "";
        List<ExpressionAst> arguments = [.. m.Arguments ?? Enumerable.Empty<ExpressionAst>()];
        if (m.Static) return StaticCall(m, name, arguments);
        if (IsOwn(m.Expression)) return Tree.Invoke(m, Expression(m.Expression), MemberName(m), Expressions(arguments));
        if (s_waits.Contains(name))
        {
            ExpressionAst gate = Call(nameof(ScriptPoint.Gate), m.Expression.Extent, Site(m, m.Expression), Text(m, name), Array(m.Extent, Expression(m.Expression)), Array(m.Extent, [.. arguments.Select(Passed)]));
            return Saw(m.Extent, Tree.Invoke(m, gate, MemberName(m), [.. arguments.Select((a, i) => FromGate(a, i))]));
        }

        int last = arguments.FindLastIndex(a => !IsTrivial(a));
        if (last < 0) return Saw(m.Extent, Tree.Invoke(m, Touch(m, m.Expression), MemberName(m), Expressions(arguments)));
        ExpressionAst target = IsTrivial(m.Expression) ? Expression(m.Expression) : Call(nameof(ScriptPoint.Target), m.Expression.Extent, Array(m.Expression.Extent, Expression(m.Expression)));
        return Saw(m.Extent, Tree.Invoke(m, target, MemberName(m), [.. arguments.Select((a, i) => i == last ? Argument(m, a, m.Expression) : Expression(a))]));
    }

    private ExpressionAst StaticCall(InvokeMemberExpressionAst m, string name, List<ExpressionAst> arguments)
    {
        Type? type = (m.Expression as TypeExpressionAst)?.TypeName.GetReflectionType();
        ExpressionAst target = Expression(m.Expression);
        if (type == typeof(Thread) && Is("Start", "Join")) throw new NotCoveredException(m, "it has a thread of its own", "Give what it does as an actor.");
        if ((type == typeof(Task) && Is("Run", "Delay", "WhenAll", "WhenAny")) || type == typeof(Parallel) || (type == typeof(ThreadPool) && Is("QueueUserWorkItem", "UnsafeQueueUserWorkItem")))
            throw new NotCoveredException(m, "it runs on threads of its own", "Give what it does as an actor.");
        if (type == typeof(Monitor) && Is("Wait", "Pulse", "PulseAll") && arguments.Count > 0)
        {
            ExpressionAst gate = Call(nameof(ScriptPoint.GateOf), arguments[0].Extent, Site(m, arguments[0]), Text(m, "none"), Array(m.Extent, Expression(arguments[0])));
            return Saw(m.Extent, Tree.Invoke(m, new TypeExpressionAst(m.Expression.Extent, new ReflectionTypeName(typeof(ScriptMonitor))), MemberName(m), [gate, .. Expressions(arguments.Skip(1))]));
        }

        bool isGate = (type == typeof(Monitor) && Is("Enter", "TryEnter", "Exit")) || (type == typeof(WaitHandle) && Is("WaitAny", "WaitAll", "SignalAndWait")) || (type == typeof(Task) && Is("WaitAny", "WaitAll")) || (type == typeof(Thread) && Is("Sleep"));
        if (isGate && arguments.Count > 0)
        {
            ExpressionAst gate = Call(nameof(ScriptPoint.GateOf), arguments[0].Extent, Site(m, arguments[0]), Text(m, name), Array(m.Extent, [.. arguments.Select(Passed)]));
            return Saw(m.Extent, Tree.Invoke(m, target, MemberName(m), [gate, .. arguments.Skip(1).Select((a, i) => FromGate(a, i + 1))]));
        }

        int last = arguments.FindLastIndex(a => !IsReference(a));
        bool isLocal = type is not null && (s_pure.Contains(type) || (Is("new") && type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true && arguments.TrueForAll(IsConstant)));
        if (isLocal) return Tree.Invoke(m, target, MemberName(m), Expressions(arguments));
        if (last < 0) return Saw(m.Extent, Call(nameof(ScriptPoint.Pass), m.Extent, Site(m)), Tree.Invoke(m, target, MemberName(m), Expressions(arguments)));
        return Saw(m.Extent, Tree.Invoke(m, target, MemberName(m), [.. arguments.Select((a, i) => i == last ? Argument(m, a, target: null) : Expression(a))]));

        bool Is(params string[] names) => names.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    private List<ExpressionAst> Expressions(IEnumerable<ExpressionAst> expressions) => [.. expressions.Select(Expression)];

    // An argument of a gate is evaluated before it, once. A reference stays where it is, and a type constraint too: it chooses the overload.
    private ExpressionAst Passed(ExpressionAst a) => a switch
    {
        ConvertExpressionAst c when IsReference(c) => new VariableExpressionAst(a.Extent, "null", false),
        ConvertExpressionAst c => Expression(c.Child),
        _ => Expression(a),
    };

    private ExpressionAst FromGate(ExpressionAst a, int index)
    {
        if (a is ConvertExpressionAst c && IsReference(c)) return Expression(a);
        ExpressionAst value = Call(nameof(ScriptPoint.Arg), a.Extent, new ConstantExpressionAst(a.Extent, index));
        return a is ConvertExpressionAst cast ? new ConvertExpressionAst(cast.Extent, Tree.Copy(cast.Type), value) : value;
    }

    // The last argument with a point behind it.
    private ExpressionAst Argument(Ast access, ExpressionAst a, ExpressionAst? target) => a is ConvertExpressionAst c
        ? new ConvertExpressionAst(c.Extent, Tree.Copy(c.Type), Behind(access, c.Child, target))
        : Behind(access, a, target);

    // ---- assignments ----
    private AssignmentStatementAst Assignment(AssignmentStatementAst a)
    {
        if (a.Operator != TokenKind.Equals && Bare(a.Left) is MemberExpressionAst or IndexExpressionAst) return Changed(a);
        ExpressionAst left = Bare(a.Left);
        if (a.Operator == TokenKind.Equals && left is MemberExpressionAst or IndexExpressionAst && Tree.PureExpression(a.Right) is { } value && IsSimple(left))
            return new AssignmentStatementAst(a.Extent, Tree.Copy(a.Left), TokenKind.Equals, Tree.Value(Put(left, Expression(value))), a.ErrorPosition);
        return new AssignmentStatementAst(a.Extent, Written(a.Left), a.Operator, Statement(a.Right), a.ErrorPosition);
    }

    // What is written to: the point is behind its last part.
    private ExpressionAst Written(ExpressionAst left) => left switch
    {
        ArrayLiteralAst a => new ArrayLiteralAst(a.Extent, a.Elements.Select(Written).ToList()),
        ConvertExpressionAst c => new ConvertExpressionAst(c.Extent, Tree.Copy(c.Type), Written(c.Child)),
        AttributedExpressionAst a => new AttributedExpressionAst(a.Extent, Tree.Copy(a.Attribute), Written(a.Child)),
        ParenExpressionAst p when Tree.PureExpression(p.Pipeline) is { } inner => new ParenExpressionAst(p.Extent, Tree.Pipeline(Written(inner))),
        IndexExpressionAst i => Tree.Index(i, Expression(i.Target), IsOwn(i.Target) ? Expression(i.Index) : Behind(i, i.Index, i.Target)),
        MemberExpressionAst { Static: false } m => Tree.Member(m, IsOwn(m.Expression) ? Expression(m.Expression) : Touch(m, m.Expression), MemberName(m)),
        _ => Tree.Copy(left),
    };

    // $h['n'] += 2: what is read, and a point, and what is written.
    private AssignmentStatementAst Changed(AssignmentStatementAst a)
    {
        ExpressionAst left = Bare(a.Left);
        var (held, access) = Held(left);
        ExpressionAst right = Tree.PureExpression(a.Right) is { } pure ? Expression(pure) : a.Right is PipelineBaseAst pipeline
            ? Tree.Paren(Pipeline(pipeline))
            : new SubExpressionAst(a.Right.Extent, new StatementBlockAst(a.Right.Extent, [Statement(a.Right)], null));
        var changed = new BinaryExpressionAst(a.Extent, Read(left, access()), OperatorOf(a), right, a.ErrorPosition);
        return Behind(held, new AssignmentStatementAst(a.Extent, Constrained(a.Left, access()), TokenKind.Equals, Tree.Value(Put(left, changed)), a.ErrorPosition));
    }

    // $h['n']++: read into a variable, which is counted up as PowerShell does it, errors and all; a point; written.
    private AssignmentStatementAst Counted(UnaryExpressionAst u, ExpressionAst target, bool keepsOld, out string old)
    {
        IScriptExtent at = u.Extent;
        var (held, access) = Held(target);
        string value = NewVariable();
        old = NewVariable();
        var counted = new UnaryExpressionAst(at, u.TokenKind, Variable(at, value));
        ExpressionAst put = Put(target, Assign(at, value, Read(target, access())), keepsOld ? Assign(at, old, counted) : Tree.Paren(Tree.Pipeline(counted)), Variable(at, value));
        return Behind(held, new AssignmentStatementAst(at, access(), TokenKind.Equals, Tree.Value(put), at));
    }

    // What is held comes first, in the same statement: an error in it must end all of it.
    private static AssignmentStatementAst Behind(List<ExpressionAst> held, AssignmentStatementAst write)
    {
        if (held.Count == 0) return write;
        IScriptExtent at = write.Extent;
        ExpressionAst all = Tree.Element(at, Tree.Paren(Tree.Pipeline(new ArrayLiteralAst(at, [.. held, Tree.Paren(write)]))), -1);
        return new AssignmentStatementAst(at, Variable(at, "null"), TokenKind.Equals, Tree.Value(all), write.ErrorPosition);
    }

    private ExpressionAst CountedValue(UnaryExpressionAst u, ExpressionAst target)
    {
        bool isPostfix = u.TokenKind is TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus;
        AssignmentStatementAst write = Counted(u, target, isPostfix, out string old);
        if (!isPostfix) return Tree.Paren(write);
        return Tree.Element(u.Extent, Tree.Paren(Tree.Pipeline(new ArrayLiteralAst(u.Extent, [Tree.Paren(write), Variable(u.Extent, old)]))), -1);
    }

    // Target and index are evaluated once, and used twice. Where they are more than a name each is kept in an array of one, so that a struct is not copied.
    private (List<ExpressionAst> Before, Func<ExpressionAst> Access) Held(ExpressionAst left)
    {
        IScriptExtent at = left.Extent;
        var before = new List<ExpressionAst>();
        if (left is MemberExpressionAst { Static: true } s) return (before, () => Tree.Member(s, Tree.Copy(s.Expression), Tree.Copy(s.Member)));
        ExpressionAst of = left is IndexExpressionAst index ? index.Target : ((MemberExpressionAst)left).Expression;
        Func<ExpressionAst> target = Keep(of);
        Func<ExpressionAst> second = left is IndexExpressionAst i ? Keep(i.Index) : ((MemberExpressionAst)left).Member is ExpressionAst name ? Keep(name) : () => throw new InvalidOperationException("A member has a name.");
        return (before, () => left is IndexExpressionAst one ? Tree.Index(one, target(), second()) : Tree.Member((MemberExpressionAst)left, target(), second()));

        Func<ExpressionAst> Keep(ExpressionAst part)
        {
            if (IsTrivial(part)) return () => Tree.Copy(part);
            string kept = NewVariable();
            before.Add(Assign(at, kept, Array(at, Expression(part))));
            return () => Tree.Element(part.Extent, Variable(part.Extent, kept), 0);
        }
    }

    // A read of an access whose parts are evaluated already.
    private ExpressionAst Read(ExpressionAst like, ExpressionAst access)
    {
        ExpressionAst site = Site(like, null, AccessKind.Read);
        return access switch
        {
            MemberExpressionAst { Static: true } s => Saw(s.Extent, Call(nameof(ScriptPoint.Pass), like.Extent, site), s),
            IndexExpressionAst i => Saw(i.Extent, Tree.Index(i, Tree.Copy(i.Target), Call(nameof(ScriptPoint.Go), i.Index.Extent, site, Array(i.Index.Extent, Tree.Copy(i.Index)), Array(i.Target.Extent, Tree.Copy(i.Target))))),
            MemberExpressionAst m => Saw(m.Extent, Tree.Member(m, Call(nameof(ScriptPoint.Touch), m.Expression.Extent, site, Array(m.Expression.Extent, Tree.Copy(m.Expression))), Tree.Copy(m.Member))),
            _ => throw new InvalidOperationException("Only members and elements are read."),
        };
    }

    // What is about to be written, the last of the values; the others are computed before it.
    private ExpressionAst Put(ExpressionAst left, params ExpressionAst[] values)
    {
        IScriptExtent at = values[^1].Extent;
        ExpressionAst site = Site(left, null, AccessKind.Write);
        if (left is MemberExpressionAst { Static: true }) return Call(nameof(ScriptPoint.Go), at, site, Array(at, values));
        ExpressionAst target = left is IndexExpressionAst i ? i.Target : ((MemberExpressionAst)left).Expression;
        ExpressionAst[] key = left is IndexExpressionAst { Index: var index } && IsTrivial(index) ? [Tree.Copy(index)] : [];
        return IsTrivial(target) ? Call(nameof(ScriptPoint.Put), at, site, Array(at, values), Array(at, Tree.Copy(target)), Array(at, key)) : Call(nameof(ScriptPoint.Go), at, site, Array(at, values));
    }

    private static bool IsSimple(ExpressionAst left) => left switch
    {
        IndexExpressionAst i => IsTrivial(i.Target) && IsTrivial(i.Index) && !IsOwn(i.Target),
        MemberExpressionAst { Static: true, Member: ConstantExpressionAst } => true,
        MemberExpressionAst m => IsTrivial(m.Expression) && IsTrivial(m.Member) && !IsOwn(m.Expression),
        _ => false,
    };

    private static ExpressionAst Constrained(ExpressionAst left, ExpressionAst access) => left switch
    {
        ConvertExpressionAst c => new ConvertExpressionAst(c.Extent, Tree.Copy(c.Type), Constrained(c.Child, access)),
        AttributedExpressionAst a => new AttributedExpressionAst(a.Extent, Tree.Copy(a.Attribute), Constrained(a.Child, access)),
        _ => access,
    };

    // The member or element below casts and attributes.
    private static ExpressionAst Bare(ExpressionAst left) => left is AttributedExpressionAst a ? Bare(a.Child) : left;

    private static ExpressionAst? StepTarget(UnaryExpressionAst u) =>
        u.TokenKind is TokenKind.PlusPlus or TokenKind.MinusMinus or TokenKind.PostfixPlusPlus or TokenKind.PostfixMinusMinus
            ? u.Child switch
            {
                MemberExpressionAst or IndexExpressionAst => u.Child,
                ParenExpressionAst p when Tree.PureExpression(p.Pipeline) is MemberExpressionAst or IndexExpressionAst => Tree.PureExpression(p.Pipeline),
                _ => null,
            }
            : null;

    private static TokenKind OperatorOf(AssignmentStatementAst a) => a.Operator switch
    {
        TokenKind.PlusEquals => TokenKind.Plus,
        TokenKind.MinusEquals => TokenKind.Minus,
        TokenKind.MultiplyEquals => TokenKind.Multiply,
        TokenKind.DivideEquals => TokenKind.Divide,
        TokenKind.RemainderEquals => TokenKind.Rem,
        // ??= and ?? of PowerShell 7.
        var other when other.ToString() == "QuestionQuestionEquals" => Enum.Parse<TokenKind>("QuestionQuestion"),
        _ => throw new NotCoveredException(a, $"nothing is known of the operator {a.Operator}", "Write it in another way."),
    };

    // ---- points ----
    private ExpressionAst Touch(Ast access, ExpressionAst target) => Call(access is InvokeMemberExpressionAst ? nameof(ScriptPoint.Call) : nameof(ScriptPoint.Touch), target.Extent, Site(access, null, KindOf(access)), Array(target.Extent, Expression(target)));

    // The last operand of an access, with the point behind it. The last of several indices, where there are several.
    private ExpressionAst Behind(Ast access, ExpressionAst last, ExpressionAst? target)
    {
        if (last is ArrayLiteralAst several && access is IndexExpressionAst)
            return new ArrayLiteralAst(several.Extent, several.Elements.Select((e, i) => i == several.Elements.Count - 1 ? Behind(access, e, target) : Expression(e)).ToList());
        ExpressionAst value = Array(last.Extent, Expression(last));
        return target is not null && IsTrivial(target)
            ? Call(access is InvokeMemberExpressionAst ? nameof(ScriptPoint.Call) : nameof(ScriptPoint.Go), last.Extent, Site(access, null, KindOf(access)), value, Array(target.Extent, Tree.Copy(target)))
            : Call(nameof(ScriptPoint.Go), last.Extent, Site(access, null, KindOf(access)), value);
    }

    private ExpressionAst Each(ExpressionAst all) => Call(nameof(ScriptPoint.Each), all.Extent, Site(all, null, AccessKind.Read, "next of "), Array(all.Extent, Expression(all)));

    private ExpressionAst Whole(VariableExpressionAst variable) => Call(nameof(ScriptPoint.Whole), variable.Extent, Site(variable, null, AccessKind.Read), Array(variable.Extent, Tree.Copy(variable)));

    private static ExpressionAst Saw(IScriptExtent at, params ExpressionAst[] values) => Call(nameof(ScriptPoint.Saw), at, Array(at, values));

    private static ExpressionAst Array(IScriptExtent at, params ExpressionAst[] values) => values.Length == 0
        ? new ArrayExpressionAst(at, new StatementBlockAst(at, null, null))
        : new ArrayLiteralAst(at, values);

    private static InvokeMemberExpressionAst Call(string function, IScriptExtent at, params ExpressionAst[] arguments) =>
        new(at, new TypeExpressionAst(at, new ReflectionTypeName(typeof(ScriptPoint))), new StringConstantExpressionAst(at, function, StringConstantType.BareWord), arguments, true);

    private static StringConstantExpressionAst Text(Ast at, string text) => new(at.Extent, text, StringConstantType.SingleQuoted);

    private static VariableExpressionAst Variable(IScriptExtent at, string name) => new(at, name, false);

    private static ParenExpressionAst Assign(IScriptExtent at, string variable, ExpressionAst value) =>
        new(at, new AssignmentStatementAst(at, Variable(at, variable), TokenKind.Equals, Tree.Value(value), at));

    // A name that no script can have written.
    private string NewVariable() => string.Create(CultureInfo.InvariantCulture, $"GuardedMap\u00b7{_variables++}");

    private ConstantExpressionAst Site(Ast at, Ast? subject = null, AccessKind kind = AccessKind.None, string what = "")
    {
        Places++;
        IScriptExtent extent = at.Extent;
        if (what.Length == 0 && at is not InvokeMemberExpressionAst) what = kind switch { AccessKind.Read => "read ", AccessKind.Write => "write ", _ => "" };
        return new ConstantExpressionAst(extent, RacePoint.Site(new SiteText(what + Short(extent.Text), extent.StartLineNumber, extent.StartColumnNumber, Path.GetFileName(extent.File))
        {
            Subject = subject is null ? null : Short(subject.Extent.Text),
            Kind = kind,
            Statement = StatementOf(at),
            Offset = extent.StartOffset - _begin,
        }));
    }

    // The statement that a place is in; of one that goes over several lines, as much as stands on the first.
    private static string StatementOf(Ast at)
    {
        Ast statement = at;
        while (statement.Parent is { } parent and not (StatementBlockAst or NamedBlockAst)) statement = parent;
        string text = statement.Extent.Text;
        int end = text.IndexOfAny(['\r', '\n']);
        return Short(end < 0 ? text : text[..end]);
    }

    private static string Short(string text)
    {
        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= LongestText ? text : string.Concat(text.AsSpan(0, LongestText - 3), "...");
    }

    private static AccessKind KindOf(Ast access) => access switch
    {
        InvokeMemberExpressionAst m => m.Member is StringConstantExpressionAst name && s_writes.Contains(name.Value) ? AccessKind.Write : AccessKind.None,
        _ => IsWritten(access) ? AccessKind.Write : AccessKind.Read,
    };

    // On the left of an assignment, perhaps one of several.
    private static bool IsWritten(Ast access)
    {
        Ast a = access;
        while (a.Parent is AttributedExpressionAst or ArrayLiteralAst or ParenExpressionAst or PipelineAst or CommandExpressionAst) a = a.Parent;
        return a.Parent is AssignmentStatementAst assignment && assignment.Left == a;
    }

    // ---- what is what ----
    /// <summary>Whether a type is a class that is written in PowerShell.</summary>
    public static bool IsClass(Type? type) => type is { IsEnum: false, Assembly.IsDynamic: true } && type.Assembly.FullName?.StartsWith("PowerShell Class Assembly", StringComparison.Ordinal) == true;

    private static bool IsReference(ExpressionAst e) => e is ConvertExpressionAst c && string.Equals(c.Type.TypeName.FullName, "ref", StringComparison.OrdinalIgnoreCase);

    // It costs nothing to evaluate, changes nothing, and is the same a moment later.
    private static bool IsTrivial(Ast e) => e switch
    {
        ExpandableStringExpressionAst => false,
        ConstantExpressionAst or VariableExpressionAst or TypeExpressionAst or ScriptBlockExpressionAst => true,
        ConvertExpressionAst c => IsTrivial(c.Child),
        _ => false,
    };

    private static bool IsConstant(ExpressionAst e) => e switch
    {
        ExpandableStringExpressionAst => false,
        ConstantExpressionAst or TypeExpressionAst => true,
        VariableExpressionAst v => s_own.Contains(v.VariablePath.UserPath),
        ConvertExpressionAst c => IsConstant(c.Child),
        MemberExpressionAst { Static: true } m and not InvokeMemberExpressionAst => IsFixed(m),
        ArrayLiteralAst a => a.Elements.All(IsConstant),
        _ => false,
    };

    // What an access to it touches belongs to this actor alone.
    private static bool IsOwn(ExpressionAst target) => target switch
    {
        ConstantExpressionAst or HashtableAst or ArrayLiteralAst or ArrayExpressionAst or TypeExpressionAst or ScriptBlockExpressionAst => true,
        VariableExpressionAst v => s_own.Contains(v.VariablePath.UserPath),
        ParenExpressionAst p when Tree.PureExpression(p.Pipeline) is { } inner => IsOwn(inner) || inner is BinaryExpressionAst { Operator: TokenKind.DotDot },
        MemberExpressionAst { Static: false } m and not InvokeMemberExpressionAst => IsOwn(m.Expression),
        _ => false,
    };

    private static bool IsReal(VariableExpressionAst v) => !s_own.Contains(v.VariablePath.UserPath);

    // Whether a loop over it may go over something shared, step by step.
    private static bool IsCollection(ExpressionAst e) => e switch
    {
        VariableExpressionAst v => IsReal(v),
        InvokeMemberExpressionAst => true,
        MemberExpressionAst or IndexExpressionAst => true,
        ParenExpressionAst p => Tree.PureExpression(p.Pipeline) is { } inner && IsCollection(inner),
        ConvertExpressionAst c => IsCollection(c.Child),
        _ => false,
    };

    // A constant, or set once and for all.
    private static bool IsFixed(MemberExpressionAst m)
    {
        if ((m.Expression as TypeExpressionAst)?.TypeName.GetReflectionType() is not { } type || m.Member is not StringConstantExpressionAst { Value: var name }) return false;
        if (type.IsEnum) return true;
        const System.Reflection.BindingFlags Statics = System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.IgnoreCase | System.Reflection.BindingFlags.FlattenHierarchy;
        if (type.GetField(name, Statics) is { } field) return field.IsLiteral || field.IsInitOnly;
        return type.GetProperty(name, Statics) is { CanWrite: false } && type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true;
    }

    private bool NeedsWork(Ast e) => e.Find(a => a is MemberExpressionAst or IndexExpressionAst or CommandAst or SubExpressionAst, true) is not null;

    // The command of a statement that is a step by itself; blocks within have statements of their own.
    private CommandAst? StepOf(StatementAst statement) => statement switch
    {
        PipelineBaseAst or ReturnStatementAst or ThrowStatementAst => FirstStep(statement),
        ForEachStatementAst f => FirstStep(f.Condition),
        SwitchStatementAst s => FirstStep(s.Condition),
        _ => null,
    };

    private CommandAst? FirstStep(Ast node) => (CommandAst?)node.Find(a => a is CommandAst c && UseOf(c) == CommandUse.Step && !IsNested(c, node), true);

    private static bool IsNested(Ast inner, Ast outer)
    {
        for (Ast a = inner; a != outer; a = a.Parent)
        {
            if (a is ScriptBlockAst or StatementBlockAst) return true;
        }

        return false;
    }

    private CommandUse UseOf(CommandAst command)
    {
        if (command.GetCommandName() is not { } name) return CommandUse.Script;
        return _commands.Of(command, name);
    }
}
