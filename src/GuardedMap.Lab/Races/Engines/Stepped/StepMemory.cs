using System.Diagnostics.CodeAnalysis;

namespace GuardedMaps.Lab;

/// <summary>A piece of memory that actors may share: a field or an array.</summary>
internal abstract class StepMemory : IStepShared
{
    /// <summary>The owner of what everybody can touch.</summary>
    public const int Shared = -1;

    private bool _isKept;
    private bool _isTouched;

    protected StepMemory(StepWorld? world, int length, string name)
    {
        (World, Length, Name) = (world, length, name);
        (Location, Owner) = world?.Admit(this, length) ?? (0, 0);
    }

    /// <summary>Null for memory that is never shared.</summary>
    public StepWorld? World { get; }

    public int Length { get; }

    public string Name { get; }

    /// <summary>The first of its locations.</summary>
    public long Location { get; }

    public long Identity => Location;

    /// <summary>The actor that alone can touch it, or <see cref="Shared"/>.</summary>
    public int Owner { get; private set; }

    /// <summary>The location of an element; unknown for one that does not exist.</summary>
    public long At(int index) => (uint)index < (uint)Length ? Location + index : Footprint.Anywhere;

    public void Share()
    {
        if (Owner == Shared || World is null) return;
        Owner = Shared;
        ShareContent();
    }

    /// <summary>Lets one actor touch it without steps: the iterator of one actor is nobody else's.</summary>
    public void GiveTo(int actor) => Owner = actor;

    /// <summary>What an element holds, for pictures.</summary>
    public abstract object? Show(int index);

    public virtual void Keep() => _isKept = true;

    public virtual void Restore() => _isTouched = false;

    /// <summary>What the runtime throws for an index beyond an array.</summary>
    [SuppressMessage("Usage", "CA2201:Do not raise reserved exception types", Justification = "It stands for the runtime's own.")]
    public static Exception Stumble(string message = "The index lies beyond the array.") => new IndexOutOfRangeException(message);

    protected abstract void ShareContent();

    protected void Touch()
    {
        if (!_isKept || _isTouched) return;
        _isTouched = true;
        World!.Touched(this);
    }
}

/// <summary>Memory of elements of one type. A field is one element.</summary>
internal sealed class Cells<T> : StepMemory
{
    public static readonly Cells<T> Empty = new(null, 0, "empty");

    private readonly T[] _items;
    private T[]? _kept;

    public Cells(StepWorld? world, int length, string name)
        : base(world, length, name) => _items = new T[length];

    /// <summary>The only element, touched without a step: for setups, oracles and initialisers.</summary>
    public T Value
    {
        get => _items[0];
        set => Set(0, value);
    }

    public T this[int index]
    {
        get => _items[index];
        set => Set(index, value);
    }

    public ReadStep<T> Read(int point) => new(this, 0, point);

    public ReadStep<T> Read(int point, int index) => new(this, index, point);

    public WriteStep<T> Write(int point, T value) => new(this, 0, point, value);

    public CellRef<T> Ref(int index) => new(this, index);

    public CellSpan<T> AsSpan() => new(this, 0, Length);

    public CellSpan<T> AsSpan(int start, int length) => (uint)start <= (uint)Length && (uint)length <= (uint)(Length - start)
        ? new CellSpan<T>(this, start, length)
        : throw new ArgumentOutOfRangeException(nameof(start));

    public WriteStep<T> Write(int point, int index, T value) => new(this, index, point, value);

    /// <summary>A copy, made element by element.</summary>
    public async Step<Cells<T>> Copy(int point)
    {
        if (Length == 0) return this;
        var copy = StepWorld.Array<T>(Length);
        for (int i = 0; i < Length; i++) copy._items[i] = await Read(point, i);
        return copy;
    }

    public void Set(int index, T value)
    {
        if (Owner == Shared && World is { } world)
        {
            world.Wrote(Location + index, StepFold.Bits(_items[index]), StepFold.Bits(value));
            _items[index] = value;
            Touch();
            if (!typeof(T).IsValueType && value is IStepShared shared) shared.Share();
            return;
        }

        _items[index] = value;
        Touch();
    }

    /// <summary>Reads as a step of the running actor, whose history it becomes part of.</summary>
    public T Get(int index)
    {
        T value = _items[index];
        if (Owner == Shared && World?.Running is { } actor) actor.Saw(StepFold.Bits(value));
        return value;
    }

    public override object? Show(int index) => (uint)index < (uint)Length ? _items[index] : null;

    public override void Keep()
    {
        base.Keep();
        _kept = (T[])_items.Clone();
    }

    public override void Restore()
    {
        base.Restore();
        if (_items.Length == 1) _items[0] = _kept![0];
        else _kept!.CopyTo(_items, 0);
    }

    protected override void ShareContent()
    {
        for (int i = 0; i < _items.Length; i++) World!.Appeared(Location + i, StepFold.Bits(_items[i]));
        if (typeof(T).IsValueType) return;
        foreach (var item in _items) (item as IStepShared)?.Share();
    }
}

