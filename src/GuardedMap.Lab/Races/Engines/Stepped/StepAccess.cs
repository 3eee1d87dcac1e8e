using System.Runtime.CompilerServices;

namespace GuardedMaps.Lab;

// The accesses an actor stops before. Each is an awaiter of itself: IsCompleted asks whether to stop at all, Stop keeps the
// method, and GetResult, when the actor is resumed, makes the access. So the access is the beginning of the step, and what
// the method does with it, up to the next access, is the rest.

/// <summary>The part that is common to all accesses.</summary>
internal static class StepGate
{
    /// <summary>Whether the running actor may touch the memory at once: it is the actor's own, or nobody is being scheduled.</summary>
    public static bool Passes(StepMemory memory, int point, AccessKind kind, int index)
    {
        var world = memory.World;
        if (world?.Running is not { } actor || memory.Owner == actor.Index) return true;
        if (world.Turnstile is null) return false;
        world.Turnstile.Wait(actor, new Footprint(point, kind, memory.At(index)));
        return true;
    }

    public static void Stop(StepMemory memory, int point, AccessKind kind, int index, StepBox caller) =>
        memory.World!.Running!.Stop(new Footprint(point, kind, memory.At(index)), caller);
}

/// <summary>Reads one element.</summary>
internal readonly struct ReadStep<T>(Cells<T> cells, int index, int point) : ICriticalNotifyCompletion, IStepAwaiter
{
    public bool IsCompleted => StepGate.Passes(cells, point, AccessKind.Read, index);

    public ReadStep<T> GetAwaiter() => this;

    public T GetResult() => cells.Get(index);

    public void Stop(StepBox caller) => StepGate.Stop(cells, point, AccessKind.Read, index, caller);

    public void OnCompleted(Action continuation) => throw new NotSupportedException();

    public void UnsafeOnCompleted(Action continuation) => throw new NotSupportedException();
}

/// <summary>Writes one element; the result is what was written.</summary>
internal readonly struct WriteStep<T>(Cells<T> cells, int index, int point, T value) : ICriticalNotifyCompletion, IStepAwaiter
{
    public bool IsCompleted => StepGate.Passes(cells, point, AccessKind.Write, index);

    public WriteStep<T> GetAwaiter() => this;

    public T GetResult()
    {
        cells.Set(index, value);
        return value;
    }

    public void Stop(StepBox caller) => StepGate.Stop(cells, point, AccessKind.Write, index, caller);

    public void OnCompleted(Action continuation) => throw new NotSupportedException();

    public void UnsafeOnCompleted(Action continuation) => throw new NotSupportedException();
}

/// <summary>What an atomic instruction does.</summary>
internal enum Atomic : byte
{
    CompareExchange,
    Exchange,
    And,
    Or,
}

/// <summary>Reads and writes one element in one step; the result is what was there before.</summary>
internal readonly struct AtomicStep<T>(Cells<T> cells, int index, int point, T value, T comparand, Atomic kind) : ICriticalNotifyCompletion, IStepAwaiter
{
    public bool IsCompleted => StepGate.Passes(cells, point, AccessKind.Write, index);

    public AtomicStep<T> GetAwaiter() => this;

    public T GetResult()
    {
        T before = cells.Get(index);
        switch (kind)
        {
            case Atomic.CompareExchange:
                if (EqualityComparer<T>.Default.Equals(before, comparand)) cells.Set(index, value);
                break;
            case Atomic.Exchange:
                cells.Set(index, value);
                break;
            default:
                long left = (long)(object)before!;
                long right = (long)(object)value!;
                cells.Set(index, (T)(object)(kind == Atomic.And ? left & right : left | right));
                break;
        }

        return before;
    }

    public void Stop(StepBox caller) => StepGate.Stop(cells, point, AccessKind.Write, index, caller);

    public void OnCompleted(Action continuation) => throw new NotSupportedException();

    public void UnsafeOnCompleted(Action continuation) => throw new NotSupportedException();
}

/// <summary>Waits, as a spinning thread does, until another actor has written something.</summary>
internal readonly struct SpinStep(StepWorld world, int point) : ICriticalNotifyCompletion, IStepAwaiter
{
    public bool IsCompleted
    {
        get
        {
            if (world.Running is not { } actor) return true;
            // What it looked at before may have changed before it came here. Once it has looked at everything again since it was here
            // last, and nothing has been written meanwhile, only a write can help.
            actor.WaitsForWrites = actor.WritesAtSpin == world.Writes ? world.Writes : null;
            actor.WritesAtSpin = world.Writes;
            if (world.Turnstile is null) return false;
            world.Turnstile.Wait(actor, new Footprint(point, AccessKind.None, 0));
            return true;
        }
    }

    public SpinStep GetAwaiter() => this;

    public void GetResult()
    {
        if (world.Running is not { } actor) return;
        actor.WaitsForWrites = null;
        actor.Saw(ulong.MaxValue);
    }

    public void Stop(StepBox caller) => world.Running!.Stop(new Footprint(point, AccessKind.None, 0), caller);

    public void OnCompleted(Action continuation) => throw new NotSupportedException();

    public void UnsafeOnCompleted(Action continuation) => throw new NotSupportedException();
}

/// <summary>
/// Stands where the source throws. With nothing around it that must run on the way out, the operation simply never
/// goes on: an exception that nobody looks at would cost more than the whole schedule.
/// </summary>
internal readonly struct ThrowStep(StepWorld world, Exception error) : ICriticalNotifyCompletion, IStepAwaiter
{
    public bool IsCompleted => world.Running is not { TryDepth: 0 } || world.Turnstile is not null;

    public ThrowStep GetAwaiter() => this;

    public Exception GetResult() => error;

    public void Stop(StepBox caller) => world.Running!.GiveUp(error, caller);

    public void OnCompleted(Action continuation) => throw new NotSupportedException();

    public void UnsafeOnCompleted(Action continuation) => throw new NotSupportedException();
}
