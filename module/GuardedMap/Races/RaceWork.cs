using System.Globalization;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

/// <summary>The kinds of work <c>Start-MapRace</c> hands to the lab, each with its progress, its words and its errors.</summary>
internal sealed class RaceWork(RaceStage stage)
{
    private const string Racing = "Racing";
    private const string Exploring = "Exploring";

    /// <summary>Races a scenario of the catalogue with real threads.</summary>
    public void Free(Scenario scenario, RaceTarget target, MapRaceOptions options)
    {
        try
        {
            stage.Emit(MapRace.Run(scenario.Name, target.Name, options, new Sink<RaceProgress>(Show), stage.Stop));
        }
        catch (ArgumentException e)
        {
            stage.Fail(Errors.InvalidRace(e, scenario.Name, target.Name));
        }
        catch (RaceChildException e)
        {
            stage.Fail(Errors.RaceNotStarted(e, scenario.Name, target.Name));
        }
    }

    /// <summary>Races scripts with real threads.</summary>
    public void Free(ScriptJob job)
    {
        try
        {
            stage.Emit(job.Run(Show, stage.Stop));
        }
        catch (RaceChildException e) when (e.Message.Contains(nameof(ScriptSetupException), StringComparison.Ordinal))
        {
            // It happened in the child process; here it is what it would have been here.
            throw new ScriptSetupException(e);
        }
        catch (RaceChildException e)
        {
            stage.Fail(Errors.RaceNotStarted(e, OwnRace.Scripts, job.Target.Name));
        }
    }

    /// <summary>Explores a model.</summary>
    public void Explore(RaceModel model, ExploreOptions options) => Explored(model.ToString(), () => (Explorer.Run(model, options, Progress(model.ToString()), stage.Stop), null));

    /// <summary>Explores scripts on one container.</summary>
    public void Explore(ScriptRace race, string container, ExploreOptions options)
    {
        string what = $"the scripts on {container}";
        Explored(what, () => (race.With(container, crew => race.Told(OwnExplorer.Run(crew, options, Progress(what), stage.Stop)), stage.Stop), race));
    }

    /// <summary>Explores programs that are made by rule.</summary>
    public void Generate(ProgramSearchOptions options)
    {
        string what = $"programs on {options.Target}";
        try
        {
            var found = ProgramSearch.Run(
                options,
                new Sink<ExploreProgress>(p => stage.Show(Exploring, what, p.Fraction, string.Create(CultureInfo.CurrentCulture, $"{p.Schedules:N0} programs"))),
                stage.Stop);
            foreach (ExploreResult failure in found.Failures) RecentRaces.Add(failure, scripts: null);
            if (stage.IsVerbose) stage.Say($"{found}.");
            stage.Emit(found);
        }
        catch (ArgumentException e) when (!ProgramSearch.IsPossibleOn(RaceCatalogue.GetTarget(options.Target)))
        {
            stage.Fail(Errors.NoProgramsOn(e, options.Target));
        }
        catch (ArgumentException e)
        {
            stage.Fail(Errors.InvalidPrograms(e, what));
        }
    }

    /// <summary>Runs one schedule of a model again.</summary>
    public void Replay(ScheduleToken token) => Replayed(token, () => (RaceTimeline.Of(token), null));

    /// <summary>Runs one schedule of scripts again.</summary>
    public void Replay(ScriptRace race, ScheduleToken token) => Replayed(token, () =>
    {
        race.RequireFit(token);
        return (race.With(token.Target, crew => OwnReplay.Of(crew, token, stage.Stop), stage.Stop), race);
    });

    /// <summary>Makes a schedule of scripts as simple as it can be.</summary>
    public void Shrink(ScriptRace race, ScheduleToken token, TimeSpan limit) => Shrunk(token, () =>
    {
        race.RequireFit(token);
        return new ShrunkRace(race.With(token.Target, crew => OwnShrinker.Shrink(crew, token, new ExploreOptions { MaxDuration = limit, MaxSteps = race.MaxSteps }, stage.Stop), stage.Stop), Scenario: null);
    });

