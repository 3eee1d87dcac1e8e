using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace GuardedMaps.Tests.Maps.Model;

/// <summary>One model for all kinds of maps: random programs of writes, snapshots and iterations against a Dictionary, made smaller where they differ.</summary>
public sealed class KindModelTests
{
    private const int Programs = 40;

    public static TheoryData<MapKind, string, string> Cases
    {
        get
        {
            var cases = new TheoryData<MapKind, string, string>();
            foreach (var kind in Enum.GetValues<MapKind>())
            {
                foreach (string keys in new[] { "int", "string", "ignore case", "few hashes", "one hash" })
                {
                    // An ordered map does not hash.
                    if (kind == MapKind.Ordered && keys.EndsWith("hash", StringComparison.Ordinal) | keys.EndsWith("hashes", StringComparison.Ordinal)) continue;
                    foreach (string values in new[] { "int", "decimal", "string" }) cases.Add(kind, keys, values);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Random_programs_agree_with_a_dictionary(MapKind kind, string keys, string values)
    {
        switch (keys)
        {
            case "int":
                WithValues(kind, values, n => n, null, Comparer<int>.Default);
                break;
            case "few hashes":
                WithValues(kind, values, n => n, new FewHashes(7), Comparer<int>.Default);
                break;
            case "one hash":
                WithValues(kind, values, n => n, new FewHashes(1), Comparer<int>.Default);
                break;
            case "string":
                WithValues(kind, values, Text, null, StringComparer.Ordinal);
                break;
            default:
                // Every other key is the one before it in capitals.
                WithValues(kind, values, n => n % 2 == 0 ? Text(n) : Text(n - 1).ToUpperInvariant(), StringComparer.OrdinalIgnoreCase, StringComparer.OrdinalIgnoreCase);
                break;
        }
    }

    [Fact]
    public void A_map_that_is_wrong_is_found_out_and_the_program_made_small()
    {
        int smallest = int.MaxValue;
        Assert.ThrowsAny<Exception>(() => Check(program =>
        {
            try
            {
                new KindRun<int, int>(new SyncMap<int, int>(new Confusing()), EqualityComparer<int>.Default, n => n, n => n, canIncrement: true).Run(program);
            }
            catch (Exception)
            {
                smallest = Math.Min(smallest, program.Length);
                throw;
            }
        }));
        // One of the two keys is stored, and the other then changes it, or is found.
        Assert.Equal(2, smallest);
    }

    private static void WithValues<TKey>(MapKind kind, string values, Func<int, TKey> keyOf, IEqualityComparer<TKey>? comparer, IComparer<TKey> order)
        where TKey : notnull
    {
        if (values == "int") Run(kind, keyOf, comparer, order, n => n, canIncrement: true);
        else if (values == "decimal") Run(kind, keyOf, comparer, order, n => (decimal)n, canIncrement: true);
        else Run(kind, keyOf, comparer, order, Text, canIncrement: false);
    }

    private static void Run<TKey, TValue>(MapKind kind, Func<int, TKey> keyOf, IEqualityComparer<TKey>? comparer, IComparer<TKey> order, Func<int, TValue> valueOf, bool canIncrement)
        where TKey : notnull => Check(program =>
        {
            IDictionary<TKey, TValue> map = kind switch
            {
                MapKind.Guarded => new GuardedMap<TKey, TValue>(new MapOptions<TKey> { Comparer = comparer, Contract = IterationContract.Tolerate }),
                MapKind.Snapshot => new SnapshotMap<TKey, TValue>(comparer),
                MapKind.Sync => new SyncMap<TKey, TValue>(comparer),
                _ => new OrderedMap<TKey, TValue>(order),
            };
            new KindRun<TKey, TValue>(map, comparer ?? EqualityComparer<TKey>.Default, keyOf, valueOf, canIncrement).Run(program);
        });

    private static void Check(Action<KindStep[]> run)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(Programs).WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(5, 7), FSharpOption<int>.None)));
        FsCheck.Check.One(config, Prop.ForAll(Arb.From(KindProgram.Programs, KindProgram.Smaller), run));
    }

    private static string Text(int number) => "k" + number.ToString(CultureInfo.InvariantCulture);

    private sealed class Confusing : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => x == y || x + y == 39 + 38;

        public int GetHashCode(int obj) => obj is 38 or 39 ? 0 : obj;
    }

    private sealed class FewHashes(int hashes) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => x == y;

        public int GetHashCode(int obj) => obj % hashes;
    }
}
