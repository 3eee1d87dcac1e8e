using System.Globalization;

namespace GuardedMaps.Bench;

/// <summary>
/// What the detection of lost updates costs a lookup: the same lookups in a map that remembers what its threads have read and in one that does not, in turns. A third map, without the
/// option as the second, shows how far from 1 a quotient of equals is on this machine.
/// </summary>
internal sealed class DetectionCost(int rounds, string filter)
{
    private readonly List<double> _guarded = [];

    public void Run()
    {
        Console.WriteLine("map        keys         size    on / off   off / off    goal     ns off");
        foreach (int size in KeySets.Sizes) Measure("Guarded", "ulong", KeySets.Ulong(size), static detects => new UlongGuarded(MapProtection.Guarded, detects));
        foreach ((string name, StringComparer comparer) in (ReadOnlySpan<(string, StringComparer)>)[("string", StringComparer.Ordinal), ("ignore", StringComparer.OrdinalIgnoreCase)])
        {
            foreach (int size in KeySets.Sizes) Measure("Guarded", name, KeySets.Strings(size), detects => new StringGuarded(comparer, MapProtection.Guarded, detects));
        }

        if (_guarded.Count > 0) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"geometric mean {Ratios.GeometricMean(_guarded),25:F2}"));
        foreach (int size in KeySets.Sizes) Measure("Snapshot", "ulong", KeySets.Ulong(size), static detects => new UlongSnapshot(detects));
    }

    private void Measure<TKey, TSubject>(string map, string keys, KeySet<TKey> set, Func<bool, TSubject> make)
        where TSubject : struct, ISubject<TKey>
    {
        int size = set.Present.Length;
        if (!$"{map} {keys} {size} ".Contains(filter, StringComparison.OrdinalIgnoreCase)) return;
        double[][] times = Rotation.Measure(rounds, Hit(detects: true), Hit(detects: false), Hit(detects: false));
        double ratio = Rotation.Quotient(times[0], times[1]);
        if (map == "Guarded") _guarded.Add(ratio);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{map,-10} {keys,-6} {size,10:N0} {ratio,11:F2} {Rotation.Quotient(times[2], times[1]),11:F2}  <= 1.3 {Ratios.Median(times[1]),10:F1}"));

        Func<double> Hit(bool detects) => () => Ratios.Time("hit", set, make(detects));
    }
}
