using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace GuardedMaps.Hosting.Tests;

/// <summary>Leads the runtime to the module's own assemblies, so that tests, shell and cells in this process all have the one copy that users get.</summary>
internal static class ModuleAssemblies
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "module", "GuardedMap", "bin");

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255:The 'ModuleInitializer' attribute should not be used in libraries", Justification = "It must come before the first test, whichever that is; nobody uses this as a library.")]
    internal static void Register() => AssemblyLoadContext.Default.Resolving += static (context, name) =>
    {
        string path = Path.Combine(Folder, name.Name + ".dll");
        return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
    };
}
