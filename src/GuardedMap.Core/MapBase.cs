namespace GuardedMaps;

/// <summary>
/// What the maps of all kinds and types are: a name by which a shell can know them, since it chooses a view by the names of classes, and those
/// of the maps are as many as there are types. What one can do with any map is <see cref="IMap"/>.
/// </summary>
public abstract class MapBase
{
    private protected MapBase()
    {
    }
}
