namespace GuardedMaps.Lab;

/// <summary>
/// How a race may end: a schedule that was explored, or a trial with real threads, where damage may be of several kinds. Of those the first in this order is
/// the example that is shown: what a user would miss first stands first.
/// </summary>
public enum ScheduleOutcomeKind
{
    /// <summary>Nothing was raised and everything is as it should be.</summary>
    Clean,

    /// <summary>An actor was refused with an error.</summary>
    Violation,

    /// <summary>A forbidden overlap took place and nobody raised an error.</summary>
    Unnoticed,

    /// <summary>A write that was acknowledged is not there, or an entry cannot be looked up or is not shown.</summary>
    LostEntry,

    /// <summary>A counter shows fewer increments than were acknowledged.</summary>
    LostUpdate,

    /// <summary>A value is there, or was read, that nobody wrote.</summary>
    TornValue,

    /// <summary>A value is there, or was read, that an acknowledged write had replaced.</summary>
    StaleValue,

    /// <summary>A key is there that nobody wrote, whose write was rejected, or whose removal was acknowledged.</summary>
    GhostEntry,

    /// <summary>One key is there twice, or was shown twice.</summary>
    DuplicateEntry,

    /// <summary>An iteration ended normally without showing a key that was there from its beginning to its end.</summary>
    MissedEntry,

    /// <summary>An iteration ended normally and showed what the map held at no one moment, though its target promises that.</summary>
    MixedMoments,

    /// <summary>The count is not the number of entries.</summary>
    WrongCount,

    /// <summary>Reading the map after the race, with no other thread near it, throws or finds a broken invariant.</summary>
    BrokenTable,

    /// <summary>
    /// An actor ended with an error that is no violation: it stumbled over what a race had left half done. That is luck, and names
    /// nobody, so it does not count as detected.
    /// </summary>
    Crashed,

    /// <summary>The actors were still running when the limit of steps was reached.</summary>
    Livelock,

    /// <summary>No order of the operations explains the answers they gave.</summary>
    NotLinearizable,

    /// <summary>No actor could go on: each waited for what another had, or for what nobody would do any more.</summary>
    Deadlock,

    /// <summary>An actor of a user's own ended with an error, of which it was told.</summary>
    Failed,
}

/// <summary>How one schedule ended, as the oracle of its model names it. Schedules with equal outcomes are counted together.</summary>
/// <param name="Kind">The kind of ending.</param>
/// <param name="Text">What exactly, in a few words: who was refused, which key is lost.</param>
public sealed record ScheduleOutcome(ScheduleOutcomeKind Kind, string Text)
{
    /// <summary>The limit of steps was reached.</summary>
    internal static readonly ScheduleOutcome Livelock = new(ScheduleOutcomeKind.Livelock, "still running at the limit of steps");

    /// <inheritdoc/>
    public override string ToString() => $"{Kind}: {Text}";
}