/// <summary>A reference to one element, as <c>ref T</c> is.</summary>
internal readonly struct CellRef<T>(Cells<T> cells, int index)
{
    public static implicit operator CellRef<T>(Cells<T> field) => new(field, 0);

    /// <summary>A reference to the element so many places on.</summary>
    public CellRef<T> Behind(int places) => new(cells, index + places);

    public ReadStep<T> Read(int point) => new(cells, index, point);

    public WriteStep<T> Write(int point, T value) => new(cells, index, point, value);

    public AtomicStep<T> CompareExchange(int point, T value, T comparand) => new(cells, index, point, value, comparand, Atomic.CompareExchange);

    public AtomicStep<T> Exchange(int point, T value) => new(cells, index, point, value, default!, Atomic.Exchange);

    public AtomicStep<T> And(int point, T value) => new(cells, index, point, value, default!, Atomic.And);

    public AtomicStep<T> Or(int point, T value) => new(cells, index, point, value, default!, Atomic.Or);
}

/// <summary>Some elements in a row, as <c>Span&lt;T&gt;</c> is.</summary>
internal readonly struct CellSpan<T>(Cells<T> cells, int start, int length)
{
    public int Length => length;

    public bool IsEmpty => length == 0;

    public CellRef<T> Ref(int index) => (uint)index < (uint)length ? new CellRef<T>(cells, start + index) : throw StepMemory.Stumble();

    /// <summary>Sets all elements to zero, one by one.</summary>
    public async Step<None> Clear(int point)
    {
        for (int i = 0; i < length; i++) await cells.Write(point, start + i, default!);
        return default;
    }

    /// <summary>Copies all elements, one by one. The target must be the actor's own.</summary>
    public async Step<None> CopyTo(int point, Cells<T> target)
    {
        for (int i = 0; i < length; i++) target[i] = await cells.Read(point, start + i);
        return default;
    }
}

/// <summary>Memory of entries: the keys and the values, each a location of its own, as they are in a struct of two fields.</summary>
internal sealed class SlotCells(Cells<int> keys, Cells<long> values) : IStepShared
{
    public static readonly SlotCells Empty = new(Cells<int>.Empty, Cells<long>.Empty);

    public Cells<int> Keys => keys;

    public Cells<long> Values => values;

    public int Length => keys.Length;

    public long Identity => keys.Location;

    public SlotRef Ref(int index) => (uint)index < (uint)Length ? new SlotRef(this, index) : throw StepMemory.Stumble();

    public SlotSpan AsSpan() => new(this, 0, Length);

    public SlotSpan AsSpan(int start, int length) => (uint)start <= (uint)Length && (uint)length <= (uint)(Length - start)
        ? new SlotSpan(this, start, length)
        : throw new ArgumentOutOfRangeException(nameof(start));

    public async Step<SlotCells> Copy(int point)
    {
        if (Length == 0) return this;
        var copy = StepWorld.Slots(Length);
        await AsSpan().CopyTo(point, copy);
        return copy;
    }

    public void Share()
    {
        keys.Share();
        values.Share();
    }
}

/// <summary>A reference to one entry, as <c>ref Slot</c> is; the default is the null reference.</summary>
internal readonly struct SlotRef(SlotCells slots, int index)
{
    public SlotCells Slots => slots;

    public int Index => index;

    /// <summary>The bytes of an entry of an int and a long.</summary>
    public const int Size = 16;

    public bool IsNull => slots is null;

    /// <summary>How far it lies behind the first entry of an array; of another array than its own that may be anything, and is far.</summary>
    public nint DistanceFrom(SlotCells array) => ReferenceEquals(slots, array) ? index * Size : nint.MaxValue;

    public CellRef<int> Key => slots.Keys.Ref(index);

    public CellRef<long> Value => slots.Values.Ref(index);

    public async Step<Slot<int, long>> Read(int keyPoint, int valuePoint) =>
        new() { Key = await Key.Read(keyPoint), Value = await Value.Read(valuePoint) };

    public async Step<None> Write(int keyPoint, int valuePoint, Slot<int, long> entry)
    {
        await Key.Write(keyPoint, entry.Key);
        await Value.Write(valuePoint, entry.Value);
        return default;
    }
}

/// <summary>Some entries in a row, as <c>Span&lt;Slot&gt;</c> is.</summary>
internal readonly struct SlotSpan(SlotCells slots, int start, int length)
{
    public int Length => length;

    public SlotRef Ref(int index) => (uint)index < (uint)length ? new SlotRef(slots, start + index) : throw StepMemory.Stumble();

    public async Step<None> Clear(int point)
    {
        for (int i = start; i < start + length; i++)
        {
            await slots.Keys.Write(point, i, 0);
            await slots.Values.Write(point, i, 0);
        }

        return default;
    }

    public async Step<None> CopyTo(int point, SlotCells target)
    {
        for (int i = 0; i < length; i++)
        {
            target.Keys[i] = await slots.Keys.Read(point, start + i);
            target.Values[i] = await slots.Values.Read(point, start + i);
        }

        return default;
    }
}
