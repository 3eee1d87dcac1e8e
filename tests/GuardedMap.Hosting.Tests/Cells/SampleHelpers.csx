// What the pages say that their samples have: Print.Error, and a comparer that writes.
using System.Threading;
using GuardedMaps;

public static class Print
{
    public static void Error(Action action)
    {
        try
        {
            action();
        }
        catch (MapViolationException violation)
        {
            Console.WriteLine(violation.Message);
        }
    }
}

public sealed class NosyComparer : IEqualityComparer<string>
{
    public static Action Nose { get; set; }

    public bool Equals(string x, string y)
    {
        Poke();
        return x == y;
    }

    public int GetHashCode(string text)
    {
        Poke();
        return text.GetHashCode();
    }

    private static void Poke()
    {
        var nose = Nose;
        Nose = null;
        nose?.Invoke();
    }
}
