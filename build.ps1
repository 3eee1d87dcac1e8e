<#
.SYNOPSIS
    The one entry to every task of this repository.

.DESCRIPTION
    Without arguments, builds everything, so that Import-Module ./GuardedMap.psd1 works. Each task does what it needs first.

    Build   Compiles the libraries, the command line program, the module and the tests.
    Test    Runs every test: xunit, and the Pester files through it. The same as dotnet test.
    Demo    Runs the command line program's demonstration on this machine's own files.
    Docs    Writes syntax and parameter facts into the pages of docs/cmdlets and makes what Get-Help shows, in en-US.
    Clean   Removes everything that building and testing has made.

.PARAMETER Task
    What to do: Build, Test, Demo, Docs or Clean. Several are done in the order given.

.PARAMETER Configuration
    Release, which is what a user gets, or Debug.

.EXAMPLE
    ./build.ps1; Import-Module ./GuardedMap.psd1

    Builds the module and loads it.

.EXAMPLE
    ./build.ps1 -Task Test

    Runs all tests.

.EXAMPLE
    ./build.ps1 Clean, Build -Configuration Release

    Builds everything anew, optimised.

.LINK
    https://github.com/guardedmap/guardedmap/blob/main/CONTRIBUTING.md
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Demo', 'Docs', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Invoke-DotNet {
    # Native commands do not throw: a failed build must not look like a finished one.
    & dotnet @args
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args -join ' ') failed with exit code $LASTEXITCODE. The reason is in its output above."
    }
}

function Remove-BuildOutput {
    [CmdletBinding(SupportsShouldProcess)]
    param()
    Get-ChildItem -Directory -Recurse -Force |
        Where-Object { $_.Name -in 'bin', 'obj', 'TestResults' -and (Test-Path (Join-Path $_.Parent '*.csproj')) } |
        ForEach-Object { if ($PSCmdlet.ShouldProcess($_, 'Remove')) { Remove-Item -LiteralPath $_ -Recurse -Force } }
}

if (-not (Get-Command dotnet -CommandType Application -ErrorAction Ignore)) {
    throw 'The dotnet command was not found. Install the .NET 10 SDK (https://dotnet.microsoft.com/download) and make sure it is on the PATH.'
}

Push-Location -LiteralPath $PSScriptRoot
try {
    foreach ($name in $Task) {
        switch ($name) {
            'Build' { Invoke-DotNet build GuardedMap.slnx --configuration $Configuration --nologo --verbosity minimal }
            'Test' { Invoke-DotNet test --configuration $Configuration --nologo }
            'Demo' { Invoke-DotNet run --project src/GuardedMap.Cli --configuration $Configuration -- demo }
            'Docs' { Invoke-DotNet run --project module/GuardedMap.Help --configuration $Configuration -- renew $PSScriptRoot }
            'Clean' { Remove-BuildOutput }
        }
    }
}
finally {
    Pop-Location
}
