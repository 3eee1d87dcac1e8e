namespace GuardedMaps;

// What a map that is no guarded one keeps to detect lost updates by (Guard/LastReads.cs has what threads have read): who wrote last, and what was refused.
//
// A guarded map has a stamp of its last writer anyway. Here each write signs, under the lock that writers take turns by, so the signature is that of the version
// which a refused set has found. The line a shell's writer stands at takes microseconds to find out, so it is asked for only of the writes that follow a violation:
// who raced once races again.

/// <summary>What a map keeps of its writers to detect lost updates by. It stands for the map among what threads remember, so it does not know the map.</summary>
/// <param name="types">What threads know their memory for maps of these types by.</param>
/// <param name="isForShell">True for a shell's map: its writers have names and lines.</param>
internal sealed class LostUpdateWatch(object types, bool isForShell) : ReadMark(types)
{
    /// <summary>What to do instead of a set that is refused.</summary>
    public const string Remedy =
        "Read and write in one operation: Increment, Update or AddOrUpdate (in PowerShell Update-MapEntry), or GetOrAdd for a key that is to be added if it is missing. Or read the key again, and set it to what follows from that.";

    private const int WritesAfterViolation = 64;

    private int _positionsWanted;

    /// <summary>Who wrote last. Changed under the writers' lock.</summary>
    public WriteSignature? LastWriter { get; set; }

    /// <summary>What was refused.</summary>
    public ViolationLog Violations { get; } = new();

    /// <summary>The calling thread's signature for a write. Asks the host, so it comes before the lock.</summary>
    public WriteSignature Sign(MapOperation operation)
    {
        string? position = null;
        if (isForShell)
        {
            MapHost.NoteActor(StackPage.Here);
            // Threads that count down at once may ask for one more or one fewer.
            if (Volatile.Read(ref _positionsWanted) > 0)
            {
                Volatile.Write(ref _positionsWanted, _positionsWanted - 1);
                position = MapHost.CurrentPosition();
            }
        }

        return new WriteSignature(ActorThread.Id, operation, position);
    }

    /// <summary>Records a violation.</summary>
    public void Add(MapViolation violation)
    {
        Volatile.Write(ref _positionsWanted, WritesAfterViolation);
        Violations.Add(violation);
    }
}

/// <summary>Who made a write.</summary>
/// <param name="ThreadId">The managed thread id.</param>
/// <param name="Operation">What was done.</param>
/// <param name="Position">The script line, if it was asked for.</param>
internal sealed record WriteSignature(int ThreadId, MapOperation Operation, string? Position)
{
    /// <summary>The same as a side of a violation.</summary>
    public MapActor ToActor() => new() { ThreadId = ThreadId, Operation = Operation, Label = ActorDirectory.LabelOf(ThreadId), Position = Position };
}
