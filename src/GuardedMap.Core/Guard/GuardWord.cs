namespace GuardedMaps;

/// <summary>
/// The layout of a map's state word: everything the guard must know, in 64 bits that change by compare-and-swap.
/// </summary>
/// <remarks>
/// <code>
///  63                        24 23              10   9    8    7    6    5    4    3    2    1    0
/// [ version: completed writes  | anonymous leases | reg | que | cus | ung | syn | obs | lat | fro | gro | wri ]
/// </code>
/// <para>How it keeps its promise:</para>
/// <list type="number">
/// <item>A write begins by swapping "no writer, no reason to be careful" for the same word with the writer bit. Whoever finds
/// the bit set, or loses the swap, has overlapped a write and has touched nothing yet.</item>
/// <item>While the writer bit is set nobody begins a lease or a snapshot, so the writer leaves with a plain store of the
/// word it entered with, one version later. Only a writer that came in past registered leases must leave by an atomic add,
/// because those leases may end meanwhile.</item>
/// <item>A read takes the word, looks up, and takes the word again. Same version and no writer either time: nothing was written in
/// between, and the answer is that of one consistent table. (A sequence lock: Lameter, "Effective synchronization on Linux/NUMA
/// systems", 2005; Boehm, "Can seqlocks get along with programming language memory models?", 2012.)</item>
/// <item>Every exceptional condition has a bit, and the fast paths test all of them in one go: a map that has none pays for none.</item>
/// </list>
/// </remarks>
internal static class GuardWord
{
    /// <summary>Somebody is writing.</summary>
    public const long Writing = 1;

    /// <summary>The table has old buckets.</summary>
    public const long Growing = 1 << 1;

    /// <summary>A snapshot reads the arrays: the next write must copy them first.</summary>
    public const long Frozen = 1 << 2;

    /// <summary>A violation of a swallowed read waits for its offender's next operation that can throw.</summary>
    public const long Latched = 1 << 3;

    /// <summary>The map is traced: operations go through the live probe.</summary>
    public const long Observed = 1 << 4;

    /// <summary>Protection Synchronized.</summary>
    public const long Synchronized = 1 << 5;

    /// <summary>Protection None.</summary>
    public const long Unguarded = 1 << 6;

    /// <summary>Keys are hashed and compared by foreign code, which may throw or re-enter.</summary>
    public const long Custom = 1 << 7;

    /// <summary>Deferred writes wait to be applied.</summary>
    public const long Queued = 1 << 8;

    /// <summary>There are registered leases: ask them, under the gate's lock.</summary>
    public const long Registered = 1 << 9;

    /// <summary>One lease of a plain <c>foreach</c>: contract Reject, known by number only.</summary>
    public const long AnonymousOne = 1 << 10;

    public const long AnonymousMask = ((1L << 14) - 1) << 10;

    public const int VersionShift = 24;
    public const long VersionOne = 1L << VersionShift;
    public const long VersionMask = -1L << VersionShift;

    /// <summary>What a read compares before and after: the same version, and no writer.</summary>
    public const long ReadStamp = VersionMask | Writing;

    /// <summary>Conditions that send a read to the careful path.</summary>
    public const long ReadCarefully = Writing | Growing | Observed | Synchronized | Unguarded | Custom;

    /// <summary>Conditions that send a write to the careful path: all of them.</summary>
    public const long WriteCarefully = ~VersionMask;

    /// <summary>Conditions that send a plain <c>foreach</c> to the careful path. Registered leases and other loops do not disturb it.</summary>
    public const long IterateCarefully = Writing | Growing | Latched | Observed | Synchronized | Unguarded | Queued;

    public static long Version(long state) => (long)((ulong)state >> VersionShift);

    public static int AnonymousLeases(long state) => (int)((state & AnonymousMask) >> 10);
}

/// <summary>
/// Who writes, in one word that is stored with one plain store right after the writer bit is won: thread id, operation and the
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

    public static ulong Of(long state, MapOperation operation, int thread) =>
        ((ulong)GuardWord.Version(state) << VersionShift) | ((ulong)operation << ThreadBits) | ((ulong)thread & ((1UL << ThreadBits) - 1));

    /// <summary>True if the stamp was left by the write that holds the writer bit in <paramref name="state"/>.</summary>
    public static bool Belongs(ulong stamp, long state) =>
        stamp >> VersionShift == ((ulong)GuardWord.Version(state) & VersionMask) && Operation(stamp) != MapOperation.None;

    /// <summary>True if the stamp was left by a write that was under way, or began, when <paramref name="state"/> was taken.</summary>
    public static bool IsSince(ulong stamp, long state) =>
        Operation(stamp) != MapOperation.None
        && (((stamp >> VersionShift) - (ulong)GuardWord.Version(state)) & VersionMask) <= VersionMask / 2;

    public static int Thread(ulong stamp) => (int)(stamp & ((1UL << ThreadBits) - 1));

    public static MapOperation Operation(ulong stamp) => (MapOperation)((stamp >> ThreadBits) & ((1UL << OperationBits) - 1));
}

/// <summary>Who began a plain <c>foreach</c> last, and when, in one word: <c>[ milliseconds, low 38 bits | thread id, 26 bits ]</c>.</summary>
internal static class LeaseStamp
{
    private const int ThreadBits = 26;
    private const ulong ThreadMask = (1UL << ThreadBits) - 1;
    private const ulong TimeMask = (1UL << (64 - ThreadBits)) - 1;

    public static ulong Of(int thread) => ((ulong)Environment.TickCount64 << ThreadBits) | ((ulong)thread & ThreadMask);

    public static int Thread(ulong stamp) => (int)(stamp & ThreadMask);

    public static long AgeInMilliseconds(ulong stamp) => (long)(((ulong)Environment.TickCount64 - (stamp >> ThreadBits)) & TimeMask);
}
