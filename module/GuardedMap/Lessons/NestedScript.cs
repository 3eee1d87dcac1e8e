using System.Management.Automation;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

/// <summary>The answers of an exercise as a race on one thread, nested in each other.</summary>
internal static class NestedScript
{
    /// <summary>The blocks as a race on a guarded map.</summary>
    public static OperationRace Race(IEnumerable<ScriptBlock> blocks)
    {
        CallerScript[] programs = [.. blocks.Select((b, i) => new CallerScript($"program {i + 1}", b))];
        return new OperationRace
        {
            Container = nameof(GuardedMap),
            Create = static () => SharedContainers.Create(nameof(GuardedMap)),
            Actors = [.. programs.Select(p => new OperationActor(p.Name, map => ScriptRace.Report(p.Run(map))) { Interrupt = p.Interrupt, Position = ScriptActor.Position })],
            Wrap = static (map, gate) => SharedMap.Of(map, gate, ShellCalls.Instance),
            Text = string.Join("\n--\n", programs.Select(p => p.Text)),
        };
    }

    /// <summary>Calls a container's methods as PowerShell would: its conversions, its overload rules.</summary>
    private sealed class ShellCalls : MemberCalls
    {
        public static readonly ShellCalls Instance = new();

        public override bool Has(object target, string method) => PSObject.AsPSObject(target).Methods[method] is not null;

        public override object? Call(object target, string method, object?[] arguments)
        {
            try
            {
                return InputReader.Bare(PSObject.AsPSObject(target).Methods[method].Invoke(arguments));
            }
            catch (MethodInvocationException e) when (e.InnerException is not null)
            {
                // The call that brought us here wraps it again.
                throw e.InnerException;
            }
        }
    }
}
