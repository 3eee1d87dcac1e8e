namespace GuardedMaps.Help.Facts;

/// <summary>What the assembly says of a cmdlet.</summary>
internal sealed record CmdletFacts
{
    public required string Verb { get; init; }

    public required string Noun { get; init; }

    public string Name => $"{Verb}-{Noun}";

    public required string? DefaultSet { get; init; }

    public required IReadOnlyList<ParameterFacts> Parameters { get; init; }

    /// <summary>The parameter sets, the default one first, or null alone where there is but one without a name.</summary>
    public IReadOnlyList<string?> Sets
    {
        get
        {
            string[] named = [.. Parameters.SelectMany(p => p.Sets).Select(s => s.Name).OfType<string>().Distinct(StringComparer.Ordinal)];
            // The default one may have no parameters but those that all have.
            return named.Length == 0 ? [null] : [.. DefaultSet is null ? [] : new[] { DefaultSet }, .. named.Where(n => !string.Equals(n, DefaultSet, StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>A set's parameters in the order of a syntax line: by position, then those that must be given, then the rest as declared.</summary>
    public IReadOnlyList<(ParameterFacts Parameter, SetFacts Set)> InSet(string? set)
    {
        (ParameterFacts Parameter, SetFacts Set)[] all =
            [.. from p in Parameters let s = p.In(set) where s is not null && !p.IsHidden select (p, s)];
        return
        [
            .. all.Where(x => x.Set.Position is not null).OrderBy(x => x.Set.Position),
            .. all.Where(x => x.Set.Position is null && x.Set.IsMandatory),
            .. all.Where(x => x.Set.Position is null && !x.Set.IsMandatory),
        ];
    }
}

/// <summary>What the assembly says of a parameter.</summary>
internal sealed record ParameterFacts
{
    public required string Name { get; init; }

    /// <summary>The type as PowerShell's own syntax lines name it.</summary>
    public required string TypeName { get; init; }

    public required bool IsSwitch { get; init; }

    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>The names of an enumeration, or of a fixed set of values.</summary>
    public required IReadOnlyList<string> AcceptedValues { get; init; }

    public required bool AcceptsWildcards { get; init; }

    public required IReadOnlyList<SetFacts> Sets { get; init; }

    /// <summary>Kept out of syntax lines and help, as its attribute asks.</summary>
    public bool IsHidden => Sets.All(s => s.IsHidden);

    /// <summary>-WhatIf and -Confirm: every cmdlet that has them says the same of them, so no page needs to.</summary>
    public string? StandardDescription => Name switch
    {
        "WhatIf" => "Shows what would happen if the cmdlet ran. The cmdlet is not run.",
        "Confirm" => "Asks for confirmation before the cmdlet runs.",
        _ => null,
    };

    /// <summary>The parameter's part in a set, or null if it has none.</summary>
    public SetFacts? In(string? set) => Sets.FirstOrDefault(s => string.Equals(s.Name, set, StringComparison.Ordinal)) ?? Sets.FirstOrDefault(s => s.Name is null);
}

/// <summary>A parameter within one parameter set; within all if it names none.</summary>
internal sealed record SetFacts(string? Name, bool IsMandatory, int? Position, bool FromPipeline, bool FromPipelineByName, bool FromRemaining, bool IsHidden)
{
    /// <summary>What can come from the pipeline, as help says it.</summary>
    public string Pipeline => (FromPipeline, FromPipelineByName) switch
    {
        (true, true) => "True (ByPropertyName, ByValue)",
        (true, false) => "True (ByValue)",
        (false, true) => "True (ByPropertyName)",
        _ => "False",
    };
}
