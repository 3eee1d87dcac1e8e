using System.Collections;
using System.Management.Automation;

namespace GuardedMaps.Shell;

/// <summary>The script blocks of one <c>Invoke-MapIteration</c>, and whose output theirs is.</summary>
/// <param name="Cmdlet">The cmdlet.</param>
/// <param name="Begin">Runs first, or null.</param>
/// <param name="Process">Runs for each entry.</param>
/// <param name="End">Runs last, or null.</param>
internal sealed record IterationBlocks(Cmdlet Cmdlet, ScriptBlock? Begin, ScriptBlock Process, ScriptBlock? End)
{
    /// <summary>True if the caller asked for -ErrorVariable.</summary>
    public bool HasErrorVariable { get; init; }

    /// <summary>The list that the caller asked for with -WarningVariable, or null.</summary>
    public IList? Warnings { get; init; }

    /// <summary>The list that the caller asked for with -InformationVariable, or null.</summary>
    public IList? Information { get; init; }

    /// <summary>The same, as <c>ForEach-Object</c> takes them.</summary>
    public Hashtable ForEachArguments()
    {
        var arguments = new Hashtable { ["Process"] = Process };
        if (Begin is not null) arguments["Begin"] = Begin;
        if (End is not null) arguments["End"] = End;
        // With a plus sign PowerShell adds to the list that the variable holds, and that is the caller's own.
        if (Warnings is not null) arguments["WarningVariable"] = "+warnings";
        if (Information is not null) arguments["InformationVariable"] = "+information";
        return arguments;
    }
}
