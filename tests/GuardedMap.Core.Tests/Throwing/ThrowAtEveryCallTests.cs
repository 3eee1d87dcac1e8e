using System.Collections;
using System.Globalization;
using System.Reflection;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Throwing;

/// <summary>
/// Foreign code throws at each call in turn, in every public operation of every kind, and while it waits in a queue: the map is as before, whole, and free.
/// </summary>
public sealed class ThrowAtEveryCallTests
{
    private const int Entries = 40;

    private static readonly string[] s_variants = ["plain", "read", "queued"];

    // Whatever an operation may have touched; that there is no other tells Count.
    private static readonly int[] s_keys = [.. Enumerable.Range(0, Entries + 5), PossibleArguments<int, long>.Absent, PossibleArguments<int, long>.Absent + 1];

    public static TheoryData<string, string> Kinds
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string kind in Makers<int, long>.Names)
            {
                data.Add(kind, "words");
                data.Add(kind, "values");
            }

            foreach (string kind in Shells.Keys) data.Add(kind, "shell");
            return data;
        }
    }

    private static Dictionary<string, Func<ForeignCode, IMap>> Shells { get; } = new(StringComparer.Ordinal)
    {
        ["Guarded"] = code => new GuardedMap(new MapOptions<object> { Comparer = new ForeignComparer<object>(code), HashSeed = 7 }),
        ["Snapshot"] = code => new SnapshotMap(new SnapshotMapOptions<object> { Comparer = new ForeignComparer<object>(code), HashSeed = 7 }),
        ["Sync"] = code => new SyncMap(new SyncMapOptions<object> { Comparer = new ForeignComparer<object>(code), HashSeed = 7 }),
        ["Ordered"] = code => new OrderedMap(new OrderedMapOptions<object> { Comparer = new ForeignComparer<object>(code) }),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_operation_in_which_foreign_code_throws_has_not_taken_place(string kind, string types)
    {
        int thrown = types switch
        {
            "words" => Check<int, long>(code => Makers<int, long>.Make(kind, code), k => k, (_, v) => v, v => v),
            "values" => Check<int, ForeignValue>(code => Makers<int, ForeignValue>.Make(kind, code), k => k, (code, v) => new ForeignValue(code, v), v => v.Number),
            _ => Check<object, object?>(Shells[kind], k => k, (_, v) => v, v => (long)v!),
        };
        Assert.True(thrown > 200, string.Create(CultureInfo.InvariantCulture, $"foreign code was hit {thrown} times only"));
    }

    private static int Check<TKey, TValue>(Func<ForeignCode, IMap> make, Func<int, TKey> key, Func<ForeignCode, long, TValue> value, Func<TValue, long> number)
        where TKey : notnull
    {
        int thrown = 0;
        var methods = PublicOperations.Of(make(new ForeignCode()).GetType()).ToList();
        Assert.True(methods.Count > 30, "the operations were not found");
        foreach (MethodInfo method in methods)
        {
            int combinations = new PossibleArguments<TKey, TValue>(new ForeignCode(), key, v => value(new ForeignCode(), v)).For(method).Count();
            for (int combination = 0; combination < combinations; combination++)
            {
                foreach (string variant in s_variants)
                {
                    int hits = CheckOne(method, combination, variant);
                    thrown += hits;
                    bool asksForKey = method.GetParameters().Any(p => p.Name == "key") && variant == "plain";
                    if (asksForKey) Assert.True(hits > 0, $"{PublicOperations.Name(method)} calls no foreign code, and has a key to look up");
                }
            }
        }

        return thrown;

        int CheckOne(MethodInfo method, int combination, string variant)
        {
            for (int call = 0; ; call++)
            {
                var code = new ForeignCode();
                IMap map = make(code);
                if (variant == "queued" && map is not IGuardedMap { Protection: MapProtection.Guarded }) return call;
                for (int i = 0; i < Entries; i++) map.Add(key(i), value(code, i));
                if (variant == "read")
                {
                    // All in the read part of a SyncMap, then some more in its dirty one; frozen arrays and trees for the others.
                    foreach (object? _ in map.Keys) map.GetSnapshot();
                    for (int i = 0; i < 3; i++) map.Add(key(Entries + i), value(code, Entries + i));
                }

                object?[] arguments = new PossibleArguments<TKey, TValue>(code, key, v => value(code, v)).For(method).ElementAt(combination);
                Dictionary<int, long> before = Contents(map);
                code.Restart(throwAt: call);
                bool wasHit = Run(() => Act(map, method, arguments, variant), code);
                int calls = code.Calls;
                code.Restart(throwAt: -1);
                string what = string.Create(CultureInfo.InvariantCulture, $"{PublicOperations.Name(method)}, arguments {combination}, {variant}, call {call}");
                CheckInvariants(map, what);
                if (!wasHit)
                {
                    Assert.True(calls <= call, what);
                    return call;
                }

                AssertSame(before, Contents(map), what);
                // It is free: another write goes through, and so does the operation when tried again.
                map.Add(key(PossibleArguments<TKey, TValue>.Absent + 1), value(code, 1));
                map.Remove(key(PossibleArguments<TKey, TValue>.Absent + 1));
                AssertSame(before, Contents(map), what);
                Run(() => Act(map, method, arguments, variant), code);
                CheckInvariants(map, what);
                if (call > 3000) Assert.Fail($"{what}: it does not come to its end");
            }
        }

        Dictionary<int, long> Contents(IMap map)
        {
            var contents = new Dictionary<int, long>();
            foreach (int i in s_keys)
            {
                if (map.Contains(key(i))) contents[i] = number((TValue)map[key(i)]!);
            }

            Assert.Equal(contents.Count, map.Count);
            return contents;
        }
    }

    /// <returns>True if foreign code threw.</returns>
    private static bool Run(Action act, ForeignCode code)
    {
        try
        {
            act();
        }
        catch (Exception e) when (e is ComparerException or MapViolationException { Kind: MapViolationKind.DeferredWriteFailed })
        {
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or KeyNotFoundException or InvalidCastException or NotSupportedException)
        {
            // The operation has its own reason to refuse (the value is no list, the key is there already). Then nothing may have changed either.
        }

        return code.ThrowAt >= 0 && code.Calls > code.ThrowAt;
    }

    private static void Act(IMap map, MethodInfo method, object?[] arguments, string variant)
    {
        using IMapIteration? lease = variant == "queued" ? map.Iterate(IterationContract.Defer) : null;
        object? result = method.Invoke(map, BindingFlags.DoNotWrapExceptions, null, [.. arguments], CultureInfo.InvariantCulture);
        // What is lazy does its work now; what holds a lease gives it back.
        switch (result)
        {
            case IMapIteration iteration:
                using (iteration)
                {
                    while (iteration.MoveNext())
                    {
                    }
                }

                break;
            case IEnumerator enumerator:
                while (enumerator.MoveNext())
                {
                }

                (enumerator as IDisposable)?.Dispose();
                break;
            case IEnumerable many when many is not IMap:
                foreach (object? _ in many)
                {
                }

                break;
        }
    }

    private static void CheckInvariants(IMap map, string what)
    {
        try
        {
            map.GetType().GetMethod("CheckInvariants")!.Invoke(map, BindingFlags.DoNotWrapExceptions, null, null, CultureInfo.InvariantCulture);
        }
        catch (Exception e)
        {
            Assert.Fail($"{what}: {e.Message}");
        }
    }

    private static void AssertSame(Dictionary<int, long> expected, Dictionary<int, long> actual, string what)
    {
        bool same = expected.Count == actual.Count && expected.All(e => actual.TryGetValue(e.Key, out long value) && value == e.Value);
        Assert.True(same, $"{what}: the map is not as before");
    }

    /// <summary>The typed maps of every kind and protection.</summary>
    private static class Makers<TKey, TValue>
        where TKey : notnull
    {
        public static IReadOnlyList<string> Names { get; } = ["Guarded", "Synchronized", "Snapshot", "Sync", "Ordered"];

        public static IMap Make(string name, ForeignCode code) => name switch
        {
            "Guarded" => new GuardedMap<TKey, TValue>(new MapOptions<TKey> { Comparer = new ForeignComparer<TKey>(code), HashSeed = 7 }),
            "Synchronized" => new GuardedMap<TKey, TValue>(new MapOptions<TKey> { Comparer = new ForeignComparer<TKey>(code), HashSeed = 7, Protection = MapProtection.Synchronized }),
            "Snapshot" => new SnapshotMap<TKey, TValue>(new SnapshotMapOptions<TKey> { Comparer = new ForeignComparer<TKey>(code), HashSeed = 7 }),
            "Sync" => new SyncMap<TKey, TValue>(new SyncMapOptions<TKey> { Comparer = new ForeignComparer<TKey>(code), HashSeed = 7 }),
            _ => new OrderedMap<TKey, TValue>(new OrderedMapOptions<TKey> { Comparer = new ForeignComparer<TKey>(code) }),
        };
    }
}
