using System.Collections;
using System.Globalization;
using System.Management.Automation;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

// A race of a user's script blocks. The lab's crew has a thread for each actor and says who goes on when; this gives each thread its runspace, with the blocks rewritten
// so that they have points, and runs setup and check in a runspace beside them, on the thread that searches:
//
//     Start-MapRace's thread ── runspace "setup and check" ── search ── setup | schedule | check, setup | schedule | check ...
//     thread of A            ── runspace "actor A"         ── run, run, run ...
//     thread of B            ── runspace "actor B"         ── run, run, run ...
//
// The caller's own session runs nothing, so nothing in it can change, and whoever stops its pipeline stops none of these: they hear of it from the lab.

/// <summary>A user's script blocks as a race of the lab: actors, setup and check over one shared map.</summary>
internal sealed class ScriptRace
{
    private const int LongestName = 30;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);
    private readonly ScriptProgram[] _actors;
    private readonly ScriptImports _imports;

    /// <summary>Describes a race.</summary>
    /// <param name="actors">The actors.</param>
    /// <param name="setup">Fills the map, or null.</param>
    /// <param name="check">Looks at the map, or null.</param>
    /// <param name="session">The session the blocks were written in; null when they see nothing of any.</param>
    public ScriptRace(ScriptBlock[] actors, ScriptBlock? setup, ScriptBlock? check, SessionState? session)
    {
        _actors = [.. actors.Select(block => new ScriptProgram(NameOf(block), block))];
        Setup = setup is null ? null : new ScriptProgram("setup", setup);
        Checker = check is null ? null : new ScriptProgram("check", check);
        _imports = session is null ? ScriptImports.None : ScriptImports.Of(actors, new[] { setup, check }.OfType<ScriptBlock>(), session);
    }

    /// <summary>What fills a new map, where it is no script; the setup is not asked then.</summary>
    public Func<IDictionary>? Fill { get; init; }

    /// <summary>What looks at the map, where it is no script; the check is not asked then.</summary>
    public Func<IDictionary, CheckAnswer>? Judge { get; init; }

    /// <summary>What else the race is, as text: a part of the checksum of its tokens.</summary>
    public string Note { get; init; } = "";

    /// <summary>The actors.</summary>
    public IReadOnlyList<ScriptProgram> Actors => _actors;

    /// <summary>Fills the map before each run, or null.</summary>
    public ScriptProgram? Setup { get; }

    /// <summary>Looks at the map after each run, or null.</summary>
    public ScriptProgram? Checker { get; }

    /// <summary>How long an actor may go without coming to a point.</summary>
    public TimeSpan StallLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many steps a run may have.</summary>
    public int MaxSteps { get; init; } = 5_000;

    /// <summary>What of the caller's session they need.</summary>
    public ScriptImports Imports => _imports;

    // The texts of the functions are a part of it: with another function it is another race.
    private string Text => string.Join("\n--\n", _actors.Append(Setup).Append(Checker).Select(p => p?.Text ?? "")) + (_imports.Functions.Count == 0 ? "" : "\n--\n" + _imports.Text) + Note;

    /// <summary>Looks whether all of it can be explored, and finds everything that the actors' threads will need of the session.</summary>
    /// <exception cref="NotCoveredException">Something cannot.</exception>
    public void RequireCovered()
    {
        foreach (ScriptProgram actor in _actors) _ = YieldRewriter.Rewrite(actor.Tree, _imports.Uses, out _);
        foreach (var (name, value) in _imports.Variables)
        {
            if (_imports.IsOfActors(name) && InputReader.Bare(value) is ScriptBlock block) _ = YieldRewriter.Rewrite(ActorSpace.TreeOf(block), _imports.Uses, out _);
        }

        foreach (var (name, function) in _imports.Functions.Where(f => _imports.IsOfActors(f.Key))) _ = YieldRewriter.Definition(name, function, _imports.Uses);
        _imports.Complete();
    }

    /// <summary>Whether a token was made from these scripts.</summary>
    public bool Fits(ScheduleToken token) => token.Scenario == OwnRace.Scripts && On(token.Target, spaces: null, stage: null).Fits(token);

    /// <summary>Checks that a token was made from these scripts.</summary>
    /// <exception cref="ScheduleTokenException">It was not. The message says what it is of.</exception>
    public void RequireFit(ScheduleToken token) => On(token.Target, spaces: null, stage: null).RequireFit(token);

    /// <summary>Does something with the crew of the race on one container, on the calling thread.</summary>
    /// <exception cref="ScriptSetupException">The setup failed, or it or the check did not end.</exception>
    /// <exception cref="OperationCanceledException">The setup or the check was running when it was stopped.</exception>
    public T With<T>(string container, Func<OwnCrew, T> work, CancellationToken stop)
    {
        var results = new List<T>();
        Exception? unfinished = null;
        using var stage = new ActorSpace("setup and check", _imports, isRewritten: false);
        using (Guard(stage, stop))
        {
            try
            {
                stage.Live(() =>
                {
                    try
                    {
                        using var crew = new OwnCrew(On(container, new ActorSpace?[_actors.Length], stage));
                        results.Add(work(crew));
                    }
                    catch (PipelineStoppedException stopped)
                    {
                        unfinished = stopped;
                    }

                    return false;
                });
            }
            catch (ThreadInterruptedException interrupted)
            {
                unfinished = interrupted;
            }
            catch (ScriptSetupException interrupted) when (interrupted.IsInterrupted)
            {
                unfinished = interrupted;
            }
        }

        if (results.Count > 0) return results[0];
        // The guard has stopped the setup or the check.
        stop.ThrowIfCancellationRequested();
        throw new ScriptSetupException(StallLimit, unfinished);
    }

    // The lab stops its actors itself. A setup or a check that does not end knows nothing of that, and runs on the caller's own thread.
    private Timer Guard(ActorSpace stage, CancellationToken stop)
    {
        var searcher = Thread.CurrentThread;
        return new Timer(
            _ =>
            {
                TimeSpan late = stage.Busy - (stop.IsCancellationRequested ? s_patience : StallLimit);
                if (late > TimeSpan.Zero) stage.Interrupt();
                if (late > s_patience && stage.Busy > TimeSpan.Zero && searcher.ThreadState.HasFlag(ThreadState.WaitSleepJoin)) searcher.Interrupt();
            },
            null,
            s_look,
            s_look);
    }

    /// <summary>Runs the first program alone, once.</summary>
    /// <exception cref="ScriptSetupException">It did not end.</exception>
    public (ScriptRun Run, IDictionary Map) Once(CancellationToken stop)
    {
        (ScriptRun, IDictionary)? result = null;
        using var stage = new ActorSpace(_actors[0].Name, _imports, isRewritten: false);
        using (Guard(stage, stop))
        {
            stage.Live(() =>
            {
                IDictionary map = Prepare(stage, nameof(GuardedMap));
                try
                {
                    result = (stage.Run(_actors[0].Tree, map), map);
                }
                catch (PipelineStoppedException)
                {
                    result = null;
                }

                return false;
            });
        }

        stop.ThrowIfCancellationRequested();
        return result ?? throw new ScriptSetupException(StallLimit, unfinished: null);
    }

    /// <summary>A result with what only the scripts' side knows: that something of the actors ran without yield points.</summary>
    public ExploreResult Told(ExploreResult result) =>
        result.Doubt is null && _imports.Uncovered is { } uncovered ? SearchCoverage.Marked(result with { Doubt = uncovered }) : result;

    /// <summary>
    /// Asks the check: it fails by writing <c>$false</c> or an error. Whatever else it writes is the text under which the run is counted.
    /// </summary>
    public CheckAnswer Check(ActorSpace stage, object map)
    {
        ScriptRun run = stage.Run(Checker!.Tree, map);
        if (run.Faults.Count > 0) return new CheckAnswer(false, $"{run.Faults[0].Name}: {run.Faults[0].Message}");
        bool isRight = run.Output.All(o => o?.BaseObject is not false);
        string text = string.Join(", ", run.Output.Where(o => o?.BaseObject is not bool).Select(TextOf));
        return new CheckAnswer(isRight, text.Length > 0 ? text : null);
    }

    /// <summary>A new map, filled. Any error ends the race: nobody knows what the map would hold.</summary>
    /// <exception cref="ScriptSetupException">The script wrote or threw an error.</exception>
    public IDictionary Prepare(ActorSpace stage, string container)
    {
        IDictionary map = Fill?.Invoke() ?? SharedContainers.Create(container);
        if (Setup is not null && stage.Run(Setup.Tree, map).Faults is { Count: > 0 } faults) throw new ScriptSetupException(faults[0]);
        return map;
    }

    /// <summary>What an actor's run means to the lab.</summary>
    public static OperationReport Report(ScriptRun run) =>
        new(run.Output.Count == 0 ? null : string.Join(", ", run.Output.Select(TextOf)), run.Faults);

    private OwnRace On(string container, ActorSpace?[]? spaces, ActorSpace? stage) => new()
    {
        Container = container,
        Create = () => Prepare(stage!, container),
        Check = Judge is { } judge ? map => judge((IDictionary)map) : Checker is null ? null : map => Check(stage!, map),
        Actors = [.. _actors.Select((program, i) => new OwnActorCode(program.Name, map => Report(spaces![i]!.Run(program.Tree, map))) { Interrupt = () => spaces?[i]?.Interrupt() })],
        Text = Text,
        Fewest = 1,
        Stop = why => new PipelineStoppedException(why),
        StallLimit = StallLimit,
        Host = (actor, again) =>
        {
            using var space = new ActorSpace($"actor {actor.Letter}", _imports, isRewritten: true);
            spaces![actor.Number] = space;
            space.Live(again);
        },
    };

    // An actor is called what it does, as far as that is short.
    private static string NameOf(ScriptBlock block)
    {
        string text = string.Join(' ', block.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= LongestName ? text : string.Concat(text.AsSpan(0, LongestName - 3), "...");
    }

    private static string TextOf(PSObject? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}

/// <summary>The setup of a race failed, here or in the child process that raced.</summary>
internal sealed class ScriptSetupException : Exception
{
    /// <summary>Whether it was interrupted in a wait.</summary>
    public bool IsInterrupted { get; }

    public ScriptSetupException(OperationFault fault)
        : base($"The -Setup script failed{(fault.Position is null ? "" : $" at {fault.Position}")}: {fault.Message.TrimEnd('.')}. No actor was run.") => IsInterrupted = fault.Name == nameof(ThreadInterruptedException);

    public ScriptSetupException(TimeSpan limit, Exception? unfinished)
        : base(string.Create(CultureInfo.InvariantCulture, $"The -Setup or the -Check script had not ended after {limit.TotalSeconds:0.##} s, and was stopped. A method of a class written in PowerShell waits for ever there: it wants the session that is busy with the race."), unfinished)
    {
    }

    public ScriptSetupException(RaceChildException inChild)
        : base(inChild.Message[(inChild.Message.IndexOf(nameof(ScriptSetupException), StringComparison.Ordinal) + nameof(ScriptSetupException).Length + 2)..], inChild)
    {
    }
}
