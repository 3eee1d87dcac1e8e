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
