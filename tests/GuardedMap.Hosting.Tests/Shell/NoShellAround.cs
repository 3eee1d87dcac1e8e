namespace GuardedMaps.Hosting.Tests.Shell;

/// <summary>While this is there, no pwsh can be found: not by the environment variable, which names none, nor on the PATH.</summary>
internal sealed class NoShellAround : IDisposable
{
    private readonly string? _named = Environment.GetEnvironmentVariable("PWSH");
    private readonly string? _path = Environment.GetEnvironmentVariable("PATH");

    public NoShellAround()
    {
        Environment.SetEnvironmentVariable("PWSH", "/not/there");
        Environment.SetEnvironmentVariable("PATH", AppContext.BaseDirectory);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("PWSH", _named);
        Environment.SetEnvironmentVariable("PATH", _path);
    }
}
