using System.Collections;

namespace GuardedMaps.Lab;

/// <summary>
/// PowerShell's rule for keys, with hashes that are the same in every process: a schedule is to meet the same buckets, and an iteration the same order, whenever it is
/// run again. It is for the lab's own small containers; hashes that everybody knows are no defence against keys that were chosen to collide.
/// </summary>
internal sealed class StableComparer : IEqualityComparer<object>, IEqualityComparer
{
    private const ulong Seed = 1;

    private StableComparer()
    {
    }

    public static StableComparer Instance { get; } = new();

    public new bool Equals(object? x, object? y) => ((IEqualityComparer<object>)ShellKeyComparer.CaseInsensitive).Equals(x, y);

    public int GetHashCode(object obj) => obj is string text ? (int)HashMix.OrdinalIgnoreCase(text, Seed) : obj.GetHashCode();
}
