using System.Collections;
using System.Collections.Immutable;

namespace GuardedMaps;

/// <summary>Adding one more to a list that is a value of a map, for a type of value that is only known to the caller.</summary>
/// <remarks>
/// The list in the map is never changed: the longer one takes its place. So whoever has read it holds a list that stays as it is, on
/// any thread, and no lock is needed around its use. <see cref="ImmutableList{T}"/> shares what both have in common, so that a list of
/// n costs O(n log n) to build up and not O(n²).
/// </remarks>
internal static class Appending<TValue>
{
    /// <summary>The list that <paramref name="present"/> and <paramref name="item"/> make.</summary>
    public static TValue Longer(TValue? present, object? item, object key)
    {
        if (typeof(TValue).IsAssignableFrom(typeof(ImmutableList<object?>))) return (TValue)(object)Longer((object?)present, item, key);
        if (typeof(TValue).GetElementType() is { } element && typeof(TValue).IsSZArray) return (TValue)(object)LongerArray((Array?)(object?)present, element, item);
        throw new InvalidOperationException(SafeText.Message($"The map's values are of type {typeof(TValue).Name}, which is no list, so nothing can be appended to the value of key '{key}'. Use Update with a callback."));
    }

    private static ImmutableList<object?> Longer(object? present, object? item, object key) => present switch
    {
        null => [item],
        ImmutableList<object?> list => list.Add(item),
        IDictionary or string or not ICollection => throw new InvalidOperationException(SafeText.Message(
            $"The value of key '{key}' is a {present.GetType().Name}, not a list, so nothing can be appended to it. Use Update with a callback.")),
        ICollection other => ImmutableList.CreateRange(other.Cast<object?>()).Add(item),
    };

    private static Array LongerArray(Array? present, Type element, object? item)
    {
        int count = present?.Length ?? 0;
        var longer = Array.CreateInstance(element, count + 1);
        present?.CopyTo(longer, 0);
        if (item is null ? element.IsValueType && Nullable.GetUnderlyingType(element) is null : !element.IsInstanceOfType(item))
            throw new ArgumentException(SafeText.Message($"The map's lists hold items of type {element}, not {item?.GetType().ToString() ?? "null"}."), nameof(item));
        longer.SetValue(item, count);
        return longer;
    }
}
