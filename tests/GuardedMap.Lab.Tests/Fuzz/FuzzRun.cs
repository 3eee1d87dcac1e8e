namespace GuardedMaps.Lab.Tests.Fuzz;

/// <summary>Gives texts to a target until one of them does what none may, and makes that one smaller.</summary>
internal static class FuzzRun
{
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;

    /// <summary>The first fault among so many texts; null if there is none. The same seed makes the same texts.</summary>
    public static FuzzFault? Find(FuzzTarget target, ulong seed, long count, Action<long>? onText = null)
    {
        // Each text has a seed of its own, so that one can be made again without those before it.
        for (long i = 0; i < count; i++)
        {
            ulong own = seed + ((ulong)i * Spread);
            string text = new FuzzText(target.Good, target.Pieces, own).Next();
            if (FaultOf(target, text) is { } fault)
            {
                string small = Smaller(target, text, fault.GetType());
                return new FuzzFault(target.Name, own, small, FaultOf(target, small)!);
            }

            onText?.Invoke(i + 1);
        }

        return null;
    }

    private static Exception? FaultOf(FuzzTarget target, string text)
    {
        try
        {
            target.Take(text);
            return null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e;
        }
    }

    // Pieces are taken out, large ones first, as long as the same kind of fault comes of what is left.
    private static string Smaller(FuzzTarget target, string text, Type fault)
    {
        for (int length = text.Length / 2; length > 0; length /= 2)
        {
            for (int at = 0; at + length <= text.Length;)
            {
                string less = text.Remove(at, length);
                if (FaultOf(target, less)?.GetType() == fault) text = less;
                else at += length;
            }
        }

        return text;
    }
}

/// <summary>A text that did what none may.</summary>
/// <param name="Target">To what.</param>
/// <param name="Seed">From which seed it was made, before it was made smaller.</param>
/// <param name="Text">The text, made smaller.</param>
/// <param name="Error">What came of it.</param>
internal sealed record FuzzFault(string Target, ulong Seed, string Text, Exception Error)
{
    public override string ToString() => $"{Target}, seed {Seed}: \"{SafeText.Line(Text, 2000)}\"\n{Error}";
}
