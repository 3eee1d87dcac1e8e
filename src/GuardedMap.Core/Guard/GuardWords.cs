namespace GuardedMaps;

/// <summary>
/// The first of the guard's two words: how often the map has been written, and whether it is being written now. Only the one
/// who writes changes it, with plain stores.
/// </summary>
/// <remarks>
/// <code>
///  63                      24   9    8   7    6    5    4    3    2    1    0
/// [ version: completed writes | det  rep| cus  ung  syn  obs  sam  end  gro  wri ]
/// </code>
/// A read takes the word, looks up, and takes the word again: same version and no writer either time, so nothing was written in
/// between and the answer is that of one consistent table. (A sequence lock: Lameter, "Effective synchronization on Linux/NUMA
/// systems", 2005; Boehm, "Can seqlocks get along with programming language memory models?", 2012.)
/// </remarks>
internal static class VersionWord
{
    /// <summary>Somebody is writing.</summary>
    public const long Writing = 1;

    /// <summary>The table has old buckets.</summary>
    public const long Growing = 1 << 1;

    /// <summary>The leases of plain <c>foreach</c> loops have been ended by name: there are none any more, and there will be none. Set by a holder of the map.</summary>
    public const long LoopsEnded = 1 << 2;

    /// <summary>The next operations' keys are counted, to find hot ones. Set and taken away by compare-and-swap; a writer may wipe it out.</summary>
    public const long Sampled = 1 << 3;

    /// <summary>The map is traced: operations go through the live probe.</summary>
    public const long Observed = 1 << 4;

    /// <summary>Protection Synchronized.</summary>
    public const long Synchronized = 1 << 5;

    /// <summary>Protection None.</summary>
    public const long Unguarded = 1 << 6;

    /// <summary>Keys are hashed and compared by foreign code, which may throw or re-enter; or it is a shell's map, whose writers must leave their names.</summary>
    public const long Custom = 1 << 7;

    /// <summary>Violations are reported, and nothing is refused. Together with Synchronized.</summary>
    public const long Reports = 1 << 8;

    /// <summary>Lost updates are detected: lookups are remembered.</summary>
    public const long Detects = 1 << 9;

    public const int Shift = 24;
    public const long One = 1L << Shift;

    /// <summary>What a read compares before and after: the same version, and no writer.</summary>
    public const long ReadStamp = (-1L << Shift) | Writing;

    /// <summary>Conditions that send an operation to the careful path.</summary>
    public const long Carefully = Writing | Sampled | Observed | Synchronized | Custom | Detects;

    /// <summary>Conditions that send a plain <c>foreach</c> to the careful path. It calls no foreign code.</summary>
    public const long IterateCarefully = Writing | Observed | Synchronized | Unguarded | LoopsEnded;

    public static long Number(long word) => (long)((ulong)word >> Shift);

    /// <summary>The word after a completed write.</summary>
    public static long Next(long word, bool growing) => ((word & ~(Growing | Writing)) + One) | (growing ? Growing : 0);
}

/// <summary>
/// The second of the guard's two words: who may write. It changes by compare-and-swap.
/// </summary>
/// <remarks>
/// <code>
///  63       58 57             32  31..26   25    24   23              10   9    8   7..4   3    2    1    0
/// [   free    | owner's thread id |  free | han  sha | anonymous leases  | reg  que  free  lat  fro  sam  held ]
/// </code>
/// <para>
/// <b>An owned map.</b> A map belongs to the thread that made it until another thread writes to it or iterates it. The owner
/// writes without any atomic instruction: it says "I am busy" in a word of its own, looks whether it still is the owner, and writes.
/// That is Dekker's handshake, and on its own it would need a full fence between the store and the load. The fence is left to the
/// other side, which needs it once in a map's life: whoever wants in swaps the owner out of this word, runs a process-wide
/// barrier, and then looks whether the owner is busy. Either the owner's "busy" is visible by then, or the owner has yet to look and
/// will see that it is the owner no more.
/// </para>
/// <code>
///   owner:  busy = 1;  access still mine?  ── yes ──▶ write;  busy = 0          (plain stores and loads)
///                                          └─ no ───▶ busy = 0; the shared way
///   other:  access: mine ──▶ shared + handover;  process-wide barrier;  busy?  ── yes ──▶ overlap, or wait for a lease to settle
///                                                                              └─ no ───▶ handover done
/// </code>
/// <para>(Dice, Huang, Yang, "Asymmetric Dekker synchronization", 2001; biased locking in HotSpot is the same idea for a lock.)</para>
/// <para>
/// <b>A shared map.</b> A write begins by swapping "shared, nothing else" for "shared, held". Whoever finds the bit set, or loses the
/// swap, has overlapped a write and has touched nothing yet. While it is held nobody begins a lease or a snapshot, so the writer on
/// the fast path leaves with a plain store of "shared"; one that came in past registered leases leaves by an atomic and, because those
/// leases may end meanwhile.
/// </para>
/// <para>Every exceptional condition is a bit, and the fast paths compare the whole word: a map that has none pays for none.</para>
/// </remarks>
internal static class AccessWord
{
    /// <summary>Somebody holds the map for writing, by swap.</summary>
    public const long Held = 1;

    /// <summary>The next writes' keys are counted, to find hot ones (<see cref="VersionWord.Sampled"/>).</summary>
    public const long Sampled = 1 << 1;

    /// <summary>A snapshot reads the arrays: the next write must copy them first.</summary>
    public const long Frozen = 1 << 2;

