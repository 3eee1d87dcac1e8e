<#
.SYNOPSIS
    Runs a notebook in this process with the module of the checkout, and says where it shows something else than what is saved in it.

.DESCRIPTION
    build.ps1 calls this for one notebook, and the tests with -Serve: one process then plays the notebooks that it is given on standard input, one after the
    other, each in a session of its own, and ends when that does. Nothing is imported beforehand: the notebook's first cell must find the module. For one
    notebook it ends with exit code 1 when a cell wrote an error, or differs and -SaveOutput was not given.

.PARAMETER Path
    The notebook.

.PARAMETER Serve
    Reads lines of the form 'path|path of the result' from standard input, and prints the path of each result when it has been written. The result is a text
    that says what is wrong, empty if nothing is.

.PARAMETER SaveOutput
    Saves what the cells show now in place of what was saved.
#>
[CmdletBinding(DefaultParameterSetName = 'One')]
param(
    [Parameter(Mandatory, ParameterSetName = 'One')]
    [string] $Path,

    [Parameter(Mandatory, ParameterSetName = 'Serve')]
    [switch] $Serve,

    [switch] $SaveOutput
)

$ErrorActionPreference = 'Stop'
$manifest = Join-Path $PSScriptRoot '../../GuardedMap.psd1' | Resolve-Path | Select-Object -ExpandProperty Path

function Invoke-Notebook {
    # Plays it, and returns what is wrong: nothing if all is as it was saved.
    param([string] $Path)

    $Path = Resolve-Path -LiteralPath $Path | Select-Object -ExpandProperty ProviderPath
    $leaf = Split-Path $Path -Leaf
    # In a runspace of its own: what this script has set is nothing to the notebook, nor what another notebook has.
    $session = [powershell]::Create([initialsessionstate]::CreateDefault())
    try {
        $null = $session.AddScript('
            param($manifest, $folder, $path, $save)
            Import-Module $manifest
            $PSStyle.OutputRendering = "PlainText"
            Set-Location -LiteralPath $folder
            Start-MapLesson -Path $path -All -SaveOutput:$save').AddArgument($manifest).AddArgument((Split-Path $Path)).AddArgument($Path).AddArgument([bool] $SaveOutput)
        $cells = @($session.Invoke())
        foreach ($problem in $session.Streams.Error) { "${leaf}: $problem" }
    }
    finally {
        $session.Dispose()
    }

    foreach ($cell in $cells) {
        $name = "$leaf, cell $($cell.Number) ('$($cell.Id)')"
        if ($cell.Errors -gt 0) { "${name}: it wrote an error, and front ends would end there.`n$($cell.Text)" }
        if ($cell.AsSaved) { continue }
        if ($SaveOutput) { Write-Host "${name}: renewed." }
        else { "${name}: $($cell.Difference)" }
    }
    if ($cells.Count -eq 0) { "${leaf}: it has no cells." }
}

if (-not $Serve) {
    $wrong = @(Invoke-Notebook $Path)
    $wrong
    exit [int] ($wrong.Count -gt 0)
}

while ($null -ne ($line = [Console]::In.ReadLine())) {
    $file, $target = $line -split '\|', 2
    [System.IO.File]::WriteAllText($target, @(Invoke-Notebook $file) -join "`n")
    [Console]::Out.WriteLine($target)
}
