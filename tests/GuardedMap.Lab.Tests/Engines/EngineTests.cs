namespace GuardedMaps.Lab.Tests.Engines;

/// <summary>What is said when an engine cannot be had, so that nobody looks for the fault in the tests.</summary>
public sealed class EngineTests
{
    [Fact]
    public void A_PWSH_that_is_not_there_is_told_with_its_name()
    {
        var error = Assert.Throws<InvalidOperationException>(() => PowerShellHost.Search("no-such-shell"));

        Assert.Contains("PWSH is 'no-such-shell', which did not answer", error.Message, StringComparison.Ordinal);
        Assert.Contains("or leave it out", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo 7.2.24'|'/opt", "is PowerShell 7.2.24, and the module needs 7.4")]
    [InlineData("echo hello", "answered 'hello' when asked for its version")]
    [InlineData("echo no idea >&2; exit 3", "ended with exit code 3 when asked for its version: no idea")]
    public void A_PWSH_that_is_no_shell_or_too_old_is_told_with_what_it_said(string script, string expected)
    {
        if (OperatingSystem.IsWindows()) script = script.Replace("'|'", "^|", StringComparison.Ordinal).Replace("; exit", "& exit", StringComparison.Ordinal);
        string program = TestFolder.FileNamed(OperatingSystem.IsWindows() ? "fake.cmd" : "fake");
        File.WriteAllText(program, OperatingSystem.IsWindows() ? $"@{script}\r\n" : $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var error = Assert.Throws<InvalidOperationException>(() => PowerShellHost.Search(program));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains("PWSH=pwsh takes the one on the PATH", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_restore_that_reaches_no_registry_names_the_tool_that_is_missing()
    {
        // An empty cache, and a registry that is a folder with nothing in it.
        string folder = Path.GetDirectoryName(TestFolder.FileNamed("x"))!;
        string configuration = Path.Combine(folder, "nuget.config");
        File.WriteAllText(configuration, $"<configuration><packageSources><clear /><add key=\"nothing\" value=\"{folder}\" /></packageSources></configuration>");

        string? problem = ToolManifest.Restore(start =>
        {
            start.ArgumentList.Add("--configfile");
            start.ArgumentList.Add(configuration);
            start.Environment["NUGET_PACKAGES"] = Path.Combine(folder, "packages");
            start.Environment["DOTNET_CLI_HOME"] = folder;
        });

        Assert.StartsWith("'dotnet tool restore' ended with exit code 1", problem, StringComparison.Ordinal);
        Assert.Contains("powershell", problem, StringComparison.OrdinalIgnoreCase);
    }
}
