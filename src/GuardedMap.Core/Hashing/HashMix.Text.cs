using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GuardedMaps;

// Strings under a seed that was drawn, as words w0, w1, ... of 64 bits (four UTF-16 chars), hashed under secret keys. What is written here is put through Settle at the end:
//
//   up to  4 chars:  Spread(w0, A) + Spread(length, B)
//   up to  8 chars:  Spread(w0, A) + Spread(w1, B) + Spread(length, C)
//   up to 64 chars:  N = (w0 + k0)(w1 + k1) + (w2 + k2)(w3 + k3) + ..., 128 bits wide;   Spread(low half of N, A) + Spread(high half of N + length, B)
//   beyond:          N as before for each block of 64 chars but the last, these N as the digits of a number to a secret base mod 2^61 - 1, and
//                    Spread(that number, C) + what the last block gives
//
// The last word, or pair of words, is the string's last 8 or 16 bytes, read once more where they overlap what was read before: together with the length the words
// still say everything.
//
// Why two strings, written down by somebody who has read this, meet no oftener than chance has it: HashMix.cs proves that for sums of Spreads if the words differ
// anywhere. N is NH (Black, Halevi, Krawczyk, Krovetz, Rogaway 1999, "UMAC: fast and secure message authentication"): two different sequences of words
// of one length have one N for at most one in 2^64 of all keys k, and two of different lengths for one in 2^63. The number to a secret base (Carter and Wegman 1979) is the
// same for two different sequences of n blocks for at most 2 n in 2^61 bases (and one in 2^57 keys k, for what taking N's halves mod 2^61 - 1 loses). The words are *added* to
// secrets before they are multiplied, and no product is folded before all are summed up: a function that multiplies a word over which a published constant
// was laid can be made to multiply by zero, and whatever came before, the seed with it, is gone.
//
// Considered and not taken (bench/README.md has what they cost): SipHash-1-3 and .NET's Marvin, which nobody has broken, and which take twice to three times as long;
// one AES round for each 16 bytes, which is as fast and not sound: a difference in one byte of a block cancels against a difference in the next block for one
// key in 128, so that whoever writes down all 65,536 pairs of two such bytes has 256 classes of 256 equal hashes, under every key.

internal static partial class HashMix
{
    /// <summary>2^61 - 1.</summary>
    internal const ulong Prime = (1UL << 61) - 1;

    private const int BlockBytes = HashSecret.WordsPerBlock * 8;

    /// <summary>What is done to four chars before they are hashed.</summary>
    private interface IFolding
    {
        static abstract ulong Fold(ulong chars, ref ulong seen);
    }

    /// <summary>Hashes a string ordinally: equal strings, equal hashes. O(length).</summary>
    public static ulong Ordinal(string text, ulong seed) => Ordinal(text.AsSpan(), seed);

