using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;

namespace GuardedMaps;

// From a key's bits to a 64-bit hash of which every part may be used: the tables take the bucket from one end and the tophash from the other.
//
// Keys are chosen by strangers: names of forms' fields, headers, ids in somebody's JSON. Whoever reads this source must not be able to write down keys that
// all lead to one bucket. For text, and for whatever else has more than 64 bits, under a seed that was drawn, that is not left to "a good mixer", of which nobody can say it: there is a family of
// functions of which it can be proved. The family is public, the choice out of it is the process's secret (HashSecret: 1,500 bits from the system's random source).
//
//     Spread(x, A)  =  the halves of A x mod 2^128, added:  high + low mod 2^64,        A a secret of 128 bits, x a word of 64
//
// Claim. Let x and y be two different words and c any number. For at most 2 in 2^64 of all A is Spread(x, A) - Spread(y, A) = c: twice what dice would give.
//
//   Call d = x - y = 2^s times an odd number, and write A = a + 2^64 b. Then Spread(x, A) - Spread(y, A) = L + H mod 2^64, where L = a d (the difference of the low halves)
//   and H = b d + [a d / 2^64] + carry (that of the high ones; the carry is 0 or 1). L and b d end in s zeros. So in the low s bits [a d / 2^64] + carry
//   must be c; that is the top s bits of a times an odd number, which is uniform: 2 values in 2^s fit. Whatever a is, b d is uniform in the 64 - s bits above: 1 in
//   2^(64 - s) fits.
//
// This is multiply-shift (Dietzfelbinger 1996, "Universal hashing and k-wise independent random variables via integer arithmetic without primes"; Thorup 2015, "High speed
// hashing for strings"), which takes the high half alone. It follows for sums of Spreads of several words, each under a multiplier of its own, if any of the words differ.
//
// Settle(h) = a number that was drawn, plus h, run through xorshift, multiplication and xorshift: a bijection, known to everybody. Since the number is uniform and
// independent of A, a pair of hashes is any pair of two numbers for at most 2 in 2^128 of all secrets, before the bijection and so after it. In whatever B bits of the
// hash one looks, two keys are the same there for at most 2 in 2^B secrets. The bijection takes nothing from that, and adds what the proof does not give: keys that follow each
// other in a pattern (user1, user2 ...) meet as rarely as random ones in *every* process, where plain multiply-shift sends them all to few places in one process of a hundred.
//
// What follows: n keys that were chosen without knowledge of the secret meet, pair by pair, at most twice as often as random ones, on average over the secrets. What does
// not follow: that a stranger who can time the lookups of a running process learns nothing. A map's seed goes into the key before it is spread, and a map that becomes
// empty takes another, so that what was learned of one map says little about the next; but that is no theorem. Nor is there a secret where the
// user names the seed: HashMix.Named.cs.
//
// Numbers of up to 64 bits are xored with the map's seed and multiplied by the golden ratio (Mix). That is no such family, and does not need to be: a xor with 64 secret bits cannot
// be made to drop out, since nothing is multiplied that the key's owner could make zero. What he can do is choose bits that the product carries to nearly the same
// place; the multiplier has no run of equal bits longer than eight, so a thousand such keys are still spread over a hundred places (HostileKeyTests searches for the
// best). It is kept since it sends keys in any arithmetic progression to more evenly filled buckets than chance does, at half of Settle's price.

/// <summary>Seeds and mixing: from a key's bits to a 64-bit hash.</summary>
internal static partial class HashMix
{
    private const ulong Odd1 = 0x9E37_79B9_7F4A_7C15;

    /// <summary>Set in every seed that was drawn, and in none that somebody named: it says which of the two keys of <see cref="HashSecret"/> a hash is under.</summary>
    private const ulong Drawn = 1UL << 63;

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
        return Mix(Fold(counter, s_secret | 1), s_secret) | Drawn;
    }

    /// <summary>The seed that comes after a drawn one.</summary>
    public static ulong NextSeed(ulong seed) => Mix(NextState(seed), 0x5851_F42D_4C95_7F2D) | Drawn;

    /// <summary>The seed that a map uses if its user names one: the same number, but for the highest bit, which says that it was named.</summary>
    public static ulong NamedSeed(ulong seed) => (seed & Drawn) != 0 ? ~seed : seed;

    /// <summary>The seed of a map whose user has named one, or none.</summary>
    public static ulong SeedOf(ulong? named) => named is { } seed ? NamedSeed(seed) : NewSeed();

    private static ulong SystemRandom()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>The next state of a small generator (splitmix64's counter); <see cref="Mix"/> of it is the random number.</summary>
    public static ulong NextState(ulong state) => state + Odd1;

    /// <summary>Mixes 64 bits under a seed. Constant time; the same in every process.</summary>
    /// <remarks>The "mum" step of wyhash (Wang Yi, https://github.com/wangyi-fudan/wyhash). Two of them, one after the other, are no hash of two words: see above.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Mix(ulong bits, ulong seed) => Fold(bits ^ seed, Odd1);

    /// <summary>Hashes a key of 128 bits. Constant time.</summary>
    public static ulong Words(ulong first, ulong second, ulong seed)
    {
        ref ulong key = ref HashSecret.Of((seed & Drawn) != 0);
        return Settle(Spread(first ^ seed, ref key, 0) + Spread(second, ref key, 2), ref key);
    }

    /// <summary>The halves of a word's product with 128 bits, added. The essay above says what that is good for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Spread(ulong x, ulong low, ulong high) => MultiplyHigh(x, low) + ((x * low) + (x * high));

    /// <summary>The last step of the hash of words: a secret number is added, and all bits are mixed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Settle(ulong hash, ref ulong key)
    {
        hash += Unsafe.Add(ref key, HashSecret.Offset);
        hash = (hash ^ (hash >> 32)) * Odd1;
        return hash ^ (hash >> 32);
    }

    /// <summary>The 128-bit product's halves, one over the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong a, ulong b) => MultiplyHigh(a, b) ^ (a * b);

    /// <summary>The high half of a product.</summary>
    /// <remarks>
    /// Math.BigMul hands its low half over through memory, which costs a lookup more than the multiplication itself; asking for the two
    /// halves apart keeps both in registers, and they are computed side by side.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MultiplyHigh(ulong a, ulong b)
    {
        if (Bmi2.X64.IsSupported) return Bmi2.X64.MultiplyNoFlags(a, b);
        if (ArmBase.Arm64.IsSupported) return ArmBase.Arm64.MultiplyHigh(a, b);
        return Math.BigMul(a, b, out _);
    }
}
