namespace GuardedMaps.Lab;

/// <summary>A deadlock: who waits where for what, and who has it.</summary>
internal sealed record OwnDeadlock(IReadOnlyList<RaceWait> Waits)
{
    /// <summary>The deadlock of actors of which none can go on.</summary>
    public static OwnDeadlock Of(IReadOnlyList<OwnActor> actors) => new([.. actors.Where(a => a.State != OwnState.Idle || a.Held.Count > 0).Select(a => WaitOf(a, actors))]);

    /// <summary>In a sentence, the same for the same deadlock.</summary>
    public override string ToString() => string.Join("; ", Waits.Select(w => w.ToString()));

    private static RaceWait WaitOf(OwnActor actor, IReadOnlyList<OwnActor> actors)
    {
        var subject = actor.Guard?.Subject;
        bool isUnseen = actor.State == OwnState.Outside;
        bool hasEnded = actor.State == OwnState.Idle;
        OwnActor? holder = null;
        string? name = null;
        if (subject is not null && !isUnseen && !hasEnded)
        {
            holder = actors.FirstOrDefault(other => other != actor && other.Held.Exists(h => ReferenceEquals(h.Subject, subject)));
            name = holder?.Held.Find(h => ReferenceEquals(h.Subject, subject)).Name ?? SiteList.Of(actor.Site).Subject ?? subject.GetType().Name;
        }

        return new RaceWait
        {
            Actor = actor.Number,
            At = actor.Site < 0 ? "" : SiteList.Of(actor.Site).ToString(),
            For = name,
            HeldBy = holder?.Number,
            Holds = [.. actor.Held.Select(h => h.Name).Distinct(StringComparer.Ordinal)],
            HasEnded = hasEnded,
            IsUnseen = isUnseen,
        };
    }
}
