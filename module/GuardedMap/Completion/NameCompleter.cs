using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace GuardedMaps.Shell;

/// <summary>Completes a parameter whose values are names from a list, with what each means as the tooltip.</summary>
public abstract class NameCompleter : IArgumentCompleter
{
    /// <summary>The names and their descriptions.</summary>
    protected abstract IEnumerable<(string Name, string Description)> Names { get; }

    /// <inheritdoc/>
    public IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = wordToComplete.Trim('\'', '"');
        return from item in Names
               where item.Name.StartsWith(word, StringComparison.OrdinalIgnoreCase)
               select new CompletionResult(item.Name, item.Name, CompletionResultType.ParameterValue, item.Description);
    }
}
