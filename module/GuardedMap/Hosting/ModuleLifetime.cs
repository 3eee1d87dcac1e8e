using System.Collections;
using System.Management.Automation;

namespace GuardedMaps.Shell;

/// <summary>
/// What happens when the module is imported and removed: the core learns to speak PowerShell's terms, and <c>[guardedmap]</c> and its like name the maps.
/// </summary>
/// <remarks>
/// Both are process-wide, while a module is imported once per runspace. So imports are counted, and only the last removal undoes
/// what the first import did. A runspace that is closed without removing its modules never says so; the count then stays above zero
/// and the settings stay, which harms nobody.
/// </remarks>
public sealed class ModuleLifetime : IModuleAssemblyInitializer, IModuleAssemblyCleanup
{
    private static readonly object s_lock = new();
    private static int s_imports;

    /// <summary>Called by PowerShell when a runspace imports the module.</summary>
    public void OnImport()
    {
        lock (s_lock)
        {
            if (s_imports++ == 0)
            {
                MapHost.ActorLabel = ScriptActor.Label;
                MapHost.ActorNumber = static () => ScriptActor.Number;
                MapHost.ActorJob = static () => RunspaceJob.Current;
                MapHost.ActorPosition = ScriptActor.Position;
                MapHost.ExceptionFactory = MakeException;
                MapHost.Warning = ScriptActor.Warn;
                MapHost.EntryMarker = MarkEntry;
                TypeAccelerator.Register();
            }
        }

        DisplayProperties.Register();
        NotebookResults.Watch();
    }

    /// <summary>Called by PowerShell when a runspace removes the module.</summary>
    public void OnRemove(PSModuleInfo psModuleInfo)
    {
        DisplayProperties.Unregister();
        lock (s_lock)
        {
            if (s_imports == 0 || --s_imports > 0) return;
            MapHost.ActorNumber = null;
            MapHost.ActorLabel = null;
            MapHost.ActorJob = null;
            MapHost.ActorPosition = null;
            MapHost.ExceptionFactory = null;
            MapHost.Warning = null;
            MapHost.EntryMarker = null;
            TypeAccelerator.Unregister();
        }
    }

    // PowerShell keeps the names of a type by the object they are given to, so whoever wraps the same box again finds them. The views are in Views/GuardedMap.Format.ps1xml.
    private static void MarkEntry(object entry) =>
        PSObject.AsPSObject(entry).TypeNames.Insert(0, entry is DictionaryEntry ? "System.Collections.DictionaryEntry#GuardedMap" : "System.Collections.Generic.KeyValuePair#GuardedMap");

    private static GuardedMaps.MapViolationException MakeException(MapViolation violation) => new MapViolationException(violation);
}
