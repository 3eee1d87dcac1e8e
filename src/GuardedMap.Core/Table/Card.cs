using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GuardedMaps;

/// <summary>
/// The card: what the index knows of an entry, in 32 bits. Eight of them are a bucket, and one vector.
/// </summary>
/// <remarks>
/// <code>
///   31     30                    3 + log2(n)                   0
/// [ live | tag: bits of the hash  |  number of the entry       ]        n buckets, numbers below 8 n
///
///                     card bit 3 + i is bit i of the hash:      28 bits of it in all,
///                     the lowest log2(n) chose the bucket,      the others are the tag
/// </code>
/// <para>
/// When the table doubles, one more bit of the hash chooses the bucket, and a number needs one more bit: it is the same bit of the card. It says whether the card goes to X
/// (0) or Y (1), and is cleared there. So a card moves without a look at the key, and the hash, as far as it is used at all, can be read back from a card and its bucket.
/// </para>
/// <para>
/// A card that is not live is 0 (empty) or, in an old bucket that has been evacuated, says where the entry went: Go's markers (runtime/map_noswiss.go, Go 1.24). Live cards lie at
/// the front of their bucket, and all buckets of a chain before the last one that has any are full.
/// </para>
/// <para>
/// Every operation on a bucket as a whole exists twice, as a vector and card by card; <see cref="Scalar"/> is the second, for processors without the instructions, and for the lab, which takes it
/// one access at a time. A test holds them against each other.
/// </para>
/// </remarks>
internal static class Card
{
    /// <summary>Eight cards to a bucket (Go: abi.MapBucketCount).</summary>
    public const int PerBucket = 8;

    public const uint Live = 0x8000_0000;
    public const uint Empty = 0;
    public const uint EvacuatedX = 2;
    public const uint EvacuatedY = 3;
    public const uint EvacuatedEmpty = 4;

    /// <summary>The bits of a hash that the table uses.</summary>
    public const uint HashBits = (Live - 1) >> BucketShift;

    private const int BucketShift = 3;

    private static Vector256<uint> Places => Vector256.Create(0u, 1, 2, 3, 4, 5, 6, 7);

    /// <summary>The card of a key, without the number of its entry.</summary>
    /// <param name="hash">The key's hash.</param>
    /// <param name="numbers">The bits that a number takes: the number of the cards less one.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(ulong hash, uint numbers) => (((uint)hash << BucketShift) | Live) & ~numbers;

    /// <summary>The first card of a hash's bucket.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int FirstOf(ulong hash, uint numbers) => (int)(((uint)hash << BucketShift) & numbers);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsLive(uint card) => (int)card < 0;

    /// <summary>True if the bucket that begins with this card has been evacuated.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsEvacuated(uint first) => first - EvacuatedX <= EvacuatedEmpty - EvacuatedX;

    /// <summary>What a card and its bucket say of the hash: its lowest 28 bits.</summary>
    /// <param name="card">The card.</param>
    /// <param name="bucket">The primary bucket of its chain.</param>
    /// <param name="numbers">The bits that a number takes.</param>
    public static uint HashOf(uint card, int bucket, uint numbers) => (((card & ~Live & ~numbers) >> BucketShift)) | (uint)bucket;

    /// <summary>The byte that pictures show of a card: the highest eight bits that it has of the hash, or a marker.</summary>
    public static byte Top(uint card) => IsLive(card) ? Tophash.OfByte((byte)(card >> 23)) : (byte)card;

    /// <summary>A card as messages call it.</summary>
    public static string Name(uint card) => Tophash.Name(Top(card));

    /// <summary>The first card of a hash's bucket. Nothing has to be checked: the place is cut to the array's own length, which is a power of two.</summary>
    /// <param name="cards">The cards of an index.</param>
    /// <param name="first"><see cref="FirstOf"/> with the numbers of this very array.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref uint Bucket(uint[] cards, int first) => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(cards), first);

    /// <summary>One of eight cards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint At(ref uint first, int place) => Unsafe.Add(ref first, place);

    /// <summary>One bit for each of eight cards that is, but for its number, a given one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Match(ref uint first, uint card, uint numbers) => Vector256.IsHardwareAccelerated
        ? Vector256.Equals(Vector256.LoadUnsafe(ref first) & Vector256.Create(~numbers), Vector256.Create(card)).ExtractMostSignificantBits()
        : Scalar.Match(ref first, card, numbers);

    /// <summary>One bit for each of eight cards that is live.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint LiveOnes(ref uint first) => Vector256.IsHardwareAccelerated
        ? Vector256.LoadUnsafe(ref first).ExtractMostSignificantBits()
        : Scalar.LiveOnes(ref first);

