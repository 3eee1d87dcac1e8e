namespace GuardedMaps;

/// <summary>What becomes of a key's value, as one atomic operation.</summary>
/// <remarks>
/// It may be asked several times before what it decides takes effect, and while the map is held for writing. So it is none of the caller's code but a
/// comparison of values, and does nothing but decide.
/// </remarks>
internal interface IValueChange<TValue>
{
    /// <summary>Says what to store; false to leave everything as it is.</summary>
    bool Decide(bool exists, TValue? present, out TValue value);
}
