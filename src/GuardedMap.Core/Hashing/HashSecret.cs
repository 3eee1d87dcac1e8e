using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace GuardedMaps;

/// <summary>The two keys of the hash of words: one that everybody can read here, for maps whose seed was named, and the process's secret.</summary>
/// <remarks>
/// The secret comes from the system's random source, once, and is the same for all maps of the process: hashes say nothing about it as long as nobody sees them,
/// and what shows hashes (pictures, layouts) shows them to whoever holds the map. Drawing 200 bytes for every map would cost more than a small map's whole life.
/// </remarks>
internal static class HashSecret
{
    /// <summary>Where the keys of pairs of words begin.</summary>
    public const int Words = 6;

    /// <summary>As many words of text are multiplied with keys of their own; longer texts are cut into blocks of that many.</summary>
    public const int WordsPerBlock = 16;

    /// <summary>Where the base of the polynomial over blocks is.</summary>
    public const int Base = Words + WordsPerBlock;

    /// <summary>Where the number is that is added at the end.</summary>
    public const int Offset = Base + 1;

    private const int Length = Offset + 1;

    // The published key, then the secret one: three multipliers of 128 bits (low half first), the words' keys, the polynomial's base, the last addend.
    private static readonly ulong[] s_keys = Create();

    /// <summary>The first word of a key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref ulong Of(bool isSecret) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(s_keys), isSecret ? Length : 0);

    private static ulong[] Create()
    {
        ulong[] keys = GC.AllocateUninitializedArray<ulong>(2 * Length, pinned: true);
        ulong state = 0;
        for (int i = 0; i < Length; i++)
        {
            state = HashMix.NextState(state);
            keys[i] = HashMix.Mix(state, 0x5851_F42D_4C95_7F2D);
        }

        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(keys.AsSpan(Length)));
        for (int at = Base; at < keys.Length; at += Length) keys[at] %= HashMix.Prime;
        return keys;
    }
}
