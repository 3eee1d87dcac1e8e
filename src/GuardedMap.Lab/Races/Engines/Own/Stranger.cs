using System.Collections.Concurrent;

namespace GuardedMaps.Lab;

/// <summary>
/// A thread that owns no lock, to ask what such a thread would get. One for the process, made when it is first needed; a question that nobody waits for any more is
/// answered all the same.
/// </summary>
internal static class Stranger
{
    private static readonly ConcurrentQueue<Question> s_questions = new();
    private static readonly Baton s_come = new();
    private static readonly Lazy<Thread> s_thread = new(Start);

    /// <summary>Asks it, and waits for the answer.</summary>
    public static bool Ask(Func<bool> question)
    {
        _ = s_thread.Value;
        var asked = new Question(question);
        s_questions.Enqueue(asked);
        s_come.Pass();
        asked.Done.Take();
        return asked.Answer;
    }

    private static Thread Start()
    {
        Thread thread;
        using (ExecutionContext.SuppressFlow())
        {
            thread = new Thread(Answer) { IsBackground = true, Name = "GuardedMap: owns no lock" };
            thread.Start();
        }

        return thread;
    }

    private static void Answer()
    {
        while (true)
        {
            s_come.Take();
            while (s_questions.TryDequeue(out var question))
            {
                try
                {
                    question.Answer = question.What();
                }
                catch (ObjectDisposedException)
                {
                    question.Answer = true; // The call itself will say so to whoever makes it.
                }

                question.Done.Pass();
            }
        }
    }

    private sealed class Question(Func<bool> what)
    {
        public Func<bool> What { get; } = what;

        public Baton Done { get; } = new();

        public bool Answer { get; set; }
    }
}
