namespace GuardedMaps.Shell.Commands;

/// <summary>What the cmdlets have in common that look at what only a guarded map has. A map of another kind is an error that says why.</summary>
public abstract class GuardedMapCommand : MapCommand
{
    /// <summary>What a map of another kind lacks, as a sentence.</summary>
    private protected abstract string Lacks { get; }

    /// <summary>Does the cmdlet's work on one map.</summary>
    private protected abstract void Process(IGuardedMap map);

    private protected sealed override void Process(IMap map)
    {
        if (map is IGuardedMap guarded) Process(guarded);
        else WriteError(Errors.NotGuarded(map, Lacks));
    }
}
