using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using GuardedMaps.Lab.Lessons;
using GuardedMaps.Lab.Tests.Engines;

namespace GuardedMaps.Lab.Tests.Notebooks;

/// <summary>
/// The engine of Polyglot notebooks: the .NET tool that <c>.config/dotnet-tools.json</c> pins, talked to as an editor does, by <c>stdio</c>: one JSON command a line,
/// events in answer.
/// </summary>
/// <remarks>
/// <para>
/// Two things must not happen. A cell that never ends: each has a limit, and the error names the cell. And a process that stays behind: the tool does not end
/// when its input does, it then burns a processor for good. So it is told to quit, is killed when it does not, also when this process ends in
/// between (ProcessExit); and because a killed test host can do none of that, the first thing the tool runs is a guard that waits for this process to end.
/// </para>
/// <para>Not thread-safe: one cell at a time.</para>
/// </remarks>
internal sealed class InteractiveHost : IDisposable
{
    private const string EndWith =
        "$null = [powershell]::Create().AddScript('param($id) try { [System.Diagnostics.Process]::GetProcessById($id).WaitForExit() } finally { [Environment]::Exit(3) }').AddArgument(PID).BeginInvoke()";

    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_quitLimit = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly BlockingCollection<string> _lines = [];
    private readonly StringBuilder _talk = new();
    private int _commands;
    private string? _ended;

    private InteractiveHost(string folder)
    {
        string[] command = ToolManifest.Command("dotnet-interactive");
        ProcessStartInfo start = EngineProcess.Start(command[0], [.. command.Skip(1), "stdio", "--default-kernel", "pwsh", "--working-dir", folder]);
        start.RedirectStandardInput = true;
        start.StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        start.StandardOutputEncoding = Encoding.UTF8;
        start.Environment.Remove("NO_COLOR");
        foreach (string quiet in (string[])["DOTNET_INTERACTIVE_CLI_TELEMETRY_OPTOUT", "DOTNET_CLI_TELEMETRY_OPTOUT"]) start.Environment[quiet] = "1";
        // The learner's progress is the tests' own.
        start.Environment["GUARDEDMAP_DATA"] = Path.GetDirectoryName(TestFolder.FileNamed("data"));
        _process = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += OnProcessExit;
        _errors = _process.StandardError.ReadToEndAsync();
        new Thread(Listen) { IsBackground = true, Name = "dotnet-interactive" }.Start();
    }

    /// <summary>The exit code of the tool; null while it runs.</summary>
    public int? ExitCode => _process.HasExited ? _process.ExitCode : null;

    /// <summary>Starts the tool, with a PowerShell kernel that stands in a folder and a C# kernel.</summary>
    /// <returns>The host; or null, and why it could not be started.</returns>
    public static (InteractiveHost? Host, string Why) Start(string folder)
    {
        string? noTool = ToolManifest.Problem;
        try
        {
            var host = new InteractiveHost(folder);
            if (host.IsReady())
            {
                host.EndTogetherWith(Environment.ProcessId);
                return (host, "");
            }

            string why = host.WhyNot();
            host.Dispose();
            return (null, noTool is null ? why : $"{why} {noTool}.");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return (null, e.Message);
        }
    }

    /// <summary>Runs a cell.</summary>
    /// <param name="name">What the cell is called, for messages.</param>
    /// <param name="code">Its code.</param>
    /// <param name="kernel"><c>pwsh</c> or <c>csharp</c>.</param>
    /// <param name="limit">How long it may take.</param>
    /// <exception cref="TimeoutException">It took longer. The tool is killed, and no other cell can be run.</exception>
    /// <exception cref="InvalidOperationException">The tool has ended.</exception>
    public CellRun Run(string name, string code, string kernel = "pwsh", TimeSpan? limit = null)
    {
        if (_ended is not null) throw new InvalidOperationException($"{name} was not run: {_ended}");
        string token = string.Create(CultureInfo.InvariantCulture, $"t{++_commands}");
        Send("SubmitCode", new JsonObject { ["code"] = code, ["targetKernelName"] = kernel }, token);
        var shown = new List<(string? Id, NotebookOutput Output)>();
        TimeSpan patience = limit ?? TimeSpan.FromMinutes(5);
        var watch = Stopwatch.StartNew();
        while (true)
        {
            if (Next(patience - watch.Elapsed) is not { } message)
            {
                _ended = _process.HasExited ? $"the tool ended with exit code {_process.ExitCode} in {name}. {WhyNot()}" : $"the tool was killed, since {name} had not ended after {patience}.";
                Kill();
                if (watch.Elapsed >= patience) throw new TimeoutException($"{name} had not ended after {patience}. The tool was killed. The cell:{Environment.NewLine}{code}");
                throw new InvalidOperationException(_ended);
            }

            string of = (string?)message["command"]?["token"] ?? "";
            if (of != token && !of.StartsWith(token + ".", StringComparison.Ordinal) && !of.StartsWith(token + "/", StringComparison.Ordinal)) continue;
            string type = (string?)message["eventType"] ?? "";
            var details = message["event"]!.AsObject();
            if (of == token && type is "CommandSucceeded" or "CommandFailed" && of == token)
                return new CellRun(type == "CommandSucceeded" ? null : (string?)details["message"] ?? "it failed", [.. shown.Select(s => s.Output).Where(o => o.Text.Trim().Length > 0 || o is DisplayOutput { Data.Count: > 1 })]);
            Take(type, details, shown);
        }
    }

