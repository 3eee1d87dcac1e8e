using System.Globalization;
using System.Management.Automation.Language;

namespace GuardedMaps.Shell.Rules;

/// <summary>From an expression to what it stands for: followed through assignments, members, casts, copies and $using:.</summary>
internal sealed class ScriptValues(ScriptAnalysis script)
{
    // A chain of assignments longer than this is a cycle, or nobody's idea of readable.
    private const int DeepestChain = 24;

    private int _depth;

    /// <summary>What an expression stands for; null if the text does not even say which object it is.</summary>
    public MapValue? Resolve(ExpressionAst? expression)
    {
        if (expression is null || _depth > DeepestChain) return null;
        _depth++;
        try
        {
            return Follow(expression);
        }
        finally
        {
            _depth--;
        }
    }

    /// <summary>What a statement on the right of an assignment stands for.</summary>
    public MapValue? ResolveStatement(Ast? statement) => statement switch
    {
        ExpressionAst expression => Resolve(expression),
        CommandExpressionAst expression => Resolve(expression.Expression),
        PipelineAst { PipelineElements: [CommandExpressionAst only] } => Resolve(only.Expression),
        PipelineAst pipeline when pipeline.PipelineElements[^1] is CommandAst last => OfCommand(last, isAlone: pipeline.PipelineElements.Count == 1),
        AssignmentStatementAst chained => ResolveStatement(chained.Right),
        _ => null,
    };

    /// <summary>The id of a member or an element, without what it holds.</summary>
    public string? PartId(ExpressionAst part) => part switch
    {
        MemberExpressionAst { Static: false } member when ScriptAnalysis.MemberName(member) is { } name => Resolve(member.Expression) is { } owner ? $"{owner.Id}.{name}" : null,
        IndexExpressionAst index when Resolve(index.Target) is { } owner => index.Index is StringConstantExpressionAst key ? $"{owner.Id}.{key.Value}" : $"{owner.Id}[{index.Index.Extent.Text}]",
        _ => null,
    };

    private static string SiteId(Ast site) => string.Create(CultureInfo.InvariantCulture, $"@{site.Extent.StartOffset}-{site.Extent.EndOffset}");

    private static MapValue Made(CollectionKind kind, Ast site) => new(kind, SiteId(site), site, Site: site);

    private MapValue? Follow(ExpressionAst expression)
    {
        switch (expression)
        {
            case ParenExpressionAst paren:
                return ResolveStatement(paren.Pipeline);
            case VariableExpressionAst variable:
                return OfVariable(variable, script.Bindings.Find(variable), script.Blocks.ScopeOf(variable));
            case UsingExpressionAst { SubExpression: VariableExpressionAst variable }:
                return OutsideOf(variable);
            case HashtableAst:
                return Made(CollectionKind.Hashtable, expression);
            case ScriptBlockExpressionAst:
                return Made(CollectionKind.ScriptBlock, expression);
            case ConvertExpressionAst convert:
                return OfCast(convert);
            case InvokeMemberExpressionAst call:
                return OfCall(call);
            case MemberExpressionAst member:
                return OfMember(member);
            case IndexExpressionAst { Target: VariableExpressionAst { VariablePath.UserPath: "args" } arguments, Index: ConstantExpressionAst { Value: int at } }
                when script.Parallel?.Around(arguments) is { } block && at >= 0 && at < block.Arguments.Count:
                return Resolve(block.Arguments[at]);
            case IndexExpressionAst index:
                return PartId(index) is { } id ? OfPart(id, Resolve(index.Target)!, (index.Index as StringConstantExpressionAst)?.Value, index) : null;
            case BinaryExpressionAst { Operator: TokenKind.As, Right: TypeExpressionAst type }:
                return Made(CollectionKinds.OfType(type.TypeName.FullName), expression);
            case ArrayExpressionAst or ArrayLiteralAst or SubExpressionAst or BinaryExpressionAst or ConstantExpressionAst or ExpandableStringExpressionAst:
                return Made(CollectionKind.Harmless, expression);
            default:
                return null;
        }
    }

