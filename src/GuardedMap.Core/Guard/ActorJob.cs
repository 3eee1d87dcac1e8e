namespace GuardedMaps;

/// <summary>
/// Something that an actor has been asked to do (in PowerShell: a pipeline). A thread that does one job after another is not held in the next to what it has read in the last
/// (<see cref="MapOptions{TKey}.DetectLostUpdates"/>).
/// </summary>
/// <remarks>Made by the host (<see cref="MapHost.ActorJob"/>), which ends it. May be used from any thread.</remarks>
public sealed class ActorJob
{
    private volatile bool _hasEnded;

    /// <summary>True once the job has ended. It never begins again.</summary>
    public bool HasEnded => _hasEnded;

    /// <summary>Ends the job.</summary>
    public void End() => _hasEnded = true;
}
