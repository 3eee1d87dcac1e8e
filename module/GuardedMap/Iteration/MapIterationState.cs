using System.Management.Automation;

namespace GuardedMaps.Shell;

/// <summary>
/// Where an iterator stood after a step: what <c>Step-MapIterator</c> emits, and <c>$_.Iterator</c> of an entry under <c>-IncludeState</c>. A copy,
/// since the iterator goes on.
/// </summary>
public sealed record MapIterationState
{
    internal MapIterationState(long step, IMapIterator iterator)
    {
        Step = step;
        State = iterator.State;
        Contract = iterator.Contract;
        StartBucket = iterator.StartBucket;
        Offset = iterator.Offset;
        Bucket = iterator.Bucket;
        Slot = iterator.Slot;
        Wrapped = iterator.Wrapped;
        VersionAtInit = iterator.VersionAtInit;
        Entry = iterator.State == IteratorState.Bucket ? iterator.Entry : null;
    }

    /// <summary>How many steps had been made: of Step-MapIterator each transition counts, of Invoke-MapIteration each entry.</summary>
    public long Step { get; }

    /// <summary>The iterator's state.</summary>
    public IteratorState State { get; }

    /// <summary>The contract of the iteration.</summary>
    public IterationContract Contract { get; }

    /// <summary>The stretch of eight entries the iteration began in: 0, or what the seed chose.</summary>
    public int StartBucket { get; }

    /// <summary>The place in that stretch of the entry it began with: 0, or what the seed chose.</summary>
    public int Offset { get; }

    /// <summary>The stretch of eight entries it was in: number 0 has the entries 0 to 7.</summary>
    public int Bucket { get; }

    /// <summary>The place in the stretch that it stood on; -1 between entries.</summary>
    public int Slot { get; }

    /// <summary>True once the iteration has passed the last entry and goes on from the first.</summary>
    public bool Wrapped { get; }

    /// <summary>The map's version when the iteration began.</summary>
    public long VersionAtInit { get; }

    /// <summary>The entry it stood on, as a cursor that is valid until the next step; null between entries.</summary>
    public IMapEntry? Entry { get; }

    /// <summary>Adds the state to an entry, under a type name of its own for the view.</summary>
    internal static PSObject AddTo(IMapEntry entry, IMapIterator iterator, long step)
    {
        PSObject wrapped = PSObject.AsPSObject(entry);
        wrapped.Properties.Add(new PSNoteProperty("Iterator", new MapIterationState(step, iterator)));
        wrapped.TypeNames.Insert(0, "GuardedMaps.MapEntry#State");
        return wrapped;
    }
}
