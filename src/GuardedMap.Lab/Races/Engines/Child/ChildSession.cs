using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace GuardedMaps.Lab;

/// <summary>One child process, from its start to its end: its lines, its last words, and the certainty that it is gone when this is disposed of.</summary>
internal sealed class ChildSession : IDisposable
{
    private const int LastWordsLength = 2_000;

    private readonly Process _process;
    private readonly string? _scratch;
    private readonly BlockingCollection<ChildLine> _lines = [];
    private readonly StringBuilder _lastWords = new();
    private readonly Thread _reader;
    private bool _isGone;

    private ChildSession(Process process, string? scratch)
    {
        _process = process;
        _scratch = scratch;
        process.ErrorDataReceived += (_, e) => Remember(e.Data);
        process.BeginErrorReadLine();
        _reader = new Thread(ReadLines) { IsBackground = true, Name = "race child reader" };
        _reader.Start();
    }

    public int ProcessId => _process.Id;

    /// <summary>What the child wrote to its standard error, the end of it.</summary>
    public string LastWords
    {
        get
        {
            lock (_lastWords) return _lastWords.ToString().Trim();
        }
    }

    /// <summary>Starts a child under the given host.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The host cannot be started.</exception>
    public static ChildSession Start(ChildHost host, ChildRequest request) => Start(host, _ => [RaceChild.Verb, request.ToArgument()]);

    /// <summary>Starts a child that finds this process's libraries, and has it call a method of one of them.</summary>
    /// <param name="host">The dotnet command of this process's own runtime.</param>
    /// <param name="method">A public static method that takes the request and returns the exit code.</param>
    /// <param name="request">The request, one word.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The host cannot be started.</exception>
    public static ChildSession StartGuest(ChildHost host, MethodInfo method, string request) => Start(host, scratch =>
    {
        string libraries = Path.Combine(scratch, "libraries.json");
        ParentAssemblies.Write(libraries);
        return [RaceChild.GuestVerb, libraries, method.DeclaringType!.Assembly.Location, method.DeclaringType.FullName!, method.Name, request];
    });

    private static ChildSession Start(ChildHost host, Func<string, string[]> arguments)
    {
        string scratch = Directory.CreateTempSubdirectory("guardedmap-race-").FullName;
        try
        {
            string runtimeConfig = Path.Combine(scratch, "race.runtimeconfig.json");
            File.WriteAllText(runtimeConfig, host.RuntimeConfig());
            return Start(host.Command(typeof(ChildSession).Assembly.Location, runtimeConfig, arguments(scratch)), scratch);
        }
        catch
        {
            DeleteScratch(scratch);
            throw;
        }
    }

    /// <summary>Starts a child by its command line.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The program cannot be started.</exception>
    public static ChildSession Start(ProcessStartInfo start) => Start(start, scratch: null);

    private static ChildSession Start(ProcessStartInfo start, string? scratch)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.StandardOutputEncoding = Encoding.UTF8;
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        var process = Process.Start(start) ?? throw new RaceChildException($"'{start.FileName}' could not be started.");
        return new ChildSession(process, scratch);
    }

    /// <summary>The next line. Null when none came within the limit or before the cancellation, or none will come any more: see <see cref="HasEnded"/>.</summary>
    public ChildLine? Next(TimeSpan limit, CancellationToken cancellation)
    {
        try
        {
            return _lines.TryTake(out var line, (int)Math.Min(limit.TotalMilliseconds, int.MaxValue), cancellation) ? line : null;
        }
        catch (OperationCanceledException)
        {
            return null; // The callers look at the token themselves.
        }
    }

    /// <summary>True when the child has closed its output and every line has been taken.</summary>
    public bool HasEnded => _lines.IsCompleted;

    /// <summary>How the process ended; waits for it a moment.</summary>
    public string DescribeEnd()
    {
        bool exited = _process.WaitForExit(TimeSpan.FromSeconds(5));
        if (exited) _process.WaitForExit(); // Only this one waits until the last words have been read, too.
        string words = LastWords;
        return (exited ? $"exit code {_process.ExitCode}" : "its output closed but the process still running") + (words.Length > 0 ? $"; its last words: {words}" : "");
    }

    /// <summary>Ends the process, whatever it does, and waits until it is gone.</summary>
    public void Dispose()
    {
        if (_isGone) return;
        _isGone = true;
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself between the last look and now, which is what was wanted.
        }

        _process.WaitForExit();
        _reader.Join();
        _process.Dispose();
        if (_scratch is not null) DeleteScratch(_scratch);
    }

    private void ReadLines()
    {
        var output = _process.StandardOutput;
        string? unreadable = null;
        try
        {
            while (output.ReadLine() is { } text)
            {
                if (unreadable is not null)
                {
                    _lines.Add(new ChildLine { Failed = $"An answer cannot be read: {unreadable}" });
                    return;
                }

                if (!text.StartsWith('{')) Remember(text); // A host may print something of its own before ours begins.
                else if (Parse(text) is { } line) _lines.Add(line);
                else unreadable = text;
            }

            // An unreadable last line is half a line, as a dying process leaves it. The trial it was about is counted as
            // crashed when the end is seen.
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            Remember($"(reading its output failed: {error.Message})");
        }
        finally
        {
            _lines.CompleteAdding();
        }
    }

    private static ChildLine? Parse(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ChildJson.Default.ChildLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Remember(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return;
        lock (_lastWords)
        {
            _lastWords.AppendLine(text);
            if (_lastWords.Length > LastWordsLength) _lastWords.Remove(0, _lastWords.Length - LastWordsLength);
        }
    }

    private static void DeleteScratch(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException error)
        {
            // A scanner may hold the file for a moment. It is 200 bytes in the folder for temporary files.
            Debug.WriteLine($"'{folder}' could not be deleted: {error.Message}");
        }
    }
}
