using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GuardedMaps;

// Text under a seed that somebody has named (New-GuardedMap -HashSeed 7): for lessons, pictures and runs that are to be repeated. Such a map lays out its keys in the
// same way in every process and in every version of this package, and can have no secret. What it gives up is more than the secret. The function below multiplies by
// text over which a constant was laid (the "mum" chain of wyhash). It is quick and spreads well what nobody has chosen; whoever has read it writes the constant into a
// key, multiplies by zero, and has as many keys of one hash as he likes, under every seed. So it is for named seeds alone, and MapOptions.HashSeed says so.

internal static partial class HashMix
{
    private const ulong Odd2 = 0xD6E8_FEB8_6659_FD93;
    private const ulong Odd3 = 0xA076_1D64_78BD_642F;

    /// <summary>Hashes text under a seed that was named. O(length).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Named<TFolding>(ReadOnlySpan<char> text, ulong seed, ref ulong seen)
        where TFolding : struct, IFolding
    {
        ref byte p = ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(text));
        nuint bytes = (nuint)text.Length * 2;
        ulong h = seed;
        ulong a, b;
        // 16 bytes a round; the tail reads the last 16 or 8 bytes again instead of looping over single chars.
        if (bytes >= 8)
        {
            nuint i = 0;
            for (; i + 16 < bytes; i += 16)
            {
                a = TFolding.Fold(Read64(ref p, i), ref seen);
                b = TFolding.Fold(Read64(ref p, i + 8), ref seen);
                h = Fold(a ^ Odd2, b ^ h);
            }

            a = TFolding.Fold(Read64(ref p, bytes >= 16 ? bytes - 16 : 0), ref seen);
            b = TFolding.Fold(Read64(ref p, bytes - 8), ref seen);
            return Fold(Fold(a ^ Odd2, b ^ h) ^ bytes, Odd1);
        }

        a = bytes >= 4
            ? Read32(ref p, 0) | ((ulong)Read32(ref p, bytes - 4) << 32)
            : bytes == 2 ? Unsafe.ReadUnaligned<ushort>(ref p) : 0UL;
        return Fold(Fold(TFolding.Fold(a, ref seen) ^ Odd2, Odd3 ^ h) ^ bytes, Odd1);
    }
}
