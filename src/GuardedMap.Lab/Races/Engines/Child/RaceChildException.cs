namespace GuardedMaps.Lab;

/// <summary>Thrown when no child process could be started for a race that needs one, or when the lab failed inside it. Never about a map under test.</summary>
public sealed class RaceChildException : InvalidOperationException
{
    /// <summary>Makes the exception.</summary>
    public RaceChildException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception with its cause.</summary>
    public RaceChildException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
