namespace GuardedMaps.Lab.Rendering;

/// <summary>
/// What a piece of a picture is drawn with: the part it plays, not a colour. The faces make a colour of it.
/// </summary>
/// <remarks>
/// The colours are those of Okabe and Ito ("Color Universal Design", 2008), which people with any kind of colour vision can tell apart,
/// taken dark enough to be read on white and light enough to be read on black. They never carry meaning alone: what differs in
/// ink differs in sign as well, so a picture without colours says the same.
/// </remarks>
internal enum Ink
{
    /// <summary>The terminal's own colour.</summary>
    Plain,

    /// <summary>What is there but matters less: rulers, numbers, empty slots.</summary>
    Faint,

    /// <summary>Titles.</summary>
    Strong,

    /// <summary>The first part: a live entry, actor A.</summary>
    First,

    /// <summary>The second part: an overflow link, actor B.</summary>
    Second,

    /// <summary>The third part: moved to X, actor C.</summary>
    Third,

    /// <summary>The fourth part: moved to Y, actor D.</summary>
    Fourth,

    /// <summary>What went wrong.</summary>
    Alarm,
}

/// <summary>The colours of the inks.</summary>
internal static class Palette
{
    /// <summary>Red, green and blue, or null where the colour is that of the surroundings.</summary>
    public static (byte Red, byte Green, byte Blue)? ColourOf(Ink ink) => ink switch
    {
        Ink.Faint => (128, 128, 128),
        Ink.First => (36, 134, 196),
        Ink.Second => (206, 128, 0),
        Ink.Third => (0, 158, 115),
        Ink.Fourth => (190, 105, 155),
        Ink.Alarm => (213, 80, 0),
        _ => null,
    };

    public static bool IsBold(Ink ink) => ink is Ink.Strong or Ink.Alarm;
}
