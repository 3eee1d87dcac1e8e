namespace GuardedMaps.Lab;

/// <summary>A model broke the rules by which models are explored. A bug in the model, not in what it models.</summary>
public sealed class RaceModelException : InvalidOperationException
{
    /// <summary>Makes the exception.</summary>
    public RaceModelException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    public RaceModelException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