    private MapValue? OutsideOf(VariableExpressionAst variable)
    {
        ScriptBlockAst? inner = script.Blocks.ScopeOf(variable);
        while (inner is not null && script.Parallel?.Of(inner) is null && !(inner.Parent is ScriptBlockExpressionAst block && script.Blocks.RoleOf(block) == BlockRole.Isolated))
        {
            inner = script.Blocks.Around(inner);
        }

        if (inner is null || script.Blocks.Around(inner) is not { } outer) return null;
        return OfVariable(variable, script.Bindings.Find(variable, outer), outer);
    }

    private MapValue? OfVariable(VariableExpressionAst variable, (ScriptBlockAst? Scope, IReadOnlyList<Binding> Reaching) found, ScriptBlockAst from)
    {
        string name = ScriptBindings.NameOf(variable);
        if (name == "THIS" && ScriptAnalysis.Above<TypeDefinitionAst>(variable) is { } type) return new MapValue(CollectionKind.Unknown, SiteId(type) + ":this", type);
        if (name is "_" or "PSITEM" && found.Scope is null)
        {
            Ast binder = BinderOf(variable);
            return new MapValue(CollectionKind.Unknown, $"{SiteId(binder)}:_", binder);
        }

        ScriptBlockAst scope = found.Scope ?? from;
        string own = $"{SiteId(scope)}:{name}";
        if (found.Scope is null || found.Reaching.Count == 0) return new MapValue(CollectionKind.Unknown, own, script.Parallel?.Of(from)?.Block ?? script.Root);
        MapValue? common = null;
        foreach (Binding binding in found.Reaching)
        {
            MapValue? value = OfBinding(binding, own);
            if (value is null) return new MapValue(CollectionKind.Unknown, own, binding.Node);
            if (common is null || value.IsSameAs(common)) common = value;
            else common = new MapValue(value.Kind == common.Kind ? value.Kind : CollectionKind.Unknown, own, binding.Node, value.View == common.View ? value.View : CollectionView.Whole);
        }

        return common;
    }

    // $_ is another object in each block that is handed one, in a catch, and in a switch; a block that is called here and now inherits it.
    private static Ast BinderOf(VariableExpressionAst item)
    {
        Ast last = item;
        for (Ast? at = item.Parent; at is not null; last = at, at = at.Parent)
        {
            if (at is CatchClauseAst || (at is SwitchStatementAst choice && last != choice.Condition)) return at;
            if (at is ScriptBlockExpressionAst block && !(block.Parent is CommandAst command && command.CommandElements[0] == block)) return at;
        }

        return last;
    }

    private MapValue? OfBinding(Binding binding, string own)
    {
        if (binding.IsParameter && script.Parallel is { } parallel && script.Blocks.ScopeOf(binding.Node) is { } scope
            && parallel.Of(scope)?.Handed.GetValueOrDefault(ScriptBindings.NameOf(((ParameterAst)binding.Node).Name)) is { } handed)
        {
            return Resolve(handed);
        }

        MapValue? value = binding.Value is null ? null : ResolveStatement(binding.Value);
        if (binding.Declared == CollectionKind.Unknown) return value;
        if (value is null) return new MapValue(binding.Declared, own, binding.Node, IsDeclared: binding.IsParameter);

        // A type constraint converts: another kind of object, or a copy, unless it is of that type already.
        bool isAlready = value.Kind == binding.Declared || (binding.Declared == CollectionKind.Hashtable && value.Kind == CollectionKind.SynchronizedTable);
        return isAlready ? value : Made(binding.Declared, binding.Node);
    }

