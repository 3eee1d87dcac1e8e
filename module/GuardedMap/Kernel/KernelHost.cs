using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GuardedMaps.Lab.Lessons;

namespace GuardedMaps.Shell;

/// <summary>
/// The PowerShell side of the Jupyter kernel: takes requests from the Python side, runs them in one session, answers.
/// </summary>
/// <remarks>
/// <code>
///   front end ◀─ Jupyter's protocol ─▶ guardedmap_kernel.py ◀─ one line of JSON per message, own socket ─▶ KernelHost ─▶ KernelSession
///                                            ▲                                                                │
///                                            └──────────────── stdout, stderr: whatever programs print ◀───────┘
/// </code>
/// The two talk over a socket of their own on the loopback interface, to which a key drawn at random is the ticket: nothing that a cell, or a program started by
/// a cell, prints or reads can get among the messages. Requests wait their turn, but for one: <c>interrupt</c> stops the cell that is running. When
/// the Python side is gone, so is this process, whatever the cell is doing.
/// </remarks>
public static class KernelHost
{
    /// <summary>The environment variable with the port and the key. It is taken away before any cell runs.</summary>
    public const string ChannelVariable = "GUARDEDMAP_KERNEL_CHANNEL";

    private static readonly object s_lock = new();

    /// <summary>Serves until the other side closes the connection.</summary>
    public static void Run()
    {
        string[] channel = (Environment.GetEnvironmentVariable(ChannelVariable) ?? "").Split(':');
        Environment.SetEnvironmentVariable(ChannelVariable, null);
        if (channel.Length != 2 || !int.TryParse(channel[0], NumberStyles.None, CultureInfo.InvariantCulture, out int port))
            throw new InvalidOperationException($"This is the inner part of a Jupyter kernel, and {ChannelVariable} does not say where the outer part is. It is not started by hand: Install-MapKernel, then choose the kernel in Jupyter.");
        using var connection = new TcpClient();
        connection.NoDelay = true;
        connection.Connect(IPAddress.Loopback, port);
        using var stream = connection.GetStream();
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true, NewLine = "\n" };
        using var reader = new StreamReader(stream, Encoding.UTF8);
        Send(writer, new JsonObject { ["type"] = "hello", ["key"] = channel[1] });
        using var session = new KernelSession(LessonShelf.Root);
        using var requests = new BlockingCollection<JsonObject>();
        new Thread(() => Listen(reader, requests, session)) { IsBackground = true, Name = "kernel requests" }.Start();
        foreach (var request in requests.GetConsumingEnumerable()) Answer(session, request, writer);
    }

    private static void Listen(StreamReader reader, BlockingCollection<JsonObject> requests, KernelSession session)
    {
        try
        {
            while (reader.ReadLine() is { } line)
            {
                var request = (JsonObject)JsonNode.Parse(line)!;
                if ((string?)request["type"] == "interrupt") session.Interrupt();
                else requests.Add(request);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The other side is gone, which is an order to go as well.
        }

        // A cell that cannot be stopped must not keep the process alive after its kernel.
        Environment.Exit(0);
    }

    private static void Answer(KernelSession session, JsonObject request, StreamWriter writer)
    {
        var answer = new JsonObject { ["type"] = "done" };
        string code = (string?)request["code"] ?? "";
        try
        {
            switch ((string?)request["type"])
            {
                case "execute":
                    Execute(session, code, answer, writer);
                    break;
                case "complete":
                    session.Complete(code, (int)request["cursor"]!, answer);
                    break;
                case "is_complete":
                    answer["status"] = KernelSession.IsComplete(code);
                    break;
                case "inspect":
                    answer["text"] = session.Inspect(code, (int)request["cursor"]!);
                    break;
                case var unknown:
                    answer["failed"] = $"There is no request '{unknown}'.";
                    break;
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever goes wrong in here is said there; a kernel that dies takes the learner's variables along.
            answer["failed"] = e.Message;
        }

        answer["id"] = request["id"]?.DeepClone();
        Send(writer, answer);
    }

    private static void Execute(KernelSession session, string code, JsonObject answer, StreamWriter writer)
    {
        var ending = session.Run(code, output => Send(writer, Message(output)));
        answer["status"] = ending.Stopped ? "interrupted" : ending.Error is not null ? "error" : "ok";
        if (ending.Error is not { } error) return;
        answer["ename"] = error.Name;
        answer["evalue"] = error.Message;
        answer["traceback"] = new JsonArray([.. error.Trace.Select(t => (JsonNode)t)]);
    }

    private static JsonObject Message(NotebookOutput output) => output switch
    {
        StreamOutput stream => new JsonObject { ["type"] = "stream", ["name"] = stream.Name, ["text"] = stream.Printed },
        DisplayOutput display => new JsonObject { ["type"] = "display", ["data"] = new JsonObject(display.Data.Select(d => KeyValuePair.Create(d.Key, (JsonNode?)d.Value.DeepClone()))) },
        ErrorOutput error => new JsonObject
        {
            ["type"] = "error",
            ["ename"] = error.Name,
            ["evalue"] = error.Message,
            ["traceback"] = new JsonArray([.. error.Trace.Select(t => (JsonNode)t)]),
        },
        _ => throw new InvalidOperationException($"There is no message for {output.GetType().Name}."),
    };

    private static void Send(StreamWriter writer, JsonObject message)
    {
        lock (s_lock) writer.Write(message.ToJsonString(JsonSerializerOptions.Default) + "\n");
    }
}
