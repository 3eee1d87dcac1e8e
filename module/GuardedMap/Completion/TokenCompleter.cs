namespace GuardedMaps.Shell;

/// <summary>Completes the tokens of this session's results, the newest first, with what they lead to as the tooltip.</summary>
public sealed class TokenCompleter : NameCompleter
{
    /// <inheritdoc/>
    protected override IEnumerable<(string Name, string Description)> Names => RecentRaces.Tokens;
}
