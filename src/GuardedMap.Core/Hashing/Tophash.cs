using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GuardedMaps;

/// <summary>
/// The tophash byte and the control word that eight of them form.
/// </summary>
/// <remarks>
/// A slot's tophash is the top byte of its key's hash, or a marker. Values below 5 are markers, so a live tophash
/// that would fall there is moved up by 5. The markers and their meaning are Go's (runtime/map_noswiss.go, Go 1.24):
/// <code>
///  0 emptyRest       this slot and every later slot of the chain is empty: a search may stop here
///  1 emptyOne        only this slot is empty
///  2 evacuatedX      the entry has moved to the new array, same bucket number           } only in
///  3 evacuatedY      the entry has moved to the new array, bucket number + old count    } old
///  4 evacuatedEmpty  the slot was empty when its bucket was evacuated                   } buckets
///  5..255            live
///
///  control word of a bucket: slot 7 | 6 | 5 | 4 | 3 | 2 | 1 | slot 0   (slot 0 in the low byte)
/// </code>
/// One vector compare answers "which of the eight may match", and one shift answers "does the chain end here": the
/// last byte of the word is emptyRest exactly when nothing live follows in the chain.
/// </remarks>
internal static class Tophash
{
    public const byte EmptyRest = 0;
    public const byte EmptyOne = 1;
    public const byte EvacuatedX = 2;
    public const byte EvacuatedY = 3;
    public const byte EvacuatedEmpty = 4;
    public const byte MinLive = 5;

    /// <summary>Eight slots to a bucket (Go: abi.MapBucketCount).</summary>
    public const int SlotsPerBucket = 8;

    /// <summary>A control word whose eight slots were empty when their bucket was evacuated.</summary>
    public const ulong AllEvacuatedEmpty = 0x0404_0404_0404_0404;

    /// <summary>The tophash of a hash: its top byte, kept clear of the markers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Of(ulong hash)
    {
        uint top = (uint)(hash >> 56);
        return (byte)(top + (top < MinLive ? MinLive : 0u));
    }

    /// <summary>The byte of slot <paramref name="slot"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte At(ulong word, int slot) => (byte)(word >> (slot * 8));

    /// <summary>The word with slot <paramref name="slot"/> set to <paramref name="value"/>. Words are always written whole: a byte store followed by a word load stalls store forwarding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong With(ulong word, int slot, byte value)
    {
        int shift = slot * 8;
        return (word & ~(0xFFUL << shift)) | ((ulong)value << shift);
    }

    /// <summary>One bit per slot (bit 0 = slot 0) whose byte equals <paramref name="top"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Match(ulong word, byte top) =>
        Vector128.Equals(Vector128.CreateScalarUnsafe(word).AsByte(), Vector128.Create(top)).ExtractMostSignificantBits() & 0xFF;

    /// <summary>One bit per slot that holds a live entry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Live(ulong word)
    {
        Vector128<byte> v = Vector128.CreateScalarUnsafe(word).AsByte();
        return Vector128.Equals(Vector128.Max(v, Vector128.Create(MinLive)), v).ExtractMostSignificantBits() & 0xFF;
    }

    /// <summary>One bit per slot that an insert may take: emptyRest or emptyOne.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Free(ulong word)
    {
        Vector128<byte> v = Vector128.CreateScalarUnsafe(word).AsByte();
        return Vector128.Equals(Vector128.Min(v, Vector128.Create(EmptyOne)), v).ExtractMostSignificantBits() & 0xFF;
    }

    /// <summary>The bytes of the slots in <paramref name="slots"/>, packed to the low end in order; the rest is emptyRest.</summary>
    public static ulong Pack(ulong word, uint slots)
    {
        if (Bmi2.X64.IsSupported) return Bmi2.X64.ParallelBitExtract(word, Spread(slots));
        ulong packed = 0;
        int used = 0;
        for (; slots != 0; slots &= slots - 1, used += 8)
            packed |= (ulong)At(word, BitOperations.TrailingZeroCount(slots)) << used;
        return packed;
    }

    /// <summary>The control word of an evacuated bucket, from the slots that moved to X and to Y.</summary>
    public static ulong Evacuated(uint toX, uint toY) =>
        // evacuatedEmpty (4) becomes evacuatedX (2) or evacuatedY (3).
        AllEvacuatedEmpty ^ (Spread(toX) & 0x0606_0606_0606_0606) ^ (Spread(toY) & 0x0707_0707_0707_0707);

    /// <summary>0xFF for every slot in the mask, 0 for the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Spread(uint slots)
    {
        if (Bmi2.X64.IsSupported) return Bmi2.X64.ParallelBitDeposit(slots, 0x0101_0101_0101_0101) * 0xFF;
        // Every byte gets the whole mask, keeps its own bit, and carries it to the top.
        ulong own = (slots * 0x0101_0101_0101_0101UL) & 0x8040_2010_0804_0201UL;
        ulong set = ((own + 0x7F7F_7F7F_7F7F_7F7FUL) | own) & 0x8080_8080_8080_8080UL;
        return (set >> 7) * 0xFF;
    }

    /// <summary>True if nothing live follows this bucket in its chain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool EndsChain(ulong word) => word >> 56 == EmptyRest;

    /// <summary>True if the bucket with this control word has been evacuated. A chain is evacuated as a whole or not at all, so slot 0 tells.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsEvacuated(ulong word) => (byte)word - (uint)EvacuatedX <= EvacuatedEmpty - (uint)EvacuatedX;

    /// <summary>The number of live slots.</summary>
    public static int LiveCount(ulong word) => BitOperations.PopCount(Live(word));

    /// <summary>A marker's or tophash's name, as pictures and messages use it.</summary>
    public static string Name(byte value) => value switch
    {
        EmptyRest => "emptyRest",
        EmptyOne => "emptyOne",
        EvacuatedX => "evacuatedX",
        EvacuatedY => "evacuatedY",
        EvacuatedEmpty => "evacuatedEmpty",
        _ => value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture),
    };
}
