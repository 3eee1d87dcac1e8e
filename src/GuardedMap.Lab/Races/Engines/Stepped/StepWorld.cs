using System.Globalization;
using System.Runtime.CompilerServices;

namespace GuardedMaps.Lab;

/// <summary>
/// The memory that the actors of one race share, and who is running. One world serves all schedules of a search: it is
/// set up once, and put back before each.
/// </summary>
/// <remarks>
/// Every piece of memory has a range of locations, in the order in which it was made, so the same schedule always gives the same
/// numbers. Memory that an actor made itself is its own, and touching it is no step, until the actor stores a reference to it
/// where others can find it.
/// </remarks>
internal sealed class StepWorld
{
    [ThreadStatic]
    private static StepWorld? t_current;

    private readonly List<StepMemory> _kept = [];
    private readonly List<StepMemory> _touched = [];
    private SteppedIndex? _unallocated;
    private long _nextLocation;
    private long _locationAfterSetup;
    private bool _isSetUp;

    /// <summary>The world whose code runs on this thread.</summary>
    public static StepWorld Current
    {
        get => t_current ?? throw new InvalidOperationException("No stepped world is running on this thread.");
        set => t_current = value;
    }

    /// <summary>The actor that is making a step; null in a setup and in an oracle, where nothing stops.</summary>
    public StepActor? Running { get; set; }

    /// <summary>Where actors wait for their turn when each is a real thread; null when all are steppers on one.</summary>
    public IStepTurnstile? Turnstile { get; set; }

    /// <summary>Told what the table does, while somebody wants to know.</summary>
    public MapObserver? Observer { get; set; }

    /// <summary>How many writes to shared memory there have been: what a waiting actor waits for.</summary>
    public long Writes { get; private set; }

    /// <summary>
    /// What the shared memory holds, folded: every location's content, against what it was after the setup. Two different memories have
    /// the same fold with a chance of 2^-128.
    /// </summary>
    public UInt128 Content { get; private set; }

    public StepProbe Probe => new(this);

    /// <summary>The thread number of whoever runs; that of a setup is one below the actors'.</summary>
    public int MyThread => Running?.ThreadId ?? StepActor.FirstThread - 1;

    /// <summary>The index of a map that has never held an entry.</summary>
    public SteppedIndex Unallocated => _unallocated ??= SteppedIndex.Allocate(1);

    /// <summary>Memory for a field of the map.</summary>
    public static Cells<T> Field<T>(string name) => new(Current, 1, name);

    /// <summary>An array.</summary>
    public static Cells<T> Array<T>(int length) => length == 0 ? Cells<T>.Empty : new Cells<T>(Current, length, "array");

    /// <summary>A local variable handed down by reference: the actor's own for good.</summary>
    public static Cells<T> Local<T>(T value) => new(null, 1, "local") { Value = value };

    public static SlotCells Slots(int length) => length == 0 ? SlotCells.Empty : new SlotCells(Array<int>(length), Array<long>(length));

    /// <summary>Gives a new piece of memory its locations and its owner.</summary>
    public (long Location, int Owner) Admit(StepMemory memory, int length)
    {
        long location = _nextLocation;
        _nextLocation += length;
        if (!_isSetUp) _kept.Add(memory);
        return (location, Running?.Index ?? StepMemory.Shared);
    }

    /// <summary>Takes what there is now as what every schedule begins with.</summary>
    public void KeepSetup()
    {
        foreach (var memory in _kept) memory.Keep();
        _locationAfterSetup = _nextLocation;
        _isSetUp = true;
        _touched.Clear();
    }

    /// <summary>Puts everything back to how it was after the setup.</summary>
    public void Restore()
    {
        foreach (var memory in _touched) memory.Restore();
        _touched.Clear();
        _nextLocation = _locationAfterSetup;
        Writes = 0;
        Content = 0;
        Running = null;
    }

    public void Touched(StepMemory memory) => _touched.Add(memory);

    public void Wrote(long location, ulong before, ulong after)
    {
        Writes++;
        Content ^= StepFold.Of((ulong)location, before) ^ StepFold.Of((ulong)location, after);
    }

    /// <summary>Memory that was an actor's own has become everybody's.</summary>
    public void Appeared(long location, ulong content) => Content ^= StepFold.Of((ulong)location, content);

    /// <summary>The memory of the setup that has this location; null for what an actor made.</summary>
    public StepMemory? MemoryAt(long location) => _kept.Find(m => location >= m.Location && location < m.Location + m.Length);

    /// <summary>Waits until another actor has written something.</summary>
    public static SpinStep Spin(int point) => new(Current, point);

    /// <summary>Begins a region whose end must run, whatever happens in it.</summary>
    public static void BeginTry()
    {
        if (Current.Running is { } actor) actor.TryDepth++;
    }

    public static void EndTry()
    {
        if (Current.Running is { } actor) actor.TryDepth--;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_nextLocation} locations");
}

/// <summary>Lets real threads take turns as a schedule says.</summary>
internal interface IStepTurnstile
{
    /// <summary>Holds the calling thread until it is its turn to make the access.</summary>
    void Wait(StepActor actor, Footprint next);
}

/// <summary>What can be handed from actor to actor by storing a reference to it.</summary>
internal interface IStepShared
{
    /// <summary>A number that tells it from everything else there is; the same in every run of a schedule.</summary>
    long Identity { get; }

    /// <summary>From now on others can touch it.</summary>
    void Share();
}

/// <summary>Hashing and comparing in stepped code: the map's own for keys of int.</summary>
internal readonly struct StepOps(ulong seed)
{
    public ulong Hash(int key) => new BuiltInOps<int>(seed).Hash(ref Unsafe.As<int, byte>(ref key));

    public bool Equals(int a, int b) => new BuiltInOps<int>(seed).Equals(ref Unsafe.As<int, byte>(ref a), ref Unsafe.As<int, byte>(ref b));
}

/// <summary>The probe of stepped code: where the table tells what it does.</summary>
internal readonly struct StepProbe(StepWorld world) : IProbe
{
    public void At(ProbePoint point, int bucket, int slot, ulong data) => world.Observer?.Record(point, bucket, slot, data);
}