    /// <summary>Runs one schedule of a race over the map again, with a real thread for each actor.</summary>
    public void ReplayOnThreads(ScheduleToken token) => OfMap(token, "replayed on threads", () =>
    {
        if (RaceModels.For(token) is not (SteppedModel or RacedModel)) throw new WholeOperationsException(token);
        ThreadReplay replay = ThreadReplay.Run(token);
        if (stage.IsVerbose)
        {
            foreach (string sentence in RaceNarration.Of(replay)) stage.Say(sentence);
        }

        return replay;
    });

    /// <summary>Makes a race smaller.</summary>
    public void Shrink(ScheduleToken token, TimeSpan limit) => OfMap(token, "shrunk", () => ShrunkRace.Of(token, new ExploreOptions { MaxDuration = limit }, stage.Stop));

    private void OfMap(ScheduleToken token, string what, Func<object> work)
    {
        if (token.Scenario == OwnRace.Scripts) stage.Fail(Errors.ScriptsAreWhole(token.ToString(), what));
        else Shrunk(token, work);
    }

    private void Shrunk(ScheduleToken token, Func<object> work)
    {
        try
        {
            stage.Emit(work());
        }
        catch (WholeOperationsException e)
        {
            stage.Fail(Errors.OperationsAreWhole(e, token.ToString()));
        }
        catch (Exception e) when (e is ScheduleTokenException or ArgumentException)
        {
            stage.Fail(Errors.TokenNotReplayed(e, token.ToString()));
        }
        catch (OperationCanceledException) when (stage.Stop.IsCancellationRequested)
        {
            // There is nothing to show yet.
        }
    }

    private void Explored(string what, Func<(ExploreResult Result, ScriptRace? Scripts)> explore)
    {
        try
        {
            var (result, scripts) = explore();
            // Before anything is asked of a pipeline that may be about to be stopped.
            RecentRaces.Add(result, scripts);
            if (stage.IsVerbose) stage.Say(Describe(result));
            stage.HandOn(result);
        }
        catch (RaceModelException e)
        {
            stage.Fail(Errors.ActorsNotReady(e, what));
        }
        catch (ArgumentException e)
        {
            stage.Fail(Errors.InvalidExploration(e, what));
        }
        catch (OperationCanceledException) when (stage.Stop.IsCancellationRequested)
        {
            // The setup or the check did not end: no schedule was run to its end.
        }
    }

    private void Replayed(ScheduleToken token, Func<(RaceTimeline Timeline, ScriptRace? Scripts)> replay)
    {
        try
        {
            var (timeline, scripts) = replay();
            if (stage.IsVerbose) Narrate(timeline);
            stage.Emit(timeline, scripts);
        }
        catch (ScheduleTokenException e)
        {
            stage.Fail(Errors.TokenNotReplayed(e, token.ToString()));
        }
        catch (OperationCanceledException) when (stage.Stop.IsCancellationRequested)
        {
            // A replay that was stopped has nothing to show: its one schedule was not run to its end.
        }
    }

    private void Narrate(RaceTimeline timeline)
    {
        foreach (string sentence in RaceNarration.Of(timeline)) stage.Say(sentence);
    }

    private static string Describe(ExploreResult result) => string.Create(
        CultureInfo.CurrentCulture,
        $"{result.Scenario} on {result.Target}: {result.Coverage}; {result.Elapsed.TotalSeconds:0.00} s, {result.Rate:N0} schedules a second.");

    private void Show(RaceProgress progress) => stage.Show(Racing, $"{progress.Scenario} on {progress.Target}", progress.Fraction, string.Create(
        CultureInfo.CurrentCulture,
        $"{progress.Trials} trials: {progress.Clean} clean, {progress.Detected} detected, {progress.SilentlyWrong} silently wrong, {progress.Hung} hung"));

    private Sink<ExploreProgress> Progress(string what) => new(p =>
        stage.Show(Exploring, what, p.Fraction, string.Create(CultureInfo.CurrentCulture, $"{p.Schedules:N0} schedules, {p.Fraction:P1} of the tree")));

    private sealed class Sink<T>(Action<T> show) : IProgress<T>
    {
        public void Report(T value) => show(value);
    }
}

/// <summary>A token is of a race that no threads can follow access by access.</summary>
internal sealed class WholeOperationsException(ScheduleToken token)
    : Exception($"The token '{token}' is of whole operations, or of no map at all. Threads can follow a schedule that was explored access by access, on one of this project's maps.");