    /// <summary>Puts a card into its place. The bucket is written as a whole: a store of four bytes that a load of all meets stalls it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(ref uint first, int place, uint card)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<uint> here = Vector256.Equals(Places, Vector256.Create((uint)place));
            Vector256.ConditionalSelect(here, Vector256.Create(card), Vector256.LoadUnsafe(ref first)).StoreUnsafe(ref first);
        }
        else
        {
            Unsafe.Add(ref first, place) = card;
        }
    }

    /// <summary>Takes a card out: the bucket's last one gets its place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Take(ref uint first, int place, int last)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            Vector256<uint> here = Vector256.Equals(Places, Vector256.Create((uint)place));
            Vector256<uint> bucket = Vector256.ConditionalSelect(here, Vector256.Create(Unsafe.Add(ref first, last)), Vector256.LoadUnsafe(ref first));
            (bucket & Vector256.LessThan(Places, Vector256.Create((uint)last))).StoreUnsafe(ref first);
        }
        else
        {
            Scalar.Take(ref first, place, last);
        }
    }

    /// <summary>Deals the cards of an old bucket out to two empty ones, in order, and marks it evacuated.</summary>
    /// <param name="from">The old bucket.</param>
    /// <param name="x">Where cards go that have the bit clear.</param>
    /// <param name="y">Where those go that have it set; they lose it.</param>
    /// <param name="bit">The bit; 0 if all go to X.</param>
    /// <returns>One bit for each card that went to X, and for each that went to Y.</returns>
    public static (uint ToX, uint ToY) Deal(ref uint from, ref uint x, ref uint y, uint bit)
    {
        if (!Avx2.IsSupported || !Bmi2.X64.IsSupported) return Scalar.Deal(ref from, ref x, ref y, bit);
        Vector256<uint> bucket = Vector256.LoadUnsafe(ref from);
        Vector256<uint> live = Vector256.GreaterThan(Vector256<int>.Zero, bucket.AsInt32()).AsUInt32();
        Vector256<uint> isY = ~Vector256.Equals(bucket & Vector256.Create(bit), Vector256<uint>.Zero) & live;
        uint toY = isY.ExtractMostSignificantBits();
        uint toX = live.ExtractMostSignificantBits() & ~toY;
        Vector256<uint> cleared = bucket & Vector256.Create(~bit);
        Packed(cleared, toX).StoreUnsafe(ref x);
        if (bit != 0) Packed(cleared, toY).StoreUnsafe(ref y);
        Vector256<uint> went = Vector256.ConditionalSelect(isY, Vector256.Create(EvacuatedY), Vector256.Create(EvacuatedX));
        Vector256.ConditionalSelect(live, went, Vector256.Create(EvacuatedEmpty)).StoreUnsafe(ref from);
        return (toX, toY);
    }

    /// <summary>The cards of some places, at the front; the rest is empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Packed(Vector256<uint> cards, uint places)
    {
        ulong spread = Bmi2.X64.ParallelBitDeposit(places, 0x0101_0101_0101_0101) * 0xFF;
        ulong order = Bmi2.X64.ParallelBitExtract(0x0706_0504_0302_0100, spread);
        Vector256<uint> packed = Avx2.PermuteVar8x32(cards, Avx2.ConvertToVector256Int32(Vector128.CreateScalarUnsafe(order).AsByte()).AsUInt32());
        return packed & Vector256.LessThan(Places, Vector256.Create((uint)BitOperations.PopCount(places)));
    }

    /// <summary>The same, card by card. What is live lies at the front, so the first card that is not ends the look.</summary>
    public static class Scalar
    {
        /// <inheritdoc cref="Card.Match"/>
        public static uint Match(ref uint first, uint card, uint numbers)
        {
            uint hits = 0;
            for (int place = 0; place < PerBucket; place++)
            {
                uint present = Unsafe.Add(ref first, place);
                if (!IsLive(present)) break;
                if ((present & ~numbers) == card) hits |= 1u << place;
            }

            return hits;
        }

        /// <inheritdoc cref="Card.LiveOnes"/>
        public static uint LiveOnes(ref uint first)
        {
            int live = 0;
            while (live < PerBucket && IsLive(Unsafe.Add(ref first, live))) live++;
            return (1u << live) - 1;
        }

        /// <inheritdoc cref="Card.Take"/>
        public static void Take(ref uint first, int place, int last)
        {
            Unsafe.Add(ref first, place) = Unsafe.Add(ref first, last);
            Unsafe.Add(ref first, last) = Empty;
        }

        /// <inheritdoc cref="Card.Deal"/>
        public static (uint ToX, uint ToY) Deal(ref uint from, ref uint x, ref uint y, uint bit)
        {
            uint toX = 0;
            uint toY = 0;
            int usedX = 0;
            int usedY = 0;
            for (int place = 0; place < PerBucket; place++)
            {
                ref uint card = ref Unsafe.Add(ref from, place);
                if (!IsLive(card))
                {
                    card = EvacuatedEmpty;
                }
                else if ((card & bit) != 0)
                {
                    Unsafe.Add(ref y, usedY++) = card & ~bit;
                    toY |= 1u << place;
                    card = EvacuatedY;
                }
                else
                {
                    Unsafe.Add(ref x, usedX++) = card;
                    toX |= 1u << place;
                    card = EvacuatedX;
                }
            }

            return (toX, toY);
        }
    }
}
