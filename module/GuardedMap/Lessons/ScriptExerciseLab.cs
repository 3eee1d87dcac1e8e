using System.Collections;
using System.Management.Automation;
using GuardedMaps.Lab;
using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Shell;

/// <summary>Runs the script blocks of answers, in the caller's runspace, as Start-MapRace -Actor does.</summary>
internal sealed class ScriptExerciseLab : ExerciseLab
{
    public override string ProgramExample => "a script block over the map $_, such as { $_['n'] = 1 }";

    public override bool IsProgram(object? answer) => answer is ScriptBlock;

    public override OperationRace Race(IReadOnlyList<object> programs) =>
        NestedScript.Race(programs.Cast<ScriptBlock>());

    // Show-MapRace finds the scripts of a token there.
    public override void Remember(OperationRace race, ExploreResult result) => RecentRaces.Add(result, race);

    /// <summary>An answer without PowerShell's wrappers, those of a list's items included.</summary>
    public static object? Bare(object? answer)
    {
        object? bare = InputReader.Bare(answer);
        return bare is IEnumerable list and not string and not IDictionary ? list.Cast<object?>().Select(InputReader.Bare).ToArray() : bare;
    }
}
