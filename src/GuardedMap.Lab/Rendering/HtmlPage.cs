using System.Text;

namespace GuardedMaps.Lab.Rendering;

/// <summary>What the pages have in common: one file, no network, and what they are made of kept as files that editors understand.</summary>
internal static class HtmlPage
{
    /// <summary>The beginning of a page, up to and with its heading. The page's own policy forbids it to load anything.</summary>
    public static StringBuilder Begin(string title, params string[] styles)
    {
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        page.Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n");
        page.Append("<title>").Append(PictureText.Xml(title)).Append("</title>\n<style>\n");
        foreach (string style in styles) page.Append(Resource(style));
        return page.Append("</style>\n</head>\n<body>\n<h1>").Append(PictureText.Xml(title)).Append("</h1>\n");
    }

    /// <summary>The end of a page: its data, which must be JSON without a &lt; in it, and its script.</summary>
    public static string End(StringBuilder page, string dataId, string json, string script)
    {
        page.Append("<script type=\"application/json\" id=\"").Append(dataId).Append("\">").Append(json).Append("</script>\n<script>\n");
        return page.Append(Resource(script)).Append("</script>\n</body>\n</html>\n").ToString();
    }

    /// <summary>A file that was built into the assembly.</summary>
    public static string Resource(string name)
    {
        var assembly = typeof(HtmlPage).Assembly;
        string full = assembly.GetManifestResourceNames().Single(n => n.EndsWith($".{name}", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(full)!);
        return reader.ReadToEnd();
    }
}
