namespace GuardedMaps.Lab;

/// <summary>What a step of an actor does to the memory that actors share.</summary>
public enum AccessKind : byte
{
    /// <summary>Nothing: the step touches what is the actor's own.</summary>
    None,

    /// <summary>It reads.</summary>
    Read,

    /// <summary>It writes, or reads and writes in one indivisible step.</summary>
    Write,
}
