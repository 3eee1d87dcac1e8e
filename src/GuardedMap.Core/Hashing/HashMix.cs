using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace GuardedMaps;

/// <summary>
/// Seeds and mixing: from a key's bits to a 64-bit hash of which every part may be used.
/// </summary>
/// <remarks>
/// The table takes the bucket from the low bits and the tophash from the top byte, so both ends of the hash must be
/// good. One 64x64 multiply, folded (high half xor low half), does that: each half alone has a weak end, their xor has
/// none. This is the "mum" step of wyhash (Wang Yi, https://github.com/wangyi-fudan/wyhash); the key is combined with
/// the map's seed first, so that keys which collide in one map do not collide in the next.
/// </remarks>
internal static class HashMix
{
    private const ulong Odd1 = 0x9E37_79B9_7F4A_7C15;
    private const ulong Odd2 = 0xD6E8_FEB8_6659_FD93;
    private const ulong Odd3 = 0xA076_1D64_78BD_642F;

    private static readonly ulong s_secret = SystemRandom();

    [ThreadStatic]
    private static ulong t_seedsDrawn;

    /// <summary>
    /// A seed for a new map: a counter under a secret, both drawn from the system's random source, the secret once per process and the
    /// counter once per thread (asking for every map would cost more than the map's first dozen inserts).
    /// </summary>
    public static ulong NewSeed()
    {
        ulong counter = t_seedsDrawn;
        if (counter == 0) counter = SystemRandom();
        t_seedsDrawn = counter + Odd1;
        return Mix(Fold(counter, s_secret | 1), s_secret);
    }

    private static ulong SystemRandom()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>The next state of a small generator (splitmix64's counter); <see cref="Mix"/> of it is the random number.</summary>
    public static ulong NextState(ulong state) => state + Odd1;

    /// <summary>Mixes 64 bits under a seed. Constant time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong bits, ulong seed) => Fold(bits ^ seed, Odd1);

    /// <summary>The 128-bit product's halves, one over the other.</summary>
    /// <remarks>
    /// Math.BigMul hands its low half over through memory, which costs a lookup more than the multiplication itself; asking for the two
    /// halves apart keeps both in registers, and they are computed side by side.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong a, ulong b)
    {
        if (Bmi2.X64.IsSupported) return Bmi2.X64.MultiplyNoFlags(a, b) ^ (a * b);
        if (ArmBase.Arm64.IsSupported) return ArmBase.Arm64.MultiplyHigh(a, b) ^ (a * b);
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }

    /// <summary>Hashes a string ordinally: equal strings, equal hashes. O(length).</summary>
    public static ulong Ordinal(string text, ulong seed)
    {
        ref byte p = ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(text.AsSpan()));
        nuint bytes = (nuint)text.Length * 2;
        ulong h = seed;
        // 16 bytes a round; the tail reads the last 16 or 8 bytes again instead of looping over single chars.
        if (bytes >= 16)
        {
            nuint i = 0;
            for (nuint last = bytes - 16; i < last; i += 16)
                h = Fold(Read64(ref p, i) ^ Odd2, Read64(ref p, i + 8) ^ h);
            return Fold(Fold(Read64(ref p, bytes - 16) ^ Odd2, Read64(ref p, bytes - 8) ^ h) ^ bytes, Odd1);
        }

        if (bytes >= 8)
            return Fold(Fold(Read64(ref p, 0) ^ Odd2, Read64(ref p, bytes - 8) ^ h) ^ bytes, Odd1);

        ulong tail = bytes >= 4
            ? Read32(ref p, 0) | ((ulong)Read32(ref p, bytes - 4) << 32)
            : bytes == 2 ? Unsafe.ReadUnaligned<ushort>(ref p) : 0UL;
        return Fold(Fold(tail ^ Odd2, Odd3 ^ h) ^ bytes, Odd1);
    }

    /// <summary>
    /// Hashes a string so that strings equal under <see cref="StringComparison.OrdinalIgnoreCase"/> have equal hashes. O(length).
    /// </summary>
    /// <remarks>
    /// ASCII letters are folded four chars at a time in one register. No char outside ASCII equals an ASCII one under
    /// OrdinalIgnoreCase (the table test in StringHashTests tries all 65,536), so a string with a non-ASCII char may take another
    /// path as a whole: its equals are non-ASCII too.
    /// </remarks>
    public static ulong OrdinalIgnoreCase(string text, ulong seed)
    {
        ref byte p = ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(text.AsSpan()));
        nuint bytes = (nuint)text.Length * 2;
        ulong h = seed;
        ulong seen;
        if (bytes >= 16)
        {
            nuint i = 0;
            seen = 0;
            ulong a;
            ulong b;
            for (nuint last = bytes - 16; i < last; i += 16)
            {
                a = Read64(ref p, i);
                b = Read64(ref p, i + 8);
                seen |= a | b;
                h = Fold(ToLowerAscii(a) ^ Odd2, ToLowerAscii(b) ^ h);
            }

            a = Read64(ref p, bytes - 16);
            b = Read64(ref p, bytes - 8);
            seen |= a | b;
            h = Fold(Fold(ToLowerAscii(a) ^ Odd2, ToLowerAscii(b) ^ h) ^ bytes, Odd1);
        }
        else if (bytes >= 8)
        {
            ulong a = Read64(ref p, 0);
            ulong b = Read64(ref p, bytes - 8);
            seen = a | b;
            h = Fold(Fold(ToLowerAscii(a) ^ Odd2, ToLowerAscii(b) ^ h) ^ bytes, Odd1);
        }
        else
        {
            ulong tail = bytes >= 4
                ? Read32(ref p, 0) | ((ulong)Read32(ref p, bytes - 4) << 32)
                : bytes == 2 ? Unsafe.ReadUnaligned<ushort>(ref p) : 0UL;
            seen = tail;
            h = Fold(Fold(ToLowerAscii(tail) ^ Odd2, Odd3 ^ h) ^ bytes, Odd1);
        }

        return (seen & 0xFF80_FF80_FF80_FF80) == 0
            ? h
            : Mix((ulong)string.GetHashCode(text, StringComparison.OrdinalIgnoreCase), seed);
    }

    /// <summary>Lowers the ASCII letters among four UTF-16 chars; other ASCII chars stay, others are the caller's concern.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ToLowerAscii(ulong chars)
    {
        // Per 16-bit lane, for values below 0x80: bit 7 of (c + 63) says c >= 'A', bit 7 of (c + 37) says c > 'Z'.
        ulong atLeastA = chars + 0x003F_003F_003F_003F;
        ulong aboveZ = chars + 0x0025_0025_0025_0025;
        ulong upper = (atLeastA ^ aboveZ) & 0x0080_0080_0080_0080;
        return chars | (upper >> 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Read64(ref byte p, nuint offset) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.AddByteOffset(ref p, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Read32(ref byte p, nuint offset) => Unsafe.ReadUnaligned<uint>(ref Unsafe.AddByteOffset(ref p, offset));
}
