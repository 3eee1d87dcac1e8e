namespace GuardedMaps.Lab;

/// <summary>
/// The yield points of the stepped map: every access to shared memory that the source makes, as the generator found them, those of Go's
/// writer flag and of naive guards, and those of what is written by hand: the walk of C#'s <c>foreach</c>, what is done to a bucket as a whole, and taking turns.
/// </summary>
internal static class SteppedPoints
{
    public static readonly int FlagLook = StepPoints.All.Length;
    public static readonly int FlagLookAgain = FlagLook + 1;
    public static readonly int FlagRead = FlagLook + 2;
    public static readonly int FlagWrite = FlagLook + 3;
    public static readonly int FlagWait = FlagLook + 4;
    public static readonly int LoopArray = FlagLook + 5;
    public static readonly int LoopEntry = FlagLook + 6;
    public static readonly int CardRead = FlagLook + 7;
    public static readonly int CardWrite = FlagLook + 8;
    public static readonly int TurnTry = FlagLook + 9;
    public static readonly int TurnVersion = FlagLook + 10;
    public static readonly int TurnTake = FlagLook + 11;
    public static readonly int TurnWait = FlagLook + 12;
    public static readonly int TurnEnd = FlagLook + 13;
    public static readonly int AskTake = FlagLook + 14;
    public static readonly int AskWait = FlagLook + 15;
    public static readonly int AskEnd = FlagLook + 16;

    public static YieldPointCatalogue Catalogue { get; } = new(
    [
        .. StepPoints.All,
        new("flag.look", "flag", AccessKind.Read),
        new("flag.look.again", "flag", AccessKind.Read),
        new("flag.toggle.read", "flag", AccessKind.Read),
        new("flag.toggle.write", "flag", AccessKind.Write),
        new("flag.wait", "flag", AccessKind.None),
        new("foreach.array", "array", AccessKind.Read),
        new("foreach.entry", "array", AccessKind.Read),
        new("card.read", "array", AccessKind.Read),
        new("card.write", "array", AccessKind.Write),
        new("turn.try", "gate write lock", AccessKind.Write),
        new("turn.version", "version", AccessKind.Read),
        new("turn.take", "gate write lock", AccessKind.Write),
        new("turn.wait", "gate write lock", AccessKind.None),
        new("turn.end", "gate write lock", AccessKind.Write),
        new("turn.ask", "gate lock", AccessKind.Write),
        new("turn.ask.wait", "gate lock", AccessKind.None),
        new("turn.asked", "gate lock", AccessKind.Write),
    ]);
}
