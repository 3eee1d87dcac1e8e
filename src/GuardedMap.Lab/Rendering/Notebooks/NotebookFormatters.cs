using System.Collections;
using System.Reflection;

namespace GuardedMaps.Lab.Rendering;

// How a map draws itself in a Polyglot notebook.
//
//     a cell's last expression ──▶ .NET Interactive's Formatter: is there one for this type? ──▶ image/svg+xml and text/plain
//                                                      ▲
//                            NotebookFormatters.Register: once, when the module is imported or the package's extension runs
//
// .NET Interactive is found by reflection, among what the process has loaded already, and never referenced: this library is loaded by programs
// and shells that know nothing of notebooks, the packages of .NET Interactive are no longer maintained, and a reference would tie the map to one version of
// them. What is called is public there, has had this shape since 2022, and the last version is out. Where it is missing nothing is registered, and maps are
// shown as whatever the front end makes of a dictionary.

/// <summary>Registers how maps, layouts, pictures and races show themselves in notebooks of .NET Interactive.</summary>
/// <remarks>Safe to call from any thread, and again: a type that has a formatter already keeps it.</remarks>
public static class NotebookFormatters
{
    private const string Assembly = "Microsoft.DotNet.Interactive.Formatting";
    private const string Svg = "image/svg+xml";
    private const string Html = "text/html";
    private const string PlainText = "text/plain";
    private const int Width = 100;

    private static readonly object s_lock = new();

    /// <summary>Registers all of them, if .NET Interactive is loaded in this process.</summary>
    /// <returns>True if maps draw themselves from now on; false where .NET Interactive is not loaded, and nothing was done.</returns>
    public static bool Register()
    {
        if (Api.Find() is null) return false;
        foreach (var (type, draw) in NotebookPicture.All)
        {
            Register(
                type,
                (Svg, shown => draw(shown).ToSvg(Width)),
                (PlainText, shown => draw(shown).ToText(new PictureFormat { Width = Width }).ReplaceLineEndings("\n")),
                // For a map inside of something else: a list of maps, a member of an object, which notebooks write as HTML.
                (Html, shown => $"<div style=\"max-width:100%;overflow-x:auto\">{draw(shown).ToSvg(Width)}</div>"));
        }

        return true;
    }

    /// <summary>Registers how objects of a type are shown: drawn and as text, and as part of others.</summary>
    /// <param name="type">The type; an interface stands for all that implement it.</param>
    /// <param name="forms">The forms by media type. Those but HTML are what a cell shows.</param>
    internal static void Register(Type type, params (string MediaType, Func<object, string> Write)[] forms)
    {
        if (Api.Find() is not { } api) return;
        lock (s_lock)
        {
            // Asked and not remembered: a notebook can reset all formatters.
            if (api.IsRegistered(type)) return;
            foreach (var (mediaType, write) in forms) api.Register(type, (shown, writer) => writer.Write(write(shown)), mediaType);
            api.Prefer(type, [.. forms.Select(static f => f.MediaType).Where(static m => m != Html)]);
        }
    }

    // The part of .NET Interactive that is used, found by its shape. One that has another shape is as good as none.
    private sealed class Api(MethodInfo register, MethodInfo prefer, MethodInfo registered)
    {
        public static Api? Find()
        {
            Type? formatter = Array.Find(AppDomain.CurrentDomain.GetAssemblies(), static a => string.Equals(a.GetName().Name, Assembly, StringComparison.Ordinal))?.GetType($"{Assembly}.Formatter");
            return Method("Register", typeof(Type), typeof(Action<object, TextWriter>), typeof(string)) is { } register
                && Method("SetPreferredMimeTypesFor", typeof(Type), typeof(string[])) is { } prefer
                && Method("RegisteredFormatters", typeof(bool)) is { } registered ? new Api(register, prefer, registered) : null;

            MethodInfo? Method(string name, params Type[] parameters) => formatter?.GetMethod(name, BindingFlags.Public | BindingFlags.Static, parameters);
        }

        public void Register(Type type, Action<object, TextWriter> write, string mediaType) => register.Invoke(null, [type, write, mediaType]);

        public void Prefer(Type type, string[] mediaTypes) => prefer.Invoke(null, [type, mediaTypes]);

        public bool IsRegistered(Type type) => registered.Invoke(null, [false]) is IEnumerable all
            && all.Cast<object>().Any(one => one.GetType().GetProperty("Type")?.GetValue(one) is Type taken && taken == type);
    }
}
