# What every test file begins with: the module, imported from the checkout's manifest as a user would.
$script:Manifest = Join-Path $PSScriptRoot '../../GuardedMap.psd1' | Resolve-Path | Select-Object -ExpandProperty Path
Import-Module $Manifest -Force -ErrorAction Stop
. $PSScriptRoot/../../tools/Pwsh.ps1

function Invoke-InRunspace {
    # Runs a script in a runspace of its own, with the module imported, and returns the PowerShell object (dispose of it).
    param([string] $Script, [object[]] $ArgumentList = @())
    $ps = [powershell]::Create()
    $null = $ps.AddScript("Import-Module '$Manifest'").Invoke()
    $ps.Commands.Clear()
    $null = $ps.AddScript($Script)
    foreach ($argument in $ArgumentList) { $null = $ps.AddArgument($argument) }
    $ps
}

function Test-Lease {
    # True while some iteration holds a lease on the map: a write is then refused, and leaves no trace.
    param($Map)
    try {
        $Map['__probe'] = 1
        $null = $Map.Remove('__probe')
        $false
    }
    catch [GuardedMaps.MapViolationException] {
        $true
    }
}

function New-OutsideFolder {
    # A new folder outside of TestDrive, for what has a link to the checkout in it: when a block ends, Pester walks through TestDrive and deletes every
    # file that is newer than the block, and it follows links. What anybody has written into the checkout meanwhile would be gone.
    [System.IO.Directory]::CreateTempSubdirectory('guardedmap-test-').FullName
}

function Remove-OutsideFolder {
    # .NET removes a link, and not what it leads to.
    param([string] $Path)
    [System.IO.Directory]::Delete($Path, $true)
}
