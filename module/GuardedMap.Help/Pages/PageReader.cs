using GuardedMaps.Help.Facts;
using GuardedMaps.Help.Writing;
using Markdig;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace GuardedMaps.Help.Pages;

/// <summary>
/// Reads a cmdlet's page: the sections Synopsis, Syntax, Description, Examples, Parameters, Inputs, Outputs, Notes and Related links, in
/// this order, below a heading with the cmdlet's name.
/// </summary>
internal sealed class PageReader
{
    public const string Code = "powershell";
    public const string FactsLanguage = "yaml";
    public const string DefaultValueKey = "Default value: ";

    /// <summary>The sections of a page, in their order.</summary>
    public static readonly IReadOnlyList<string> Sections =
        ["Synopsis", "Syntax", "Description", "Examples", "Parameters", "Inputs", "Outputs", "Notes", "Related links"];

    /// <summary>How pages are read: plain Markdown with tables, and the metadata at the top left out.</summary>
    public static readonly MarkdownPipeline Markdown = new MarkdownPipelineBuilder().UsePipeTables().UseYamlFrontMatter().Build();

    private readonly string _file;
    private readonly CmdletFacts _facts;

    private PageReader(string file, CmdletFacts facts) => (_file, _facts) = (file, facts);

    public static HelpPage Read(string file, CmdletFacts facts) => new PageReader(file, facts).Read();

    private HelpPage Read()
    {
        MarkdownDocument document = Markdig.Markdown.Parse(File.ReadAllText(_file), Markdown);
        List<Block> blocks = [.. document.Where(b => b is not Markdig.Extensions.Yaml.YamlFrontMatterBlock)];
        if (blocks is not [HeadingBlock { Level: 1 } title, ..] || !string.Equals(PlainText.Of(title), _facts.Name, StringComparison.Ordinal))
            throw Error(blocks.FirstOrDefault(), $"A page begins with the heading '# {_facts.Name}'.");

        List<Part> parts = Split(blocks.Skip(1), level: 2, title);
        for (int i = 0; i < Math.Max(parts.Count, Sections.Count); i++)
        {
            string? is_ = i < parts.Count ? parts[i].Title : null;
            string? should = i < Sections.Count ? Sections[i] : null;
            if (!string.Equals(is_, should, StringComparison.Ordinal))
                throw Error(i < parts.Count ? parts[i].Heading : title, $"Here the section '{should ?? "(none)"}' is due, not '{is_ ?? "the end"}'. The sections are, in this order: {string.Join(", ", Sections)}.");
        }

        Dictionary<string, List<Block>> sections = parts.ToDictionary(p => p.Title, p => p.Blocks, StringComparer.Ordinal);
        if (sections["Synopsis"] is not [ParagraphBlock synopsis]) throw Error(parts[0].Heading, "The synopsis is one paragraph of one sentence.");
        return new HelpPage
        {
            Synopsis = PlainText.Of(synopsis),
            Description = NotEmpty(parts[2]),
            Examples = ReadExamples(parts[3]),
            Parameters = ReadParameters(parts[4]),
            Inputs = ReadItems(parts[5]),
            Outputs = ReadItems(parts[6]),
            Notes = parts[7].Blocks,
            Links = ReadLinks(parts[8]),
        };
    }

    private List<HelpExample> ReadExamples(Part section)
    {
        var examples = new List<HelpExample>();
        foreach (Part part in Split(section.Blocks, level: 3, section.Heading))
        {
            int first = part.Blocks.FindIndex(b => b is FencedCodeBlock);
            if (first < 0 || !IsFence(part.Blocks[first], Code)) throw Error(part.Heading, $"An example shows code: a block that begins with ```{Code}. What it prints follows in a block that begins with ```text.");

            // Get-Help shows code first and words after it; code that comes again between the words stays there.
            int after = part.Blocks.FindIndex(first, b => b is not FencedCodeBlock);
            if (after < 0) after = part.Blocks.Count;
            examples.Add(new HelpExample(part.Title, part.Blocks[..first], part.Blocks[first..after], part.Blocks[after..]));
        }

        return examples.Count > 0 ? examples : throw Error(section.Heading, "A page has at least one example, under a heading '### Example 1: what it shows'.");
    }

    private Dictionary<string, HelpParameter> ReadParameters(Part section)
    {
        var parameters = new Dictionary<string, HelpParameter>(StringComparer.Ordinal);
        foreach (Part part in Split(section.Blocks, level: 3, section.Heading))
        {
            string name = part.Title.TrimStart('-');
            if (_facts.Parameters.All(p => !string.Equals(p.Name, name, StringComparison.Ordinal)))
                throw Error(part.Heading, $"{_facts.Name} has no parameter -{name}. It has: {string.Join(", ", _facts.Parameters.Select(p => "-" + p.Name))}.");

            Block? facts = part.Blocks.Find(b => IsFence(b, FactsLanguage));
            List<Block> words = [.. part.Blocks.Where(b => !ReferenceEquals(b, facts))];
            if (words.Count == 0) throw Error(part.Heading, $"Nothing is said of -{name}. Say what it is for, above the facts.");
            string said = facts is FencedCodeBlock block
                ? block.Lines.ToString().Split('\n').FirstOrDefault(line => line.StartsWith(DefaultValueKey, StringComparison.Ordinal))?[DefaultValueKey.Length..].Trim() ?? "None"
                : "None";
            if (!parameters.TryAdd(name, new HelpParameter(words, said, part.Heading.Line + 1))) throw Error(part.Heading, $"-{name} is described twice.");
        }

        return parameters;
    }

    private List<HelpItem> ReadItems(Part section) =>
        [.. Split(section.Blocks, level: 3, section.Heading).Select(part => new HelpItem(part.Title, part.Blocks))];

    private List<HelpLink> ReadLinks(Part section)
    {
        var links = new List<HelpLink>();
        foreach (Block block in section.Blocks)
        {
            if (block is not ListBlock list) throw Error(block, "Related links are a list: - [New-GuardedMap](New-GuardedMap.md).");
            foreach (LinkInline link in list.Descendants<LinkInline>())
            {
                string address = link.Url ?? "";
                links.Add(new HelpLink(PlainText.Of(link), address.StartsWith("http", StringComparison.Ordinal) ? address : ""));
            }
        }

        return links;
    }

    private List<Block> NotEmpty(Part part) => part.Blocks.Count > 0 ? part.Blocks : throw Error(part.Heading, $"The section '{part.Title}' is empty.");

    private List<Part> Split(IEnumerable<Block> blocks, int level, Block context)
    {
        var parts = new List<Part>();
        foreach (Block block in blocks)
        {
            if (block is HeadingBlock heading && heading.Level <= level) parts.Add(new Part(PlainText.Of(heading), heading, []));
            else if (parts.Count > 0) parts[^1].Blocks.Add(block);
            else throw Error(block, $"Before this there should be a heading '{new string('#', level)} ...', below '{PlainText.Of((LeafBlock)context)}'.");
        }

        return parts;
    }

    private static bool IsFence(Block block, string language) => block is FencedCodeBlock fence && string.Equals(fence.Info, language, StringComparison.Ordinal);

    private PageException Error(Block? where, string message) => new(_file, (where?.Line ?? 0) + 1, message);

    private sealed record Part(string Title, HeadingBlock Heading, List<Block> Blocks);
}
