using System.Globalization;

namespace GuardedMaps.Lab;

// A token's schedule once more, with a real thread for each actor.
//
// The threads run the same steppers as the search, only that none of their awaits ever stops the method: where the search keeps the
// method and lets another actor go on, here the thread parks, on a stack of its own, until it is its turn.
//
//   coordinator    turn: A ──────────────▶ turn: B ─────────▶ turn: A
//   thread of A         read control 0 ▶ parks                     write key ▶ parks
//   thread of B    parked                      read control 0 ▶ parks
//
// What that proves: that the outcome is one of the code's and no artefact of how methods are suspended. What it does not: the
// steppers are made of the production source, statement by statement, but they are not the production assembly, whose
// accesses cannot be stopped at without changing it. And one thread at a time still means sequentially consistent orders.

/// <summary>What a replay on threads led to.</summary>
public sealed record ThreadReplay
{
    // A thread that has its turn does microseconds of work. One that is not back after this is not coming back.
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(30);

    /// <summary>The token that was replayed.</summary>
    public required ScheduleToken Token { get; init; }

    /// <summary>How it ended.</summary>
    public required ScheduleOutcome Outcome { get; init; }

    /// <summary>How many steps were made.</summary>
    public required int Steps { get; init; }

    /// <summary>The managed id of each actor's thread.</summary>
    public required IReadOnlyList<int> ThreadIds { get; init; }

    /// <summary>The threads themselves, where they were started for this replay: they have ended with it.</summary>
    internal IReadOnlyList<Thread> Threads { get; init; } = [];

    /// <summary>The first violation, with the threads' own stacks; null when nobody was refused.</summary>
    public RaceViolation? Violation { get; init; }

    /// <summary>What the table did, in the order in which it was done.</summary>
    public required IReadOnlyList<MapEvent> Events { get; init; }

    /// <summary>Replays a token of a race over the map.</summary>
    /// <exception cref="ScheduleTokenException">The token is stale or fits no model.</exception>
    /// <exception cref="ArgumentException">The token is of a model that is not over the map.</exception>
    public static ThreadReplay Run(ScheduleToken token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var of = RaceModels.For(token);
        if (of is RacedModel) return OfThreads(of, token);
        if (of is not SteppedModel model)
            throw new ArgumentException($"The token '{token}' is of whole operations, or of no map at all. What can be replayed on threads is what was explored access by access, on this project's maps: explore it with the grain {RaceGrain.Access}.", nameof(token));

        // The stepper first: it says whether the schedule fits, and it makes runs to the end into numbers.
        var stepper = ScheduleReplay.Of(model, token);
        stepper.ToEnd();
        int[] order = [.. stepper.Run.Runs.SelectMany(r => Enumerable.Repeat(r.Actor, r.Steps))];
        return new Coordinator(model, token).Run(order);
    }

    // Those run on threads in the first place.
    private static ThreadReplay OfThreads(RaceModel model, ScheduleToken token)
    {
        var replay = ScheduleReplay.Of(model, token);
        var outcome = replay.ToEnd();
        return new ThreadReplay { Token = token, Outcome = outcome, Steps = replay.Run.Runs.Sum(r => r.Steps), ThreadIds = ((RacedRun)replay.Machine).ThreadIds, Events = [] };
    }

    private sealed class Coordinator : IStepTurnstile
    {
        private readonly ScheduleToken _token;
        private readonly SteppedModel _model;
        private readonly SteppedRun _run;
        private readonly Parked[] _actors;
        private readonly MapObserver _observer = new(capacity: 10_000);
        private bool _isOver;
        private RaceViolation? _violation;

        public Coordinator(SteppedModel model, ScheduleToken token)
        {
            (_model, _token) = (model, token);
            _run = new SteppedRun(model);
            _run.PutBack();
            foreach (var hand in _run.Hands) hand.Reset();
            _run.World.Turnstile = this;
            _run.World.Observer = _observer;
            _actors = [.. _run.Actors.Select(a => new Parked(a))];
        }

