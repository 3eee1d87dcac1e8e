namespace GuardedMaps.Lab.Choosing;

/// <summary>A load that cannot be played. The message says why, and what to do instead.</summary>
public class MapLoadException : ArgumentException
{
    /// <summary>Makes the exception.</summary>
    public MapLoadException(string message)
        : base(message)
    {
    }
}

/// <summary>A map or a typical load of a name that does not exist.</summary>
public sealed class UnknownChoiceException : MapLoadException
{
    /// <summary>Makes the exception.</summary>
    public UnknownChoiceException(string name, bool isLoad, IReadOnlyList<string> valid)
        : base($"There is no {(isLoad ? "typical load" : "map to choose")} '{name}'. There are {string.Join(", ", valid ?? [])}.") =>
        (Name, IsLoad, Valid) = (name, isLoad, valid ?? []);

    /// <summary>The name that was given.</summary>
    public string Name { get; }

    /// <summary>True if a load was asked for; else a map.</summary>
    public bool IsLoad { get; }

    /// <summary>The names there are.</summary>
    public IReadOnlyList<string> Valid { get; }
}
