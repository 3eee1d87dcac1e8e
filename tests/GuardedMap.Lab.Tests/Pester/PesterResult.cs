using System.Globalization;
using System.Text;

namespace GuardedMaps.Lab.Tests.Pester;

/// <summary>What came of one Pester file, as <c>tests/pester/Invoke-PesterFile.ps1</c> writes it.</summary>
internal sealed record PesterResult
{
    public int Passed { get; init; }

    public int Failed { get; init; }

    public int Skipped { get; init; }

    public int NotRun { get; init; }

    /// <summary>The tests that were skipped, by their full names.</summary>
    public IReadOnlyList<string> Skips { get; init; } = [];

    public IReadOnlyList<PesterFailure> Failures { get; init; } = [];

    /// <summary>Everything the process printed.</summary>
    public string Output { get; init; } = "";

    public string Describe(string file)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{file}: {Passed} passed, {Failed} failed, {Skipped} skipped.");
        foreach (PesterFailure failure in Failures)
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"[-] {failure.Name}").AppendLine(failure.Message);
        return text.ToString();
    }
}

/// <summary>One failed Pester test, or a block or file that failed outside of its tests.</summary>
internal sealed record PesterFailure(string Name, string Message);
