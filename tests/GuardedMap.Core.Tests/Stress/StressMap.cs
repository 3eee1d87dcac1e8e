using System.Runtime.CompilerServices;

namespace GuardedMaps.Tests.Stress;

/// <summary>A map of any kind and types as the stress sees it: keys are numbers, and a value tells which key it belongs to.</summary>
internal abstract class StressMap
{
    /// <summary>The contracts that can be asked for.</summary>
    public abstract IReadOnlyList<IterationContract> Contracts { get; }

    /// <summary>True if operations may be refused with a violation.</summary>
    public abstract bool MayRefuse { get; }

    public abstract int Count { get; }

    public abstract void Set(int key, long value);

    public abstract bool TryAdd(int key, long value);

    public abstract bool Remove(int key);

    public abstract long GetOrAdd(int key, long value);

    /// <summary>One atomic update, through a factory.</summary>
    public abstract long Update(int key, Func<long?, long> change);

    public abstract long? Get(int key);

    public abstract void Clear();

    /// <summary>Visits all entries.</summary>
    public abstract void Visit(IterationContract? contract, Action<int, long, IMapEntry> visit);

    /// <summary>Visits all entries by C# foreach, or what is most like it.</summary>
    public abstract void ForEach(Action<int, long> visit);

    /// <summary>Begins an iteration, makes a step, and drops it.</summary>
    public abstract void Abandon(IterationContract? contract);

    /// <summary>The same with the enumerator of foreach.</summary>
    public abstract void AbandonForEach();

    public abstract int EndIterations();

    public abstract void CheckInvariants();
}

/// <summary>What is common to all: an <see cref="IMap"/>, with a way to write keys and values as its types.</summary>
internal abstract class StressMap<TKey, TValue>(StressTypes<TKey, TValue> types) : StressMap
    where TKey : notnull
{
    protected StressTypes<TKey, TValue> Types => types;

    protected abstract IMap Map { get; }

    public override int Count => Map.Count;

    public override void Clear() => Map.Clear();

    public override void Visit(IterationContract? contract, Action<int, long, IMapEntry> visit)
    {
        using IMapIteration it = Map.Iterate(contract);
        while (it.MoveNext())
        {
            IMapEntry entry = it.Entry;
            visit(types.KeyNumber((TKey)entry.Key!), types.ValueNumber((TValue)entry.Value!), entry);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public override void Abandon(IterationContract? contract) => Map.Iterate(contract).MoveNext();
}

/// <summary>A guarded map.</summary>
internal sealed class GuardedStressMap<TKey, TValue>(GuardedMapBase<TKey, TValue> map, StressTypes<TKey, TValue> types) : StressMap<TKey, TValue>(types)
    where TKey : notnull
{
    public override IReadOnlyList<IterationContract> Contracts { get; } = map.Protection == MapProtection.Synchronized
        ? [IterationContract.Snapshot]
        : [IterationContract.Reject, IterationContract.FailFast, IterationContract.Tolerate, IterationContract.Snapshot, IterationContract.Defer];

    public override bool MayRefuse => map.Protection == MapProtection.Guarded && map.OnViolation == ViolationResponse.Throw;

    protected override IMap Map => map;

    public override void Set(int key, long value) => map[Types.Key(key)] = Types.Value(value);

    public override bool TryAdd(int key, long value) => map.TryAdd(Types.Key(key), Types.Value(value));

    public override bool Remove(int key) => map.Remove(Types.Key(key));

    public override long GetOrAdd(int key, long value) => Types.ValueNumber(map.GetOrAdd(Types.Key(key), _ => Types.Value(value)));

    public override long Update(int key, Func<long?, long> change) =>
        Types.ValueNumber(map.AddOrUpdate(Types.Key(key), _ => Types.Value(change(null)), (_, present) => Types.Value(change(Types.ValueNumber(present)))));

    public override long? Get(int key) => map.TryGet(Types.Key(key), out TValue? value) ? Types.ValueNumber(value) : null;

    public override void ForEach(Action<int, long> visit)
    {
        foreach (KeyValuePair<TKey, TValue> entry in map) visit(Types.KeyNumber(entry.Key), Types.ValueNumber(entry.Value));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public override void AbandonForEach()
    {
        GuardedMapBase<TKey, TValue>.Enumerator loop = map.GetEnumerator();
        loop.MoveNext();
    }

    public override int EndIterations() => map.EndIterations();

    public override void CheckInvariants() => map.CheckInvariants();
}

/// <summary>A map of another kind.</summary>
internal sealed class KindStressMap<TKey, TValue>(MapBase<TKey, TValue> map, StressTypes<TKey, TValue> types) : StressMap<TKey, TValue>(types)
    where TKey : notnull
{
    public override IReadOnlyList<IterationContract> Contracts { get; } = [map.Contract];

    public override bool MayRefuse => map is IRefusingMap { DetectsLostUpdates: true };

    protected override IMap Map => map;

    public override void Set(int key, long value) => map[Types.Key(key)] = Types.Value(value);

    public override bool TryAdd(int key, long value) => map.TryAdd(Types.Key(key), Types.Value(value));

    public override bool Remove(int key) => map.Remove(Types.Key(key));

    public override long GetOrAdd(int key, long value) => Types.ValueNumber(map.GetOrAdd(Types.Key(key), _ => Types.Value(value)));

    public override long Update(int key, Func<long?, long> change) =>
        Types.ValueNumber(map.AddOrUpdate(Types.Key(key), _ => Types.Value(change(null)), (_, present) => Types.Value(change(Types.ValueNumber(present)))));

    public override long? Get(int key) => map.TryGetValue(Types.Key(key), out TValue? value) ? Types.ValueNumber(value) : null;

    public override void ForEach(Action<int, long> visit)
    {
        foreach (KeyValuePair<TKey, TValue> entry in (IEnumerable<KeyValuePair<TKey, TValue>>)map) visit(Types.KeyNumber(entry.Key), Types.ValueNumber(entry.Value));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public override void AbandonForEach() => ((IEnumerable<KeyValuePair<TKey, TValue>>)map).GetEnumerator().MoveNext();

    public override int EndIterations() => 0;

    public override void CheckInvariants() => map.CheckInvariants();
}

/// <summary>How numbers become keys and values, and back.</summary>
internal sealed record StressTypes<TKey, TValue>(Func<int, TKey> Key, Func<long, TValue> Value, Func<TKey, int> KeyNumber, Func<TValue, long> ValueNumber);