    private MapValue? OfCast(ConvertExpressionAst convert)
    {
        CollectionKind kind = CollectionKinds.OfType(convert.Type.TypeName.FullName);
        MapValue? child = Resolve(convert.Child);
        if (convert.Type.TypeName.Name.Equals("pscustomobject", StringComparison.OrdinalIgnoreCase)) return new MapValue(CollectionKind.Unknown, SiteId(convert), convert, Site: convert.Child);
        if (kind == CollectionKind.Unknown) return child;
        bool isAlready = child is not null && (child.Kind == kind || (kind == CollectionKind.Hashtable && child.Kind == CollectionKind.SynchronizedTable));
        return isAlready ? child : Made(kind, convert);
    }

    private MapValue? OfCall(InvokeMemberExpressionAst call)
    {
        if (ScriptAnalysis.MemberName(call) is not { } name) return null;
        if (call is { Static: true, Expression: TypeExpressionAst type }) return OfStaticCall(call, CollectionKinds.OfType(type.TypeName.FullName), name);
        MapValue? target = Resolve(call.Expression);
        switch (name.ToUpperInvariant())
        {
            case "GETENUMERATOR" when target is not null:
                return target with { View = CollectionView.Enumerator };
            case "GET_KEYS" when target is not null:
                return target with { View = CollectionView.Keys };
            case "GET_VALUES" when target is not null:
                return target with { View = CollectionView.Values };
            case "ITERATE" when target is not null:
                return Made(CollectionKind.MapIterator, call);
            case "CLONE":
                return Made(target?.Kind ?? CollectionKind.Unknown, call);
            case "GETNEWCLOSURE":
                return target;
            case "TOARRAY" or "WHERE" or "FOREACH" or "GETSNAPSHOT":
                return Made(CollectionKind.Harmless, call);
            default:
                return Made(CollectionKind.Unknown, call);
        }
    }

    private static MapValue OfStaticCall(InvokeMemberExpressionAst call, CollectionKind type, string name) => name.ToUpperInvariant() switch
    {
        "NEW" => Made(type, call),
        "SYNCHRONIZED" => Made(type == CollectionKind.ArrayList ? CollectionKind.SynchronizedList : CollectionKind.SynchronizedTable, call),
        "CREATECASEINSENSITIVEHASHTABLE" => Made(CollectionKind.Hashtable, call),
        _ => Made(CollectionKind.Unknown, call),
    };

    private MapValue? OfMember(MemberExpressionAst member)
    {
        if (member.Static || ScriptAnalysis.MemberName(member) is not { } name || Resolve(member.Expression) is not { } owner) return null;
        if (name.Equals("psbase", StringComparison.OrdinalIgnoreCase)) return owner;
        if (owner.View == CollectionView.Whole && (owner.Kind == CollectionKind.Unknown || CollectionKinds.IsDictionary(owner.Kind) || owner.Kind == CollectionKind.Concurrent))
        {
            // An entry called Keys would hide the property; whoever has one knows.
            if (name.Equals("Keys", StringComparison.OrdinalIgnoreCase)) return owner with { View = CollectionView.Keys };
            if (name.Equals("Values", StringComparison.OrdinalIgnoreCase)) return owner with { View = CollectionView.Values };
        }

        return OfPart($"{owner.Id}.{name}", owner, name, member);
    }

    private MapValue OfPart(string id, MapValue owner, string? name, Ast node)
    {
        IReadOnlyList<Binding> assigned = script.Bindings.PartsOf(id);
        if (assigned.Count == 0 && name is not null && OfLiteral(owner, name) is { } given) return given;
        MapValue? common = null;
        foreach (Binding binding in assigned)
        {
            // Assigned inside the block that uses it, it is that block's own business and another one's too: the owner is what is shared.
            MapValue? value = OfBinding(binding, id);
            CollectionKind kind = value?.Kind ?? CollectionKind.Unknown;
            if (common is not null && common.Kind != kind) kind = CollectionKind.Unknown;
            common = new MapValue(kind, id, owner.Root, Site: value?.Site);
        }

        return common ?? new MapValue(CollectionKind.Unknown, id, owner.Root);
    }

