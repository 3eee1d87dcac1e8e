# Does once everything of the module that starts another process, in the PowerShell that runs this, and writes what came of it as JSON.
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Manifest,
    [Parameter(Mandatory)] [string] $Folder
)

$ErrorActionPreference = 'Stop'
Import-Module $Manifest

# An actor's error is the one thing that comes back from the child word for word: it tells which PowerShell that was.
$scripts = Start-MapRace -Actor { throw "$($PSVersionTable.PSVersion) in $PSHOME" }, { $_['a'] = 1 } -Target Hashtable -Mode Free -Count 1
$scenario = Start-MapRace TwoWriters Hashtable -Count 2 -Operations 50

# What an installed kernel starts, and what scripts of this repository start: the same command. It is run once.
$environment = (Get-Content -LiteralPath (Join-Path (Install-MapKernel -Path $Folder).Path 'kernel.json') -Raw | ConvertFrom-Json).env
$named = $environment.GUARDEDMAP_KERNEL_PWSH
$kernel = @(if ($named.StartsWith('[')) { ConvertFrom-Json $named } else { $named })
. (Join-Path (Split-Path $Manifest) 'tools/Pwsh.ps1')
$said = 'into' | Invoke-Pwsh -NoProfile -NonInteractive -Command "Add-Type -LiteralPath '$($environment.GUARDEDMAP_KERNEL_ASSEMBLY)'; `"`$input `$([GuardedMaps.Shell.KernelHost].FullName) `$(`$PSVersionTable.PSVersion) in `$PSHOME`"; exit 7"

[ordered]@{
    Here           = "$($PSVersionTable.PSVersion) in $PSHOME"
    ScriptRace     = $scripts.FirstError
    ScenarioTrials = $scenario.Trials
    Children       = $scenario.ChildProcesses
    KernelCommand  = $kernel -join ' '
    ScriptCommand  = (Get-PwshCommand) -join ' '
    Said           = $said
    ExitCode       = $LASTEXITCODE
} | ConvertTo-Json | Set-Content -LiteralPath (Join-Path $Folder 'answer.json')
