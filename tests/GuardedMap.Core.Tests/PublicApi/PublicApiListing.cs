using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace GuardedMaps.Tests.PublicApi;

/// <summary>
/// Lists what a user of an assembly can see, as C# declarations: every public or protected type, and its public or protected members.
/// </summary>
/// <remarks>
/// The order is that of the alphabet, not of the source, so that moving code changes nothing. What a caller can notice is shown: types,
/// nullability, default values, constants, constraints, by-reference and read-only, attributes that steer the compiler's flow analysis.
/// Not shown: the nullability inside interface lists (reflection does not tell), and the compiler's own unspeakable members.
/// </remarks>
internal static class PublicApiListing
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string[] s_shownAttributes =
    [
        "ObsoleteAttribute", "FlagsAttribute", "DoesNotReturnAttribute", "DoesNotReturnIfAttribute", "NotNullWhenAttribute",
        "MaybeNullWhenAttribute", "NotNullIfNotNullAttribute", "AllowNullAttribute", "DisallowNullAttribute", "MaybeNullAttribute",
        "NotNullAttribute", "MemberNotNullAttribute", "MemberNotNullWhenAttribute", "EditorBrowsableAttribute",
    ];

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (Type type in assembly.GetTypes().Where(IsVisible).OrderBy(t => TypeName(t, null), StringComparer.Ordinal))
        {
            if (text.Length > 0) text.Append('\n');
            text.Append(TypeHead(type)).Append('\n');
            foreach (string member in Members(type)) text.Append("    ").Append(member).Append('\n');
        }

        return text.ToString();
    }

    private static bool IsVisible(Type type) => type.DeclaringType is { } outer
        ? (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamORAssem) && IsVisible(outer)
        : type.IsPublic;

    private static bool IsVisible(MethodBase? method) => method is not null && (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly);

    private static string TypeHead(Type type)
    {
        var head = new StringBuilder(Attributes(type.CustomAttributes));
        head.Append(type.IsNestedFamily || type.IsNestedFamORAssem ? "protected " : "public ");
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            MethodInfo invoke = type.GetMethod("Invoke")!;
            return head.Append("delegate ").Append(Returned(invoke)).Append(' ').Append(TypeName(type, null, declaration: true)).Append(Parameters(invoke)).Append(Constraints(OwnArguments(type))).ToString();
        }

        if (type.IsEnum) return head.Append("enum ").Append(TypeName(type, null)).Append(" : ").Append(TypeName(Enum.GetUnderlyingType(type), null)).ToString();
        if (type.IsInterface)
        {
            head.Append("interface ");
        }
        else if (type.IsValueType)
        {
            if (Has(type.CustomAttributes, "IsReadOnlyAttribute")) head.Append("readonly ");
            if (type.IsByRefLike) head.Append("ref ");
            head.Append("struct ");
        }
        else
        {
            head.Append(type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "").Append("class ");
        }

        head.Append(TypeName(type, null, declaration: true));
        var bases = new List<string>();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType)) bases.Add(TypeName(parent, NullableFlags.OfBase(type)));
        IEnumerable<Type> inherited = type.GetInterfaces().SelectMany(i => i.GetInterfaces()).Concat(type.BaseType?.GetInterfaces() ?? []);
        bases.AddRange(type.GetInterfaces().Where(IsNameable).Except(inherited).Select(i => TypeName(i, null)).Order(StringComparer.Ordinal));
        if (bases.Count > 0) head.Append(" : ").AppendJoin(", ", bases);
        return head.Append(Constraints(OwnArguments(type))).ToString();
    }

    /// <summary>False for the interfaces that only the assembly itself can name.</summary>
    private static bool IsNameable(Type type) => IsVisible(type.IsGenericType ? type.GetGenericTypeDefinition() : type);

    private static IEnumerable<string> Members(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type)) return [];
        if (type.IsEnum)
        {
            return type.GetFields(BindingFlags.Public | BindingFlags.Static)
                .OrderBy(f => Convert.ToInt64(f.GetRawConstantValue(), CultureInfo.InvariantCulture))
                .Select(f => $"{Attributes(f.CustomAttributes)}{f.Name} = {Literal(f.GetRawConstantValue())}");
        }

        (string, string)[] fields = [.. type.GetFields(Declared).Where(f => f.IsPublic || f.IsFamily || f.IsFamilyOrAssembly).Select(f => (f.Name, Field(f)))];
        (string, string)[] constructors = [.. type.GetConstructors(Declared).Where(IsVisible).Select(c => ("", Attributes(c.CustomAttributes) + Access(c) + Bare(type) + Parameters(c)))];
        (string, string)[] properties = [.. type.GetProperties(Declared).Where(p => IsVisible(p.GetMethod) || IsVisible(p.SetMethod)).Select(p => (p.Name, Property(p)))];
        (string, string)[] events = [.. type.GetEvents(Declared).Where(e => IsVisible(e.AddMethod)).Select(e => (e.Name, Event(e)))];
        // What a name with an angle bracket stands for cannot be called from C#.
        (string, string)[] methods =
        [
            .. type.GetMethods(Declared)
                .Where(m => IsVisible(m) && !IsAccessor(type, m) && !m.Name.Contains('<', StringComparison.Ordinal))
                .Select(m => (m.Name, Method(m))),
        ];
        return new (string Name, string Text)[][] { fields, constructors, properties, events, methods }.SelectMany(group =>
            group.OrderBy(m => m.Name, StringComparer.Ordinal).ThenBy(m => m.Text, StringComparer.Ordinal).Select(m => m.Text));
    }

    private static bool IsAccessor(Type type, MethodInfo method) => method.IsSpecialName &&
        (type.GetProperties(Declared).Any(p => p.GetMethod == method || p.SetMethod == method) ||
         type.GetEvents(Declared).Any(e => e.AddMethod == method || e.RemoveMethod == method));

    private static string Field(FieldInfo field)
    {
        string access = field.IsPublic ? "public " : "protected ";
        string kind = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        string value = field.IsLiteral ? $" = {Literal(field.GetRawConstantValue())}" : "";
        return $"{Attributes(field.CustomAttributes)}{access}{kind}{TypeName(field.FieldType, NullableFlags.Of(field))} {field.Name}{value}";
    }

    private static string Property(PropertyInfo property)
    {
        MethodInfo shown = new[] { property.GetMethod, property.SetMethod }.Where(IsVisible).OrderBy(m => m!.IsPublic ? 0 : 1).First()!;
        string accessors = string.Concat(new (MethodInfo? Method, string Word)[] { (property.GetMethod, "get"), (property.SetMethod, IsInit(property.SetMethod) ? "init" : "set") }
            .Where(a => IsVisible(a.Method))
            .Select(a => $"{(Access(a.Method!) == Access(shown) ? "" : Access(a.Method!))}{ReadOnlyWord(a.Method!, property.DeclaringType!)}{a.Word}; "));
        // The accessor's, not the property's: only those know the method that their nullability is inherited from.
        IEnumerable<ParameterInfo> index = shown.GetParameters().Take(property.GetIndexParameters().Length);
        string name = !index.Any() ? property.Name : "this[" + string.Join(", ", index.Select(Parameter)) + "]";
        string required = Has(property.CustomAttributes, "RequiredMemberAttribute") ? "required " : "";
        string type = ByReference(property.PropertyType, property.GetMethod?.ReturnParameter) + TypeName(property.PropertyType, NullableFlags.Of(property));
        return $"{Attributes(property.CustomAttributes)}{Access(shown)}{Virtuality(shown)}{required}{type} {name} {{ {accessors}}}";
    }

    private static bool IsInit(MethodInfo? setter) =>
        setter?.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.Name == "IsExternalInit") == true;

    private static string Event(EventInfo e) =>
        $"{Attributes(e.CustomAttributes)}{Access(e.AddMethod!)}{Virtuality(e.AddMethod!)}event {TypeName(e.EventHandlerType!, NullableFlags.Of(e))} {e.Name}";

    private static string Method(MethodInfo method)
    {
        string arguments = method.IsGenericMethod ? "<" + string.Join(", ", method.GetGenericArguments().Select(a => a.Name)) + ">" : "";
        return Attributes(method.CustomAttributes) + Access(method) + Virtuality(method) + ReadOnlyWord(method, method.DeclaringType!) +
            $"{Returned(method)} {method.Name}{arguments}{Parameters(method)}{Constraints(method.GetGenericArguments())}";
    }

    private static string Access(MethodBase method) => method.DeclaringType!.IsInterface ? "" : method.IsPublic ? "public " : "protected ";

    private static string Virtuality(MethodInfo method)
    {
        if (method.DeclaringType!.IsInterface) return method.IsStatic ? "static " : "";
        if (method.IsStatic) return "static ";
        if (method.IsAbstract) return "abstract ";
        if (method.IsVirtual && method.GetBaseDefinition().DeclaringType != method.DeclaringType)
            return method.IsFinal ? "sealed override " : "override ";
        return method.IsVirtual && !method.IsFinal ? "virtual " : "";
    }

    private static string ReadOnlyWord(MethodInfo method, Type type) =>
        type.IsValueType && !Has(type.CustomAttributes, "IsReadOnlyAttribute") && Has(method.CustomAttributes, "IsReadOnlyAttribute") ? "readonly " : "";

    private static string Returned(MethodInfo method)
    {
        ParameterInfo result = method.ReturnParameter;
        return Attributes(result.CustomAttributes, "return: ") + ByReference(result.ParameterType, result) +
            TypeName(result.ParameterType, NullableFlags.Of(result));
    }

    private static string ByReference(Type type, ParameterInfo? result) =>
        !type.IsByRef ? "" : result is not null && Has(result.CustomAttributes, "IsReadOnlyAttribute") ? "ref readonly " : "ref ";

    private static string Parameters(MethodBase method)
    {
        string extension = Has(method.CustomAttributes, "ExtensionAttribute") ? "this " : "";
        return "(" + extension + string.Join(", ", method.GetParameters().Select(Parameter)) + ")";
    }

    private static string Parameter(ParameterInfo parameter)
    {
        string kind = parameter.IsOut && parameter.ParameterType.IsByRef ? "out "
            : parameter.ParameterType.IsByRef ? Has(parameter.CustomAttributes, "IsReadOnlyAttribute") ? "in " : "ref "
            : Has(parameter.CustomAttributes, "ParamArrayAttribute") || Has(parameter.CustomAttributes, "ParamCollectionAttribute") ? "params "
            : Has(parameter.CustomAttributes, "ScopedRefAttribute") ? "scoped " : "";
        string value = parameter.HasDefaultValue ? $" = {Literal(parameter.RawDefaultValue)}" : "";
        return $"{Attributes(parameter.CustomAttributes)}{kind}{TypeName(parameter.ParameterType, NullableFlags.Of(parameter))} {parameter.Name}{value}";
    }

    private static string Constraints(IEnumerable<Type> arguments)
    {
        var text = new StringBuilder();
        foreach (Type argument in arguments.Where(a => a.IsGenericParameter))
        {
            GenericParameterAttributes flags = argument.GenericParameterAttributes;
            var all = new List<string>();
            byte nullability = NullableFlags.OfParameter(argument).Next();
            if (flags.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint)) all.Add("struct");
            else if (flags.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint)) all.Add(nullability == 2 ? "class?" : "class");
            else if (nullability == 1) all.Add("notnull");
            all.AddRange(argument.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(c => TypeName(c, null)).Order(StringComparer.Ordinal));
            if (flags.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !all.Contains("struct")) all.Add("new()");
            if (flags.HasFlag((GenericParameterAttributes)0x20)) all.Add("allows ref struct");
            if (all.Count > 0) text.Append(" where ").Append(argument.Name).Append(" : ").AppendJoin(", ", all);
        }

        return text.ToString();
    }

    private static bool Has(IEnumerable<CustomAttributeData> attributes, string name) => attributes.Any(a => a.AttributeType.Name == name);

    private static string Attributes(IEnumerable<CustomAttributeData> attributes, string target = "") =>
        string.Concat(attributes
            .Where(a => s_shownAttributes.Contains(a.AttributeType.Name) && !IsForOldCompilers(a))
            .Select(a =>
            {
                string arguments = string.Join(", ", a.ConstructorArguments.Select(v => Literal(v.Value)));
                return $"[{target}{a.AttributeType.Name[..^"Attribute".Length]}{(arguments.Length > 0 ? $"({arguments})" : "")}] ";
            })
            .Order(StringComparer.Ordinal));

    /// <summary>What the compiler puts on constructors of types with required members, so that older ones refuse them.</summary>
    private static bool IsForOldCompilers(CustomAttributeData attribute) => attribute.ConstructorArguments is [{ Value: string reason }, ..] &&
        reason.StartsWith("Constructors of types with required members", StringComparison.Ordinal);

    private static string Literal(object? value) => value switch
    {
        null => "default",
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        char letter => $"'{letter}'",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static IEnumerable<Type> OwnArguments(Type type)
    {
        int outer = type.DeclaringType?.GetGenericArguments().Length ?? 0;
        return type.GetGenericArguments().Skip(outer);
    }

    private static string Bare(Type type) => type.Name.Split('`')[0];

    /// <summary>
    /// A type's name as C# writes it; the project's own namespace is left out, others are spelt. The flags are read in the order of the
    /// encoding: a type before its arguments, value types without type arguments not at all.
    /// </summary>
    private static string TypeName(Type type, NullableFlags? flags, bool declaration = false)
    {
        if (type.IsByRef) return TypeName(type.GetElementType()!, flags);
        if (type.IsPointer) return TypeName(type.GetElementType()!, flags) + "*";
        if (Nullable.GetUnderlyingType(type) is { } inner) return TypeName(inner, flags) + "?";
        bool flagged = type.IsGenericParameter
            ? !type.GenericParameterAttributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint)
            : !type.IsValueType || type.IsGenericType;
        string mark = flagged && flags?.Next() == 2 ? "?" : "";
        if (type.IsArray) return TypeName(type.GetElementType()!, flags) + "[" + new string(',', type.GetArrayRank() - 1) + "]" + mark;
        if (type.IsGenericParameter) return (declaration ? Variance(type) : "") + type.Name + mark;
        if (Keyword(type) is { } keyword) return keyword + mark;

        Type[] arguments = type.GetGenericArguments();
        var chain = new List<Type>();
        for (Type? part = type; part is not null; part = part.DeclaringType) chain.Insert(0, part);
        int used = 0;
        var name = new StringBuilder();
        if (chain[0].Namespace is { Length: > 0 } space && space != nameof(GuardedMaps)) name.Append(space).Append('.');
        foreach (Type part in chain)
        {
            if (part != chain[0]) name.Append('.');
            name.Append(Bare(part));
            int own = part.GetGenericArguments().Length - used;
            if (own <= 0) continue;
            string[] shown = [.. arguments.Skip(used).Take(own).Select(a => TypeName(a, flags, declaration))];
            name.Append('<').AppendJoin(", ", shown).Append('>');
            used += own;
        }

        return name.Append(mark).ToString();
    }

    private static string Variance(Type parameter) => (parameter.GenericParameterAttributes & GenericParameterAttributes.VarianceMask) switch
    {
        GenericParameterAttributes.Covariant => "out ",
        GenericParameterAttributes.Contravariant => "in ",
        _ => "",
    };

    private static string? Keyword(Type type) => type == typeof(void) ? "void" : type == typeof(object) ? "object" : type.IsEnum ? null : Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "bool",
        TypeCode.Byte => "byte",
        TypeCode.SByte => "sbyte",
        TypeCode.Char => "char",
        TypeCode.Int16 => "short",
        TypeCode.UInt16 => "ushort",
        TypeCode.Int32 => "int",
        TypeCode.UInt32 => "uint",
        TypeCode.Int64 => "long",
        TypeCode.UInt64 => "ulong",
        TypeCode.Single => "float",
        TypeCode.Double => "double",
        TypeCode.Decimal => "decimal",
        TypeCode.String => "string",
        _ => null,
    };
}
