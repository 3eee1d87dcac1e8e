using System.Collections;
using GuardedMaps.Tests.Support;

namespace GuardedMaps.Tests.Guard;

public sealed class OneRuleOfIntsTests() : OneRuleTests<int>(new IntKeys());

public sealed class OneRuleOfSharedStringsTests() : OneRuleTests<string>(new StringKeys { Shared = true });

public sealed class OneRuleOfCustomKeysTests() : OneRuleTests<int>(new CustomKeys());

/// <summary>While a lease refuses writes, it refuses whatever could be one: what the key's state is, and whether anything would have changed, is never asked.</summary>
public abstract class OneRuleTests<TKey>(KeyKind<TKey> keys)
    where TKey : notnull
{
    private IEnumerable<(string Name, Action<GuardedMap<TKey, int>> Do)> CouldWrite =>
    [
        .. keys.Writes,
        ("GetOrAdd present", map => map.GetOrAdd(keys.Key(5), -5)),
        ("GetOrAdd absent", map => map.GetOrAdd(keys.Absent, -5)),
        ("GetOrAdd present, by factory", map => map.GetOrAdd(keys.Key(5), _ => throw new ComparerException())),
        ("Update absent", map => map.Update(keys.Absent, (_, _) => throw new ComparerException())),
        ("Remove absent with value", map => map.Remove(keys.Absent, out _)),
        ("Remove pair of another value", map => ((ICollection<KeyValuePair<TKey, int>>)map).Remove(new(keys.Key(5), 77))),
        ("Remove absent pair", map => ((ICollection<KeyValuePair<TKey, int>>)map).Remove(new(keys.Absent, 5))),
        ("IDictionary.Remove absent", map => ((IDictionary)map).Remove(keys.Absent)),
        ("IDictionary.Remove of another type", map => ((IDictionary)map).Remove(new object())),
        ("EnsureCapacity that is there", map => map.EnsureCapacity(1)),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_could_write_is_refused_in_a_foreach(bool growing)
    {
        foreach ((string name, Action<GuardedMap<TKey, int>> write) in CouldWrite)
        {
            GuardedMap<TKey, int> map = keys.Make(growing);
            Dictionary<TKey, int> expected = keys.Copy(map);
            foreach (KeyValuePair<TKey, int> _ in map)
            {
                AssertRefused(name, map, write);
                break;
            }

            Expect.HoldsAndIsFree(expected, map, keys.Absent);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_could_write_is_refused_under_a_lease_and_let_in_when_it_has_ended(bool growing)
    {
        foreach ((string name, Action<GuardedMap<TKey, int>> write) in CouldWrite.Where(c => !c.Name.Contains("absent", StringComparison.Ordinal) && c.Name != "Add"))
        {
            GuardedMap<TKey, int> map = keys.Make(growing);
            using (map.Iterate(IterationContract.Reject)) AssertRefused(name, map, write);
            using (map.Iterate(IterationContract.Tolerate))
                Assert.True(Elsewhere.Run(() => write(map)) is MapViolationException { Kind: MapViolationKind.ConcurrentIterationAndWrite }, name);
            write(map);
            map.CheckInvariants();
        }
    }

    [Fact]
    public void GetOrAdd_of_a_key_that_is_there_is_a_lookup_while_nobody_iterates()
    {
        GuardedMap<TKey, int> map = keys.Make(growing: false);
        long version = map.Version;
        Assert.Equal(5, map.GetOrAdd(keys.Key(5), -1));
        using (map.Iterate(IterationContract.FailFast)) Assert.Equal(5, Elsewhere.Get(() => map.GetOrAdd(keys.Key(5), -1)));
        foreach (KeyValuePair<TKey, int> _ in map) break;
        Elsewhere.RunWell(() => Assert.Equal(5, map.GetOrAdd(keys.Key(5), -1)));
        Assert.Equal(version, map.Version);
    }

    private static void AssertRefused(string name, GuardedMap<TKey, int> map, Action<GuardedMap<TKey, int>> write)
    {
        long version = map.Version;
        Assert.True(Elsewhere.Run(() => write(map)) is MapViolationException { Kind: MapViolationKind.ConcurrentIterationAndWrite }, name);
        try
        {
            write(map);
            Assert.Fail(name);
        }
        catch (MapViolationException refused)
        {
            Assert.Equal(MapViolationKind.ConcurrentIterationAndWrite, refused.Kind);
        }

        Assert.Equal(version, map.Version);
    }
}
