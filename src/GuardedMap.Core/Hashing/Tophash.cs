namespace GuardedMaps;

/// <summary>
/// The tophash: eight bits of a key's hash, as pictures and events show them.
/// </summary>
/// <remarks>
/// A card has more of the hash than that (<see cref="Card"/>); these are the highest eight bits that every card has, whatever the table's size. Values below 5 are markers, so one
/// that would fall there is moved up by 5. The markers and their meaning are Go's (runtime/map_noswiss.go, Go 1.24):
/// <code>
///  0 emptyRest       no card here, nor anywhere behind in the chain
///  2 evacuatedX      the card has moved to the new buckets, same bucket number           } only in
///  3 evacuatedY      the card has moved to the new buckets, bucket number + old count    } old
///  4 evacuatedEmpty  there was no card when the bucket was evacuated                     } buckets
///  5..255            live
/// </code>
/// </remarks>
internal static class Tophash
{
    public const byte EmptyRest = 0;
    public const byte EvacuatedX = 2;
    public const byte EvacuatedY = 3;
    public const byte EvacuatedEmpty = 4;
    public const byte MinLive = 5;

    /// <summary>Eight cards to a bucket (Go: abi.MapBucketCount).</summary>
    public const int SlotsPerBucket = Card.PerBucket;

    /// <summary>The tophash of a hash: bits 20 to 27, kept clear of the markers.</summary>
    public static byte Of(ulong hash) => OfByte((byte)(hash >> 20));

    public static byte OfByte(byte top) => (byte)(top + (top < MinLive ? MinLive : 0));

    /// <summary>A marker's or tophash's name, as pictures and messages use it.</summary>
    public static string Name(byte value) => value switch
    {
        EmptyRest => "emptyRest",
        EvacuatedX => "evacuatedX",
        EvacuatedY => "evacuatedY",
        EvacuatedEmpty => "evacuatedEmpty",
        _ => value.ToString("x2", System.Globalization.CultureInfo.InvariantCulture),
    };
}
