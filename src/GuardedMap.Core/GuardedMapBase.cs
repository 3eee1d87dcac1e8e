namespace GuardedMaps;

/// <summary>
/// What the guarded maps of all types are: a name by which a shell can know them, since it chooses a view by the names of classes, and those of
/// <see cref="GuardedMapBase{TKey, TValue}"/> are as many as there are types. What one can do with any of them is <see cref="IGuardedMap"/>.
/// </summary>
public abstract class GuardedMapBase : MapBase
{
    private protected GuardedMapBase()
    {
    }
}
