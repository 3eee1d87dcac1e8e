using System.Management.Automation;
using System.Reflection;

namespace GuardedMaps.Shell;

/// <summary>
/// The type name <c>[guardedmap]</c>, as <c>[hashtable]</c> is one.
/// </summary>
/// <remarks>
/// PowerShell's table of type accelerators is not public, so it is reached by reflection, as other modules do. Where a future version has
/// moved it, the short name is missing and everything else works: <c>[GuardedMaps.GuardedMap]</c> always names the type. A name that
/// somebody else has registered is left alone, on import and on removal.
/// </remarks>
internal static class TypeAccelerator
{
    private const string Name = "guardedmap";
    private static readonly Type? s_table = typeof(PSObject).Assembly.GetType("System.Management.Automation.TypeAccelerators");

    /// <summary>Registers the name unless it is taken. False if it could not be.</summary>
    public static bool Register()
    {
        if (Entries() is not { } entries) return false;
        if (entries.TryGetValue(Name, out Type? taken)) return taken == typeof(GuardedMap);
        return Call("Add", Name, typeof(GuardedMap));
    }

    /// <summary>Takes the name back if it is ours.</summary>
    public static void Unregister()
    {
        if (Entries() is { } entries && entries.TryGetValue(Name, out Type? type) && type == typeof(GuardedMap)) Call("Remove", Name);
    }

    private static Dictionary<string, Type>? Entries() =>
        s_table?.GetProperty("Get", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as Dictionary<string, Type>;

    private static bool Call(string method, params object[] arguments)
    {
        MethodInfo? found = s_table?.GetMethod(method, BindingFlags.Public | BindingFlags.Static, Type.DefaultBinder, Array.ConvertAll(arguments, a => a is Type ? typeof(Type) : a.GetType()), modifiers: null);
        found?.Invoke(null, arguments);
        return found is not null;
    }
}
