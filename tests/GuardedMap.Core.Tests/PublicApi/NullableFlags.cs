using System.Reflection;

namespace GuardedMaps.Tests.PublicApi;

/// <summary>
/// What the compiler recorded about the nullability of a declared type: one byte per reference type or type parameter in it, in the order
/// they are written. 1 means not null, 2 means may be null.
/// </summary>
/// <remarks>
/// The framework's own reader (NullabilityInfoContext) calls every type parameter nullable that could be given a nullable argument; a
/// listing has to tell <c>T</c> from <c>T?</c>. The encoding is Roslyn's (docs/features/nullable-metadata.md there).
/// </remarks>
internal sealed class NullableFlags
{
    private readonly IReadOnlyList<byte>? _each;
    private readonly byte _all;
    private int _next;

    private NullableFlags(byte all) => _all = all;

    private NullableFlags(IReadOnlyList<byte> each) => _each = each;

    public static NullableFlags Of(ParameterInfo parameter) => Own(parameter.CustomAttributes) ?? Inherited(parameter.Member);

    public static NullableFlags Of(MemberInfo member) => Own(member.CustomAttributes) ?? Inherited(member.DeclaringType!);

    /// <summary>For the base type of a type, which the compiler writes on the type itself.</summary>
    public static NullableFlags OfBase(Type type) => Own(type.CustomAttributes) ?? Inherited(type);

    /// <summary>For a type parameter.</summary>
    public static NullableFlags OfParameter(Type parameter) =>
        Own(parameter.CustomAttributes) ?? Inherited((MemberInfo?)parameter.DeclaringMethod ?? parameter.DeclaringType!);

    public byte Next() => _each is null ? _all : _each[_next++];

    private static NullableFlags? Own(IEnumerable<CustomAttributeData> attributes) =>
        attributes.FirstOrDefault(a => a.AttributeType.Name == "NullableAttribute")?.ConstructorArguments[0].Value switch
        {
            byte one => new NullableFlags(one),
            IEnumerable<CustomAttributeTypedArgument> many => new NullableFlags([.. many.Select(v => (byte)v.Value!)]),
            _ => null,
        };

    private static NullableFlags Inherited(MemberInfo from)
    {
        for (MemberInfo? place = from; place is not null; place = place.DeclaringType)
        {
            if (place.CustomAttributes.FirstOrDefault(a => a.AttributeType.Name == "NullableContextAttribute") is { } context)
                return new NullableFlags((byte)context.ConstructorArguments[0].Value!);
        }

        return new NullableFlags(0);
    }
}
