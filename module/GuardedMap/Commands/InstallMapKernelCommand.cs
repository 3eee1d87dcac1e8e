using System.Management.Automation;

namespace GuardedMaps.Shell.Commands;

/// <summary>
/// <para type="synopsis">Installs a Jupyter kernel that runs PowerShell cells, so that the lessons open in Jupyter.</para>
/// </summary>
[Cmdlet(VerbsLifecycle.Install, "MapKernel", DefaultParameterSetName = ScopeSet, SupportsShouldProcess = true)]
[OutputType(typeof(InstalledMapKernel))]
public sealed class InstallMapKernelCommand : PSCmdlet
{
    private const string ScopeSet = "Scope";
    private const string PrefixSet = "Prefix";
    private const string PathSet = "Path";

    /// <summary>For you, or for everybody on this machine.</summary>
    [Parameter(ParameterSetName = ScopeSet)]
    public KernelScope Scope { get; set; } = KernelScope.CurrentUser;

    /// <summary>The folder of a virtual environment, or whatever Jupyter was installed below.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PrefixSet)]
    [ValidateNotNullOrEmpty]
    public string Prefix { get; set; } = null!;

    /// <summary>A folder of kernels of your own choice: the kernel becomes a folder in it.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = null!;

    /// <summary>The name by which Jupyter knows the kernel.</summary>
    [Parameter]
    [KernelName]
    public string Name { get; set; } = "guardedmap";

    /// <summary>Replaces what is in the kernel's folder even if it is another kernel.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        string folder = ParameterSetName switch
        {
            PrefixSet => KernelInstaller.KernelFolder(KernelInstaller.DataFolder(GetUnresolvedProviderPathFromPSPath(Prefix)), Name),
            PathSet => System.IO.Path.Combine(GetUnresolvedProviderPathFromPSPath(Path), Name),
            _ => KernelInstaller.KernelFolder(KernelInstaller.DataFolder(Scope), Name),
        };
        try
        {
            if (!Force && KernelInstaller.ForeignContent(folder) is { } foreign)
            {
                WriteError(Errors.ForeignKernel(folder, foreign));
                return;
            }

            if (!ShouldProcess(folder, "Install Jupyter kernel")) return;
            WriteObject(KernelInstaller.Install(folder, Name));
            if (KernelInstaller.FindShell(out IReadOnlyList<string> lookedAt) is null)
                WriteWarning($"The kernel is installed, and has no PowerShell to run cells in yet: this one is a part of another program, and no other was found ({string.Join("; ", lookedAt)}). Install PowerShell 7.4 or later, and put it on the PATH that Jupyter has or name it in the environment variable PWSH.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            WriteError(Errors.KernelNotInstalled(e, folder));
        }
    }
}
