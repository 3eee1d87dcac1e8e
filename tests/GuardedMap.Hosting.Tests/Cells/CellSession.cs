using System.Globalization;
using System.Text;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;

namespace GuardedMaps.Hosting.Tests.Cells;

/// <summary>What came of a cell.</summary>
/// <param name="Printed">What it wrote to the console, and what the value of its last expression shows.</param>
/// <param name="Failure">Why it failed, or null.</param>
internal sealed record CellOutcome(string Printed, string? Failure);

/// <summary>A notebook's C# cells in this process.</summary>
public sealed class CellSession : IDisposable
{
    private readonly CSharpKernel _csharp = new();
    private readonly CompositeKernel _kernel;

    public CellSession()
    {
        _kernel = new CompositeKernel { _csharp };
        _kernel.DefaultKernelName = "csharp";
    }

    /// <summary>Runs a cell.</summary>
    internal async Task<CellOutcome> Run(string code)
    {
        KernelCommandResult result = await _kernel.SendAsync(new SubmitCode(code)).ConfigureAwait(false);
        var printed = new StringBuilder();
        foreach (KernelEvent one in result.Events)
        {
            if (one is StandardOutputValueProduced output) printed.Append(output.FormattedValues.First().Value);
            else if (one is ReturnValueProduced returned) printed.Append(CultureInfo.InvariantCulture, $"{returned.Value}");
        }

        return new CellOutcome(printed.ToString(), result.Events.OfType<CommandFailed>().FirstOrDefault()?.Message);
    }

    /// <summary>Gives cells a variable.</summary>
    internal Task Share(string name, object value) => _csharp.SetValueAsync(name, value, value.GetType());

    public void Dispose() => _kernel.Dispose();
}
