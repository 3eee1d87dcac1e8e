using System.Runtime.CompilerServices;

namespace GuardedMaps;

// Where a shell's writers stand in their scripts.
//
// Whoever is refused is asked for its line then and there. But the other side of a violation may be a writer, and of a writer no more is known than its stamp:
// thread and operation, stored with one store (WriterStamp). When somebody meets it, it has mostly gone on. So its line must be taken when it writes, and that is a
// walk over the shell's call stack: microseconds, where the write takes nanoseconds. It is taken of the few writes somebody may come to ask for:
//
//     an iteration that fails after a write has begun       of the next few writes: one of them is what its next step will stumble over
//     a violation has been described                        of the next few dozen: who raced once races again
//
// A line is believed only if the stamp says the same thread and the same version: it is that very write's.
public abstract partial class GuardedMapBase<TKey, TValue>
{
    // One write may ask up to three times, on its way from the fast path to the careful one.
    private const int WritesAfterIteration = 6;
    private const int WritesAfterViolation = 64;

    private int _positionsWanted;
    private NotedWrite? _noted;

    /// <summary>A write whose script line was taken.</summary>
    /// <param name="Version">The version it was to complete.</param>
    /// <param name="Thread">Its thread.</param>
    /// <param name="Position">Where it stands in its script.</param>
    private sealed record NotedWrite(long Version, int Thread, string Position);

    /// <summary>Says that the lines of the next writes will be of interest.</summary>
    private void WantPositions(int writes)
    {
        if (_options.ForShell && Volatile.Read(ref _positionsWanted) < writes) Volatile.Write(ref _positionsWanted, writes);
    }

    /// <summary>Has the calling thread's name ready for whoever meets its write, and its line if that is wanted. On a shell's map, before each write.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void NoteWriter(long version)
    {
        nuint page = StackPage.Here;
        if (page != _ownerPage || _owner!.HostEpoch != MapHost.Epoch) MapHost.NoteActor(page);
        if (_positionsWanted > 0) NotePosition(version);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NotePosition(long version)
    {
        // Threads that count down at once may note one more or one fewer.
        Volatile.Write(ref _positionsWanted, _positionsWanted - 1);
        if (MapHost.CurrentPosition() is { } position)
            Volatile.Write(ref _noted, new NotedWrite(VersionWord.Number(version), ActorThread.Id, position));
    }

    /// <summary>The script line of the write that has left a stamp, if it was taken.</summary>
    private string? PositionOf(ulong stamp) =>
        // Of one version there is one write, and of an owner's no other thread's line can have been taken.
        Volatile.Read(ref _noted) is { } noted && (WriterStamp.IsOwners(stamp) || noted.Thread == WriterStamp.Thread(stamp)) && WriterStamp.Belongs(stamp, noted.Version << VersionWord.Shift)
            ? noted.Position
            : null;
}
