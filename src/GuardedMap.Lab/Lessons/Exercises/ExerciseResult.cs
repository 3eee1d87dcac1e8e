namespace GuardedMaps.Lab.Lessons;

/// <summary>What was said of an answer.</summary>
public enum ExerciseVerdict
{
    /// <summary>It is what the lab found.</summary>
    Right,

    /// <summary>It is not what the lab found.</summary>
    Wrong,

    /// <summary>The blank is still there.</summary>
    NotAnswered,

    /// <summary>It is no answer to this question: text where a number was expected, or the like.</summary>
    WrongType,
}

/// <summary>What came of checking an answer. It never holds the right one.</summary>
public sealed record ExerciseResult
{
    /// <summary>The exercise's number.</summary>
    public required string Exercise { get; init; }

    /// <summary>What was said of the answer.</summary>
    public required ExerciseVerdict Verdict { get; init; }

    /// <summary>True when the answer is right.</summary>
    public bool Right => Verdict == ExerciseVerdict.Right;

    /// <summary>In a sentence or two: what was found, and how the answer differs from it.</summary>
    public required string Text { get; init; }

    /// <summary>By how much a number is off: more than zero when the answer is too large. Null where that makes no sense.</summary>
    public decimal? OffBy { get; init; }

    /// <summary>The first place of a list, from 1, at which the answer differs; null where that makes no sense.</summary>
    public int? DiffersAt { get; init; }

    /// <summary>A schedule to look at, with Show-MapRace; null where no race is involved.</summary>
    public string? Token { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Exercise}: {Verdict}. {Text}";
}
