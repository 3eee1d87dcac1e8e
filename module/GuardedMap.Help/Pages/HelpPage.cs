using Markdig.Syntax;

namespace GuardedMaps.Help.Pages;

/// <summary>A cmdlet's page, taken apart. The facts about its parameters are not here: they come from the assembly.</summary>
internal sealed record HelpPage
{
    public required string Synopsis { get; init; }

    public required IReadOnlyList<Block> Description { get; init; }

    public required IReadOnlyList<HelpExample> Examples { get; init; }

    /// <summary>What the page says of each parameter, by name.</summary>
    public required IReadOnlyDictionary<string, HelpParameter> Parameters { get; init; }

    public required IReadOnlyList<HelpItem> Inputs { get; init; }

    public required IReadOnlyList<HelpItem> Outputs { get; init; }

    public required IReadOnlyList<Block> Notes { get; init; }

    public required IReadOnlyList<HelpLink> Links { get; init; }
}

/// <summary>One example: its code and what that prints, and the words around it.</summary>
internal sealed record HelpExample(string Title, IReadOnlyList<Block> Introduction, IReadOnlyList<Block> Code, IReadOnlyList<Block> Remarks);

/// <summary>What a page says of one parameter, and the line of its heading.</summary>
internal sealed record HelpParameter(IReadOnlyList<Block> Description, string DefaultValue, int Line);

/// <summary>A type that goes in or comes out, and what is said of it.</summary>
internal sealed record HelpItem(string Type, IReadOnlyList<Block> Description);

/// <summary>A related link. A name without an address is that of another help page.</summary>
internal sealed record HelpLink(string Text, string Address);