    /// <summary>Lets the tool end when a process does.</summary>
    public void EndTogetherWith(int processId) => Run("the guard", EndWith.Replace("PID", processId.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

    /// <summary>Waits for the tool to end by itself.</summary>
    public bool WaitForExit(TimeSpan limit) => _process.WaitForExit(limit);

    /// <summary>Tells the tool to quit, and kills it when it does not. May be called more than once.</summary>
    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnProcessExit;
        _ended ??= "the tool has been told to quit.";
        if (!_process.HasExited)
        {
            try
            {
                Send("Quit", [], "quit");
            }
            catch (IOException)
            {
                // It is ending already.
            }

            if (!_process.WaitForExit(s_quitLimit)) Kill();
        }
    }

    private static void Take(string type, JsonObject details, List<(string? Id, NotebookOutput Output)> shown)
    {
        var forms = (details["formattedValues"] as JsonArray ?? []).Select(f => ((string)f!["mimeType"]!, ((string?)f["value"] ?? "").ReplaceLineEndings("\n"))).ToArray();
        string? id = (string?)details["valueId"];
        switch (type)
        {
            case "StandardOutputValueProduced" or "StandardErrorValueProduced":
                foreach (var (_, text) in forms) shown.Add((null, new StreamOutput(type.StartsWith("StandardOut", StringComparison.Ordinal) ? StreamOutput.StandardOutput : StreamOutput.StandardError, text)));
                break;
            case "DisplayedValueProduced" or "ReturnValueProduced":
                shown.Add((id, DisplayOutput.Of(forms)));
                break;
            case "DisplayedValueUpdated":
                int at = shown.FindIndex(s => s.Id is not null && s.Id == id);
                if (at >= 0) shown[at] = (id, DisplayOutput.Of(forms));
                break;
            case "ErrorProduced":
                shown.Add((null, new StreamOutput(StreamOutput.StandardError, (string?)details["message"] ?? "")));
                break;
            default:
                break;
        }
    }

    private bool IsReady()
    {
        var watch = Stopwatch.StartNew();
        while (Next(s_startLimit - watch.Elapsed) is { } message)
        {
            if ((string?)message["eventType"] == "KernelReady") return true;
        }

        return false;
    }

    private string WhyNot()
    {
        if (!_process.HasExited && !_process.WaitForExit(TimeSpan.FromSeconds(1))) return $"'dotnet tool run dotnet-interactive' was not ready after {s_startLimit}. It said: {_talk.ToString().Trim()}.";
        return $"'dotnet tool run dotnet-interactive' ended with exit code {_process.ExitCode}: {(_talk + _errors.Result).ReplaceLineEndings(" ").Trim()}.";
    }

    private void Send(string command, JsonObject details, string token)
    {
        _process.StandardInput.Write(new JsonObject { ["commandType"] = command, ["command"] = details, ["token"] = token }.ToJsonString() + "\n");
        _process.StandardInput.Flush();
    }

    // Null when nothing came within the limit, or nothing will come any more.
    private JsonNode? Next(TimeSpan limit)
    {
        var watch = Stopwatch.StartNew();
        while (limit - watch.Elapsed is var left && left > TimeSpan.Zero && _lines.TryTake(out string? line, left))
        {
            // Between the events there are empty lines, and at first a welcome.
            if (line.StartsWith('{')) return JsonNode.Parse(line);
            _talk.AppendLine(line);
        }

        return null;
    }

    private void Listen()
    {
        try
        {
            while (_process.StandardOutput.ReadLine() is { } line) _lines.Add(line);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Killed while it was talking.
        }

        _lines.CompleteAdding();
    }

    private void Kill()
    {
        try
        {
            if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended in this very moment.
        }
    }

    private void OnProcessExit(object? sender, EventArgs e) => Kill();
}

/// <summary>What came of a cell.</summary>
/// <param name="Failure">Why it failed; null when it did not.</param>
/// <param name="Outputs">What it shows at its end, in its order; what was shown and taken away again is not in it.</param>
internal sealed record CellRun(string? Failure, IReadOnlyList<NotebookOutput> Outputs)
{
    /// <summary>All of it as text.</summary>
    public string Text => string.Concat(Outputs.Select(o => o.Text.EndsWith('\n') ? o.Text : o.Text + "\n"));

    /// <summary>The drawings.</summary>
    public IReadOnlyList<string> Pictures => [.. Outputs.OfType<DisplayOutput>().Select(o => o.Form(NotebookOutput.Svg)).OfType<string>()];
}
