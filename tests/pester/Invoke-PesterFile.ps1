<#
.SYNOPSIS
    Runs one Pester file and writes what came of it as JSON.

.DESCRIPTION
    The xunit bridge (tests/GuardedMap.Lab.Tests/Pester) calls this in a process of its own for each file. By hand:
    Invoke-Pester tests/pester does the same for all of them.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Path,

    [Parameter(Mandatory)]
    [string] $ResultPath
)

$ErrorActionPreference = 'Stop'
Import-Module Pester -MinimumVersion 5.0

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$configuration.Output.RenderMode = 'Plaintext'
# The tests run under the preference a user's prompt has, not under this script's.
$ErrorActionPreference = 'Continue'
$result = Invoke-Pester -Configuration $configuration
$ErrorActionPreference = 'Stop'

# Pester's own frames in a stack trace tell nothing about the test.
filter Format-Failure { "$_`n" + (($_.ScriptStackTrace -split '\r?\n' -notmatch 'Pester\.ps[m]?1|Invoke-PesterFile\.ps1') -join "`n") }

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
    Failures = $failures
} | ConvertTo-Json -Depth 4 | Set-Content -LiteralPath $ResultPath -Encoding utf8