    /// <inheritdoc cref="Ordinal(string, ulong)"/>
    public static ulong Ordinal(ReadOnlySpan<char> text, ulong seed)
    {
        ulong seen = 0;
        if ((seed & Drawn) == 0) return Named<AsIs>(text, seed, ref seen);
        return Text<AsIs>(ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(text)), (nuint)text.Length * 2, seed, ref HashSecret.Of(isSecret: true), ref seen);
    }

    /// <summary>
    /// Hashes a string so that strings equal under <see cref="StringComparison.OrdinalIgnoreCase"/> have equal hashes. O(length).
    /// </summary>
    /// <remarks>
    /// ASCII letters are folded four chars at a time in one register. No char outside ASCII equals an ASCII one under
    /// OrdinalIgnoreCase (the table test in StringHashTests tries all 65,536), so a string with a non-ASCII char may take another
    /// path as a whole: its equals are non-ASCII too.
    /// </remarks>
    public static ulong OrdinalIgnoreCase(string text, ulong seed) => OrdinalIgnoreCase(text.AsSpan(), seed);

    /// <inheritdoc cref="OrdinalIgnoreCase(string, ulong)"/>
    public static ulong OrdinalIgnoreCase(ReadOnlySpan<char> text, ulong seed)
    {
        ulong seen = 0;
        ulong hash = (seed & Drawn) == 0
            ? Named<LowerAscii>(text, seed, ref seen)
            : Text<LowerAscii>(ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(text)), (nuint)text.Length * 2, seed, ref HashSecret.Of(isSecret: true), ref seen);
        return (seen & 0xFF80_FF80_FF80_FF80) == 0 ? hash : NotAscii(text, seed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Text<TFolding>(ref byte p, nuint bytes, ulong seed, ref ulong key, ref ulong seen)
        where TFolding : struct, IFolding
    {
        if (bytes <= 8)
        {
            ulong word = bytes >= 4
                ? Read32(ref p, 0) | ((ulong)Read32(ref p, bytes - 4) << 32)
                : bytes == 2 ? Unsafe.ReadUnaligned<ushort>(ref p) : 0UL;
            return Settle(Spread(TFolding.Fold(word, ref seen) ^ seed, ref key, 0) + Spread(bytes, ref key, 2), ref key);
        }

        if (bytes <= 16)
        {
            ulong first = TFolding.Fold(Read64(ref p, 0), ref seen);
            ulong last = TFolding.Fold(Read64(ref p, bytes - 8), ref seen);
            return Settle(Spread(first ^ seed, ref key, 0) + Spread(last, ref key, 2) + Spread(bytes, ref key, 4), ref key);
        }

        return bytes <= BlockBytes
            ? Settle(LastBlock<TFolding>(ref p, bytes, bytes, seed, ref key, ref seen), ref key)
            : Blocks<TFolding>(ref p, bytes, seed, ref key, ref seen);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong Blocks<TFolding>(ref byte p, nuint bytes, ulong seed, ref ulong key, ref ulong seen)
        where TFolding : struct, IFolding
    {
        ulong number = 0;
        nuint at = 0;
        for (; bytes - at > BlockBytes; at += BlockBytes) number = WithBlock<TFolding>(number, ref Unsafe.AddByteOffset(ref p, at), ref key, ref seen);
        return Settle(Spread(number, ref key, 4) + LastBlock<TFolding>(ref Unsafe.AddByteOffset(ref p, at), bytes - at, bytes, seed, ref key, ref seen), ref key);
    }

    /// <summary>The number to the secret base, with the two digits of one more block.</summary>
    private static ulong WithBlock<TFolding>(ulong number, ref byte block, ref ulong key, ref ulong seen)
        where TFolding : struct, IFolding
    {
        ulong low = 0, high = 0;
        ref ulong words = ref Unsafe.Add(ref key, HashSecret.Words);
        for (nuint i = 0; i < BlockBytes; i += 16) AddPair<TFolding>(ref block, i, ref words, i, ref low, ref high, ref seen);
        ulong secretBase = Unsafe.Add(ref key, HashSecret.Base);
        return TimesModPrime(TimesModPrime(number + (low % Prime), secretBase) + (high % Prime), secretBase);
    }

    /// <summary>The words of the last block, 1 to 128 bytes. There are 16 bytes before its end, in it or before it.</summary>
    private static ulong LastBlock<TFolding>(ref byte p, nuint bytes, nuint total, ulong seed, ref ulong key, ref ulong seen)
        where TFolding : struct, IFolding
    {
        ulong low = 0, high = 0;
        ref ulong words = ref Unsafe.Add(ref key, HashSecret.Words);
        nuint i = 0;
        for (; i + 16 < bytes; i += 16) AddPair<TFolding>(ref p, i, ref words, i, ref low, ref high, ref seen);
        AddPair<TFolding>(ref Unsafe.SubtractByteOffset(ref Unsafe.AddByteOffset(ref p, bytes), 16), 0, ref words, i, ref low, ref high, ref seen);
        return Spread(low ^ seed, ref key, 0) + Spread(high + total, ref key, 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPair<TFolding>(ref byte p, nuint at, ref ulong words, nuint keyAt, ref ulong low, ref ulong high, ref ulong seen)
        where TFolding : struct, IFolding
    {
        ulong a = TFolding.Fold(Read64(ref p, at), ref seen) + Unsafe.AddByteOffset(ref words, keyAt);
        ulong b = TFolding.Fold(Read64(ref p, at + 8), ref seen) + Unsafe.AddByteOffset(ref words, keyAt + 8);
        ulong product = a * b;
        low += product;
        high += MultiplyHigh(a, b) + (low < product ? 1UL : 0UL);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Spread(ulong x, ref ulong key, int at) => Spread(x, Unsafe.Add(ref key, at), Unsafe.Add(ref key, at + 1));

    /// <summary>a b mod 2^61 - 1, for a below 2^63 and b below 2^61.</summary>
    private static ulong TimesModPrime(ulong a, ulong b)
    {
        ulong low = a * b;
        ulong folded = (low & Prime) + ((low >> 61) | (MultiplyHigh(a, b) << 3));
        folded = (folded & Prime) + (folded >> 61);
        return folded >= Prime ? folded - Prime : folded;
    }

    /// <summary>A text with chars outside ASCII: for each char the one that stands for all that are equal to it, block by block.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong NotAscii(ReadOnlySpan<char> text, ulong seed)
    {
        const int BlockChars = BlockBytes / 2;
        const int Before = 8;
        ulong unused = 0;
        // In front of a block its eight predecessors, which the last pair of words may reach back to.
        Span<char> buffer = stackalloc char[Before + BlockChars];
        buffer[..Before].Clear();
        Span<char> block = buffer[Before..];
        ref byte p = ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(block));
        ref ulong key = ref HashSecret.Of((seed & Drawn) != 0);
        if (text.Length <= BlockChars)
        {
            CaseClasses.Fold(text, 0, block[..text.Length]);
            return Text<AsIs>(ref p, (nuint)text.Length * 2, seed, ref key, ref unused);
        }

        ulong number = 0;
        int at = 0;
        for (; text.Length - at > BlockChars; at += BlockChars)
        {
            CaseClasses.Fold(text, at, block);
            number = WithBlock<AsIs>(number, ref p, ref key, ref unused);
            block[^Before..].CopyTo(buffer);
        }

        int left = text.Length - at;
        CaseClasses.Fold(text, at, block[..left]);
        return Settle(Spread(number, ref key, 4) + LastBlock<AsIs>(ref p, (nuint)left * 2, (nuint)text.Length * 2, seed, ref key, ref unused), ref key);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Read64(ref byte p, nuint offset) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.AddByteOffset(ref p, offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Read32(ref byte p, nuint offset) => Unsafe.ReadUnaligned<uint>(ref Unsafe.AddByteOffset(ref p, offset));

    private readonly struct AsIs : IFolding
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Fold(ulong chars, ref ulong seen) => chars;
    }

    /// <summary>Lowers the ASCII letters among four UTF-16 chars; other ASCII chars stay, others are the caller's concern, who is told that they are there.</summary>
    private readonly struct LowerAscii : IFolding
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static ulong Fold(ulong chars, ref ulong seen)
        {
            seen |= chars;
            // Per 16-bit lane, for values below 0x80: bit 7 of (c + 63) says c >= 'A', bit 7 of (c + 37) says c > 'Z'.
            ulong atLeastA = chars + 0x003F_003F_003F_003F;
            ulong aboveZ = chars + 0x0025_0025_0025_0025;
            ulong upper = (atLeastA ^ aboveZ) & 0x0080_0080_0080_0080;
            return chars | (upper >> 2);
        }
    }
}
