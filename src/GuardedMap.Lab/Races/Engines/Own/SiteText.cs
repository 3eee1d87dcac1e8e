using System.Globalization;
using System.Runtime.InteropServices;

namespace GuardedMaps.Lab;

/// <summary>A place in an actor's code at which another may be let in, as its author wrote it.</summary>
/// <param name="Text">The statement or call, on one line.</param>
/// <param name="Line">Its line, from 1; 0 where it is not known.</param>
/// <param name="Column">Its column, from 1; 0 where it is not known.</param>
/// <param name="File">The file, where there is one.</param>
/// <param name="Subject">What it is about, as written: the lock's expression, the container's.</param>
/// <param name="Kind">Whether it writes; <see cref="AccessKind.None"/> where that is not known.</param>
/// <param name="Statement">The statement it is in, on one line, where it is not a statement itself.</param>
/// <param name="Offset">How far it is from the beginning of its program; -1 where that is not known. It belongs to what must repeat; line and column, which change with what stands before the program, do not.</param>
internal readonly record struct SiteText(
    string Text, int Line = 0, int Column = 0, string? File = null, string? Subject = null, AccessKind Kind = AccessKind.None, string? Statement = null, int Offset = -1)
{
    /// <summary>Where it is: <c>line 3, column 5</c>; empty where that is not known.</summary>
    public string Position => this switch
    {
        { Line: 0 } => "",
        { Column: 0 } => string.Create(CultureInfo.InvariantCulture, $"{(File is null ? "" : File + ", ")}line {Line}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(File is null ? "" : File + ", ")}line {Line}, column {Column}"),
    };

    /// <inheritdoc/>
    public override string ToString() => Line == 0 ? Text : $"{Position}: {Text}";
}

/// <summary>All places that were ever named, numbered. Equal ones have the same number; numbers differ from process to process, marks do not.</summary>
internal static class SiteList
{
    private static readonly object s_gate = new();
    private static readonly Dictionary<SiteText, int> s_numbers = [];
    private static SiteText[] s_sites = new SiteText[64];
    private static ulong[] s_marks = new ulong[64];

    /// <summary>The number of a place.</summary>
    public static int Number(in SiteText site)
    {
        lock (s_gate)
        {
            ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(s_numbers, site, out bool isKnown);
            if (isKnown) return number;
            number = s_numbers.Count - 1;
            if (number == s_sites.Length)
            {
                var sites = new SiteText[2 * number];
                s_sites.CopyTo(sites, 0);
                ulong[] marks = new ulong[2 * number];
                s_marks.CopyTo(marks, 0);
                (s_sites, s_marks) = (sites, marks);
            }

            s_sites[number] = site;
            s_marks[number] = SeenHash.Fold(SeenHash.Of(site.Text), (ulong)(uint)site.Offset); // Not its line: one that is put in above the program changes nothing.
            return number;
        }
    }

    /// <summary>The place of a number. A number is only had from <see cref="Number"/>, so the place is there.</summary>
    public static SiteText Of(int number) => Volatile.Read(ref s_sites)[number];

    /// <summary>A number made from the place's text and where in its program it is, the same in every process.</summary>
    public static ulong Mark(int number) => Volatile.Read(ref s_marks)[number];
}
