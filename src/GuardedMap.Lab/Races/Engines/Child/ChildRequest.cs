using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GuardedMaps.Lab;

/// <summary>What the child process is asked to run; a <see cref="RaceJob"/> as text.</summary>
internal sealed record ChildRequest
{
    public required string Scenario { get; init; }

    public required string Target { get; init; }

    /// <summary>For a target that is not in the catalogue: its type's full name and the file it lives in.</summary>
    public string? ForeignType { get; init; }

    public string? ForeignAssembly { get; init; }

    public bool ForeignRejectionLeavesNoTrace { get; init; }

    public bool ForeignIterationShowsOneMoment { get; init; }

    public required ulong Seed { get; init; }

    public required int Operations { get; init; }

    public required int FirstTrial { get; init; }

    public int? Trials { get; init; }

    public double? DurationMilliseconds { get; init; }

    public required double StallLimitMilliseconds { get; init; }

    public static ChildRequest From(RaceJob job) => new()
    {
        Scenario = job.Scenario.Name,
        Target = job.Target.Name,
        ForeignType = job.Target.ForeignType?.FullName,
        ForeignAssembly = job.Target.ForeignType?.Assembly.Location,
        ForeignRejectionLeavesNoTrace = job.Target.RejectionLeavesNoTrace,
        ForeignIterationShowsOneMoment = job.Target.IterationShowsOneMoment,
        Seed = job.Seed,
        Operations = job.Operations,
        FirstTrial = job.FirstTrial,
        Trials = job.Trials,
        DurationMilliseconds = job.Duration?.TotalMilliseconds,
        StallLimitMilliseconds = job.StallLimit.TotalMilliseconds,
    };

    public RaceJob ToJob() => new()
    {
        Scenario = RaceCatalogue.GetScenario(Scenario),
        Target = ForeignType is null ? RaceCatalogue.GetTarget(Target) : LoadForeign(),
        Seed = Seed,
        Operations = Operations,
        FirstTrial = FirstTrial,
        Trials = Trials,
        Duration = DurationMilliseconds is { } duration ? TimeSpan.FromMilliseconds(duration) : null,
        StallLimit = TimeSpan.FromMilliseconds(StallLimitMilliseconds),
    };

    /// <summary>The request as one word for a command line: a shell would take quotes and braces apart.</summary>
    public string ToArgument() => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(this, ChildJson.Default.ChildRequest));

    public static ChildRequest FromArgument(string argument)
    {
        try
        {
            return JsonSerializer.Deserialize(Encoding.UTF8.GetString(Convert.FromBase64String(argument)), ChildJson.Default.ChildRequest)
                ?? throw new FormatException("The request of a race child process is empty.");
        }
        catch (JsonException error)
        {
            throw new FormatException($"The request of a race child process cannot be read: {error.Message}", error);
        }
    }

    private RaceTarget LoadForeign()
    {
        var assembly = System.Reflection.Assembly.LoadFrom(ForeignAssembly!);
        return RaceTarget.ForType(
            assembly.GetType(ForeignType!, throwOnError: true)!,
            Target,
            needsChildProcess: true,
            ForeignRejectionLeavesNoTrace,
            ForeignIterationShowsOneMoment);
    }
}

/// <summary>One line from the child process. Exactly one of the properties tells what it is about.</summary>
internal sealed record ChildLine
{
    /// <summary>First line: the child runs, and this is its .NET.</summary>
    public string? Ready { get; init; }

    /// <summary>A trial is over, or hung. After a hung one, nothing more comes and the child waits to be killed.</summary>
    public TrialReport? Report { get; init; }

    /// <summary>Nothing new; the child is alive.</summary>
    public bool Alive { get; init; }

    /// <summary>Last line: all trials are done.</summary>
    public bool Done { get; init; }

    /// <summary>Last line: the lab itself failed, and how.</summary>
    public string? Failed { get; init; }
}

/// <summary>The shapes that cross between parent and child.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(ChildRequest))]
[JsonSerializable(typeof(ChildLine))]
[JsonSerializable(typeof(ParentLibraries))]
internal sealed partial class ChildJson : JsonSerializerContext;
