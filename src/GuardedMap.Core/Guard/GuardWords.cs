using System.Runtime.CompilerServices;

namespace GuardedMaps;

/// <summary>
/// The first of the guard's two words: how often the map has been written, and whether it is being written now. Only the one
/// who writes changes it, with plain stores.
/// </summary>
/// <remarks>
/// <code>
///  63                      24  13..10   9    8   7    6    5    4    3    2    1    0
/// [ version: completed writes | signed | det  rep| cus  ung  syn  obs  sam  end  gro  wri ]
/// </code>
/// A read takes the word, looks up, and takes the word again: same version and no writer either time, so nothing was written in
/// between and the answer is that of one consistent table. (A sequence lock: Lameter, "Effective synchronization on Linux/NUMA
/// systems", 2005; Boehm, "Can seqlocks get along with programming language memory models?", 2012.)
/// <para>
/// The owner of a map (<see cref="AccessWord"/>) signs in this very word with what it does: who it is stands in the map already, and the version is here. Anybody
/// else signs with a word of its own (<see cref="WriterStamp"/>), and leaves nothing here.
/// </para>
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

    /// <summary>What the owner does, or has done last: a <see cref="MapOperation"/>. None if the write under way, or the last one, is not signed here.</summary>
    private const int SignShift = 10;
    private const long SignMask = 0xFL << SignShift;

    /// <summary>What a read compares before and after: the same version, and no writer.</summary>
    public const long ReadStamp = (-1L << Shift) | Writing;

    /// <summary>Conditions that send an operation to the careful path.</summary>
    public const long Carefully = Writing | Sampled | Observed | Synchronized | Custom | Detects;

    /// <summary>Conditions that send a plain <c>foreach</c> to the careful path. It calls no foreign code.</summary>
    public const long IterateCarefully = Writing | Observed | Synchronized | Unguarded | LoopsEnded;

    public static long Number(long word) => (long)((ulong)word >> Shift);

    /// <summary>The word without a signature.</summary>
    public static long Unsigned(long word) => word & ~SignMask;

    /// <summary>The word signed by the map's owner.</summary>
    public static long Signed(long word, MapOperation operation) => (word & ~SignMask) | ((long)operation << SignShift);

    /// <summary>What the owner does, or did last; None if it was somebody else's write.</summary>
    public static MapOperation Signature(long word) => (MapOperation)((word & SignMask) >> SignShift);

    /// <summary>The word after a completed write that is not signed in it.</summary>
    public static long Next(long word, bool growing) => ((word & ~(SignMask | Growing | Writing)) + One) | (growing ? Growing : 0);

    /// <summary>The word after a completed write, with the signature it has.</summary>
    public static long NextSigned(long word, bool growing) => ((word & ~(Growing | Writing)) + One) | (growing ? Growing : 0);
}

/// <summary>
/// The second of the guard's two words: who may write. It changes by compare-and-swap.
/// </summary>
/// <remarks>
/// <code>
///  63            26   25    24   23              10   9    8   7..4   3    2    1    0
/// [      free       | han  sha | anonymous leases  | reg  que  free  lat  fro  sam  held ]
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
/// <b>Who is the owner?</b> To ask the runtime which thread this is takes a call, which is a third of a short write. But a thread is on its own stack, and a page of memory belongs to one
/// stack at a time. So the map keeps the page on which its owner stood last (<see cref="StackPage"/>): who stands on that page is the owner, and for everybody else the
/// runtime is asked. One page, and not the whole stretch that the owner was seen on: when it has ended, its stack may be cut up for several threads, and two of them must not
/// both pass for the owner.
/// </para>
/// <para>
/// When the owner has ended, the thread that gets its page writes in its place. That is as good as far as exclusion goes, since there is still no more than one. But it must not be called by the other's
/// name. The careful paths ask for the thread itself, so there it is found out, and the map becomes a shared one. On the fast path it finds out that it was met when it leaves, since
/// whoever meets it takes the map away, and says who it is then (<c>ClaimIfMet</c>). Of a write that was over before anybody came, nobody knows whether it was the owner's or its
/// heir's, and no thread is named.
/// </para>
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

    /// <summary>The word of a map that belongs to a thread, and nothing else is the matter.</summary>
    public const long Owned = 0;

    public static int AnonymousLeases(long word) => (int)((word & AnonymousMask) >> 10);
}

/// <summary>
/// Where the calling thread's stack is: a number that it shares with no thread that is alive, found out without a call. Threads have no page in common, because stacks are mapped
/// in whole pages; 4,096 bytes are the smallest there are, and a part of a larger page is as good.
/// </summary>
internal static class StackPage
{
    private const int Shift = 12;

    /// <summary>The page on which the calling method, or one that it calls, has its variables. Never 0.</summary>
    public static unsafe nuint Here
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        [SkipLocalsInit]
        get
        {
            byte here;
            return (nuint)(&here) >> Shift;
        }
    }
}

/// <summary>A thread as the guard knows it: itself, and not its number, which another one gets when it has ended.</summary>
internal sealed class ActorThread
{
    /// <summary>After so many handovers in a process its new maps belong to nobody from the start: its habit is to share them, and each handover costs microseconds.</summary>
    private const int HandoversTolerated = 1000;

