namespace GuardedMaps.Tests.Model;

/// <summary>
/// The oracle: what a guarded map must do, told as simply as it can be, for operations that do not overlap in time.
/// </summary>
/// <remarks>
/// <para>
/// It holds a <see cref="Dictionary{TKey, TValue}"/>, a list of queued writes, and for every iteration the few facts its contract is about.
/// It knows nothing of buckets, growth or versions. The rules, which are those of <see cref="IterationContract"/>:
/// </para>
/// <list type="bullet">
/// <item><c>Reject</c>: while the iteration lasts every write is refused, and changes nothing.</item>
/// <item><c>FailFast</c>: writes proceed; the next step of the iteration fails.</item>
/// <item><c>Tolerate</c>: the thread that stepped last may write, others are refused. A key there from the iteration's beginning to its
/// end is visited exactly once; a removed one is not visited after its removal; an added one is visited once or not at all. An entry that is
/// removed and added again is a new entry, so entries are told apart by their birth, not by their key.</item>
/// <item><c>Snapshot</c>: writes proceed; the iteration visits what was there at its beginning.</item>
/// <item><c>Defer</c>: writes are queued; each is answered as if those before it had been applied; they are applied, in order, when the
/// last lease has ended. Reads see the map without them.</item>
/// </list>
/// <para>
/// Several leases: one that refuses refuses, else one that defers defers. A write that is let in while writes are queued and only tolerant
/// leases remain applies the queue first, so that it keeps its place in the order. A write through an iteration's own cursor does not
/// ask that iteration; if the iteration is not a tolerant one, what is queued goes on waiting for it.
/// </para>
/// </remarks>
internal sealed class MapModel<TKey>(IEqualityComparer<TKey> comparer, MapProtection protection)
    where TKey : notnull
{
    private readonly List<ModelIteration<TKey>> _iterations = [];
    private readonly List<WriteCall<TKey>> _queue = [];
    private long _births;

    /// <summary>What the map holds.</summary>
    public Dictionary<TKey, ModelEntry<TKey>> Content { get; } = new(comparer);

    /// <summary>How often the content has changed.</summary>
    public long Changes { get; private set; }

    /// <summary>How often it has become empty.</summary>
    public long Emptied { get; private set; }

    public bool HasQueue => _queue.Count > 0;

    public bool HasLeases => _iterations.Exists(static iteration => iteration.HoldsLease);

    /// <summary>What becomes of a write.</summary>
    /// <param name="actor">Who writes: 0, or 1 for the other thread.</param>
    /// <param name="isResize">It changes the table's size, which cannot wait.</param>
    /// <param name="through">The iteration whose cursor it comes through.</param>
    public ModelVerdict Judge(int actor, bool isResize, ModelIteration<TKey>? through)
    {
        ModelVerdict verdict = ModelVerdict.Proceed;
        foreach (ModelIteration<TKey> iteration in _iterations)
        {
            if (!iteration.HoldsLease || ReferenceEquals(iteration, through)) continue;
            bool refuses = iteration.Contract switch
            {
                IterationContract.Reject => true,
                IterationContract.Tolerate => iteration.Stepper != actor,
                _ => isResize,
            };
            if (refuses) return ModelVerdict.Refuse;
            if (iteration.Contract == IterationContract.Defer) verdict = ModelVerdict.Queue;
        }

        // A cursor's write never overtakes what waits for its own iteration.
        return HasQueue && through is { HoldsLease: true, Contract: not IterationContract.Tolerate } ? ModelVerdict.Queue : verdict;
    }

    /// <summary>True if some lease of this contract could have refused a write.</summary>
    public bool HasLease(IterationContract contract) => _iterations.Exists(iteration => iteration.HoldsLease && iteration.Contract == contract);

    /// <summary>What a write that is let in finds done before it: the queue is applied.</summary>
    /// <returns>True if there was a queue.</returns>
    public bool BeforeProceeding() => HasQueue && ApplyQueue();

    /// <summary>What a key holds for a write that is queued: the last word of the queue, or the map's.</summary>
    public bool TryGetQueued(TKey key, out int value)
    {
        for (int i = _queue.Count - 1; i >= 0; i--)
        {
            WriteCall<TKey> write = _queue[i];
            bool isAboutIt = write.Kind == StepKind.Clear || comparer.Equals(write.Key, key);
            if (!isAboutIt) continue;
            bool isSet = write.Kind == StepKind.Set;
            value = isSet ? write.Value : 0;
            return isSet;
        }

        return TryGet(key, out value);
    }

    public bool TryGet(TKey key, out int value)
    {
        bool found = Content.TryGetValue(key, out ModelEntry<TKey>? entry);
        value = entry?.Value ?? 0;
        return found;
    }

    /// <summary>What a write answers, and what it comes to: a set, a remove, a clear or nothing. The same for one that is done and one that is queued.</summary>
    public static Answer Decide(in WriteCall<TKey> call, bool exists, int present, out StepKind? effect, out int stored)
    {
        effect = StepKind.Set;
        stored = call.Value;
        Callback callback = call.Callback;
        switch (call.Kind)
        {
            case StepKind.Set:
                return default;
            case StepKind.Add or StepKind.TryAdd:
                if (!exists) return new Answer(true);
                effect = null;
                return new Answer(false, Error: call.Kind == StepKind.Add ? "duplicate" : null);
            case StepKind.Remove:
                effect = exists ? StepKind.Remove : null;
                return new Answer(exists, exists ? present : 0);
            case StepKind.RemovePair:
                bool matches = exists && present == call.Value;
                effect = matches ? StepKind.Remove : null;
                return new Answer(matches);
            case StepKind.Clear:
                effect = StepKind.Clear;
                return default;
            case StepKind.GetOrAdd:
                if (exists) effect = null;
                else if (callback == Callback.Throws) return Thrown(out effect);
                return new Answer(Value: exists ? present : stored);
            case StepKind.AddOrUpdate:
                if (!exists) return new Answer(Value: stored);
                if (callback == Callback.Throws) return Thrown(out effect);
                stored = ~call.Value;
                return new Answer(Value: stored);
            case StepKind.Update:
                if (exists && callback == Callback.Throws) return Thrown(out effect);
                stored = ~call.Value;
                if (!exists) effect = null;
                return new Answer(exists);
            case StepKind.Increment:
                long sum = present + (long)call.By;
                stored = unchecked((int)sum);
                if (sum == stored) return new Answer(Value: stored);
                effect = null;
                return new Answer(Error: "overflow");
            case StepKind.CursorSet:
                if (!exists) effect = null;
                return new Answer(exists);
            case StepKind.CursorRemove:
                effect = exists ? StepKind.Remove : null;
                return new Answer(exists);
            default:
                effect = null;
                return default;
        }

        static Answer Thrown(out StepKind? effect)
        {
            effect = null;
            return new Answer(Error: "callback");
        }
    }

    /// <summary>Changes the content.</summary>
    public void Apply(StepKind? effect, TKey key, int value)
    {
        bool wasEmpty = Content.Count == 0;
        switch (effect)
        {
            case StepKind.Set:
                Changes++;
                // Overwriting keeps the key that is there, and the entry stays the same entry.
                if (Content.TryGetValue(key, out ModelEntry<TKey>? entry)) entry.Value = value;
                else Content.Add(key, new ModelEntry<TKey>(key, ++_births) { Value = value });
                break;
            case StepKind.Remove:
                if (Content.Remove(key)) Changes++;
                break;
            case StepKind.Clear:
                if (Content.Count > 0) Changes++;
                Content.Clear();
                break;
        }

        if (!wasEmpty && Content.Count == 0) Emptied++;
    }

    /// <summary>Queues what a deferred write comes to.</summary>
    public void Enqueue(StepKind? effect, TKey key, int value)
    {
        if (effect is { } kind) _queue.Add(new WriteCall<TKey>(kind, key, value));
    }

    /// <summary>The iteration looks at the map for the first time.</summary>
    public void Begin(ModelIteration<TKey> iteration, int actor)
    {
        iteration.Phase = IterationPhase.Walking;
        iteration.HoldsLease = protection == MapProtection.Guarded && iteration.IsLeased
            && iteration.Contract is IterationContract.Reject or IterationContract.Tolerate or IterationContract.Defer;
        iteration.Stepper = actor;
        iteration.ChangesAtBegin = Changes;
        iteration.EmptiedAtBegin = Emptied;
        foreach (ModelEntry<TKey> entry in Content.Values)
        {
            iteration.Initial.Add(entry.Birth);
            if (iteration.Contract == IterationContract.Snapshot) iteration.Frozen.Add(entry.Key, entry.Value);
        }

        _iterations.Add(iteration);
    }

    /// <summary>The iteration came to an entry.</summary>
    /// <returns>What is wrong with that, or null.</returns>
    public string? Visit(ModelIteration<TKey> iteration, TKey key, int? value)
    {
        string what = $"{iteration.Contract} iteration visited [{key}{(value is null ? "" : $", {value}")}]";
        if (iteration.Contract == IterationContract.Snapshot)
        {
            // Visited entries leave the copy, so a second visit finds nothing.
            if (!iteration.Frozen.Remove(key, out int frozen)) return $"{what}, which was not there when it began, or was visited before";
            return value is null || value == frozen ? null : $"{what}, but the value was {frozen} when it began";
        }

        if (!Content.TryGetValue(key, out ModelEntry<TKey>? entry)) return $"{what}, which is not in the map";
        if (!KeysAreSame(entry.Key, key)) return $"{what}, but the key stored is '{entry.Key}'";
        if (value is not null && value != entry.Value) return $"{what}, but the value is {entry.Value}";
        if (!iteration.Visited.Add(entry.Birth)) return $"{what} for the second time";
        bool mayBeNew = iteration.Contract == IterationContract.Tolerate;
        return mayBeNew || iteration.Initial.Contains(entry.Birth) ? null : $"{what}, which was added after it began";
    }

    /// <summary>The iteration says that it has seen everything.</summary>
    /// <returns>What it has not seen, or null.</returns>
    public string? Finish(ModelIteration<TKey> iteration)
    {
        if (iteration.Contract == IterationContract.Snapshot)
            return iteration.Frozen.Count == 0 ? null : $"Snapshot iteration ended without visiting '{iteration.Frozen.Keys.First()}' and {iteration.Frozen.Count - 1} more";
        ModelEntry<TKey>? missed = Content.Values.FirstOrDefault(entry => iteration.Initial.Contains(entry.Birth) && !iteration.Visited.Contains(entry.Birth));
        return missed is null ? null : $"{iteration.Contract} iteration ended without visiting '{missed.Key}', which was there throughout";
    }

    /// <summary>The iteration lets go of the map.</summary>
    /// <returns>True if that applied a queue.</returns>
    public bool End(ModelIteration<TKey> iteration)
    {
        iteration.Phase = IterationPhase.Ended;
        iteration.HoldsLease = false;
        iteration.OnEntry = false;
        _iterations.Remove(iteration);
        return HasQueue && !HasLeases && ApplyQueue();
    }

    private static bool KeysAreSame(TKey a, TKey b) => a is string text ? string.Equals(text, b as string, StringComparison.Ordinal) : EqualityComparer<TKey>.Default.Equals(a, b);

    private bool ApplyQueue()
    {
        foreach (WriteCall<TKey> write in _queue) Apply(write.Kind, write.Key, write.Value);
        _queue.Clear();
        return true;
    }
}

