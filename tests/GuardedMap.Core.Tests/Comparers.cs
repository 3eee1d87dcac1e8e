namespace GuardedMaps.Tests;

/// <summary>Comparers that stress the table: every key in one chain, or two hashes only, or a throw at a chosen call.</summary>
internal sealed class DegenerateComparer(int hash) : IEqualityComparer<int>
{
    public bool Equals(int x, int y) => x == y;

    public int GetHashCode(int obj) => hash;
}

/// <summary>Few hashes, many keys per hash.</summary>
internal sealed class FewHashesComparer(int hashes) : IEqualityComparer<int>
{
    public bool Equals(int x, int y) => x == y;

    public int GetHashCode(int obj) => obj % hashes;
}

/// <summary>Counts its calls and throws at one of them.</summary>
internal sealed class ThrowingComparer : IEqualityComparer<int>
{
    public int Calls { get; private set; }

    public int ThrowAt { get; set; } = -1;

    public bool Equals(int x, int y)
    {
        Count();
        return x == y;
    }

    public int GetHashCode(int obj)
    {
        Count();
        return obj & 3;
    }

    public void Restart(int throwAt)
    {
        Calls = 0;
        ThrowAt = throwAt;
    }

    private void Count()
    {
        if (Calls++ == ThrowAt) throw new ComparerException();
    }
}

internal sealed class ComparerException : Exception;

/// <summary>Calls back at each comparison: for code that re-enters the map.</summary>
internal sealed class CallbackComparer : IEqualityComparer<int>
{
    public Action? OnEquals { get; set; }

    public Action? OnHash { get; set; }

    public bool Equals(int x, int y)
    {
        OnEquals?.Invoke();
        return x == y;
    }

    public int GetHashCode(int obj)
    {
        OnHash?.Invoke();
        return 1;
    }
}

/// <summary>NaN is not equal to itself, as in Go and in IEEE 754; .NET's own comparer says otherwise.</summary>
internal sealed class IeeeComparer : IEqualityComparer<double>
{
#pragma warning disable CA2242, S1244 // Comparing as IEEE 754 does is the point.
    public bool Equals(double x, double y) => x == y;
#pragma warning restore CA2242, S1244

    public int GetHashCode(double obj) => obj == 0 ? 0 : obj.GetHashCode();
}
