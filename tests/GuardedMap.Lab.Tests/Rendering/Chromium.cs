using System.Diagnostics;
using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GuardedMaps.Lab.Tests.Rendering;

/// <summary>A headless Chromium with one page, spoken to by its DevTools protocol: real keys are pressed, and the page is asked what it shows.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly string _profile;
    private readonly ClientWebSocket _socket = new();
    private int _id;

    private Chromium(Process process, string profile) => (_process, _profile) = (process, profile);

    /// <summary>The program, or null where there is none.</summary>
    public static string? Program { get; } = Find();

    /// <summary>Opens a file.</summary>
    public static async Task<Chromium> OpenAsync(string file, bool dark)
    {
        string profile = Directory.CreateTempSubdirectory("guardedmap-chromium-").FullName;
        var start = new ProcessStartInfo(Program!) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false };
        foreach (string argument in (string[])["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions", "--remote-debugging-port=0", $"--user-data-dir={profile}", "--window-size=1250,1600", "about:blank"])
            start.ArgumentList.Add(argument);
        var browser = new Chromium(Process.Start(start)!, profile);
        try
        {
            using var limit = new CancellationTokenSource(Patience);
            string endpoint = await browser.EndpointAsync(limit.Token).ConfigureAwait(false);
            using var http = new HttpClient();
            var pages = JsonNode.Parse(await http.GetStringAsync(new Uri($"http://{new Uri(endpoint).Authority}/json/list"), limit.Token).ConfigureAwait(false))!.AsArray();
            string page = pages.First(p => (string?)p!["type"] == "page")!["webSocketDebuggerUrl"]!.GetValue<string>();
            await browser._socket.ConnectAsync(new Uri(page), limit.Token).ConfigureAwait(false);
            await browser.SendAsync("Emulation.setEmulatedMedia", new JsonObject { ["features"] = new JsonArray(new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = dark ? "dark" : "light" }) }).ConfigureAwait(false);
            await browser.SendAsync("Page.navigate", new JsonObject { ["url"] = new Uri(file).AbsoluteUri }).ConfigureAwait(false);
            while (await browser.AskAsync("document.readyState + ' ' + location.protocol").ConfigureAwait(false) != "complete file:") await Task.Delay(50, limit.Token).ConfigureAwait(false);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Presses a key.</summary>
    public async Task PressAsync(string key)
    {
        foreach (string kind in (string[])["keyDown", "keyUp"])
            await SendAsync("Input.dispatchKeyEvent", new JsonObject { ["type"] = kind, ["key"] = key, ["code"] = key }).ConfigureAwait(false);
    }

    /// <summary>What a script expression gives, as text.</summary>
    public async Task<string> AskAsync(string expression)
    {
        var answer = await SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = $"String({expression})", ["returnByValue"] = true }).ConfigureAwait(false);
        Assert.True(answer["exceptionDetails"] is null, answer.ToJsonString());
        return answer["result"]!["value"]!.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync().ConfigureAwait(false);
        _process.Dispose();
        try
        {
            Directory.Delete(_profile, recursive: true);
        }
        catch (IOException error)
        {
            // A helper process may still be writing; what is left is in the folder for temporary files.
            Debug.WriteLine($"'{_profile}' could not be deleted: {error.Message}");
        }
    }

    private async Task<string> EndpointAsync(CancellationToken cancellation)
    {
        const string Sign = "DevTools listening on ";
        while (await _process.StandardError.ReadLineAsync(cancellation).ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith(Sign, StringComparison.Ordinal)) return line[Sign.Length..];
        }

        throw new InvalidOperationException("Chromium ended before it said where it listens.");
    }

    private async Task<JsonNode> SendAsync(string method, JsonObject parameters)
    {
        using var limit = new CancellationTokenSource(Patience);
        int id = ++_id;
        string message = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters }.ToJsonString();
        await _socket.SendAsync(Encoding.UTF8.GetBytes(message), WebSocketMessageType.Text, endOfMessage: true, limit.Token).ConfigureAwait(false);
        while (true)
        {
            var answer = await ReceiveAsync(limit.Token).ConfigureAwait(false);
            if ((int?)answer["id"] != id) continue; // An event, of which nobody asked to be told.
            Assert.True(answer["error"] is null, string.Create(CultureInfo.InvariantCulture, $"{method}: {answer.ToJsonString()}"));
            return answer["result"]!;
        }
    }

    private async Task<JsonNode> ReceiveAsync(CancellationToken cancellation)
    {
        using var text = new MemoryStream();
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            var part = await _socket.ReceiveAsync(buffer.AsMemory(), cancellation).ConfigureAwait(false);
            text.Write(buffer, 0, part.Count);
            if (part.EndOfMessage) return JsonNode.Parse(text.ToArray())!;
        }
    }

    private static string? Find()
    {
        string[] names = OperatingSystem.IsWindows() ? ["chrome.exe", "chromium.exe"] : ["chromium", "chromium-browser", "google-chrome"];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(folder => names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
    }
}
