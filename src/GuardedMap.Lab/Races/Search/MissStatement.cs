namespace GuardedMaps.Lab;

/// <summary>What drawing schedules may have missed. Without it, "not found" says nothing.</summary>
/// <param name="Of">What the statement is about: which outcomes it covers.</param>
/// <param name="ChancePerSchedule">The least chance that one drawn schedule ends in such an outcome; 0 when nothing can be said.</param>
/// <param name="ChanceOfMiss">The greatest chance that none of the schedules drawn did.</param>
/// <param name="Text">The same in one sentence.</param>
public sealed record MissStatement(string Of, double ChancePerSchedule, double ChanceOfMiss, string Text);