    [ThreadStatic]
    private static ActorThread? t_mine;

    private static int s_handovers;

    private readonly WeakReference<Thread> _thread;

    private ActorThread(Thread thread)
    {
        Number = thread.ManagedThreadId;
        _thread = new WeakReference<Thread>(thread);
    }

    /// <summary>The calling thread.</summary>
    public static ActorThread Mine
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => t_mine ?? Make();
    }

    /// <summary>The calling thread's managed id. (A thread-static of our own is several times cheaper to read than the runtime's.)</summary>
    public static int Id => Mine.Number;

    public static bool MayOwn => Volatile.Read(ref s_handovers) < HandoversTolerated;

    /// <summary>The thread's managed id.</summary>
    public int Number { get; }

    /// <summary>False if the thread has ended.</summary>
    public bool IsAlive => _thread.TryGetTarget(out Thread? thread) && thread.IsAlive;

    /// <summary>The number the host gave the thread's actor when it was asked last (<see cref="MapHost.ActorNumber"/>); 0 if never.</summary>
    public int HostNumber { get; set; }

    /// <summary>When that was: the host's <see cref="MapHost.Epoch"/>.</summary>
    public int HostEpoch { get; set; }

    /// <summary>Where on its stack the thread was.</summary>
    public nuint HostPage { get; set; }

    public static void CountHandover() => Interlocked.Increment(ref s_handovers);

    /// <summary>For tests of owned maps, which must not depend on how many tests ran before.</summary>
    public static void ForgetHandovers() => Volatile.Write(ref s_handovers, 0);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ActorThread Make() => t_mine = new ActorThread(Thread.CurrentThread);
}

/// <summary>
/// Who writes, in one word that is stored with one plain store once a write is let in: thread id, operation and the
/// low bits of the version it is about to complete, by which a reader of the stamp knows whether it belongs to the write it sees.
/// </summary>
/// <remarks>
/// <code> [ version, low 33 bits | operation, 4 bits | owner | thread id, 26 bits ]</code>
/// The owner of a map leaves none: what it says in the version word is put into this form when somebody asks, with the bit <c>owner</c> in place of an id.
/// </remarks>
internal static class WriterStamp
{
    private const int ThreadBits = 26;
    private const int OperationBits = 4;
    private const int OperationShift = ThreadBits + 1;
    private const int VersionShift = OperationShift + OperationBits;
    private const ulong VersionMask = (1UL << (64 - VersionShift)) - 1;
    private const ulong Owner = 1UL << ThreadBits;

    /// <param name="version">The version word the write began with.</param>
    /// <param name="operation">What is done.</param>
    /// <param name="thread">The writing thread's id.</param>
    public static ulong Of(long version, MapOperation operation, int thread) =>
        ((ulong)VersionWord.Number(version) << VersionShift) | ((ulong)operation << OperationShift) | ((ulong)thread & (Owner - 1));

    /// <summary>The stamp of a write that is signed in the version word.</summary>
    /// <param name="version">The version word while the write was under way, or after it.</param>
    public static ulong OfOwner(long version)
    {
        long began = (version & VersionWord.Writing) != 0 ? version : version - VersionWord.One;
        return ((ulong)VersionWord.Number(began) << VersionShift) | ((ulong)VersionWord.Signature(version) << OperationShift) | Owner;
    }

    /// <summary>The stamp of the write under way, or of the last one.</summary>
    /// <param name="version">The version word.</param>
    /// <param name="stamp">The stamp left last by somebody who is not the owner, or on a careful path.</param>
    public static ulong Last(long version, ulong stamp)
    {
        bool isOwners = VersionWord.Signature(version) != MapOperation.None;
        // A stamp of this version is that of a write which has yet to say so in the version word.
        return isOwners && ((version & VersionWord.Writing) != 0 || !Belongs(stamp, version)) ? OfOwner(version) : stamp;
    }

    /// <summary>True if the write was the owner's, or that of whoever stands in its place.</summary>
    public static bool IsOwners(ulong stamp) => (stamp & Owner) != 0;

    /// <summary>True if the stamp was left by a write that began at this version.</summary>
    public static bool Belongs(ulong stamp, long version) =>
        stamp >> VersionShift == ((ulong)VersionWord.Number(version) & VersionMask) && Operation(stamp) != MapOperation.None;

    /// <summary>True if the stamp was left by a write that was under way, or began, when <paramref name="version"/> was taken.</summary>
    public static bool IsSince(ulong stamp, long version) =>
        Operation(stamp) != MapOperation.None
        && (((stamp >> VersionShift) - (ulong)VersionWord.Number(version)) & VersionMask) <= VersionMask / 2;

    /// <summary>The writer's id; 0 if it was the owner.</summary>
    public static int Thread(ulong stamp) => (int)(stamp & (Owner - 1));

    public static MapOperation Operation(ulong stamp) => (MapOperation)((stamp >> OperationShift) & ((1UL << OperationBits) - 1));
}