        public ThreadReplay Run(int[] order)
        {
            int made = 0;
            try
            {
                foreach (var actor in _actors) Begin(actor);
                foreach (int index in order)
                {
                    made++;
                    _run.Hands[index].StepBegins(made, [.. _run.Hands]);
                    Go(_actors[index]);
                }
            }
            finally
            {
                End();
            }

            // Judging looks things up once more, which is no part of the race.
            var events = _observer.Events();
            return new ThreadReplay
            {
                Token = _token,
                Outcome = _run.Actors.All(a => a.IsFinished || a.IsWaiting) ? _run.Judge() : ScheduleOutcome.Livelock,
                Steps = made,
                ThreadIds = [.. _actors.Select(a => a.Thread!.ManagedThreadId)],
                Threads = [.. _actors.Select(a => a.Thread!)],
                Violation = _violation,
                Events = events,
            };
        }

        public void Wait(StepActor actor, Footprint next)
        {
            var me = _actors[actor.Index];
            me.Stack = StackLines(Environment.StackTrace);
            me.Back.Pass();
            me.Turn.Take();
            if (_isOver) throw new OperationCanceledException("The schedule is over.");
        }

        private static string[] StackLines(string? stack) =>
            [.. (stack ?? "").Split('\n').Select(l => l.Trim()).Where(l => l.Contains("Stepped", StringComparison.Ordinal) || l.Contains(nameof(RaceHand), StringComparison.Ordinal))];

        private void Begin(Parked actor)
        {
            actor.Thread = new Thread(() => Act(actor)) { IsBackground = true, Name = string.Create(CultureInfo.InvariantCulture, $"race actor {Schedule.Letter(actor.Actor.Index)}") };
            _run.World.Running = actor.Actor;
            actor.Thread.Start();
            Await(actor);
        }

        private void Act(Parked actor)
        {
            StepWorld.Current = _run.World;
            var step = _run.Act(actor.Actor.Index);
            var error = step.Box?.Error ?? step.Error;
            if (!_isOver)
            {
                actor.Actor.Finish(error);
                if (error is StepViolationException violation) Keep(actor, violation);
                actor.IsDone = true;
            }

            actor.Back.Pass();
        }

        private void Keep(Parked actor, StepViolationException error)
        {
            if (_violation is not null) return;
            _violation = new RaceViolation
            {
                Kind = error.Kind.ToString(),
                Message = SteppedRun.Note(actor.Actor.Index, error),
                Current = new RaceSide(actor.Actor.Index, _run.OperationOf(actor.Actor.Index), _run.Hands[actor.Actor.Index].Step, StackLines(error.StackTrace)),
                Previous = error.Holder < 0 ? null : new RaceSide(error.Holder, _run.OperationOf(error.Holder), _run.Hands[error.Holder].Step, _actors[error.Holder].Stack),
            };
        }

        private void Go(Parked actor)
        {
            if (actor.IsDone)
                throw new ScheduleTokenException($"On threads the schedule of '{_token}' went another way than on the stepper: {Schedule.Letter(actor.Actor.Index)} was done too early. That is a bug in the lab.");
            _run.World.Running = actor.Actor;
            actor.Turn.Pass();
            Await(actor);
        }

        private void Await(Parked actor)
        {
            if (!actor.Back.Take(LongestStep))
                throw new RaceModelException($"On threads {Schedule.Letter(actor.Actor.Index)} of {_model} did not come back from a step within {LongestStep.TotalSeconds:0} s.");
            _run.World.Running = null;
        }

        // Whoever still waits is sent home; no thread outlives the replay.
        private void End()
        {
            _isOver = true;
            foreach (var actor in _actors)
            {
                while (actor.Thread is { IsAlive: true } thread && !thread.Join(TimeSpan.FromMilliseconds(actor.IsDone ? 50 : 1)))
                {
                    _run.World.Running = actor.Actor;
                    actor.Turn.Pass();
                }
            }

            _run.World.Running = null;
            _run.World.Turnstile = null;
        }

        private sealed class Parked(StepActor actor)
        {
            public StepActor Actor => actor;

            public Thread? Thread { get; set; }

            public Baton Turn { get; } = new();

            public Baton Back { get; } = new();

            public bool IsDone { get; set; }

            public IReadOnlyList<string> Stack { get; set; } = [];
        }
    }
}
