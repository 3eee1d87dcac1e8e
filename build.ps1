<#
.SYNOPSIS
    The one entry to every task of this repository.

.DESCRIPTION
    Without arguments, builds what Import-Module ./GuardedMap.psd1 needs. Each task does what it needs first.

    Build   Compiles the core, the lab and the module, and makes what Get-Help shows. With -All, everything: the command line program,
            the analyzers, the tests and the benchmarks too, each checked by the code analyzers.
    Test    Runs every test: xunit, and the Pester files through it. The same as dotnet test.
    Demo    Runs the command line program's demonstration on this machine's own files.
    Notebooks  Runs every notebook and saves what its cells show now.
    Docs    Writes syntax and parameter facts into the pages of docs/cmdlets, and makes what Get-Help shows, in en-US.
    Bench   Measures the map beside .NET's own, and in scripts beside a hashtable: time and memory per operation, as ratios. Takes
            some ten minutes.
    Pack    Makes, in artifacts: the module's folder, its package for the PowerShell Gallery, and as NuGet packages GuardedMap.Core and
            GuardedMap.Interactive, which is for C# notebooks.
    Clean   Removes everything that building, testing and packing have made.

.PARAMETER Task
    What to do: Build, Test, Demo, Docs, Notebooks, Bench, Pack or Clean. Several are done in the order given.

.PARAMETER All
    Lets Build compile everything there is, and run the code analyzers over it, as dotnet build does.

.PARAMETER Configuration
    Release, which is what a user gets, or Debug.

.PARAMETER OutputPath
    Where Pack puts what it makes. Without it, in the folder artifacts.

.PARAMETER NoBuild
    Lets Pack take what the last build has left, instead of building first.

.EXAMPLE
    ./build.ps1; Import-Module ./GuardedMap.psd1

    Builds the module and loads it.

.EXAMPLE
    ./build.ps1 -Task Test

    Runs all tests.

.EXAMPLE
    ./build.ps1 Clean, Pack

    Builds everything anew, optimised, and makes the packages.

.LINK
    https://github.com/guardedmap/guardedmap/blob/main/CONTRIBUTING.md
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Demo', 'Docs', 'Notebooks', 'Bench', 'Pack', 'Clean', ErrorMessage = "There is no task '{0}'. The tasks are: {1}. ./build.ps1 -? says what each of them does.")]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    [ValidateNotNullOrEmpty()]
    [string] $OutputPath = (Join-Path $PSScriptRoot 'artifacts'),

    [switch] $NoBuild,

    [switch] $All
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
. (Join-Path $PSScriptRoot 'tools/Pwsh.ps1')

function Show-Step {
    # Said on the stream for information, so that a task's output stays what it returns.
    param([string] $Text)
    Write-Information $Text -InformationAction Continue
}

function Invoke-DotNet {
    # A build's worker processes would outlive it by a quarter of an hour, and hold its output open: whoever reads that (a pipeline, a variable) would wait for them.
    $reuse = $env:MSBUILDDISABLENODEREUSE
    $env:MSBUILDDISABLENODEREUSE = '1'
    try {
        & dotnet @args
    }
    finally {
        $env:MSBUILDDISABLENODEREUSE = $reuse
    }

    # Native commands do not throw: a failed build must not look like a finished one.
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args -join ' ') failed with exit code $LASTEXITCODE. The reason is in its output above."
    }
}

function Invoke-Build {
    param([switch] $All)
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    if ($All) {
        Show-Step 'Building everything: libraries, module, help, command line program, analyzers, tests, benchmarks.'
        Invoke-DotNet build GuardedMap.slnx --configuration $Configuration --nologo --verbosity minimal
    }
    else {
        Show-Step 'Building what Import-Module needs: GuardedMap.Core, GuardedMap.Lab, the module, its help. (-All builds the rest as well.)'
        # The analyzers look for what a change has made worse. Who only wants to use the module has changed nothing.
        Invoke-DotNet build module/GuardedMap.Help --configuration $Configuration --nologo --verbosity minimal -p:RunAnalyzers=false
    }
    Show-Step "Built in $([int] $watch.Elapsed.TotalSeconds) s. Next: Import-Module $(Join-Path $PSScriptRoot GuardedMap.psd1)"
}

function Update-Notebook {
    # Each in a process of its own, standing where the notebook lies, as a front end runs it.
    [CmdletBinding(SupportsShouldProcess)]
    param()
    foreach ($notebook in Get-ChildItem notebooks -Filter *.ipynb) {
        if (-not $PSCmdlet.ShouldProcess($notebook.Name, 'Save outputs')) { continue }
        Invoke-Pwsh -NoProfile -NonInteractive -File tests/notebooks/Invoke-Notebook.ps1 -Path $notebook.FullName -SaveOutput
        if ($LASTEXITCODE -ne 0) { throw "The outputs of $($notebook.Name) were not renewed. The reason is above." }
    }
}

function Invoke-Bench {
    Invoke-DotNet run --project bench/GuardedMap.Bench --configuration Release -- ratios
    Invoke-DotNet build module/GuardedMap --configuration Release --nologo --verbosity minimal
    # In a PowerShell of its own: this one may have imported another copy, and keeps it.
    Invoke-Pwsh -NoProfile -NonInteractive -Command './bench/shell/Measure-ShellCost.ps1 | Format-Table -AutoSize | Out-String -Width 140'
    if ($LASTEXITCODE -ne 0) { throw "bench/shell/Measure-ShellCost.ps1 failed with exit code $LASTEXITCODE. The reason is above." }
}