/// <summary>What becomes of a write.</summary>
internal enum ModelVerdict
{
    Proceed,
    Queue,
    Refuse,
}

/// <summary>Where an iteration is in its life, as far as its contract cares.</summary>
internal enum IterationPhase
{
    New,
    Walking,
    Ended,
}

/// <summary>An entry of the oracle. Two entries of one key are told apart by their birth.</summary>
internal sealed class ModelEntry<TKey>(TKey key, long birth)
{
    public TKey Key => key;

    public long Birth => birth;

    public int Value { get; set; }
}

/// <summary>A write as it is called.</summary>
internal readonly record struct WriteCall<TKey>(StepKind Kind, TKey Key, int Value, Callback Callback = Callback.None, int By = 0);

/// <summary>What a write answers: the parts that its method returns, or the error.</summary>
internal readonly record struct Answer(bool Found = false, int Value = 0, string? Error = null);

/// <summary>What the oracle knows of an iteration.</summary>
internal sealed class ModelIteration<TKey>(IterationContract contract, bool isLeased, IEqualityComparer<TKey> comparer)
    where TKey : notnull
{
    public IterationContract Contract => contract;

    public bool IsLeased => isLeased;

    public IterationPhase Phase { get; set; }

    public bool HoldsLease { get; set; }

    /// <summary>Who stepped last.</summary>
    public int Stepper { get; set; }

    public long ChangesAtBegin { get; set; }

    public long EmptiedAtBegin { get; set; }

    /// <summary>The entries there when it began.</summary>
    public HashSet<long> Initial { get; } = [];

    public HashSet<long> Visited { get; } = [];

    /// <summary>What a snapshot has still to visit.</summary>
    public Dictionary<TKey, int> Frozen { get; } = new(comparer);

    public bool OnEntry { get; set; }

    public TKey Key { get; set; } = default!;

    public int Value { get; set; }
}
