namespace GuardedMaps.Tests.Throwing;

/// <summary>Somebody else's code, wherever a map calls it: comparers, factories, the equality of values. It counts its calls and throws at one of them.</summary>
internal sealed class ForeignCode
{
    public int Calls { get; private set; }

    /// <summary>The call that throws; -1 for none.</summary>
    public int ThrowAt { get; private set; } = -1;

    public void Restart(int throwAt) => (Calls, ThrowAt) = (0, throwAt);

    public void Call()
    {
        if (Calls++ == ThrowAt) throw new ComparerException();
    }
}

/// <summary>Compares keys, by equality and by order, as foreign code.</summary>
internal sealed class ForeignComparer<TKey>(ForeignCode code) : IEqualityComparer<TKey>, IComparer<TKey>
    where TKey : notnull
{
    public bool Equals(TKey? x, TKey? y)
    {
        code.Call();
        return EqualityComparer<TKey>.Default.Equals(x, y);
    }

    public int GetHashCode(TKey obj)
    {
        code.Call();
        return obj.GetHashCode() & 15;
    }

    public int Compare(TKey? x, TKey? y)
    {
        code.Call();
        return Comparer<TKey>.Default.Compare(x, y);
    }
}

/// <summary>A value whose equality is foreign code.</summary>
internal sealed class ForeignValue(ForeignCode code, long number) : IEquatable<ForeignValue>
{
    public long Number => number;

    public bool Equals(ForeignValue? other)
    {
        code.Call();
        return other is not null && other.Number == number;
    }

    public override bool Equals(object? obj) => Equals(obj as ForeignValue);

    public override int GetHashCode() => (int)number;
}
