namespace GuardedMaps.Lab;

/// <summary>The ways to guard iterations that come to mind first, each with the fault that a scenario shows.</summary>
internal enum NaiveGuardKind
{
    /// <summary>Writers wait until the number of running iterations is 0. One that is never ended is counted for good.</summary>
    ReaderCount,

    /// <summary>Writers wait while a flag says that somebody iterates. The first iteration to end clears it for all.</summary>
    OneFlag,

    /// <summary>An iterator that is stepped after its end begins anew.</summary>
    Wraps,
}