    // @{ name = ... }, the same made synchronized or guarded, and a class's property.
    private MapValue? OfLiteral(MapValue owner, string name)
    {
        if (owner.Root is TypeDefinitionAst type && owner.Id.EndsWith(":this", StringComparison.Ordinal))
        {
            foreach (MemberAst member in type.Members)
            {
                if (member is not PropertyMemberAst property || !property.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
                CollectionKind declared = property.PropertyType is { } constraint ? CollectionKinds.OfType(constraint.TypeName.FullName) : CollectionKind.Unknown;
                CollectionKind initial = Resolve(property.InitialValue)?.Kind ?? CollectionKind.Unknown;
                return new MapValue(initial == CollectionKind.Unknown ? declared : initial, $"{owner.Id}.{name}", type, IsDeclared: initial == CollectionKind.Unknown);
            }

            return null;
        }

        HashtableAst? table = owner.Site switch
        {
            HashtableAst literal => literal,
            InvokeMemberExpressionAst { Arguments: [{ } first, ..] } => ScriptAnalysis.Bare(first) as HashtableAst,
            ConvertExpressionAst { Child: HashtableAst literal } => literal,
            CommandAst made => script.Command(made).Argument("InputObject", 0) is { } input ? ScriptAnalysis.Bare(input) as HashtableAst : null,
            _ => null,
        };
        if (table is null) return null;
        foreach ((ExpressionAst key, StatementAst value) in table.KeyValuePairs)
        {
            if (key is StringConstantExpressionAst text && text.Value.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return ResolveStatement(value);
            }
        }

        return null;
    }

    private MapValue? OfCommand(CommandAst command, bool isAlone)
    {
        CommandCall call = script.Command(command);
        switch (call.Name?.ToUpperInvariant())
        {
            case "NEW-GUARDEDMAP" when call.Has("Kind") && !string.Equals(Constant(call.Value("Kind")), "Guarded", StringComparison.OrdinalIgnoreCase):
                // A map of another kind survives whatever is written while it is walked; which kind a variable holds nobody knows.
                return Made(Constant(call.Value("Kind")) is null ? CollectionKind.Unknown : CollectionKind.Concurrent, command);
            case "NEW-GUARDEDMAP":
                string? protection = Constant(call.Value("Protection"));
                CollectionKind kind = protection?.ToUpperInvariant() switch
                {
                    "NONE" => CollectionKind.GuardedNone,
                    "SYNCHRONIZED" => CollectionKind.GuardedSynchronized,
                    null when call.Has("Protection") => CollectionKind.Unknown,
                    _ => CollectionKind.Guarded,
                };
                return Made(kind, command) with { Contract = Constant(call.Value("Contract")) ?? (call.Has("Contract") ? "?" : null) };
            case "NEW-OBJECT" when Constant(call.Argument("TypeName", 0)) is { } type:
                return Made(CollectionKinds.OfType(type), command);
            case "NEW-MAPITERATOR":
                return Made(CollectionKind.MapIterator, command);
            case "GET-MAPSNAPSHOT" or "SORT-OBJECT":
                return Made(CollectionKind.Harmless, command);
            default:
                // What a command puts out is a new object or somebody else's; what a longer pipeline puts out has been collected.
                return isAlone ? null : Made(CollectionKind.Unknown, command);
        }
    }

    /// <summary>The text of a constant argument: a bare word, a string, or [MapProtection]::None.</summary>
    public static string? Constant(ExpressionAst? expression) => expression switch
    {
        StringConstantExpressionAst text => text.Value,
        MemberExpressionAst { Static: true } member when member is not InvokeMemberExpressionAst => ScriptAnalysis.MemberName(member),
        ParenExpressionAst paren => Constant(ScriptAnalysis.Only(paren.Pipeline)),
        _ => null,
    };
}
