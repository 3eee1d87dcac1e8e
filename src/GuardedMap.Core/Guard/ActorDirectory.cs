using System.Collections.Concurrent;

namespace GuardedMaps;

/// <summary>
/// Remembers what the host called a thread when it was last seen, so that a violation can name the runspace on the other side.
/// A host whose actors hop threads (a shell) reports itself at each operation that can afford it.
/// </summary>
public static class ActorDirectory
{
    private const int MaxRemembered = 4096;

    private static readonly ConcurrentDictionary<int, string> s_labels = new();

    /// <summary>Says that the calling thread now works for <paramref name="label"/>, or for nobody that has one. A few dozen nanoseconds. Thread-safe.</summary>
    public static void Report(string? label)
    {
        if (label is null)
        {
            // Threads' ids are used again: what the last one of this id was called is nobody's name now.
            s_labels.TryRemove(Environment.CurrentManagedThreadId, out _);
            return;
        }

        if (s_labels.Count >= MaxRemembered) s_labels.Clear();
        s_labels[Environment.CurrentManagedThreadId] = label;
    }

    internal static string? LabelOf(int thread) => s_labels.TryGetValue(thread, out string? label) ? label : null;
}
