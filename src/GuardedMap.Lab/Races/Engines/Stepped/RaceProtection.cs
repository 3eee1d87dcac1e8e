namespace GuardedMaps.Lab;

/// <summary>What stands between racing actors and the table: the columns of the <see cref="DetectionMatrix"/>.</summary>
internal enum RaceProtection
{
    /// <summary>Nothing: protection None of the map.</summary>
    None,

    /// <summary>A writer flag, looked at by all and toggled by writers, as Go's maps have it: no version, no lease, no swap.</summary>
    Flag,

    /// <summary>The product: the whole guard.</summary>
    Guard,

    /// <summary>
    /// What one writes first, and what the scenario shows the fault of: a count of readers, one flag for all iterations, an iterator that
    /// wraps round. Only scenarios that are about such a fault have it (<see cref="NaiveGuard"/>), and it is no column of the matrix.
    /// </summary>
    Naive,

    /// <summary>
    /// The whole guard of a map that detects lost updates (<see cref="MapOptions{TKey}.DetectLostUpdates"/>). Only scenarios in which two legal operations race have it: elsewhere it is the
    /// guard and nothing more.
    /// </summary>
    Detect,

    /// <summary>Protection Synchronized: who would be refused waits for its turn, and an iteration reads a snapshot.</summary>
    Wait,

    /// <summary>
    /// A map that reports violations (<see cref="ViolationResponse.Report"/>): it waits as well, and tells what a guarded map would have refused. Neither is a column of the matrix, which is
    /// about what is detected: of both every schedule must end well.
    /// </summary>
    Report,
}

/// <summary>What can be asked of a protection.</summary>
internal static class RaceProtections
{
    /// <summary>True if the map is guarded.</summary>
    public static bool HasGuard(this RaceProtection protection) => protection is RaceProtection.Guard or RaceProtection.Detect || protection.Waits();

    /// <summary>True if an operation that meets another waits for its turn.</summary>
    public static bool Waits(this RaceProtection protection) => protection is RaceProtection.Wait or RaceProtection.Report;
}
