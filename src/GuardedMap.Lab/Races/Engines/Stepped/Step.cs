using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace GuardedMaps.Lab;

// How production code is stopped before each access to shared memory, on one thread.
//
// The steppers under Generated/ are the map's own methods with one change: where the source touches memory that another
// thread may touch, they await. C# then keeps the method's place and its locals, as it does for any async method, and
// the methods that called it wait in turn. There are no tasks, no threads and no synchronisation context: a Step is
// completed by whoever resumes the actor, on the spot.
//
//   actor A:   Store ─▶ StoreFast ─▶ Find ─▶ FindIn      awaits "read control word 0"
//              └── waiting ──┴── waiting ──┘  └── its box is the actor's continuation: one MoveNext makes the access and
//                                                 runs on to the next await
//
// A method that never has to stop completes at once and costs no allocation.

/// <summary>What an actor resumes: a method that stopped, with all its locals.</summary>
internal abstract class StepBox
{
    /// <summary>The method that waits for this one; null for an actor's program.</summary>
    public StepBox? Caller { get; set; }

    /// <summary>The method's state machine, whose type bears the method's name.</summary>
    public abstract Type Method { get; }

    /// <summary>Runs on to the next stop or to the end.</summary>
    public abstract void Resume();
}

/// <summary>A stopped method with a result.</summary>
internal abstract class StepBox<T> : StepBox
{
    private T? _result;

    public bool IsCompleted { get; private set; }

    public Exception? Error { get; private set; }

    public T Result
    {
        get
        {
            if (Error is not null) ExceptionDispatchInfo.Throw(Error);
            return _result!;
        }
    }

    public void Complete(T result)
    {
        _result = result;
        IsCompleted = true;
        Caller?.Resume();
    }

    public void Fail(Exception error)
    {
        Error = error;
        IsCompleted = true;
        Caller?.Resume();
    }
}

/// <inheritdoc/>
internal sealed class StepBox<T, TMachine> : StepBox<T>
    where TMachine : IAsyncStateMachine
{
    [SuppressMessage("Design", "CA1051:Do not declare visible instance fields", Justification = "A state machine is a struct and must be resumed in place.")]
    public TMachine Machine = default!;

    public override Type Method => typeof(TMachine);

    public override void Resume() => Machine.MoveNext();
}

/// <summary>Nothing, as a result.</summary>
internal readonly struct None;

/// <summary>What a stepped method returns: its result, or the promise of it.</summary>
[AsyncMethodBuilder(typeof(StepBuilder<>))]
internal readonly struct Step<T>
{
    private readonly StepBox<T>? _box;
    private readonly T _result;
    private readonly Exception? _error;

    public Step(StepBox<T> box) => (_box, _result, _error) = (box, default!, null);

    public Step(T result) => (_box, _result, _error) = (null, result, null);

    public Step(Exception error) => (_box, _result, _error) = (null, default!, error);

    /// <summary>The method where it stopped; null when it did not.</summary>
    public StepBox<T>? Box => _box;

    /// <summary>What a method that did not stop threw.</summary>
    public Exception? Error => _error;

    public Awaiter GetAwaiter() => new(this);

    /// <summary>The result of a method run where nothing stops: in a setup, an oracle or on a thread of its own.</summary>
    public T Now()
    {
        if (_box is { IsCompleted: false }) throw new InvalidOperationException("The stepped method has stopped before an access; only an actor of a schedule may.");
        return GetAwaiter().GetResult();
    }

    internal readonly struct Awaiter(Step<T> step) : ICriticalNotifyCompletion, IStepAwaiter
    {
        public bool IsCompleted => step._box is not { IsCompleted: false };

        public T GetResult()
        {
            if (step._box is { } box) return box.Result;
            if (step._error is { } error) ExceptionDispatchInfo.Throw(error);
            return step._result;
        }

        public void Stop(StepBox caller) => step._box!.Caller = caller;

        public void OnCompleted(Action continuation) => throw new NotSupportedException("Stepped methods are awaited by stepped methods only.");

        public void UnsafeOnCompleted(Action continuation) => throw new NotSupportedException("Stepped methods are awaited by stepped methods only.");
    }
}

/// <summary>What a stepped method may wait for.</summary>
internal interface IStepAwaiter
{
    /// <summary>Keeps the method that waits.</summary>
    void Stop(StepBox caller);
}

/// <summary>Builds stepped methods; the compiler calls it.</summary>
[SuppressMessage("Performance", "CA1822:Mark members as static", Justification = "The compiler expects instance members.")]
internal struct StepBuilder<T>
{
    private StepBox<T>? _box;
    private T _result;
    private Exception? _error;

    public readonly Step<T> Task => _box is not null ? new Step<T>(_box) : _error is not null ? new Step<T>(_error) : new Step<T>(_result);

    public static StepBuilder<T> Create() => default;

    public readonly void Start<TMachine>(ref TMachine machine)
        where TMachine : IAsyncStateMachine => machine.MoveNext();

    public readonly void SetStateMachine(IAsyncStateMachine machine)
    {
        // Only debug builds of other builders need it.
    }

    public void SetResult(T result)
    {
        if (_box is null) _result = result;
        else _box.Complete(result);
    }

    public void SetException(Exception error)
    {
        if (_box is null) _error = error;
        else _box.Fail(error);
    }

    public void AwaitOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine)
        where TAwaiter : INotifyCompletion
        where TMachine : IAsyncStateMachine => ((IStepAwaiter)awaiter).Stop(Box(ref machine));

    public void AwaitUnsafeOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine)
        where TAwaiter : ICriticalNotifyCompletion
        where TMachine : IAsyncStateMachine => ((IStepAwaiter)awaiter).Stop(Box(ref machine));

    private StepBox<T> Box<TMachine>(ref TMachine machine)
        where TMachine : IAsyncStateMachine
    {
        if (_box is { } present) return present;
        var box = new StepBox<T, TMachine>();
        // This builder is part of the machine: it must know its box before the machine is copied into it.
        _box = box;
        box.Machine = machine;
        return box;
    }
}
