using System.Management.Automation;
using System.Reflection;

namespace GuardedMaps.Shell;

/// <summary>
/// The type names <c>[guardedmap]</c>, <c>[snapshotmap]</c>, <c>[syncmap]</c> and <c>[orderedmap]</c>, as <c>[hashtable]</c> is one.
/// </summary>
/// <remarks>
/// PowerShell's table of type accelerators is not public, so it is reached by reflection, as other modules do. Where a future version has
/// moved it, the short name is missing and everything else works: <c>[GuardedMaps.GuardedMap]</c> always names the type. A name that
/// somebody else has registered is left alone, on import and on removal.
/// </remarks>
internal static class TypeAccelerator
{
    private static readonly (string Name, Type Type)[] s_names =
    [
        ("guardedmap", typeof(GuardedMap)), ("snapshotmap", typeof(SnapshotMap)), ("syncmap", typeof(SyncMap)), ("orderedmap", typeof(OrderedMap)),
    ];

    private static readonly Type? s_table = typeof(PSObject).Assembly.GetType("System.Management.Automation.TypeAccelerators");

    /// <summary>Registers the names that are not taken.</summary>
    public static void Register()
    {
        if (Entries() is not { } entries) return;
        foreach (var (name, type) in s_names)
        {
            if (!entries.ContainsKey(name)) Call("Add", name, type);
        }
    }

    /// <summary>Takes back the names that are ours.</summary>
    public static void Unregister()
    {
        foreach (var (name, type) in s_names)
        {
            if (Entries() is { } entries && entries.TryGetValue(name, out Type? taken) && taken == type) Call("Remove", name);
        }
    }

    private static Dictionary<string, Type>? Entries() =>
        s_table?.GetProperty("Get", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) as Dictionary<string, Type>;

    private static void Call(string method, params object[] arguments)
    {
        MethodInfo? found = s_table?.GetMethod(method, BindingFlags.Public | BindingFlags.Static, Type.DefaultBinder, Array.ConvertAll(arguments, a => a is Type ? typeof(Type) : a.GetType()), modifiers: null);
        found?.Invoke(null, arguments);
    }
}
