using System.Globalization;
using System.Management.Automation;

namespace GuardedMaps.Shell;

/// <summary>Lets <c>-Duration 2</c> mean two seconds. Left alone, PowerShell would make two ten-millionths of a second of it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class DurationArgumentAttribute : ArgumentTransformationAttribute
{
    private const double LongestSeconds = 7 * 24 * 3600;

    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? bare = InputReader.Bare(inputData);
        if (bare is TimeSpan span) return span;
        double seconds = bare switch
        {
            string text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
            string text when TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out TimeSpan parsed) => parsed.TotalSeconds,
            IConvertible number and not (string or bool or char or DateTime) => number.ToDouble(CultureInfo.InvariantCulture),
            _ => throw new ArgumentTransformationMetadataException($"{Errors.Describe(inputData)} is no duration. Give a number of seconds (2.5) or a time span (0:00:02.5)."),
        };
        if (seconds is not (> 0 and <= LongestSeconds))
            throw new ArgumentTransformationMetadataException($"A duration of {seconds.ToString(CultureInfo.InvariantCulture)} s is out of range. Give more than 0 seconds and at most 7 days.");
        return TimeSpan.FromSeconds(seconds);
    }
}
