using System.Globalization;
using System.Xml.Linq;
using GuardedMaps.Help.Facts;
using GuardedMaps.Help.Pages;
using Markdig.Syntax;

namespace GuardedMaps.Help.Writing;

/// <summary>Writes the XML that Get-Help reads, in the vocabulary (MAML) that PowerShell's own help uses.</summary>
internal static class MamlWriter
{
    private static readonly XNamespace s_root = "http://msh";
    private static readonly XNamespace s_maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace s_command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace s_dev = "http://schemas.microsoft.com/maml/dev/2004/10";

    public static void Write(string path, IReadOnlyList<(CmdletFacts Facts, HelpPage Page)> cmdlets)
    {
        var items = new XElement(
            s_root + "helpItems",
            new XAttribute("schema", "maml"),
            new XAttribute(XNamespace.Xmlns + "maml", s_maml),
            new XAttribute(XNamespace.Xmlns + "command", s_command),
            new XAttribute(XNamespace.Xmlns + "dev", s_dev),
            cmdlets.Select(c => Command(c.Facts, c.Page)));
        new XDocument(new XDeclaration("1.0", "utf-8", standalone: null), items).Save(path);
    }

    private static XElement Command(CmdletFacts facts, HelpPage page) => new(
        s_command + "command",
        new XElement(
            s_command + "details",
            new XElement(s_command + "name", facts.Name),
            new XElement(s_command + "verb", facts.Verb),
            new XElement(s_command + "noun", facts.Noun),
            new XElement(s_maml + "description", new XElement(s_maml + "para", page.Synopsis))),
        Paragraphs(s_maml + "description", page.Description),
        new XElement(s_command + "syntax", facts.Sets.Select(set => SyntaxItem(facts, page, set))),
        new XElement(s_command + "parameters", facts.Parameters.Where(p => !p.IsHidden).OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => Parameter(p, p.Sets[0], page))),
        new XElement(s_command + "inputTypes", page.Inputs.Select(i => Item("inputType", i))),
        new XElement(s_command + "returnValues", page.Outputs.Select(o => Item("returnValue", o))),
        page.Notes.Count == 0 ? null : new XElement(s_maml + "alertSet", Paragraphs(s_maml + "alert", page.Notes)),
        new XElement(s_command + "examples", page.Examples.Select(Example)),
        new XElement(s_command + "relatedLinks", page.Links.Select(Link)));

    private static XElement SyntaxItem(CmdletFacts facts, HelpPage page, string? set) => new(
        s_command + "syntaxItem",
        new XElement(s_maml + "name", facts.Name),
        facts.InSet(set).Select(x => Parameter(x.Parameter, x.Set, page)));

    private static XElement Parameter(ParameterFacts parameter, SetFacts set, HelpPage page)
    {
        page.Parameters.TryGetValue(parameter.Name, out HelpParameter? said);
        XElement description = said is not null ? Paragraphs(s_maml + "description", said.Description)
            : new XElement(s_maml + "description", new XElement(s_maml + "para", parameter.StandardDescription ?? ""));
        return new XElement(
            s_command + "parameter",
            new XAttribute("required", set.IsMandatory ? "true" : "false"),
            new XAttribute("variableLength", parameter.TypeName.EndsWith("[]", StringComparison.Ordinal) ? "true" : "false"),
            new XAttribute("globbing", parameter.AcceptsWildcards ? "true" : "false"),
            new XAttribute("pipelineInput", set.Pipeline),
            new XAttribute("position", set.Position?.ToString(CultureInfo.InvariantCulture) ?? "named"),
            new XAttribute("aliases", parameter.Aliases.Count > 0 ? string.Join(", ", parameter.Aliases) : "none"),
            new XElement(s_maml + "name", parameter.Name),
            description,
            parameter.AcceptedValues.Count == 0 ? null : new XElement(
                s_command + "parameterValueGroup",
                parameter.AcceptedValues.Select(v => new XElement(s_command + "parameterValue", new XAttribute("required", "false"), new XAttribute("variableLength", "false"), v))),
            parameter.IsSwitch ? null : new XElement(s_command + "parameterValue", new XAttribute("required", "true"), new XAttribute("variableLength", "false"), parameter.TypeName),
            new XElement(s_dev + "type", new XElement(s_maml + "name", parameter.TypeName), new XElement(s_maml + "uri")),
            new XElement(s_dev + "defaultValue", said?.DefaultValue ?? "None"));
    }

    private static XElement Example(HelpExample example)
    {
        string code = string.Join("\n\n", example.Code.Cast<CodeBlock>().Select(c => c.Lines.ToString().ReplaceLineEndings("\n").TrimEnd()));
        XElement remarks = Paragraphs(s_dev + "remarks", [.. example.Introduction, .. example.Remarks]);

        // Get-Help sets the next title right below unless an empty paragraph is in between.
        remarks.Add(new XElement(s_maml + "para"), new XElement(s_maml + "para"));
        return new XElement(
            s_command + "example",
            new XElement(s_maml + "title", $"----- {example.Title} -----"),
            new XElement(s_dev + "code", code),
            remarks);
    }

    private static XElement Item(string name, HelpItem item) => new(
        s_command + name,
        new XElement(s_dev + "type", new XElement(s_maml + "name", item.Type)),
        Paragraphs(s_maml + "description", item.Description));

    private static XElement Link(HelpLink link) => new(
        s_maml + "navigationLink",
        new XElement(s_maml + "linkText", link.Text),
        new XElement(s_maml + "uri", link.Address));

    private static XElement Paragraphs(XName name, IReadOnlyList<Block> blocks) =>
        new(name, TextBlocks.Of(blocks).Select(p => new XElement(s_maml + "para", p.IsFixed ? string.Join('\n', p.Lines(int.MaxValue)) : p.FirstIndent + p.Text)));
}