    /// <summary>A violation of a swallowed read waits for its offender's next operation that can throw.</summary>
    public const long Latched = 1 << 3;

    /// <summary>Deferred writes wait to be applied.</summary>
    public const long Queued = 1 << 8;

    /// <summary>There are registered leases: ask them, under the gate's lock.</summary>
    public const long Registered = 1 << 9;

    /// <summary>One lease of a plain <c>foreach</c>: contract Reject, known by number only.</summary>
    public const long AnonymousOne = 1 << 10;

    public const int MaxAnonymousLeases = (1 << 14) - 1;

    public const long AnonymousMask = (long)MaxAnonymousLeases << 10;

    /// <summary>The map has no owner.</summary>
    public const long Shared = 1 << 24;

    /// <summary>The owner has been swapped out, but may not have noticed yet.</summary>
    public const long Handover = 1 << 25;

    public const long OwnerMask = ((1L << 26) - 1) << 32;

    /// <summary>The word of a map that belongs to a thread, and nothing else is the matter.</summary>
    public static long OwnedBy(int thread) => ((long)thread << 32) & OwnerMask;

    public static int AnonymousLeases(long word) => (int)((word & AnonymousMask) >> 10);
}

/// <summary>The calling thread as the guard knows it.</summary>
internal static class ActorThread
{
    /// <summary>After so many handovers in a process its new maps belong to nobody from the start: its habit is to share them, and each handover costs microseconds.</summary>
    private const int HandoversTolerated = 1000;

    [ThreadStatic]
    private static long t_owner;

    // In this class beside the other, so that a write finds both at once.
    [ThreadStatic]
    private static int t_hostNumber;

    private static int s_handovers;

    /// <summary>The access word of a map that belongs to the calling thread. (A thread-static of our own is ten times cheaper to read than the thread's id.)</summary>
    public static long Owner
    {
        get
        {
            long owner = t_owner;
            return owner != 0 ? owner : SetOwner();
        }
    }

    /// <summary>The number the host gave the calling thread's actor when it was asked last (<see cref="MapHost.ActorNumber"/>); 0 if never.</summary>
    public static int HostNumber
    {
        get => t_hostNumber;
        set => t_hostNumber = value;
    }

    /// <summary>The calling thread's managed id.</summary>
    public static int Id => (int)(Owner >> 32);

    public static bool MayOwn => Volatile.Read(ref s_handovers) < HandoversTolerated;

    public static void CountHandover() => Interlocked.Increment(ref s_handovers);

    /// <summary>For tests of owned maps, which must not depend on how many tests ran before.</summary>
    public static void ForgetHandovers() => Volatile.Write(ref s_handovers, 0);

    private static long SetOwner() => t_owner = AccessWord.OwnedBy(Environment.CurrentManagedThreadId);
}

/// <summary>
/// Who writes, in one word that is stored with one plain store once a write is let in: thread id, operation and the
/// low bits of the version it is about to complete, by which a reader of the stamp knows whether it belongs to the write it sees.
/// </summary>
/// <remarks>
/// <code> [ version, low 34 bits | operation, 4 bits | thread id, 26 bits ]</code>
/// </remarks>
internal static class WriterStamp
{
    private const int ThreadBits = 26;
    private const int OperationBits = 4;
    private const int VersionShift = ThreadBits + OperationBits;
    private const ulong VersionMask = (1UL << (64 - VersionShift)) - 1;

    /// <param name="version">The version word the write began with.</param>
    /// <param name="operation">What is done.</param>
    /// <param name="owner">The writing thread's <see cref="ActorThread.Owner"/>.</param>
    public static ulong Of(long version, MapOperation operation, long owner) =>
        ((ulong)VersionWord.Number(version) << VersionShift) | ((ulong)operation << ThreadBits) | ((ulong)owner >> 32);

    /// <summary>True if the stamp was left by a write that began at this version.</summary>
    public static bool Belongs(ulong stamp, long version) =>
        stamp >> VersionShift == ((ulong)VersionWord.Number(version) & VersionMask) && Operation(stamp) != MapOperation.None;

    /// <summary>True if the stamp was left by a write that was under way, or began, when <paramref name="version"/> was taken.</summary>
    public static bool IsSince(ulong stamp, long version) =>
        Operation(stamp) != MapOperation.None
        && (((stamp >> VersionShift) - (ulong)VersionWord.Number(version)) & VersionMask) <= VersionMask / 2;

    public static int Thread(ulong stamp) => (int)(stamp & ((1UL << ThreadBits) - 1));

    public static MapOperation Operation(ulong stamp) => (MapOperation)((stamp >> ThreadBits) & ((1UL << OperationBits) - 1));
}

/// <summary>Who began a plain <c>foreach</c> last, and when, in one word: <c>[ milliseconds, low 38 bits | thread id, 26 bits ]</c>.</summary>
internal static class LeaseStamp
{
    private const int ThreadBits = 26;
    private const ulong TimeMask = (1UL << (64 - ThreadBits)) - 1;

    /// <param name="owner">The thread's <see cref="ActorThread.Owner"/>.</param>
    public static ulong Of(long owner) => ((ulong)Environment.TickCount64 << ThreadBits) | ((ulong)owner >> 32);

    public static int Thread(ulong stamp) => (int)(stamp & ((1UL << ThreadBits) - 1));

    public static long AgeInMilliseconds(ulong stamp) => (long)(((ulong)Environment.TickCount64 - (stamp >> ThreadBits)) & TimeMask);
}
