<#
.SYNOPSIS
    Runs a notebook in this process with the module of the checkout, and says where it shows something else than what is saved in it.

.DESCRIPTION
    The tests and build.ps1 call this, each notebook in a process of its own, as a front end does. Nothing is imported beforehand: the notebook's
    first cell must find the module. Ends with exit code 1 when a cell wrote an error, or differs and -SaveOutput was not given.

.PARAMETER Path
    The notebook.

.PARAMETER SaveOutput
    Saves what the cells show now in place of what was saved.
#>
[CmdletBinding()]
param(
    [Parameter(Mandatory)]
    [string] $Path,

    [switch] $SaveOutput
)

$ErrorActionPreference = 'Stop'
$manifest = Join-Path $PSScriptRoot '../../GuardedMap.psd1' | Resolve-Path | Select-Object -ExpandProperty Path
$Path = Resolve-Path -LiteralPath $Path | Select-Object -ExpandProperty ProviderPath

# In a runspace of its own: what this script has set is nothing to the notebook.
$session = [powershell]::Create([initialsessionstate]::CreateDefault())
try {
    $null = $session.AddScript('
        param($manifest, $folder, $path, $save)
        Import-Module $manifest
        $PSStyle.OutputRendering = "PlainText"
        Set-Location -LiteralPath $folder
        Start-MapLesson -Path $path -All -SaveOutput:$save').AddArgument($manifest).AddArgument((Split-Path $Path)).AddArgument($Path).AddArgument([bool] $SaveOutput)
    $cells = @($session.Invoke())
    foreach ($problem in $session.Streams.Error) { "$(Split-Path $Path -Leaf): $problem" }
    $failed = $session.HadErrors -and $session.Streams.Error.Count -gt 0
}
finally {
    $session.Dispose()
}

foreach ($cell in $cells) {
    $name = "$(Split-Path $Path -Leaf), cell $($cell.Number) ('$($cell.Id)')"
    if ($cell.Errors -gt 0) { $failed = $true; "${name}: it wrote an error, and front ends would end there.`n$($cell.Text)" }
    if (-not $cell.AsSaved) {
        if ($SaveOutput) { "${name}: renewed." }
        else { $failed = $true; "${name}: $($cell.Difference)" }
    }
}

exit [int] ($failed -or $cells.Count -eq 0)
