using System.Reflection;

namespace GuardedMaps.Help.Facts;

/// <summary>Reads the cmdlets of a built module from their attributes.</summary>
/// <remarks>
/// The attributes are read as data and never made into objects, so nothing of PowerShell runs and none needs to be installed:
/// the library the module was compiled against is enough.
/// </remarks>
internal static class ModuleReader
{
    private const string PowerShell = "System.Management.Automation.";

    public static IReadOnlyList<CmdletFacts> Read(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException("The module is not built.", path);
        Assembly module = Assembly.LoadFrom(path);
        var cmdlets = from type in module.GetExportedTypes()
                      let cmdlet = Find(type, "CmdletAttribute").FirstOrDefault()
                      where cmdlet is not null
                      select ReadCmdlet(type, cmdlet);
        return [.. cmdlets.OrderBy(c => c.Name, StringComparer.Ordinal)];
    }

    private static CmdletFacts ReadCmdlet(Type type, CustomAttributeData cmdlet)
    {
        List<ParameterFacts> parameters = [];
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            SetFacts[] sets = [.. Find(property, "ParameterAttribute").Select(ReadSet)];
            if (sets.Length > 0) parameters.Add(ReadParameter(property, sets));
        }

        if (Named<bool>(cmdlet, "SupportsShouldProcess")) parameters.AddRange([Standard("WhatIf", "wi"), Standard("Confirm", "cf")]);
        return new CmdletFacts
        {
            Verb = (string)cmdlet.ConstructorArguments[0].Value!,
            Noun = (string)cmdlet.ConstructorArguments[1].Value!,
            DefaultSet = Named<string>(cmdlet, "DefaultParameterSetName"),
            Parameters = parameters,
        };
    }

    private static ParameterFacts ReadParameter(PropertyInfo property, SetFacts[] sets)
    {
        Type type = property.PropertyType;
        Type item = type.IsArray ? type.GetElementType()! : type;
        item = Nullable.GetUnderlyingType(item) ?? item;
        return new ParameterFacts
        {
            Name = property.Name,
            TypeName = TypeNames.Of(type),
            IsSwitch = string.Equals(type.FullName, PowerShell + "SwitchParameter", StringComparison.Ordinal),
            Aliases = [.. Find(property, "AliasAttribute").SelectMany(a => Strings(a.ConstructorArguments[0]))],
            AcceptedValues = item.IsEnum ? Enum.GetNames(item) : [.. Find(property, "ValidateSetAttribute").SelectMany(a => Strings(a.ConstructorArguments[0]))],
            AcceptsWildcards = Find(property, "SupportsWildcardsAttribute").Any(),
            Sets = sets,
        };
    }

    private static SetFacts ReadSet(CustomAttributeData attribute)
    {
        int position = Named<int?>(attribute, "Position") ?? int.MinValue;
        return new SetFacts(
            Named<string>(attribute, "ParameterSetName") is { } set && !string.Equals(set, "__AllParameterSets", StringComparison.Ordinal) ? set : null,
            Named<bool>(attribute, "Mandatory"),
            position == int.MinValue ? null : position,
            Named<bool>(attribute, "ValueFromPipeline"),
            Named<bool>(attribute, "ValueFromPipelineByPropertyName"),
            Named<bool>(attribute, "ValueFromRemainingArguments"),
            Named<bool>(attribute, "DontShow"));
    }

    private static ParameterFacts Standard(string name, string alias) => new()
    {
        Name = name,
        TypeName = "switch",
        IsSwitch = true,
        Aliases = [alias],
        AcceptedValues = [],
        AcceptsWildcards = false,
        Sets = [new SetFacts(Name: null, IsMandatory: false, Position: null, FromPipeline: false, FromPipelineByName: false, FromRemaining: false, IsHidden: false)],
    };

    private static IEnumerable<CustomAttributeData> Find(MemberInfo member, string attribute) =>
        member.GetCustomAttributesData().Where(a => string.Equals(a.AttributeType.FullName, PowerShell + attribute, StringComparison.Ordinal));

    private static IEnumerable<string> Strings(CustomAttributeTypedArgument argument) => argument.Value is IEnumerable<CustomAttributeTypedArgument> many
        ? many.Select(a => (string)a.Value!)
        : [(string)argument.Value!];

    private static T? Named<T>(CustomAttributeData attribute, string name) =>
        attribute.NamedArguments.Where(a => string.Equals(a.MemberName, name, StringComparison.Ordinal)).Select(a => (T?)a.TypedValue.Value).FirstOrDefault();
}
