namespace GuardedMaps.Lab;

/// <summary>A token that cannot be replayed: it is malformed, was changed on the way, or describes a race that has changed since.</summary>
public sealed class ScheduleTokenException : FormatException
{
    /// <summary>Makes the exception.</summary>
    public ScheduleTokenException(string message)
        : base(message)
    {
    }

    /// <summary>Makes the exception.</summary>
    public ScheduleTokenException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
