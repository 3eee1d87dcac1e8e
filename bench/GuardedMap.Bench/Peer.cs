using System.Diagnostics;
using System.Globalization;

namespace GuardedMaps.Bench;

/// <summary>A process that takes its turn in the rounds: idle (blocked on its input) while others are measured. It says what it is first, and then answers each line with a figure.</summary>
internal sealed class Peer : IDisposable
{
    private readonly Process _process;

    /// <param name="name">The column's name.</param>
    /// <param name="program">What to start.</param>
    /// <param name="arguments">What to start it with, so that it serves.</param>
    public Peer(string name, string program, params string[] arguments)
    {
        Name = name;
        _process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        Version = Answer();
    }

    public string Name { get; }

    /// <summary>What the process says it is.</summary>
    public string Version { get; }

    /// <summary>One turn of an operation.</summary>
    /// <returns>Nanoseconds, or bytes, for each key.</returns>
    public double Measure(string keys, int size, string operation)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{keys} {size} {operation}"));
        _process.StandardInput.Flush();
        return double.Parse(Answer(), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        // The end of its input is the end of its work; one that does not see it is in the middle of a measurement.
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10))) _process.Kill();
        _process.Dispose();
    }

    private string Answer() => _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{Name} ended without an answer.");
}
