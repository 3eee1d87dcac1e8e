namespace GuardedMaps.Tests.Hashing;

/// <summary>Keys made by somebody who has read the source, and means to have them all in one bucket.</summary>
/// <remarks>
/// Of each kind at least 16,000. The makers know everything that is written down: constants, order of the words, finaliser. What they do not know is what is
/// drawn when a process begins and when a map is made.
/// </remarks>
internal static class HostileKeys
{
    public const int Count = 16_000;

    public static IEnumerable<(string Name, string[] Keys)> Texts()
    {
        // Against xor with a published constant: "\uFD93\u6659\uFEB8\uD6E8" is 0xD6E8_FEB8_6659_FD93, four chars in one word. The product becomes zero, and what came before is gone.
        yield return ("the blind multiplication at the beginning", Make(i => Blind + Bits(i) + Bits(i >> 8)));
        yield return ("the blind multiplication at the end", Make(i => Bits(i) + Bits(i >> 8) + Blind + "...."));
        yield return ("the blind multiplication in every place", Make(i => Bits(i) + Blind + Bits(i >> 8) + Blind + "abcd"));

        // Against A x: words that differ in their highest bits alone leave the low half of the product alone.
        yield return ("only the highest bits differ", Make(i => "\0\0" + (char)(i >> 8) + (char)(i << 8)));
        // x and -x: the halves of their products are negatives of each other, and cancel where they are folded by xor.
        yield return ("numbers and their negatives", Make(i => Word(i % 2 == 0 ? (ulong)(i + 2) : 0UL - (ulong)(i + 1))));
        // Against sums of products: what one word adds, the other takes away.
        yield return ("one word takes back what the other adds", Make(i => Word((ulong)i << 20) + Word(0UL - ((ulong)i << 20))));
        // Against NH, (a + k)(b + l): swapped words, and words that are equal but for a carry.
        yield return ("swapped pairs", Make(i => Word((ulong)(i % 127)) + Word((ulong)(i / 127)) + Word((ulong)(i / 127)) + Word((ulong)(i % 127))));
        yield return ("pairs that run through all carries", Make(i => Word(ulong.MaxValue << (i % 64)) + Word(1UL << (i / 64 % 64)) + Word((ulong)i >> 12) + "0123"));
        // Against the golden ratio in the last step: multiples of its inverse.
        yield return ("multiples of the golden ratio's inverse", Make(i => Word((ulong)i * 0xF1DE_83E1_9937_733D)));
        yield return ("multiples of the golden ratio", Make(i => Word((ulong)i * 0x9E37_79B9_7F4A_7C15)));
        // Against a polynomial over blocks: blocks in another order, and blocks that differ by multiples of the prime.
        yield return ("blocks in another order", Make(i => string.Concat(Enumerable.Range(0, 5).Select(b => new string((char)('a' + (i >> (3 * b) & 7)), 64)))));
        yield return ("blocks that differ by the prime", Make(i => new string('a', 48) + Word((ulong)(i & 7) * ((1UL << 61) - 1)) + Word((ulong)i) + new string('a', 70)));
        // Against the length: zeros at the end, and nothing else.
        yield return ("zeros before and behind", Make(i => new string('\0', i % 127) + "x" + new string('\0', i / 127)));
        // Against one key for all of a text: every word the same.
        yield return ("one word, over and over", Make(i => string.Concat(Enumerable.Repeat(Word((ulong)i * 0x0001_0001_0001_0001), 5))));
    }

    /// <summary>
    /// Longs that a product with a published constant carries to nearly the same place: masks are searched for of two to four bits whose contributions, with the
    /// signs that a xor gives them, all but cancel, and all their combinations are written down.
    /// </summary>
    public static long[] NearlyCancelling(int bucketBits)
    {
        const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;
        // Where bit i moves the middle of the product to, as a part of the circle of buckets. Lower bits move the low half too, which no combination hides.
        double[] moves = [.. Enumerable.Range(0, 64).Select(i => (double)(long)(i == 0 ? 0 : Shifted(i)) / ulong.MaxValue)];
        var masks = new List<(double Size, int[] Bits)>();
        int low = bucketBits;
        for (int a = low; a < 64; a++)
        {
            masks.Add((Size(moves[a]), [a]));
            for (int b = a + 1; b < 64; b++)
            {
                Consider(masks, [a, b], moves);
                for (int c = b + 1; c < 64; c++) Consider(masks, [a, b, c], moves);
            }
        }

        long[] chosen = [.. Disjoint(masks).Take(14)];
        return [.. Enumerable.Range(0, Count).Select(i => Enumerable.Range(0, chosen.Length).Where(bit => (i >> bit & 1) != 0).Aggregate(0L, (key, bit) => key ^ chosen[bit]))];

        // The bits of the product that say which bucket, and those below them: 64 + bucketBits and down.
        ulong Shifted(int i) => (ulong)((UInt128)Multiplier << i >> bucketBits);

        static void Consider(List<(double, int[])> masks, int[] bits, double[] moves)
        {
            for (int signs = 0; signs < 1 << (bits.Length - 1); signs++)
            {
                double sum = moves[bits[0]];
                for (int j = 1; j < bits.Length; j++) sum += (signs >> (j - 1) & 1) != 0 ? moves[bits[j]] : -moves[bits[j]];
                if (Size(sum) < 1.0 / 512) masks.Add((Size(sum), bits));
            }
        }

        static double Size(double move) => Math.Abs(move - Math.Round(move, MidpointRounding.ToEven));

        static IEnumerable<long> Disjoint(List<(double Size, int[] Bits)> masks)
        {
            ulong used = 0;
            foreach ((_, int[] bits) in masks.OrderBy(static m => m.Bits.Length).ThenBy(static m => m.Size).Where(static m => m.Bits.Length > 1).Concat(masks.Where(static m => m.Bits.Length == 1).OrderBy(static m => m.Size)))
            {
                ulong mask = bits.Aggregate(0UL, static (all, bit) => all | (1UL << bit));
                if ((used & mask) != 0) continue;
                used |= mask;
                yield return (long)mask;
            }
        }
    }

    private const string Blind = "\uFD93\u6659\uFEB8\uD6E8";

    private static string[] Make(Func<int, string> key) => [.. Enumerable.Range(0, Count).Select(key).Distinct(StringComparer.Ordinal)];

    private static string Bits(int i) => string.Concat(Enumerable.Range(0, 8).Select(bit => (char)('a' + (i >> bit & 1))));

    private static string Word(ulong word) => string.Create(4, word, static (chars, word) =>
    {
        for (int i = 0; i < 4; i++) chars[i] = (char)(word >> (16 * i));
    });
}
