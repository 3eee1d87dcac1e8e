using System.Diagnostics;
using System.Globalization;

namespace GuardedMaps.Lab;

/// <summary>One step of a run, as a timeline shows it.</summary>
/// <param name="actor">Who made it, at the moment it was chosen.</param>
/// <param name="preempts">Whether another was interrupted by it.</param>
internal sealed class OwnStep(OwnActor actor, bool preempts)
{
    private static readonly System.Reflection.Assembly s_lab = typeof(OwnStep).Assembly;
    private static readonly System.Reflection.Assembly s_core = typeof(GuardedMap).Assembly;

    public int Actor { get; } = actor.Number;

    public SiteText Site { get; } = SiteList.Of(actor.Site);

    /// <summary>What it touched, as far as that is known.</summary>
    public object? Target { get; } = actor.Target;

    /// <summary>The key, where it is about one.</summary>
    public string? Key { get; } = actor.Key is null ? null : MapText.Of(actor.Key);

    public AccessKind Kind { get; } = actor.Kind == AccessKind.None ? SiteList.Of(actor.Site).Kind : actor.Kind;

    /// <summary>Where in the source it stood, where its site does not say it.</summary>
    public string? Where { get; } = actor.Where;

    public bool Preempts { get; } = preempts;

    /// <summary>Whether the wait before it ended because its time ran out.</summary>
    public bool TimedOut { get; init; }

    /// <summary>The values that were read in it.</summary>
    public List<string> Values { get; } = [];

    /// <summary>The locks its actor had after it.</summary>
    public IReadOnlyList<string> Held { get; set; } = [];

    /// <summary>The buckets after it, where the state has any to show.</summary>
    public IReadOnlyList<BucketLayout> Buckets { get; set; } = [];

    /// <summary>The state after it, where there is text for it.</summary>
    public string? Content { get; set; }

    /// <summary>The buckets of a state that has any: current ones first, then old ones.</summary>
    public static IReadOnlyList<BucketLayout> BucketsOf(object state) => state is IGuardedMap map ? [.. map.GetLayout().Buckets, .. map.GetLayout().OldBuckets] : [];

    /// <summary>The first place on this thread's stack that is neither of the lab nor of the map, with file and line; null where there is none with a line.</summary>
    public static string? Caller()
    {
        foreach (var frame in new StackTrace(1, fNeedFileInfo: true).GetFrames())
        {
            if (frame.GetMethod()?.Module.Assembly is not { } assembly || assembly == s_lab || assembly == s_core) continue;
            if (frame.GetFileName() is { } file) return string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(file)}, line {frame.GetFileLineNumber()}");
        }

        return null;
    }
}
