#if NET9_0_OR_GREATER
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GuardedMaps;

/// <summary>
/// A text somewhere in memory as the key that is looked for: the searches of all maps work on it as they are, and no string is made.
/// </summary>
/// <remarks>
/// A search hands over references to variables of the map's key type, and a span is none. So the text is in here, and the key that a search is given
/// is any, for instance null. The text must stay where it is until the search has ended: whoever makes one of these has pinned it.
/// </remarks>
internal readonly unsafe struct PinnedTextOps(char* first, int length, bool isIgnoringCase, ulong seed) : IKeyOps
{
    private ReadOnlySpan<char> Text => new(first, length);

    /// <summary>The hash of the text; of the key nothing is asked.</summary>
    public ulong Hash(ref byte key) => isIgnoringCase ? HashMix.OrdinalIgnoreCase(Text, seed) : HashMix.Ordinal(Text, seed);

    /// <summary>Whether a stored key is the text.</summary>
    public bool Equals(ref byte a, ref byte b)
    {
        // Read once: a racing writer may put another one there, or none.
        string? stored = Unsafe.As<byte, string?>(ref a);
        if (stored is null || stored.Length != length) return false;
        return stored.AsSpan().SequenceEqual(Text) || (isIgnoringCase && stored.AsSpan().Equals(Text, StringComparison.OrdinalIgnoreCase));
    }
}
#endif
