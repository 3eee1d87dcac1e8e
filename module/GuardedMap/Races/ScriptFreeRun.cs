using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using GuardedMaps.Lab;

namespace GuardedMaps.Shell;

// A free race of scripts, in this process. Each actor has a thread and a runspace for the whole race (ActorSpace): to open one takes longer than a thousand small
// scripts. Setup and check have one beside them, on the calling thread. A trial is
//
//     set up        a new map
//     run           all actors at once, released together
//     judge         errors: detected. None, and the check fails: silently wrong. Somebody still runs at the limit: hung.
//
// Without a check, a trial without errors is right when some order of the actors, one after the other, leaves the same content
// and gives the same answers. Those orders are run first, on the same threads.
//
// An actor that does not end is asked to stop. PowerShell stops between two statements; a call into .NET that does not return
// cannot be stopped by anybody, and then the race is over: in a child process for good, here with a thread left behind, of which the result speaks.

/// <summary>Runs trials of scripts with real threads.</summary>
internal static class ScriptFreeRun
{
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_lookInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Runs the trials.</summary>
    /// <returns>False when an actor could not be stopped and still runs.</returns>
    /// <exception cref="ScriptSetupException">The setup failed.</exception>
    public static bool Run(ScriptJob job, Action<TrialReport> onReport, Action onLook, CancellationToken cancellation)
    {
        bool isClean = true;
        using var stage = new ActorSpace("setup and check", job.Race.Imports, isRewritten: false);
        using var stopped = cancellation.Register(stage.Interrupt);
        stage.Live(() =>
        {
            if (!cancellation.IsCancellationRequested) isClean = Trials(job, stage, onReport, onLook, cancellation);
            return false;
        });
        return isClean;
    }

    private static bool Trials(ScriptJob job, ActorSpace stage, Action<TrialReport> onReport, Action onLook, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        using var crew = new ScriptCrew(job.Race);
        HashSet<string>? serial = null;
        if (job.Race.Checker is null && (serial = SerialStates(job, stage, crew, onLook, cancellation)) is null)
        {
            if (cancellation.IsCancellationRequested) return true;
            onReport(Hung(job.FirstTrial, clock, $"before the first trial, while the actors were run one after the other: {crew.Describe(job.StallLimit)}"));
            return crew.Stop(s_stopLimit);
        }

        clock.Restart();
        for (int trial = job.FirstTrial; !cancellation.IsCancellationRequested; trial++)
        {
            if (trial - job.FirstTrial >= job.Trials || clock.Elapsed >= job.Duration) return true;
            var watch = Stopwatch.StartNew();
            IDictionary map = job.Race.Prepare(stage, job.Target.Name);
            crew.Begin(map, crew.All);
            if (!Await(crew, job.StallLimit, onLook, cancellation))
            {
                string where = $"trial {(trial + 1).ToString(CultureInfo.InvariantCulture)}: {crew.Describe(job.StallLimit)}";
                bool stopped = crew.Stop(s_stopLimit);
                if (cancellation.IsCancellationRequested) return stopped;
                onReport(Hung(trial, watch, stopped ? where : $"{where}; it could not be stopped, and its thread still runs"));
                if (!stopped) return false;
                continue;
            }

            onReport(Judge(job, stage, trial, watch, map, crew.Runs, serial));
        }

        return true;
    }

    private static bool Await(ScriptCrew crew, TimeSpan limit, Action onLook, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        while (!crew.Wait(s_lookInterval))
        {
            onLook();
            if (watch.Elapsed >= limit || cancellation.IsCancellationRequested) return false;
        }

        return true;
    }

    // What the actors leave one after the other, in each order. Null when one of them does not end.
    private static HashSet<string>? SerialStates(ScriptJob job, ActorSpace stage, ScriptCrew crew, Action onLook, CancellationToken cancellation)
    {
        var states = new HashSet<string>(StringComparer.Ordinal);
        foreach (var order in OperationJudge.Orders(crew.All))
        {
            IDictionary map = job.Race.Prepare(stage, job.Target.Name);
            var reports = new OperationReport[order.Count];
            foreach (int actor in order)
            {
                crew.Begin(map, [actor]);
                if (!Await(crew, job.StallLimit, onLook, cancellation)) return null;
                reports[actor] = ScriptRace.Report(crew.Runs[actor]!);
            }

            states.Add(OperationJudge.State(reports, OperationJudge.Content(map)));
        }

        return states;
    }

    private static TrialReport Judge(ScriptJob job, ActorSpace stage, int trial, Stopwatch watch, IDictionary map, IReadOnlyList<ScriptRun?> runs, HashSet<string>? serial)
    {
        OperationReport[] reports = [.. runs.Select(r => ScriptRace.Report(r!))];
        OperationFault[] faults = [.. reports.SelectMany(r => r.Faults)];
        string? wrong = null;
        if (faults.Length == 0)
        {
            string state = OperationJudge.State(reports, OperationJudge.Content(map));
            if (serial is not null) wrong = serial.Contains(state) ? null : $"no order of the actors explains {state}";
            else if (job.Race.Check(stage, map) is { IsRight: false } answer) wrong = $"the check failed: {answer.Text ?? state}";
        }

        return new TrialReport
        {
            Trial = trial,
            Outcome = faults.Length > 0 ? RaceOutcome.Detected : wrong is null ? RaceOutcome.Clean : RaceOutcome.SilentlyWrong,
            Milliseconds = watch.Elapsed.TotalMilliseconds,
            Errors = faults.GroupBy(f => f.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.LongCount(), StringComparer.Ordinal),
            FirstError = faults.FirstOrDefault()?.Message,
            Example = wrong,
        };
    }

