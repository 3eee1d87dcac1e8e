using System.Text.Json.Nodes;

namespace GuardedMaps.Lab.Lessons;

/// <summary>Something a code cell has shown.</summary>
public abstract record NotebookOutput
{
    /// <summary>The media type of plain text.</summary>
    public const string PlainText = "text/plain";

    /// <summary>The media type of a drawing.</summary>
    public const string Svg = "image/svg+xml";

    /// <summary>The output as plain text.</summary>
    public abstract string Text { get; }
}

/// <summary>Text that was printed.</summary>
/// <param name="Name"><c>stdout</c> or <c>stderr</c>.</param>
/// <param name="Printed">The text.</param>
public sealed record StreamOutput(string Name, string Printed) : NotebookOutput
{
    /// <summary>The stream of output.</summary>
    public const string StandardOutput = "stdout";

    /// <summary>The stream of errors and warnings.</summary>
    public const string StandardError = "stderr";

    /// <inheritdoc/>
    public override string Text => Printed;
}

/// <summary>Something shown in several forms, of which a front end takes the best it can show.</summary>
/// <param name="Data">The forms, by media type: text, or JSON where the type is one of JSON.</param>
public sealed record DisplayOutput(IReadOnlyDictionary<string, JsonNode> Data) : NotebookOutput
{
    /// <summary>What front ends want to know beside the data.</summary>
    public JsonObject Metadata { get; init; } = [];

    /// <summary>For the result of a cell, as which cell it was run; null for what was displayed.</summary>
    public int? ExecutionCount { get; init; }

    /// <summary>True for <c>execute_result</c>.</summary>
    public bool IsResult { get; init; }

    /// <inheritdoc/>
    public override string Text => Form(PlainText) ?? "";

    /// <summary>One form as text, or null.</summary>
    public string? Form(string mediaType) => Data.TryGetValue(mediaType, out JsonNode? node) ? node.ToString() : null;

    /// <summary>Makes an output of forms that are text.</summary>
    public static DisplayOutput Of(params (string MediaType, string Text)[] forms) =>
        new(forms.ToDictionary(f => f.MediaType, f => (JsonNode)JsonValue.Create(f.Text)!, StringComparer.Ordinal));
}

/// <summary>An error that ended a cell.</summary>
/// <param name="Name">The error's name.</param>
/// <param name="Message">What it said.</param>
/// <param name="Trace">What a front end shows, line by line.</param>
public sealed record ErrorOutput(string Name, string Message, IReadOnlyList<string> Trace) : NotebookOutput
{
    /// <inheritdoc/>
    public override string Text => string.Join('\n', Trace);
}
