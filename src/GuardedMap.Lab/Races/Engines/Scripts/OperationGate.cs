using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>Stands before a shared map: every operation on it passes here, and an actor may have to wait here for others.</summary>
internal abstract class OperationGate
{
    /// <summary>Passes an operation.</summary>
    /// <param name="verb">What it does: <c>get</c>, <c>set</c>, <c>iterate</c>.</param>
    /// <param name="kind">Whether it writes. What is not known is taken to write.</param>
    /// <param name="key">The key it is about, or null.</param>
    /// <param name="perform">Makes the call.</param>
    public abstract T Pass<T>(string verb, AccessKind kind, object? key, Func<T> perform);

    /// <inheritdoc cref="Pass{T}"/>
    public void Pass(string verb, AccessKind kind, object? key, Action perform) => Pass<object?>(verb, kind, key, () =>
    {
        perform();
        return null;
    });
}

/// <summary>One operation of one actor, as it was made.</summary>
/// <param name="Number">Its number in the schedule, from 1.</param>
/// <param name="Actor">Which actor made it.</param>
/// <param name="Verb">What it did.</param>
/// <param name="Kind">Whether it writes.</param>
/// <param name="Key">On which key, as text; null when it is about none.</param>
/// <param name="Preempts">True when another actor was interrupted by it.</param>
/// <param name="Position">Where in the actor's program, if known.</param>
internal sealed record OperationStep(int Number, int Actor, string Verb, AccessKind Kind, string? Key, bool Preempts, string? Position)
{
    /// <summary>What it answered, as text; null for an operation that answers nothing.</summary>
    public string? Answer { get; internal set; }

    /// <summary>What it threw, if it did.</summary>
    public OperationFault? Fault { get; internal set; }

    /// <summary>The map's content right after it.</summary>
    public string? Content { get; internal set; }

    /// <summary>The buckets right after it, where the container has any to show.</summary>
    public IReadOnlyList<BucketLayout> Buckets { get; internal set; } = [];

    /// <summary>True when it was the actor's last.</summary>
    public bool Ends { get; internal set; }

    /// <summary>The operation as one would write it: <c>get n = 0</c>.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Verb}{(Key is null ? "" : " " + Key)}{(Fault is not null ? " !" : Answer is null ? "" : " = " + Answer)}");
}
