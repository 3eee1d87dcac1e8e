using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab.Rendering;

/// <summary>The parts of a SyncMap as a Mermaid flowchart: both parts, and arrows to the entries they lead to. Of a large map the first entries.</summary>
internal static class SyncMermaid
{
    private const int MostEntries = 24;
    private const int LongestKey = 16;

    public static string Of(SyncLayout layout)
    {
        var text = new StringBuilder("flowchart LR\n");
        text.Append(CultureInfo.InvariantCulture, $"    read[\"read part, {PictureText.Counted(layout.ReadKeys, "key", "keys")}\"]\n");
        if (layout.HasDirty) text.Append(CultureInfo.InvariantCulture, $"    dirty[\"dirty part, {PictureText.Counted(layout.DirtyKeys, "key", "keys")}\"]\n");
        int number = 0;
        foreach (SyncEntryLayout entry in layout.Entries.Take(MostEntries))
        {
            string key = PictureText.Mermaid(PictureText.Cut(PictureText.Key(entry.Key), LongestKey));
            string box = entry.State switch { SyncEntryState.Live => $"[\"{key}\"]", SyncEntryState.Removed => $"([\"{key}, removed\"])", _ => $"([\"{key}, expunged\"])" };
            text.Append(CultureInfo.InvariantCulture, $"    e{number}{box}\n");
            if (entry.IsInRead) text.Append(CultureInfo.InvariantCulture, $"    read --> e{number}\n");
            if (entry.IsInDirty) text.Append(CultureInfo.InvariantCulture, $"    dirty -.-> e{number}\n");
            number++;
        }

        if (layout.Entries.Count > MostEntries) text.Append(CultureInfo.InvariantCulture, $"    more[\"and {PictureText.Counted(layout.Entries.Count - MostEntries, "entry", "entries")} more\"]\n");
        return text.ToString();
    }
}
