using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace GuardedMaps.Shell;

/// <summary>The host of a kernel's session: it has a screen to write on, 100 columns wide, and nobody to ask.</summary>
internal sealed class KernelShell(KernelScreen screen) : PSHost
{
    public const string HostName = "GuardedMap notebook";

    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => HostName;

    public override PSHostUserInterface UI => screen;

    public override Version Version { get; } = typeof(KernelShell).Assembly.GetName().Version!;

    public override void EnterNestedPrompt() => throw KernelScreen.NobodyToAsk();

    public override void ExitNestedPrompt()
    {
        // There is none to leave.
    }

    public override void NotifyBeginApplication()
    {
        // Programs have no screen to take over.
    }

    public override void NotifyEndApplication()
    {
        // See above.
    }

    // "exit" ends the cell. The session belongs to the notebook.
    public override void SetShouldExit(int exitCode) => screen.WriteErrorLine($"exit {exitCode} ends the cell, not the session. To begin anew, restart the kernel.");
}
