using System.Diagnostics;

namespace GuardedMaps;

/// <summary>Shows the entries of a map that cannot race in a debugger.</summary>
internal sealed class MapDebugView<TKey, TValue>(MapBase<TKey, TValue> map)
    where TKey : notnull
{
    [DebuggerBrowsable(DebuggerBrowsableState.RootHidden)]
    public KeyValuePair<TKey, TValue>[] Entries => map.ToArray();
}
