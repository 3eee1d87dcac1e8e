using System.Globalization;

namespace GuardedMaps.Lab;

// A token is one schedule of one model, in a line that can be read aloud, pasted into a chat, and typed at a prompt
// without quotes:
//
//     GMR1:LostUpdate:Hashtable:s0:A1B2A1:5e0c
//     |    |          |         |  |      checksum
//     |    |          |         |  one step of A, two of B, one of A
//     |    |          |         the seed of the hashes; 0 for whole operations, on which no hash has an influence
//     |    |          the target
//     |    the scenario
//     the format
//
// A token of programs of a user's own has no seed, and has a number in its place that was made from everything the actors saw in the schedule. The same schedule in
// which somebody sees something else is another run, and its replay says so:
//
//     GMR2:Script:Hashtable:A1B2A1:89abcdef:5e0c
//
// The checksum covers the text before it and, beyond it, what gives the text its meaning: the model's version, its
// actors and its yield points. A token from before a change to any of these does not quietly run another race; it is refused.

/// <summary>One schedule of one model, as text that can be replayed.</summary>
public sealed record ScheduleToken
{
    /// <summary>What the token of a scenario begins with.</summary>
    public const string Format = "GMR1";

    /// <summary>What the token of a user's own programs begins with.</summary>
    public const string OwnFormat = "GMR2";

    private const int Parts = 6;
    private const int SeenDigits = 8;
    private const int ChecksumDigits = 4;

    internal ScheduleToken(RaceModel model, Schedule schedule)
        : this(model.Scenario, model.Target, model.Seed, schedule, Meaning(model))
    {
    }

    /// <param name="scenario">The scenario.</param>
    /// <param name="target">What the scenario is run on.</param>
    /// <param name="seed">The seed of the setup.</param>
    /// <param name="schedule">The order of the steps.</param>
    /// <param name="meaning">What gives the rest its meaning, as text, for the checksum.</param>
    internal ScheduleToken(string scenario, string target, ulong seed, Schedule schedule, string meaning)
        : this(scenario, target, seed, schedule, checksum: 0) => Checksum = ChecksumFor(meaning);

    /// <param name="scenario">What kind of programs.</param>
    /// <param name="target">What they share.</param>
    /// <param name="schedule">The order of the steps.</param>
    /// <param name="seen">What the actors saw, as a number.</param>
    /// <param name="meaning">What gives the rest its meaning, as text, for the checksum.</param>
    internal ScheduleToken(string scenario, string target, Schedule schedule, uint seen, string meaning)
        : this(scenario, target, seed: 0, schedule, checksum: 0)
    {
        Seen = seen;
        Checksum = ChecksumFor(meaning);
    }

    private ScheduleToken(string scenario, string target, ulong seed, Schedule schedule, ushort checksum) =>
        (Scenario, Target, Seed, Schedule, Checksum) = (scenario, target, seed, schedule, checksum);

    /// <summary>The scenario.</summary>
    public string Scenario { get; }

    /// <summary>What the scenario is run on, and what is left out of it, if anything is.</summary>
    public string Target { get; }

    /// <summary>The seed of the hashes: 0 where the steps are whole operations.</summary>
    public ulong Seed { get; }

    /// <summary>The order of the steps.</summary>
    public Schedule Schedule { get; }

    /// <summary>What the actors saw in the schedule, as a number; null for a scenario, in which that follows from the rest.</summary>
    public uint? Seen { get; private init; }

    /// <summary>The checksum.</summary>
    public int Checksum { get; }

    private string Body => Seen is { } seen
        ? string.Create(CultureInfo.InvariantCulture, $"{OwnFormat}:{Scenario}:{Target}:{Schedule}:{seen:x8}")
        : string.Create(CultureInfo.InvariantCulture, $"{Format}:{Scenario}:{Target}:s{Seed}:{Schedule}");

