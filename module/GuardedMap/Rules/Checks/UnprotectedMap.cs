using System.Management.Automation.Language;

namespace GuardedMaps.Shell.Rules;

/// <summary>GM1008: a map is made without its guard, outside of a lab or test.</summary>
public sealed class UnprotectedMap() : MapRule("GM1008", "UnprotectedMap", MapFindingSeverity.Warning, "A map is made with -Protection None outside of a lab or test.")
{
    private static readonly HashSet<string> s_trying = new(StringComparer.OrdinalIgnoreCase)
    {
        "Describe", "Context", "It", "BeforeAll", "BeforeEach", "BeforeDiscovery", "Start-MapRace", "Show-MapContract",
    };

    private static readonly HashSet<string> s_folders = new(StringComparer.OrdinalIgnoreCase) { "test", "tests", "lab", "labs", "pester", "bench", "benchmarks" };

    internal override IEnumerable<MapFinding> Check(ScriptAnalysis script)
    {
        if (IsTest(script.Path)) yield break;
        foreach (CommandAst command in script.Nodes.Commands)
        {
            CommandCall call = script.Command(command);
            if (!call.Is("New-GuardedMap") || !IsNone(ScriptValues.Constant(call.Value("Protection"))) || IsInTest(script, command)) continue;
            yield return Describe(call.Node("Protection")!.Extent);
        }

        foreach (MemberExpressionAst member in script.Nodes.Members)
        {
            if (member is not { Static: true, Expression: TypeExpressionAst type } || !IsNone(ScriptAnalysis.MemberName(member))) continue;
            if (!type.TypeName.Name.EndsWith("MapProtection", StringComparison.OrdinalIgnoreCase) || IsInTest(script, member)) continue;
            if (ScriptAnalysis.Above<CommandAst>(member) is { } command && script.Command(command).Is("New-GuardedMap")) continue;
            yield return Describe(member.Extent);
        }
    }

    private static bool IsNone(string? protection) => string.Equals(protection, "None", StringComparison.OrdinalIgnoreCase);

    private static bool IsTest(string? path)
    {
        if (path is null) return false;
        if (path.EndsWith(".Tests.ps1", StringComparison.OrdinalIgnoreCase)) return true;
        return System.IO.Path.GetDirectoryName(path) is { } folder && folder.Split(['/', '\\']).Any(s_folders.Contains);
    }

    private static bool IsInTest(ScriptAnalysis script, Ast node)
    {
        for (CommandAst? command = ScriptAnalysis.Above<CommandAst>(node); command is not null; command = ScriptAnalysis.Above<CommandAst>(command))
        {
            if (script.Command(command).Name is { } name && s_trying.Contains(name)) return true;
        }

        return false;
    }

    private MapFinding Describe(IScriptExtent extent) => new(
        this,
        MapFindingSeverity.Warning,
        extent,
        "This map has no guard: what overlaps in it goes wrong in silence. That is for showing what a guard is for.",
        "Leave -Protection out, or take -Protection Synchronized where writers shall wait for each other.");
}
