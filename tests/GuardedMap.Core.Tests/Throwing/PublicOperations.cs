using System.Globalization;
using System.Reflection;

namespace GuardedMaps.Tests.Throwing;

/// <summary>Every operation a type offers: its public methods and indexers, and those of its interfaces that it implements apart.</summary>
/// <remarks>Found by looking at the type, so that an operation that is added is one of them from the first day. Events, and properties that only tell something, are none.</remarks>
internal static class PublicOperations
{
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance;

    public static IEnumerable<MethodInfo> Of(Type type)
    {
        var own = type.GetMethods(Public).Where(m => m.DeclaringType!.Assembly == typeof(GuardedMap).Assembly);
        var apart = type.GetInterfaces().Where(i => i.IsVisible).SelectMany(i => type.GetInterfaceMap(i).TargetMethods).Where(m => !m.IsPublic);
        return own.Concat(apart).Where(m => !IsTelling(m)).Select(Closed).DistinctBy(Name, StringComparer.Ordinal).OrderBy(Name, StringComparer.Ordinal);
    }

    /// <summary><c>GetOrAdd(Int32 key, Func`2 valueFactory)</c>.</summary>
    public static string Name(MethodInfo method) =>
        $"{method.Name}({string.Join(", ", method.GetParameters().Select(p => $"{p.ParameterType.Name} {p.Name}"))}){(method.IsPublic ? "" : " apart")}";

    // An argument that is handed to factories is a text.
    private static MethodInfo Closed(MethodInfo method) =>
        method.IsGenericMethodDefinition ? method.MakeGenericMethod([.. method.GetGenericArguments().Select(_ => typeof(string))]) : method;

    private static bool IsTelling(MethodInfo method)
    {
        string name = method.Name[(method.Name.LastIndexOf('.') + 1)..];
        // A view that lives on the stack cannot be had by reflection, and does nothing before it is asked.
        if (method.ReturnType.IsByRefLike) return true;
        // A view by keys of another type asks nothing, either. What is done through it is tried in AlternateLookupTests.
        if (name is "GetAlternateLookup" or "TryGetAlternateLookup") return true;
        return method.IsSpecialName && (name.StartsWith("add_", StringComparison.Ordinal) || name.StartsWith("remove_", StringComparison.Ordinal) || method.GetParameters().Length == 0);
    }
}

/// <summary>What the parameters of operations can be: a key that is there and one that is not, factories that are foreign code, and so on.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <typeparam name="TValue">The type of the values.</typeparam>
internal sealed class PossibleArguments<TKey, TValue>(ForeignCode code, Func<int, TKey> key, Func<long, TValue> value)
    where TKey : notnull
{
    public const int Present = 5;
    public const int Absent = 500;
    public const long Other = -5;

    /// <summary>Every combination of arguments.</summary>
    public IEnumerable<object?[]> For(MethodInfo method)
    {
        IEnumerable<object?[]> all = [[]];
        foreach (ParameterInfo parameter in method.GetParameters())
        {
            var possible = For(parameter, method).ToList();
            all = all.SelectMany(before => possible.Select(one => (object?[])[.. before, one])).ToList();
        }

        return all;
    }

    private IEnumerable<object?> For(ParameterInfo parameter, MethodInfo method)
    {
        Type type = parameter.ParameterType;
        string name = parameter.Name!;
        if (parameter.IsOut) return [null];
        if (name is "key" or "from" or "to" || (name == "item" && type == typeof(TKey) && type != typeof(object)))
        {
            if (type == typeof(TKey) || type == typeof(object)) return [key(Present), key(Absent)];
        }

        if (type == typeof(int)) return [name switch
        {
            "index" or "arrayIndex" => 0,
            "capacity" => 1000,
            "count" or "counters" => 10,
            _ => throw Unknown(),
        }];
        if (name == "by") return [1L];
        if (type == typeof(object) || type == typeof(TValue)) return [value(Present), value(Other)];
        if (type == typeof(Func<TKey, TValue>)) return [(Func<TKey, TValue>)(_ => Made())];
        if (type == typeof(Func<TKey, TValue, TValue>)) return [(Func<TKey, TValue, TValue>)((_, _) => Made())];
        if (type == typeof(Func<TKey, string, TValue>)) return [(Func<TKey, string, TValue>)((_, _) => Made())];
        if (type == typeof(Func<TKey, TValue, string, TValue>)) return [(Func<TKey, TValue, string, TValue>)((_, _, _) => Made())];
        if (type == typeof(string)) return ["argument"];
        if (type == typeof(Func<object?, object?>)) return [(Func<object?, object?>)(_ => Made())];
        if (type == typeof(KeyValuePair<TKey, TValue>)) return [KeyValuePair.Create(key(Present), value(Present)), KeyValuePair.Create(key(Present), value(Other)), KeyValuePair.Create(key(Absent), value(Present))];
        if (type == typeof(KeyValuePair<TKey, TValue>[])) return [new KeyValuePair<TKey, TValue>[1000]];
        if (type == typeof(Array)) return [new object[1000]];
        if (type == typeof(Action<SnapshotBatch<TKey, TValue>>)) return [(Action<SnapshotBatch<TKey, TValue>>)Batch];
        // A nullable one, or one with a default, is left out.
        if (parameter.HasDefaultValue || type == typeof(bool) || Nullable.GetUnderlyingType(type) is not null) return [null];
        throw Unknown();

        ArgumentException Unknown() => new($"No argument is known for the parameter '{parameter}' of {PublicOperations.Name(method)}: say in {nameof(PossibleArguments<int, int>)} what it can be.", nameof(parameter));
    }

    private TValue Made()
    {
        code.Call();
        return value(Other);
    }

    private void Batch(SnapshotBatch<TKey, TValue> batch)
    {
        batch[key(Absent)] = Made();
        batch.Remove(key(Present));
        batch[key(Present + 1)] = Made();
    }
}
