using Microsoft.CodeAnalysis;

namespace GuardedMaps.Steppers;

/// <summary>What the types of the source are called in the steppers.</summary>
internal static class Types
{
    private static readonly SymbolDisplayFormat Plain = new(
        typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameOnly,
        genericsOptions: SymbolDisplayGenericsOptions.None,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    public static string Name(ITypeSymbol type) => Bare(type) + (type is { IsReferenceType: true, NullableAnnotation: NullableAnnotation.Annotated } and not ITypeParameterSymbol ? "?" : "");

    /// <summary>The type of a reference to the type.</summary>
    public static string Reference(ITypeSymbol type) => Source.IsSlot(type) ? "SlotRef" : $"CellRef<{Name(type)}>";

    private static string Bare(ITypeSymbol type)
    {
        switch (type)
        {
            case ITypeParameterSymbol parameter:
                return parameter.Name switch
                {
                    "TKey" => "int",
                    "TValue" => "long",
                    "TOps" => "StepOps",
                    "TProbe" => "StepProbe",
                    "T" or "TAction" => parameter.Name,
                    _ => throw new InvalidOperationException($"The type parameter {parameter.Name} of {parameter.ContainingSymbol} has no fixed type in the steppers."),
                };
            case IArrayTypeSymbol array:
                return Source.IsSlot(array.ElementType) ? "SlotCells" : $"Cells<{Name(array.ElementType)}>";
            case INamedTypeSymbol named:
                if (named.Name == "NoProbe") return "StepProbe";
                if (named.Name == "BuiltInOps") return "StepOps";
                string key = Source.Key(named.OriginalDefinition);
                string? mapped = Rules.Shared.GetValueOrDefault(key) ?? Rules.Own.GetValueOrDefault(key) ?? Rules.Values.GetValueOrDefault(key) ?? Rules.Twins.GetValueOrDefault(key);
                if (mapped is not null) return mapped;
                if (Source.IsSpan(named)) return Source.IsSlot(named.TypeArguments[0]) ? "SlotSpan" : $"CellSpan<{Name(named.TypeArguments[0])}>";
                if (named.IsTupleType) return $"({string.Join(", ", named.TupleElements.Select(e => $"{Name(e.Type)} {e.Name}"))})";
                if (named.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T) return $"{Name(named.TypeArguments[0])}?";
                string name = named.ToDisplayString(Plain);
                return named.TypeArguments.Length == 0 ? name : $"{name}<{string.Join(", ", named.TypeArguments.Select(Name))}>";
            default:
                return type.ToDisplayString(Plain);
        }
    }
}