function Copy-Module {
    # The module as it ships: the manifest, what it names, the help, the lessons, the licence. Everything keeps its place below the manifest, so
    # that the manifest which is tested is the one that ships. Returns the folder.
    param([string] $Destination)

    $manifest = Import-PowerShellDataFile GuardedMap.psd1
    $folder = Join-Path $Destination 'GuardedMap'
    if (Test-Path $folder) { Remove-Item -LiteralPath $folder -Recurse }
    $binaries = Split-Path $manifest.RootModule
    foreach ($built in $manifest.RootModule, 'en-US') {
        if (-not (Test-Path $built)) { throw "There is no $built, so nothing has been built that could be packed. Leave -NoBuild out, or run ./build.ps1 first." }
    }
    $files = @(
        'GuardedMap.psd1', 'LICENSE', 'CHANGELOG.md'
        $manifest.RootModule
        foreach ($key in 'FormatsToProcess', 'TypesToProcess', 'ScriptsToProcess', 'NestedModules') { if ($manifest.ContainsKey($key)) { $manifest[$key] } }
        # Only our own: a library that came along by accident would clash with the same one in another module.
        Get-Item "$binaries/GuardedMap.*.dll", "$binaries/GuardedMap.*.pdb" | ForEach-Object { Join-Path $binaries $_.Name }
        # What PSScriptAnalyzer is pointed at: it loads no part of the module, and the manifest does not name it.
        'module/GuardedMap.Rules/GuardedMap.Rules.psm1'
        Get-ChildItem en-US -File | ForEach-Object { "en-US/$($_.Name)" }
        Get-ChildItem notebooks -File | ForEach-Object { "notebooks/$($_.Name)" }
    )
    foreach ($file in $files | Sort-Object -Unique) {
        $null = New-Item (Split-Path (Join-Path $folder $file)) -ItemType Directory -Force
        Copy-Item -LiteralPath $file -Destination (Join-Path $folder $file)
    }
    $folder
}

function Invoke-Pack {
    $null = New-Item $OutputPath -ItemType Directory -Force
    $target = (Resolve-Path -LiteralPath $OutputPath).ProviderPath
    $folder = Copy-Module $target
    $manifest = Test-ModuleManifest (Join-Path $folder 'GuardedMap.psd1')
    if (-not (Get-Command Compress-PSResource -ErrorAction Ignore)) {
        throw "The module's folder is ready ($folder), but no package was made of it: the command Compress-PSResource is missing. Install a newer Microsoft.PowerShell.PSResourceGet (Install-PSResource Microsoft.PowerShell.PSResourceGet), or use PowerShell 7.5 or later."
    }
    $package = Join-Path $target "GuardedMap.$($manifest.Version).nupkg"
    if (Test-Path $package) { Remove-Item -LiteralPath $package }
    Compress-PSResource -Path $folder -DestinationPath $target
    Invoke-DotNet pack src/GuardedMap.Core --configuration $Configuration --no-build --nologo --output (Join-Path $target 'nuget')
    Invoke-DotNet pack src/GuardedMap.Interactive --configuration $Configuration --no-build --nologo --output (Join-Path $target 'nuget')
    Get-Item $package, (Join-Path $target 'nuget/GuardedMap.*.*nupkg')
}

function Remove-BuildOutput {
    [CmdletBinding(SupportsShouldProcess)]
    param()
    $folders = @(
        Get-ChildItem -Directory -Recurse -Force |
            Where-Object { $_.Name -in 'bin', 'obj', 'TestResults' -and (Test-Path (Join-Path $_.Parent '*.csproj')) }
        Get-Item artifacts, en-US -ErrorAction Ignore
    )
    foreach ($folder in $folders) { if ($PSCmdlet.ShouldProcess($folder, 'Remove')) { Remove-Item -LiteralPath $folder -Recurse -Force } }
}

if (-not (Get-Command dotnet -CommandType Application -ErrorAction Ignore)) {
    throw 'The dotnet command was not found. Install the .NET 10 SDK (https://dotnet.microsoft.com/download) and make sure it is on the PATH.'
}

# Before the folder changes: a relative path is meant from where the caller stands.
$OutputPath = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($OutputPath)
Push-Location -LiteralPath $PSScriptRoot
try {
    foreach ($name in $Task) {
        switch ($name) {
            'Build' { Invoke-Build -All:$All }
            'Test' { Invoke-DotNet test --configuration $Configuration --nologo }
            'Demo' { Invoke-DotNet run --project src/GuardedMap.Cli --configuration $Configuration -- demo }
            'Docs' { Invoke-DotNet run --project module/GuardedMap.Help --configuration $Configuration -- renew $PSScriptRoot }
            'Notebooks' { Update-Notebook }
            'Bench' { Invoke-Bench }
            'Pack' {
                if (-not $NoBuild) { Invoke-Build -All }
                Invoke-Pack
            }
            'Clean' { Remove-BuildOutput }
        }
    }
}
finally {
    Pop-Location
}
