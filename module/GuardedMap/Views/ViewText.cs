using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using GuardedMaps.Lab.Rendering;

namespace GuardedMaps.Shell;

/// <summary>The texts that the views show. PowerShell calls these methods from the view file, nobody else does.</summary>
public static class ViewText
{
    private const int LongestList = 1000;

    /// <summary>A picture as the host can show it. What the host's own settings forbid (<c>$PSStyle.OutputRendering</c>) it takes away by itself.</summary>
    /// <remarks>Where somebody asks for text. A notebook shows the drawing: see <see cref="NotebookResults"/> and <see cref="CellRecorder"/>.</remarks>
    public static string Picture(MapPicture picture, PSHost host)
    {
        ArgumentNullException.ThrowIfNull(picture);
        PictureFormat format = PictureFormat.OfTerminal();
        return picture.ToText(WidthOf(host) is { } width ? format with { Width = width } : format);
    }

    /// <summary>A key, value or name as a view shows it: text that does nothing but be read, and not more than a line of it.</summary>
    public static object? Shown(object? value) => Harmless(value, static text => SafeText.Line(text));

    /// <summary>A key as the table of Name and Value shows it: on one line, and whole, for PowerShell itself cuts it at the column's end.</summary>
    public static object? Key(object? value) => Harmless(value, static text => SafeText.Line(text, int.MaxValue));

    /// <summary>A value as the table of Name and Value shows it: whole, with its lines.</summary>
    public static object? Value(object? value) => Harmless(value, SafeText.Lines);

    /// <summary>What an object holds, on one line: for the list that PowerShell makes of an object that comes after one of another type.</summary>
    public static string Of(object? value) => (value is PSObject wrapped ? wrapped.BaseObject : value) switch
    {
        SlotLayout slot => slot.IsLive ? Entry(slot.Key, slot.Value) : "",
        SyncEntryLayout entry => Entry(entry.Key, entry.Value),
        OrderedNodeLayout node => Entry(node.Key, node.Value),
        TreeNodeLayout node => node.IsBranch ? $"{node.Below.Count} nodes below" : List(node.Entries.Select(static e => e.Key)),
        BucketLayout bucket => Slots(bucket),
        MapIterationState state => state.Entry is { } entry ? Entry(entry.Key, entry.Value) : "",
        IMapEntry entry => Entry(entry.Key, entry.Value),
        { } other => SafeText.Of(other, LongestList),
        null => "",
    };

    /// <summary>Several of them, in a row.</summary>
    public static string List(IEnumerable? values) => values is null ? "" : SafeText.Line(string.Join(", ", values.Cast<object?>().Select(static v => SafeText.Of(v))), LongestList);

    /// <summary>A bucket's slots and its chain, one sign each.</summary>
    public static string Slots(BucketLayout bucket) =>
        LayoutPicture.DrawBucket(bucket ?? throw new ArgumentNullException(nameof(bucket)), PictureFormat.OfTerminal().Ascii).ToString();

    private static string Entry(object? key, object? value) => $"{SafeText.Of(key)} = {SafeText.Of(value)}";

    // What is shown of most objects is harmless, and then they stay themselves, so that PowerShell formats them as it always does.
    private static object? Harmless(object? value, Func<string, string> clean)
    {
        object? bare = value is PSObject wrapped ? wrapped.BaseObject : value;
        switch (bare)
        {
            case null or bool or int or long or double or decimal or DateTime or Enum:
                return value;
            case string text:
                return clean(text);
        }

        if (LanguagePrimitives.GetEnumerable(value) is { } items) return new HarmlessItems(items, clean);
        try
        {
            string text = PSObject.AsPSObject(value).ToString(null, CultureInfo.CurrentCulture);
            return text.Any(SafeText.IsActive) ? clean(text) : value;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return value; // PowerShell finds out for itself, and says so its own way.
        }
    }

    /// <summary>How many columns PowerShell's own tables would use; null where the host has no screen.</summary>
    private static int? WidthOf(PSHost? host)
    {
        try
        {
            // The last column stays free: a terminal that is written to its very edge breaks the line.
            return host?.UI?.RawUI is { } screen && screen.BufferSize.Width > 1 ? screen.BufferSize.Width - 1 : null;
        }
        catch (Exception e) when (e is HostException or NotImplementedException or IOException)
        {
            return null;
        }
    }

    // PowerShell writes the first few items of a collection, in braces. So they are looked at when it asks for them, and the rest is not.
    private sealed class HarmlessItems(IEnumerable items, Func<string, string> clean) : IEnumerable
    {
        public IEnumerator GetEnumerator()
        {
            foreach (object? item in items) yield return item is IEnumerable and not string ? Text(item) : Harmless(item, clean);
        }

        // An item that is a collection itself is shown by its ToString.
        private object Text(object item)
        {
            string text = PSObject.AsPSObject(item).ToString(null, CultureInfo.CurrentCulture);
            return text.Any(SafeText.IsActive) ? clean(text) : item;
        }
    }
}
