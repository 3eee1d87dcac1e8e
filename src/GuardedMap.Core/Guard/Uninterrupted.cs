using System.Runtime.CompilerServices;

namespace GuardedMaps;

// Thread.Interrupt, and what must not be torn by it.
//
// An interrupt is delivered where a thread blocks: at a lock that somebody else holds, in a sleep, in a wait. The operations of a map block in two
// kinds of places. On the way in, where nothing has been done yet: an interrupt there ends the operation, and it has not taken place. And in
// the middle, to finish something: a lease that ends, an event that is recorded, a cell whose value is taken out. An interrupt there would leave half
// of it behind: a lease that is over and yet refuses every write, a count that is wrong for good. So what is finished is finished first:
//
//     lock (x) { ... }                          on the way in: an interrupt comes out here
//     using (Uninterrupted.Lock(x)) { ... }     in the middle: it is remembered, and given back to the thread when the lock is let go
//     Uninterrupted.SpinOnce(ref spin)          the same for a moment's waiting
//
// Given back means that the thread's next wait ends with the ThreadInterruptedException, as if the interrupt had come a moment later. The locks taken
// this way are held for a few instructions each, in which no foreign code runs, so nobody waits long for his interrupt.

/// <summary>Waits that an interrupt does not end: it arrives when they are over.</summary>
internal static class Uninterrupted
{
    /// <summary>Takes a lock; let go of it by disposing of what is returned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Held Lock(object on) => new(on, !Monitor.TryEnter(on) && Wait(on));

    /// <summary>Waits a moment, as <see cref="SpinWait.SpinOnce()"/> does.</summary>
    public static void SpinOnce(ref SpinWait spin)
    {
        try
        {
            spin.SpinOnce();
        }
        catch (ThreadInterruptedException)
        {
            Thread.CurrentThread.Interrupt();
        }
    }

    /// <returns>True if the thread was interrupted meanwhile.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Wait(object on)
    {
        bool isTaken = false;
        bool isInterrupted = false;
        while (!isTaken)
        {
            try
            {
                Monitor.Enter(on, ref isTaken);
            }
            catch (ThreadInterruptedException)
            {
                isInterrupted = true;
            }
        }

        return isInterrupted;
    }

    /// <summary>A lock that is held.</summary>
    public readonly ref struct Held(object on, bool isInterrupted)
    {
        /// <summary>Lets go of it, and gives the thread back the interrupt that came while it waited.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose()
        {
            Monitor.Exit(on);
            if (isInterrupted) Thread.CurrentThread.Interrupt();
        }
    }
}
