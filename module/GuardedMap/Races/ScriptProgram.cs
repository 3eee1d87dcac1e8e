using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Language;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

/// <summary>A script block that is run over a shared map: the map is <c>$_</c>, or the first parameter of a block that has some.</summary>
internal sealed class ScriptProgram(string name, ScriptBlock block)
{
    /// <summary>Who this is, for people.</summary>
    public string Name => name;

    /// <summary>The block as it was given.</summary>
    public ScriptBlock Block => block;

    /// <summary>What it is made of.</summary>
    public ScriptBlockAst Tree { get; } = ActorSpace.TreeOf(block);

    /// <summary>The script's text.</summary>
    public string Text => block.ToString();
}

/// <summary>What one run of a script block came to.</summary>
/// <param name="Output">What it wrote.</param>
/// <param name="Faults">The errors it wrote or threw, in order.</param>
internal sealed record ScriptRun(Collection<PSObject> Output, IReadOnlyList<OperationFault> Faults);
