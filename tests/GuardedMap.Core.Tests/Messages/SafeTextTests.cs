namespace GuardedMaps.Tests.Messages;

/// <summary>Text that others have chosen does nothing but be read.</summary>
public sealed class SafeTextTests
{
    private const string Hostile = "\u001b[31mred\r\n\u202Etxt\u2066\u0085\u009b2J\u2028\uD800end";

    [Theory]
    [InlineData("plain text, ä, €, \U0001F600", "plain text, ä, €, \U0001F600")]
    [InlineData("C:\\temp\\new", "C:\\temp\\new")]
    [InlineData("a\nb\rc\td\0e\u001b\u007f", "a\\nb\\rc\\td\\u0000e\\u001b\\u007f")]
    [InlineData("\u0080\u009f\u200e\u200f\u2028\u2029\u202a\u202e\u2066\u2069\u061c\ufeff", "\\u0080\\u009f\\u200e\\u200f\\u2028\\u2029\\u202a\\u202e\\u2066\\u2069\\u061c\\ufeff")]
    [InlineData("", "")]
    public void What_would_act_is_shown(string text, string shown) => Assert.Equal(shown, SafeText.Line(text));

    [Fact]
    public void Half_a_surrogate_pair_is_shown_too()
    {
        // Not in an attribute: what is written there goes through UTF-8, which has no halves.
        Assert.Equal("\\ud800x\\udc00", SafeText.Line("\ud800x\udc00"));
        Assert.Equal("\\udc00\\ud800", SafeText.Lines("\udc00\ud800"));
    }

    [Fact]
    public void Every_char_alone_comes_out_as_something_that_does_not_act()
    {
        for (int c = 0; c <= char.MaxValue; c++)
        {
            string shown = SafeText.Line(((char)c).ToString());
            Assert.DoesNotContain(shown, static s => SafeText.IsActive(s) || char.IsControl(s) || char.IsSurrogate(s));
            Assert.Equal(char.GetUnicodeCategory((char)c) is System.Globalization.UnicodeCategory.Control or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator or System.Globalization.UnicodeCategory.Surrogate, shown != ((char)c).ToString() && !IsFormat((char)c));
        }

        static bool IsFormat(char c) => char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.OtherNotAssigned;
    }

    [Fact]
    public void What_is_long_is_cut_and_its_length_named()
    {
        string shown = SafeText.Line(new string('a', 1 << 20));
        Assert.Equal(new string('a', SafeText.Longest) + "... (1,048,576 characters)", shown);
        // A pair at the cut stays whole, or is left out.
        Assert.DoesNotContain("\\ud83d", SafeText.Line(new string('a', SafeText.Longest - 1) + "\U0001F600 and more"), StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_keep_their_breaks_and_nothing_else()
    {
        Assert.Equal("a\nb\tc\r\nd\\re\\u001b", SafeText.Lines("a\nb\tc\r\nd\re\u001b"));
    }

    [Theory]
    [InlineData("one line", "one line")]
    [InlineData("not found\nCheck the name\n\nforged\u001b", "not found\n    Check the name\n\n    forged\\u001b")]
    [InlineData("not found\r\nforged", "not found\r\n    forged")]
    [InlineData("not found\n    set in already", "not found\n    set in already")]
    public void The_further_lines_of_somebodys_message_are_set_in(string text, string told)
    {
        Assert.Equal(told, SafeText.Told(text));
        Assert.Equal($"It said: {told}", SafeText.Message($"It said: {text:all}"));
        Assert.Equal(told, SafeText.Told(told));
    }

    [Fact]
    public void What_is_filled_in_is_cleaned_and_the_rest_is_ours() =>
        Assert.Equal("The key 'a\\nb' is\nnot there, 3 of 4", SafeText.Message($"The key '{"a\nb"}' is\nnot there, {3} of {4.0}"));

    [Fact]
    public void An_object_whose_ToString_throws_does_not_take_the_message_away() =>
        Assert.Equal("<Throwing, whose ToString threw NotSupportedException>", SafeText.Of(new Throwing()));

    [Fact]
    public void No_error_of_a_map_carries_more_than_text()
    {
        var violation = new MapViolation
        {
            Kind = MapViolationKind.ConcurrentWrites,
            MapName = Hostile,
            Operation = MapOperation.Set,
            Key = Hostile + new string('x', 1 << 20),
            Offender = new MapActor { ThreadId = 1, ThreadName = Hostile, Label = Hostile, Position = Hostile },
            Holder = new MapActor { ThreadName = Hostile },
            Remedy = "Wait.",
        };
        AssertClean(violation.Message);
        AssertClean(new MapViolationException(violation).Message);
        AssertClean(violation.Offender.ToString());

        foreach (IDictionary<string, int> map in (IDictionary<string, int>[])
            [
                new GuardedMap<string, int>(new MapOptions<string> { Name = Hostile }),
                new SnapshotMap<string, int>(new SnapshotMapOptions<string> { Name = Hostile }),
                new SyncMap<string, int>(new SyncMapOptions<string> { Name = Hostile }),
                new OrderedMap<string, int>(new OrderedMapOptions<string> { Name = Hostile }),
            ])
        {
            map[Hostile] = 1;
            AssertClean(Assert.ThrowsAny<ArgumentException>(() => map.Add(Hostile, 2)).Message);
            AssertClean(Assert.ThrowsAny<KeyNotFoundException>(() => map[Hostile + "2"]).Message);
            AssertClean(Assert.ThrowsAny<ArgumentException>(() => map.CopyTo([], 0)).Message);
            Assert.DoesNotContain(map.ToString()!, static c => SafeText.IsActive(c));
            if (map is not GuardedMap<string, int>) AssertClean(Assert.Throws<ArgumentException>(() => ((IMap)map).Iterate(IterationContract.Defer)).Message);
            Assert.DoesNotContain(Assert.ThrowsAny<ArgumentException>(() => ((System.Collections.IDictionary)map)[5] = 1).Message, static c => SafeText.IsActive(c));
        }
    }

    [Fact]
    public void Nor_does_the_error_about_a_value_that_is_no_number()
    {
        var map = new GuardedMap<string, object>(new MapOptions<string> { Name = Hostile }) { [Hostile] = "text" };
        AssertClean(Assert.Throws<InvalidOperationException>(() => map.Increment(Hostile)).Message);
        var synchronized = new GuardedMap<string, int>(new MapOptions<string> { Name = Hostile, Protection = MapProtection.Synchronized });
        AssertClean(Assert.Throws<ArgumentException>(() => synchronized.Iterate(IterationContract.Reject)).Message);
    }

    private static void AssertClean(string text)
    {
        Assert.DoesNotContain(text, static c => SafeText.IsActive(c));
        Assert.True(text.Length < 4000, $"{text.Length} characters");
        Assert.Contains("\\u001b", text, StringComparison.Ordinal);
    }

    private sealed class Throwing
    {
        public override string ToString() => throw new NotSupportedException();
    }
}