    /// <summary>Reads a token. That it fits its model is checked by <see cref="RequireFit"/>.</summary>
    /// <exception cref="ScheduleTokenException">It is malformed. The message says which part.</exception>
    public static ScheduleToken Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(':');
        bool isOwn = parts[0] == OwnFormat;
        if (parts[0] != Format && !isOwn) throw Malformed(text, $"part 1 is '{SafeText.Line(parts[0])}', and a token begins with {Format} or {OwnFormat}");
        if (parts.Length != Parts) throw Malformed(text, string.Create(CultureInfo.InvariantCulture, $"it has {parts.Length} parts between colons, and a token has {Parts}"));
        if (parts[1].Length == 0) throw Malformed(text, "part 2, the scenario, is empty");
        if (parts[2].Length == 0) throw Malformed(text, "part 3, the target, is empty");
        uint seen = 0;
        ulong seed = 0;
        if (isOwn)
        {
            if (parts[4].Length != SeenDigits || !uint.TryParse(parts[4], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out seen))
                throw Malformed(text, string.Create(CultureInfo.InvariantCulture, $"part 5 is '{SafeText.Line(parts[4])}', and what was seen is {SeenDigits} hexadecimal digits"));
        }
        else if (!parts[3].StartsWith('s') || !ulong.TryParse(parts[3].AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out seed))
        {
            throw Malformed(text, $"part 4 is '{SafeText.Line(parts[3])}', and a seed is an s with a number");
        }

        if (parts[5].Length != ChecksumDigits || !ushort.TryParse(parts[5], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort checksum))
            throw Malformed(text, string.Create(CultureInfo.InvariantCulture, $"part 6 is '{SafeText.Line(parts[5])}', and a checksum is {ChecksumDigits} hexadecimal digits"));
        try
        {
            return new ScheduleToken(parts[1], parts[2], seed, Schedule.Parse(parts[isOwn ? 3 : 4]), checksum) { Seen = isOwn ? seen : null };
        }
        catch (FormatException error)
        {
            throw new ScheduleTokenException($"The token '{SafeText.Line(text)}' is malformed in part {(isOwn ? 4 : 5)}: {error.Message}", error);
        }
    }

    /// <summary>Checks that the token was made from this very model.</summary>
    /// <exception cref="ScheduleTokenException">It was not, or it was changed since. The message says what was found and what to do.</exception>
    public void RequireFit(RaceModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (Scenario != model.Scenario || Target != model.Target || Seed != model.Seed)
            throw new ScheduleTokenException(string.Create(CultureInfo.InvariantCulture, $"The token '{SafeText.Of(this)}' is of {SafeText.Line(Scenario)}:{SafeText.Line(Target)} with seed {Seed}, and cannot be replayed on {model} with seed {model.Seed}."));
        int actual = ChecksumFor(Meaning(model));
        if (Checksum == actual) return;
        throw new ScheduleTokenException(string.Create(
            CultureInfo.InvariantCulture,
            $"The token '{SafeText.Of(this)}' does not fit {model}: its checksum is {Checksum:x4}, and that of this schedule on version {model.Version} of the scenario, with its {model.Points.Points.Count} yield points, is {actual:x4}. Either a character was lost or changed in copying, or the scenario or its yield points have changed since the token was made. Compare it with the original; if it is the same, explore the scenario again to get a new token."));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Body}:{Checksum:x4}");

    private ushort ChecksumFor(string meaning) => Crc16.Of($"{Body}\n{meaning}");

    private static string Meaning(RaceModel model) => string.Create(
        CultureInfo.InvariantCulture,
        $"version {model.Version}\nactors {string.Join(", ", model.Actors)}\n{model.Points.Text}");

    private static ScheduleTokenException Malformed(string text, string what) =>
        new($"The token '{SafeText.Line(text)}' is malformed: {SafeText.Lines(what)}. A token looks like {Format}:LostUpdate:Hashtable:s0:A1B2A1:0123, or, for programs of your own, {OwnFormat}:Script:Hashtable:A1B2A1:89abcdef:0123.");
}
