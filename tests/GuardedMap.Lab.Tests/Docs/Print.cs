namespace GuardedMaps.Lab.Tests.Docs;

/// <summary>Collects what a sample prints.</summary>
internal static class Print
{
    private static readonly AsyncLocal<List<string>?> s_lines = new();

    /// <summary>Runs a sample and gives what it printed.</summary>
    public static IReadOnlyList<string> Of(Action sample)
    {
        var lines = new List<string>();
        s_lines.Value = lines;
        try
        {
            sample();
        }
        finally
        {
            s_lines.Value = null;
        }

        lock (lines) return [.. lines];
    }

    public static void Line(string text)
    {
        var lines = s_lines.Value ?? throw new InvalidOperationException("Nothing is being collected: run the sample through Print.Of.");
        lock (lines) lines.Add(text);
    }

    /// <summary>Prints the message of the violation that an action raises; nothing when it raises none.</summary>
    public static void Error(Action action)
    {
        try
        {
            action();
        }
        catch (MapViolationException violation)
        {
            Line(violation.Message);
        }
    }
}
