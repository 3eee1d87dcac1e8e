using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace GuardedMaps.Cli;

/// <summary>Turns what was typed into values, and errors about values into what the user can read.</summary>
internal static class Arguments
{
    private const double LongestSeconds = 7 * 24 * 3600;

    /// <summary>
    /// A number, written the same way whatever the machine's language is: with a point, never a comma. The styles are
    /// spelled out because the default ones take "1,5" for fifteen.
    /// </summary>
    public static T? Number<T>(ArgumentResult argument)
        where T : struct, INumber<T>
    {
        string text = argument.Tokens[^1].Value;
        bool hasFraction = typeof(T) == typeof(double);
        var style = hasFraction ? NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint : NumberStyles.AllowLeadingSign;
        if (T.TryParse(text, style, CultureInfo.InvariantCulture, out T value)) return value;
        string kind = hasFraction ? "a number (like 2.5)" : typeof(T) == typeof(ulong) ? "a whole number of 0 or more" : "a whole number";
        argument.AddError($"'{text}' is not {kind}.");
        return null;
    }

    /// <summary>Seconds as a time. What is no time at all becomes one that the lab refuses with its own words.</summary>
    public static TimeSpan? Seconds(double? seconds) => seconds switch
    {
        null => null,
        { } s when double.IsNaN(s) => TimeSpan.Zero,
        { } s => TimeSpan.FromSeconds(Math.Clamp(s, -1, LongestSeconds)),
    };

    /// <summary>The message of an argument error without the names of our parameters, which the user has never seen.</summary>
    public static string Complaint(ArgumentException error)
    {
        int suffix = error.Message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return suffix < 0 ? error.Message : error.Message[..suffix];
    }
}
