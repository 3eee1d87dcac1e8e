namespace GuardedMaps.Lab.Lessons;

/// <summary>How far a learner has come in one lesson.</summary>
public sealed record LessonProgress
{
    /// <summary>Nothing yet.</summary>
    public static LessonProgress None { get; } = new();

    /// <summary>The id of the cell to go on with; null for the first. An id, not a number: a notebook may have got more cells since.</summary>
    public string? NextCell { get; init; }

    /// <summary>How many cells lie behind the learner.</summary>
    public int Seen { get; init; }

    /// <summary>How many cells the lesson had then.</summary>
    public int Of { get; init; }

    /// <summary>The exercises that were answered right.</summary>
    public IReadOnlyList<string> Solved { get; init; } = [];

    /// <summary>True when the last cell lies behind the learner.</summary>
    public bool IsFinished => Of > 0 && Seen >= Of;
}
