using System.Collections;
using System.Globalization;
using System.Management.Automation;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

/// <summary>A user's script blocks as a race of the lab: actors, setup and check over one shared map.</summary>
internal sealed class ScriptRace
{
    private const int LongestName = 30;
    private readonly ScriptProgram[] _actors;

    public ScriptRace(ScriptBlock[] actors, ScriptBlock? setup, ScriptBlock? check)
    {
        _actors = [.. actors.Select(block => new ScriptProgram(NameOf(block), block))];
        Setup = setup is null ? null : new ScriptProgram("setup", setup);
        Checker = check is null ? null : new ScriptProgram("check", check);
    }

    /// <summary>The actors.</summary>
    public IReadOnlyList<ScriptProgram> Actors => _actors;

    /// <summary>Fills the map before each run, or null.</summary>
    public ScriptProgram? Setup { get; }

    /// <summary>Looks at the map after each run, or null.</summary>
    public ScriptProgram? Checker { get; }

    /// <summary>The race on one container, its programs running in the caller's runspace.</summary>
    public OperationRace On(string container) => new()
    {
        Container = container,
        Create = () => SharedContainers.Create(container),
        Setup = Setup is null ? null : SetUp,
        Check = Checker is null ? null : Check,
        Actors = [.. _actors.Select(ActorOf)],
        Wrap = static (map, gate) => SharedMap.Of(map, gate, ShellCalls.Instance),
        Text = Text,
    };

    /// <summary>The programs as text.</summary>
    public string Text => string.Join("\n--\n", _actors.Append(Setup).Append(Checker).Select(p => p?.Text ?? ""));

    /// <summary>Fills the map. Any error ends the race: nobody knows what the map would hold.</summary>
    /// <exception cref="ScriptSetupException">The script wrote or threw an error.</exception>
    public void SetUp(IDictionary map)
    {
        if (Setup?.Run(map).Faults is { Count: > 0 } faults) throw new ScriptSetupException(faults[0]);
    }

    /// <summary>
    /// Asks the check: it fails by writing <c>$false</c> or an error. Whatever else it writes is the text under which the run is counted.
    /// </summary>
    public CheckAnswer Check(IDictionary map)
    {
        var run = Checker!.Run(map);
        if (run.Faults.Count > 0) return new CheckAnswer(false, $"{run.Faults[0].Name}: {run.Faults[0].Message}");
        bool isRight = run.Output.All(o => o?.BaseObject is not false);
        string text = string.Join(", ", run.Output.Where(o => o?.BaseObject is not bool).Select(TextOf));
        return new CheckAnswer(isRight, text.Length > 0 ? text : null);
    }

    /// <summary>What an actor's run means to the lab.</summary>
    public static OperationReport Report(ScriptRun run) =>
        new(run.Output.Count == 0 ? null : string.Join(", ", run.Output.Select(TextOf)), run.Faults);

    // An actor is called what it does, as far as that is short.
    private static string NameOf(ScriptBlock block)
    {
        string text = string.Join(' ', block.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= LongestName ? text : string.Concat(text.AsSpan(0, LongestName - 3), "...");
    }

    private static OperationActor ActorOf(ScriptProgram program) => new(program.Name, map => Report(program.Run(map)))
    {
        Interrupt = program.Interrupt,
        Position = ScriptActor.Position,
    };

    private static string TextOf(PSObject? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

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

/// <summary>The setup of a race failed, here or in the child process that raced.</summary>
internal sealed class ScriptSetupException : Exception
{
    public ScriptSetupException(OperationFault fault)
        : base($"The -Setup script failed{(fault.Position is null ? "" : $" at {fault.Position}")}: {fault.Message.TrimEnd('.')}. No actor was run.")
    {
    }

    public ScriptSetupException(RaceChildException inChild)
        : base(inChild.Message[(inChild.Message.IndexOf(nameof(ScriptSetupException), StringComparison.Ordinal) + nameof(ScriptSetupException).Length + 2)..], inChild)
    {
    }
}
