namespace GuardedMaps;

/// <summary>How a <see cref="GuardedMapBase{TKey, TValue}"/> is to be made. Every property has a default that suits most uses.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public sealed record MapOptions<TKey>
{
    internal static readonly MapOptions<TKey> Default = new();

    /// <summary>How many entries to make room for at once; 0 allocates at the first insert.</summary>
    public int Capacity { get; init; }

    /// <summary>
    /// How keys are hashed and compared; null is the type's default (ordinal for strings).
    /// <see cref="StringComparer.Ordinal"/> and <see cref="StringComparer.OrdinalIgnoreCase"/> are recognised and run on
    /// seeded hash functions of the map's own.
    /// </summary>
    public IEqualityComparer<TKey>? Comparer { get; init; }

    /// <summary>
    /// What happens when somebody writes during a leased iteration that names no contract of its own. Not in force under <see cref="MapProtection.Synchronized"/>, whose
    /// iterations are all snapshots: the map's <see cref="GuardedMapBase{TKey, TValue}.Contract"/> says so.
    /// </summary>
    public IterationContract Contract { get; init; } = IterationContract.Reject;

    /// <summary>
    /// The contract of enumerators whose end is not known (<c>Keys</c>, <c>Values</c>, the enumerators behind the
    /// interfaces): <see cref="IterationContract.FailFast"/>, <see cref="IterationContract.Tolerate"/> or <see cref="IterationContract.Snapshot"/>.
    /// </summary>
    public IterationContract UnleasedContract { get; init; } = IterationContract.FailFast;

    /// <summary>How the map defends itself against overlaps.</summary>
    public MapProtection Protection { get; init; } = MapProtection.Guarded;

    /// <summary>
    /// What the map does about a forbidden overlap: refuse the operation, or do it and report the violation. To report needs <see cref="MapProtection.Guarded"/>: the other
    /// protections have no violations of this kind.
    /// </summary>
    public ViolationResponse OnViolation { get; init; }

    /// <summary>
    /// True to refuse a set that would bury a write which its thread has not seen (<see cref="MapViolationKind.StaleWrite"/>): <c>map[k] = map[k] + 1</c> and "if it is missing, set it"
    /// are two operations, between which another thread may write. What a thread has read with its last eight lookups is held against the sets that follow; a set
    /// of a key that it has not read, or has written since, is never refused for this. Deferred writes, and writes through a cursor, are not asked.
    /// </summary>
    /// <remarks>
    /// It is an option since a thread that serves one job after another may set blindly what an earlier job on it has read, unless the host tells them apart
    /// (<see cref="MapHost.ActorJob"/>; PowerShell does). An <c>await</c> between the lookup and the set may go on on
    /// another thread, which has read nothing. What was read (eight keys and values for each thread) is held on to until other lookups take its place.
    /// </remarks>
    public bool DetectLostUpdates { get; init; }

    /// <summary>
    /// Fixes the hash seed, so that a run can be repeated bucket by bucket; null draws a seed from the
    /// system's random source. A fixed seed gives up the defence against keys chosen to collide: the hash of texts is then a
    /// published function without a secret, against which keys can be made that collide whatever the seed is.
    /// </summary>
    public ulong? HashSeed { get; init; }

    /// <summary>What violations call the map; null makes up a name from a running number.</summary>
    public string? Name { get; init; }

    /// <summary>Records <see cref="MapEvent"/>s (bounded: the newest <see cref="TraceCapacity"/>) and the stacks of lease holders.</summary>
    public bool Trace { get; init; }

    /// <summary>How many events a traced map keeps.</summary>
    public int TraceCapacity { get; init; } = 4096;

    /// <summary>
    /// True for a map handed to a shell that swallows what getters throw and never disposes enumerators, as PowerShell does:
    /// a lookup that overlapped a write is retried until it is right and its violation is thrown by the offender's next
    /// write, method call or iterator step; <c>GetEnumerator()</c> hands out unleased enumerators.
    /// </summary>
    public bool ForShell { get; init; }
}
