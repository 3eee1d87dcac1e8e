namespace GuardedMaps.Cli;

/// <summary>The user's file cannot be read as what it is said to be. The message names the file and, where there is one, the line.</summary>
internal sealed class InputException : Exception
{
    // Headers and keys are quoted in messages, and may be as long as the file.
    private const int LongestMessage = 1000;

    public InputException(string message)
        : base(message)
    {
    }

    public InputException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An error at a line, in the form editors and terminals know how to jump to.</summary>
    public static InputException At(string file, long line, string message, Exception? cause = null)
    {
        string text = SafeText.Message($"{file}:{line}: ") + SafeText.Line(message, LongestMessage);
        return cause is null ? new InputException(text) : new InputException(text, cause);
    }
}
