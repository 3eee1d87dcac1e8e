namespace GuardedMaps.Tests.Hashing;

/// <summary>The map's own string hashes agree with the equality they stand beside.</summary>
public sealed class StringHashTests
{
    private const ulong Seed = 0x1234_5678_9ABC_DEF1;

    [Fact]
    public void Chars_equal_without_regard_to_case_hash_equal_all_65536_of_them()
    {
        // Chars that are equal have the same upper case, so only those need be compared with one another.
        var groups = Enumerable.Range(0, 0x1_0000).Select(c => ((char)c).ToString()).GroupBy(text => text, StringComparer.OrdinalIgnoreCase);
        int pairs = 0;
        foreach (IGrouping<string, string> group in groups)
        {
            foreach (string text in group)
            {
                // Alone, and at every place of a word of every length class.
                foreach ((string prefix, string suffix) in ((string, string)[])[("", ""), ("a", ""), ("", "bcd"), ("abc", "def"), ("abcdefgh", "ij")])
                {
                    Assert.Equal(HashMix.OrdinalIgnoreCase(prefix + group.Key + suffix, Seed), HashMix.OrdinalIgnoreCase(prefix + text + suffix, Seed));
                }

                if (text != group.Key) pairs++;
            }
        }

        // ASCII's 26 and more than a thousand others.
        Assert.True(pairs > 1000, $"only {pairs} pairs");
    }

    [Fact]
    public void No_char_outside_ASCII_equals_one_inside_without_regard_to_case()
    {
        for (int outside = 0x80; outside < 0x1_0000; outside++)
        {
            string text = ((char)outside).ToString();
            for (char inside = '\0'; inside < 0x80; inside++)
            {
                if (string.Equals(text, inside.ToString(), StringComparison.OrdinalIgnoreCase)) Assert.Fail($"U+{outside:X4} equals {inside}");
            }
        }
    }

    [Fact]
    public void Strings_equal_without_regard_to_case_hash_equal_at_every_length()
    {
        var random = new Random(1);
        const string Letters = "aAbBzZ@[`{09 _éÉßäÄ\u0130\u0131\u212A\u017F\U00010400\U00010428";
        for (int i = 0; i < 20_000; i++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(0, 40)).Select(_ => Letters[random.Next(i % 2 == 0 ? 14 : Letters.Length)]));
            foreach (string other in (string[])[text.ToUpperInvariant(), text.ToLowerInvariant(), new(text)])
            {
                if (!string.Equals(text, other, StringComparison.OrdinalIgnoreCase)) continue;
                Assert.Equal(HashMix.OrdinalIgnoreCase(text, Seed), HashMix.OrdinalIgnoreCase(other, Seed));
            }

            Assert.Equal(HashMix.Ordinal(text, Seed), HashMix.Ordinal(new string(text), Seed));
        }
    }

    [Fact]
    public void Strings_that_differ_in_one_char_anywhere_hash_differently()
    {
        // Not a promise, but a hash that ignores a char would be caught: 64 bits do not collide by chance in a few thousand.
        for (int length = 1; length <= 40; length++)
        {
            string text = new('m', length);
            var ordinal = new HashSet<ulong> { HashMix.Ordinal(text, Seed) };
            var ignoreCase = new HashSet<ulong> { HashMix.OrdinalIgnoreCase(text, Seed) };
            for (int place = 0; place < length; place++)
            {
                foreach (char c in "n0@[\u00E9")
                {
                    char[] chars = text.ToCharArray();
                    chars[place] = c;
                    Assert.True(ordinal.Add(HashMix.Ordinal(new string(chars), Seed)), $"{length}/{place}/{c}");
                    Assert.True(ignoreCase.Add(HashMix.OrdinalIgnoreCase(new string(chars), Seed)), $"{length}/{place}/{c}");
                }
            }
        }
    }

    [Fact]
    public void Punctuation_beside_the_letters_is_not_folded()
    {
        // '@' and '`', '[' and '{' differ in the same bit as 'A' and 'a'.
        foreach ((string a, string b) in ((string, string)[])[("@", "`"), ("[", "{"), ("]", "}"), ("^", "~"), ("\\", "|"), ("_", "\u007F")])
        {
            Assert.NotEqual(HashMix.OrdinalIgnoreCase(a, Seed), HashMix.OrdinalIgnoreCase(b, Seed));
            Assert.NotEqual(HashMix.OrdinalIgnoreCase("key" + a + "value", Seed), HashMix.OrdinalIgnoreCase("key" + b + "value", Seed));
        }
    }

    [Fact]
    public void The_seed_matters()
    {
        foreach (string text in (string[])["", "a", "abcd", "abcdefgh", "abcdefghijklmnopqrstuvwxyz", "é"])
        {
            Assert.NotEqual(HashMix.Ordinal(text, 1), HashMix.Ordinal(text, 2));
            Assert.NotEqual(HashMix.OrdinalIgnoreCase(text, 1), HashMix.OrdinalIgnoreCase(text, 2));
        }

        Assert.NotEqual(HashMix.Mix(7, 1), HashMix.Mix(7, 2));
        Assert.NotEqual(HashMix.NewSeed(), HashMix.NewSeed());
    }

    [Fact]
    public void A_map_that_ignores_case_finds_every_spelling()
    {
        var map = new GuardedMap<string, int>(StringComparer.OrdinalIgnoreCase);
        string[] words = [.. Enumerable.Range(0, 500).Select(i => $"Key-É{i}-and-some-more"), .. Enumerable.Range(0, 500).Select(i => $"Key{i}")];
        foreach (string word in words) map.Add(word, word.Length);
        foreach (string word in words)
        {
            Assert.Equal(word.Length, map[word.ToUpperInvariant()]);
            Assert.Equal(word.Length, map[word.ToLowerInvariant()]);
            Assert.False(map.TryAdd(word.ToLowerInvariant(), 0));
        }

        Assert.Equal(words.Length, map.Count);
        map.CheckInvariants();
    }
}
