using System.Globalization;

namespace GuardedMaps.Help.Pages;

/// <summary>A page that cannot be made into help. The message has the form by which builds and editors find the place.</summary>
internal sealed class PageException(string file, int line, string message)
    : Exception(string.Create(CultureInfo.InvariantCulture, $"{file}({line}): error HELP: {message}"));
