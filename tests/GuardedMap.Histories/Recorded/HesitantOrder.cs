using GuardedMaps.Lab;

namespace GuardedMaps.Tests.Histories;

/// <summary>
/// Compares numbers, and lingers now and then: every map asks its comparer in the middle of an operation, between looking for a place and taking
/// it, which is where another thread should come.
/// </summary>
internal sealed class HesitantOrder : IComparer<int>, IEqualityComparer<int>
{
    private const int QuestionsBetweenSpins = 4;
    private const int QuestionsBetweenYields = 256;

    [ThreadStatic]
    private static uint t_questions;

    public static HesitantOrder Instance { get; } = new();

    public int Compare(int x, int y)
    {
        Linger();
        return x.CompareTo(y);
    }

    public bool Equals(int x, int y)
    {
        Linger();
        return x == y;
    }

    public int GetHashCode(int obj)
    {
        Linger();
        return obj;
    }

    private static void Linger()
    {
        uint question = ++t_questions;
        if (question % QuestionsBetweenYields == 0) Thread.Yield();
        else if (question % QuestionsBetweenSpins == 0) Thread.SpinWait((int)(question % 61));
    }
}
