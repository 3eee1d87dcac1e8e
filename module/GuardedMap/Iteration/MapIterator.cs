using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell;

/// <summary>An iterator over a guarded map as a shell can hold it, made by <c>New-MapIterator</c>.</summary>
/// <remarks>
/// <para>
/// PowerShell walks whatever can be enumerated to its end: in a pipeline, at the prompt, in an assignment. The map's own iterator can be
/// enumerated. This one cannot, so it stands still until it is stepped.
/// </para>
/// <para>
/// The lease begins with the first step and ends with Done, or with Dispose. PowerShell disposes nothing, and a forgotten lease would lock
/// writers out for good, so the lease of an iterator that nobody can reach any more ends when the collector finds that out.
/// </para>
/// </remarks>
public sealed class MapIterator : IDisposable
{
    private readonly IMapIterator _iterator;

    internal MapIterator(IGuardedMap map, IMapIterator iterator)
    {
        Map = map;
        _iterator = iterator;
    }

    /// <summary>Ends the lease of an iterator that was forgotten.</summary>
    ~MapIterator()
    {
        try
        {
            _iterator.Dispose();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The end of a lease applies what was deferred, with the comparer that the map's owner brought. On this thread an exception would
            // end the process; what could not be applied stays queued, and the next write meets the exception again.
        }
    }

    /// <summary>The map.</summary>
    public IGuardedMap Map { get; }

    /// <summary>Where the iterator is in its life: Nil, Init, Bucket, NextBucket, Done.</summary>
    public IteratorState State => _iterator.State;

    /// <summary>How many steps it has made.</summary>
    public long Steps { get; private set; }

    /// <summary>What happens when somebody writes meanwhile.</summary>
    public IterationContract Contract => _iterator.Contract;

    /// <summary>The stretch of eight entries the iteration began in: 0, or what the seed chose.</summary>
    public int StartBucket => _iterator.StartBucket;

    /// <summary>The place in that stretch of the entry it began with: 0, or what the seed chose.</summary>
    public int Offset => _iterator.Offset;

    /// <summary>The stretch of eight entries it is in: number 0 has the entries 0 to 7.</summary>
    public int Bucket => _iterator.Bucket;

    /// <summary>The place in the stretch that it stands on; -1 between entries.</summary>
    public int Slot => _iterator.Slot;

    /// <summary>True once it has passed the last entry and goes on from the first.</summary>
    public bool Wrapped => _iterator.Wrapped;

    /// <summary>The map's version when the iteration began.</summary>
    public long VersionAtInit => _iterator.VersionAtInit;

    /// <summary>The entry it stands on, as a cursor to write through; null between entries.</summary>
    public IMapEntry? Entry => _iterator.State == IteratorState.Bucket ? _iterator.Entry : null;

    /// <summary>Makes one transition, and tells where it led to.</summary>
    /// <exception cref="GuardedMaps.MapViolationException">The step overlapped a write or another thread's step, the contract says so, or the iterator is done.</exception>
    public MapIterationState Step()
    {
        _iterator.Step();
        Steps++;
        return new MapIterationState(Steps, _iterator);
    }

    /// <summary>A picture of where it is now.</summary>
    internal IteratorPicture Draw() => IteratorPicture.Of(Map, _iterator, Steps);

    /// <summary>Ends the iteration and its lease. May be called again.</summary>
    public void Dispose()
    {
        _iterator.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc/>
    public override string ToString() => $"iterator over map '{SafeText.Line(Map.Name)}' in state {State}";
}
