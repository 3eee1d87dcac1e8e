using System.Globalization;
using System.Text;

namespace GuardedMaps;

/// <summary>
/// One side of a violation: who it was, as far as is known, and what it was doing.
/// An actor is named only for the length of one call: threads and runspaces are reused.
/// </summary>
public sealed record MapActor
{
    /// <summary>
    /// The managed thread id, or 0 when it is not known. A thread that has ended is not known for certain: another one may have got its stack, by which a map
    /// knows its maker.
    /// </summary>
    public int ThreadId { get; init; }

    /// <summary>The thread's name, if it has one.</summary>
    public string? ThreadName { get; init; }

    /// <summary>What the host calls this actor (in PowerShell: the runspace), if the host said.</summary>
    public string? Label { get; init; }

    /// <summary>What the actor was doing.</summary>
    public MapOperation Operation { get; init; }

    /// <summary>
    /// When the operation began, where that is known for free: of an iteration with an object of its own, and of each on a traced map. A plain <c>foreach</c> takes no look at the clock, and a
    /// write lasts nanoseconds.
    /// </summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>The script position the operation came from, if the host said.</summary>
    public string? Position { get; init; }

    /// <summary>The call stack at the operation's beginning; recorded only while the map is traced.</summary>
    public string? Stack { get; init; }

    /// <summary>Describes the calling thread doing <paramref name="operation"/>. Asks the host for label and position.</summary>
    internal static MapActor Current(MapOperation operation, bool withPosition = true)
    {
        return new MapActor
        {
            ThreadId = Environment.CurrentManagedThreadId,
            ThreadName = Thread.CurrentThread.Name,
            Label = MapHost.CurrentLabel(),
            Position = withPosition ? MapHost.CurrentPosition() : null,
            Operation = operation,
        };
    }

    /// <summary>One line: <c>thread 7 'worker' (runspace 3) in Set since 12:00:01 at script.ps1:4</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(ThreadId == 0 ? "an unknown thread" : string.Create(CultureInfo.InvariantCulture, $"thread {ThreadId}"));
        if (!string.IsNullOrEmpty(ThreadName)) text.Append(CultureInfo.InvariantCulture, $" '{SafeText.Line(ThreadName)}'");
        if (!string.IsNullOrEmpty(Label)) text.Append(CultureInfo.InvariantCulture, $" ({SafeText.Line(Label)})");
        if (Operation != MapOperation.None) text.Append(CultureInfo.InvariantCulture, $" in {Operation}");
        if (Since is { } since) text.Append(CultureInfo.InvariantCulture, $" since {since:HH:mm:ss.fff}");
        if (!string.IsNullOrEmpty(Position)) text.Append(CultureInfo.InvariantCulture, $" at {SafeText.Line(Position)}");
        return text.ToString();
    }
}
