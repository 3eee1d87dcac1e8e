using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using System.Text.Json;

namespace GuardedMaps.Lab;

// The child process: this assembly's entry point. A race on an unguarded map may loop for ever, and a thread that loops
// can only be ended by ending its process; so such races run here.
//
// It is asked by one argument and answers in lines of JSON on its standard output. Its standard input carries nothing:
// it is the parent's lifeline. When the parent goes, however it goes, the input ends, and the child ends itself, also
// while its race threads loop. So no orphan is left to eat a processor.

/// <summary>The race child process.</summary>
internal static class RaceChild
{
    /// <summary>The first argument by which the parent says that it means it.</summary>
    public const string Verb = "race-child";

    /// <summary>The same for a child that runs something of its parent's, of which this library knows nothing but the method to call.</summary>
    public const string GuestVerb = "race-guest";

    private const int ParentIsGone = 3;
    private const int BadUsage = 2;
    private static readonly TimeSpan AliveInterval = TimeSpan.FromSeconds(0.2);

    public static int Main(string[] args)
    {
        if (args is [GuestVerb, var libraries, var assembly, var type, var method, var request])
        {
            ParentAssemblies.Use(libraries);
            return CallGuest(assembly, type, method, request);
        }

        if (args is not [Verb, var argument])
        {
            Console.Error.WriteLine("GuardedMap.Lab is a library. Its entry point is for the child processes in which it races unguarded maps, and is not started by hand: use 'guardedmap race' or Start-MapRace.");
            return BadUsage;
        }

        return Serve(() =>
        {
            var job = ChildRequest.FromArgument(argument).ToJob();
            return (onReport, onLook) => FreeRun.Run(job, onReport, onLook, CancellationToken.None);
        });
    }

    /// <summary>Runs trials and answers for them on the standard output, until they are done or the parent is gone.</summary>
    /// <param name="prepare">
    /// Reads what is asked and gives the run of it: told whom to hand a trial's report and what to call often, it returns
    /// false when a trial hung and its threads are still in it.
    /// </param>
    /// <returns>The exit code.</returns>
    public static int Serve(Func<Func<Action<TrialReport>, Action, bool>> prepare)
    {
        using var answers = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true, NewLine = "\n" };
        Console.SetOut(Console.Error); // Whatever else is printed in this process must not get between the answers.
        EndWithParent();
        try
        {
            var run = prepare();
            Write(answers, new ChildLine { Ready = RuntimeInformation.FrameworkDescription });
            RunAndReport(run, answers);
            return 0;
        }
        catch (Exception error)
        {
            // The child has no other way to be heard: its parent turns this line into an exception of its own.
            Write(answers, new ChildLine { Failed = $"{error.GetType().Name}: {error.Message}" });
            return 1;
        }
    }

    private static int CallGuest(string assembly, string type, string method, string request) =>
        (int)AssemblyLoadContext.Default.LoadFromAssemblyPath(assembly).GetType(type, throwOnError: true)!
            .GetMethod(method, BindingFlags.Public | BindingFlags.Static)!
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [request], null)!;

    private static void RunAndReport(Func<Action<TrialReport>, Action, bool> run, StreamWriter answers)
    {
        var sinceLast = Stopwatch.StartNew();
        bool ended = run(
            report =>
            {
                Write(answers, new ChildLine { Report = report });
                sinceLast.Restart();
            },
            () =>
            {
                if (sinceLast.Elapsed < AliveInterval) return;
                Write(answers, new ChildLine { Alive = true });
                sinceLast.Restart();
            });

        if (ended)
        {
            Write(answers, new ChildLine { Done = true });
            return;
        }

        // Hung: the parent has been told and kills this process. Leaving by return would wait for nobody either, but
        // the parent could then not tell a hang from a crash by looking at the process.
        Thread.Sleep(Timeout.Infinite);
    }

    private static void EndWithParent()
    {
        var lifeline = Console.OpenStandardInput();
        var thread = new Thread(() =>
        {
            Span<byte> nothing = stackalloc byte[16];
            while (lifeline.Read(nothing) > 0)
            {
                // Nobody writes here; should somebody, it means nothing.
            }

            Environment.Exit(ParentIsGone);
        })
        { IsBackground = true, Name = "lifeline" };
        thread.Start();
    }

    private static void Write(StreamWriter answers, ChildLine line)
    {
        try
        {
            answers.WriteLine(JsonSerializer.Serialize(line, ChildJson.Default.ChildLine));
        }
        catch (IOException)
        {
            // The pipe is broken: the parent is gone, and so is the reason to go on.
            Environment.Exit(ParentIsGone);
        }
    }
}
