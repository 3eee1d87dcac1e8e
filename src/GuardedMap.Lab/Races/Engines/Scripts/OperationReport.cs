namespace GuardedMaps.Lab;

/// <summary>What one run of an actor came to.</summary>
/// <param name="Output">What it answered, as text; two runs that saw the same have the same.</param>
/// <param name="Faults">The errors it met, in order.</param>
internal sealed record OperationReport(string? Output, IReadOnlyList<OperationFault> Faults)
{
    /// <summary>Nothing to report.</summary>
    public static OperationReport Quiet { get; } = new(null, []);
}

/// <summary>An error met by an actor.</summary>
/// <param name="Name">A violation's kind, or the exception's type.</param>
/// <param name="Message">What it said.</param>
/// <param name="Position">Where in the program, if known.</param>
internal sealed record OperationFault(string Name, string Message, string? Position)
{
    /// <summary>The fault behind an exception, under the violation it may carry.</summary>
    public static OperationFault Of(Exception error, string? position = null)
    {
        ArgumentNullException.ThrowIfNull(error);
        var cause = error;
        while (cause is not MapViolationException && cause.InnerException is { } inner) cause = inner;
        return new OperationFault(cause is MapViolationException violation ? violation.Kind.ToString() : cause.GetType().Name, cause.Message, position);
    }
}

/// <summary>What a check says of the map at the end.</summary>
/// <param name="IsRight">Whether it is as it should be.</param>
/// <param name="Text">In a few words, how it is; runs with equal text are counted together. Null for the map's content.</param>
internal sealed record CheckAnswer(bool IsRight, string? Text = null);