    private static TrialReport Hung(int trial, Stopwatch watch, string where) =>
        new() { Trial = trial, Outcome = RaceOutcome.Hung, Milliseconds = watch.Elapsed.TotalMilliseconds, Where = where };
}

/// <summary>The threads of a free race of scripts, one to each actor, each with a runspace of its own.</summary>
internal sealed class ScriptCrew : IDisposable
{
    private readonly Member[] _members;
    private readonly CountdownEvent _running = new(1);
    private readonly StartingLine _start = new();
    private bool _isLost;

    public ScriptCrew(ScriptRace race)
    {
        _running.Signal();
        _members = [.. race.Actors.Select(p => new Member(p, race.Imports, _start, _running))];
        All = [.. Enumerable.Range(0, _members.Length)];
    }

    /// <summary>All actors.</summary>
    public List<int> All { get; }

    /// <summary>What the last run of each came to; null for who has not run or not ended.</summary>
    public IReadOnlyList<ScriptRun?> Runs => [.. _members.Select(m => m.Result)];

    /// <summary>Lets some of the actors run on a map, released together.</summary>
    public void Begin(IDictionary map, List<int> actors)
    {
        _running.Reset(actors.Count);
        _start.Expect(actors.Count);
        foreach (int actor in actors) _members[actor].Prepare(map);
        foreach (int actor in actors) _members[actor].Release();
    }

    /// <summary>Waits for those who were begun.</summary>
    public bool Wait(TimeSpan limit) => _running.Wait(limit);

    /// <summary>Who is still running, in words.</summary>
    public string Describe(TimeSpan limit)
    {
        string who = string.Join(" and ", _members.Where(m => m.IsBusy).Select(m => m.Program.Name));
        return string.Create(CultureInfo.InvariantCulture, $"{who} had not ended after {limit.TotalSeconds:0.##} s");
    }

    /// <summary>Asks those who run to stop, and waits. False when somebody cannot be stopped.</summary>
    public bool Stop(TimeSpan limit)
    {
        foreach (Member member in _members.Where(m => m.IsBusy)) member.Interrupt();
        _isLost = !_running.Wait(limit);
        return !_isLost;
    }

    /// <summary>Ends the threads and closes the runspaces; those of an actor that cannot be stopped are left to it.</summary>
    public void Dispose()
    {
        if (!_running.IsSet && !_isLost) Stop(TimeSpan.FromSeconds(3));
        foreach (Member member in _members.Where(m => !m.IsBusy)) member.Dispose();
        if (!_isLost) _running.Dispose();
    }

    // To wake a thread takes longer than a small script: released one by one, the first would be done before the second has opened its eyes. So each wakes, and spins until all have.
    private sealed class StartingLine
    {
        private int _missing;

        public void Expect(int count) => Volatile.Write(ref _missing, count);

        public void Arrive()
        {
            Interlocked.Decrement(ref _missing);
            var spin = default(SpinWait);
            while (Volatile.Read(ref _missing) > 0) spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    private sealed class Member : IDisposable
    {
        private readonly SemaphoreSlim _go = new(0);
        private readonly CountdownEvent _running;
        private readonly StartingLine _start;
        private readonly ActorSpace _space;
        private readonly Thread _thread;
        private IDictionary? _map; // Null asks the thread to end.
        private volatile bool _isBusy;
        private volatile ScriptRun? _result;
        private volatile bool _isInterrupted;

        public Member(ScriptProgram program, ScriptImports imports, StartingLine start, CountdownEvent running)
        {
            (Program, _start, _running) = (program, start, running);
            _space = new ActorSpace($"race {program.Name}", imports, isRewritten: false);
            _thread = new Thread(() => _space.Live(Work)) { IsBackground = true, Name = $"race {program.Name}" };
            _thread.Start();
        }

        public ScriptProgram Program { get; }

        public ScriptRun? Result => _result;

        public bool IsBusy => _isBusy;

        public void Prepare(IDictionary map) => (_map, _result, _isBusy) = (map, null, true);

        public void Release() => _go.Release();

        public void Interrupt()
        {
            _isInterrupted = true;
            _space.Interrupt();
        }

        public void Dispose()
        {
            _map = null;
            _go.Release();
            _thread.Join();
            _space.Dispose();
            _go.Dispose();
        }

        private bool Work()
        {
            while (true)
            {
                _go.Wait();
                if (_map is not { } map) return false;
                _isInterrupted = false;
                _start.Arrive();
                try
                {
                    _result = _space.Run(Program.Tree, map);
                }
                catch (PipelineStoppedException)
                {
                    _isInterrupted = true;
                }
                catch (Exception error)
                {
                    // An exception that left this thread would end the process. Nothing a script does comes here.
                    _result = new ScriptRun([], [OperationFault.Of(error)]);
                }

                // What was asked to stop may have ended by itself: its pipeline is over all the same.
                bool isOver = _isInterrupted;
                _isBusy = false;
                _running.Signal();
                if (isOver) return true;
            }
        }
    }
}
