using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GuardedMaps;

/// <summary>
/// Reads and writes a shell's map as a Hashtable is read and written: an object, whose values come back as <see cref="JsonElement"/>. Without it the serializer
/// would take the map for a read-only dictionary, which it cannot fill.
/// </summary>
internal sealed class ShellMapConverter<TMap> : JsonConverter<TMap>
    where TMap : class, IDictionary, new()
{
    public override TMap? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (JsonSerializer.Deserialize<Dictionary<string, object?>>(ref reader, options) is not { } read) return null;
        var map = new TMap();
        foreach (var (key, value) in read) map[key] = value;
        return map;
    }

    public override void Write(Utf8JsonWriter writer, TMap value, JsonSerializerOptions options) => JsonSerializer.Serialize<IDictionary>(writer, value, options);
}
