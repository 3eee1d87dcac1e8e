namespace GuardedMaps.Lab;

/// <summary>One actor in the middle of one schedule: it stands before its next access and goes on only when it is told.</summary>
internal interface IStepper
{
    /// <summary>True when the actor has nothing left to do.</summary>
    bool Finished { get; }

    /// <summary>The access it makes with the next <see cref="Step"/>. Without meaning when <see cref="Finished"/>.</summary>
    Footprint Next { get; }

    /// <summary>Makes that access and runs on to the next one.</summary>
    void Step();
}
