<#
.SYNOPSIS
    Runs Pester files and writes what came of each as JSON.

.DESCRIPTION
    The xunit bridge (tests/GuardedMap.Lab.Tests/Pester) calls this with -Serve: one process then runs the files that it is given on standard input,
    one after the other, and ends when that does. A file finds the process as the first one did: no modules but Pester, no errors, the preferences of
    a prompt. By hand: Invoke-Pester tests/pester does the same for all of them.

.PARAMETER Path
    A Pester file, to be run alone.

.PARAMETER ResultPath
    Where its result goes.

.PARAMETER Serve
    Reads lines of the form 'path|path of the result' from standard input, and prints the path of each result when it has been written.

.PARAMETER Pester
    The manifest of the Pester to use. Without it, the newest that PowerShell finds.
#>
[CmdletBinding(DefaultParameterSetName = 'One')]
param(
    [Parameter(Mandatory, ParameterSetName = 'One')]
    [string] $Path,

    [Parameter(Mandatory, ParameterSetName = 'One')]
    [string] $ResultPath,

    [Parameter(Mandatory, ParameterSetName = 'Serve')]
    [switch] $Serve,

    [string] $Pester = 'Pester'
)

$ErrorActionPreference = 'Stop'
# By its path: another copy in somebody's own folder is not what is asked for.
Import-Module $Pester -MinimumVersion 5.0
$own = @(Get-Module).Path
$variables = @{}
foreach ($variable in Get-Variable -Scope Global | Where-Object { -not $_.Options -and $_.Name -notin 'Error', '?', '^', '$', '_', 'args', 'input', 'PSItem' }) { $variables[$variable.Name] = $variable.Value }
$environment = [Environment]::GetEnvironmentVariables()
$rendering = $PSStyle.OutputRendering
$folder = $PWD.ProviderPath

function Reset-Session {
    # What the last file left behind: it is nothing to the next one.
    Get-Module | Where-Object Path -NotIn $own | Remove-Module -Force -ErrorAction Ignore
    Get-Job | Remove-Job -Force -ErrorAction Ignore
    Get-EventSubscriber -Force -ErrorAction Ignore | Unregister-Event -Force -ErrorAction Ignore
    foreach ($name in $variables.Keys) { Set-Variable $name -Scope Global -Value $variables[$name] }
    Remove-Variable MaximumErrorCount -Scope Global -ErrorAction Ignore
    foreach ($name in [Environment]::GetEnvironmentVariables().Keys) { if (-not $environment.Contains($name)) { [Environment]::SetEnvironmentVariable($name, $null) } }
    foreach ($name in $environment.Keys) { [Environment]::SetEnvironmentVariable($name, $environment[$name]) }
    $PSStyle.OutputRendering = $rendering
    Set-Location -LiteralPath $folder
    $global:Error.Clear()
}

# Pester's own frames in a stack trace tell nothing about the test.
filter Format-Failure { "$_`n" + (($_.ScriptStackTrace -split '\r?\n' -notmatch 'Pester\.ps[m]?1|Invoke-PesterFile\.ps1') -join "`n") }

function Invoke-File {
    param([string] $Path, [string] $ResultPath)

    $configuration = New-PesterConfiguration
    $configuration.Run.Path = $Path
    $configuration.Run.PassThru = $true
    $configuration.Output.Verbosity = 'Detailed'
    $configuration.Output.RenderMode = 'Plaintext'
    # The tests run under the preference a user's prompt has, not under this script's.
    $script:ErrorActionPreference = 'Continue'
    $result = Invoke-Pester -Configuration $configuration
    $script:ErrorActionPreference = 'Stop'

    # What failed outside of a test (discovery, BeforeAll) is a failure too: its tests would silently be missing.
    $failures = @(
        foreach ($test in $result.Failed) {
            @{ Name = $test.ExpandedPath; Message = ($test.ErrorRecord | Format-Failure) -join "`n" }
        }
        foreach ($block in @($result.FailedBlocks) + @($result.FailedContainers)) {
            @{ Name = "$block"; Message = ($block.ErrorRecord | Format-Failure) -join "`n" }
        }
    )
    @{
        Passed   = $result.PassedCount
        Failed   = $result.FailedCount
        Skipped  = $result.SkippedCount + $result.InconclusiveCount
        NotRun   = $result.NotRunCount
        Skips    = @($result.Skipped | ForEach-Object { $_.ExpandedPath })
        Failures = $failures
    } | ConvertTo-Json -Depth 4 | Set-Content -LiteralPath $ResultPath -Encoding utf8
}

if (-not $Serve) {
    Invoke-File $Path $ResultPath
    return
}

while ($null -ne ($line = [Console]::In.ReadLine())) {
    $file, $target = $line -split '\|', 2
    Reset-Session
    Invoke-File $file $target
    [Console]::Out.WriteLine($target)
}
