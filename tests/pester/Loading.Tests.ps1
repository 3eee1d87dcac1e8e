# What importing says when it cannot work. Each case needs a process of its own: what .NET has loaded stays.
BeforeAll {
    . $PSScriptRoot/Shared.ps1
    $root = Split-Path $Manifest
    function Invoke-Fresh { param([string] $Script) Invoke-Pwsh -NoProfile -NonInteractive -Command "`$PSStyle.OutputRendering = 'PlainText'; $Script" 2>&1 | ForEach-Object { "$_" } }
    function Copy-Checkout {
        # What importing needs, in a folder of its own. Without binaries it is a checkout nobody has built yet.
        param([string] $Name, [switch] $Built)
        $folder = New-Item (Join-Path $TestDrive $Name 'module/GuardedMap') -ItemType Directory -Force
        Copy-Item $Manifest (Join-Path $TestDrive $Name)
        Copy-Item (Join-Path $root 'module/GuardedMap/*.psm1'), (Join-Path $root 'module/GuardedMap/Views') $folder -Recurse
        if ($Built) {
            $bin = New-Item (Join-Path $folder 'bin') -ItemType Directory
            Copy-Item (Join-Path $root 'module/GuardedMap/bin/GuardedMap.*') $bin
        }
        Join-Path (Resolve-Path (Join-Path $TestDrive $Name)).ProviderPath 'GuardedMap.psd1'
    }
    $report = 'catch { $_.FullyQualifiedErrorId -split "," | Select-Object -First 1; "$($_.CategoryInfo.Category)"; "$_" }'
}

Describe 'Importing' {
    It 'a second copy says which one is loaded, from where, and what to do; the first goes on working: <With>' -ForEach @(
        @{ With = '' }
        @{ With = '-Force' }
    ) {
        $second = Copy-Checkout "second$With" -Built
        $said = Invoke-Fresh "
            Import-Module '$Manifest'
            try { Import-Module '$second' $With -ErrorAction Stop; 'imported' } $report
            (New-GuardedMap @{ a = 1 }).A"
        $said[0, 1] | Should -Be 'ModuleNotLoadable', 'ResourceUnavailable'
        $said[2] | Should -BeLike "Another copy of GuardedMap, version *, is loaded in this process already: $(Join-Path $root 'module')*start a new session*"
        $said[2] | Should -BeLike "*$(Split-Path $second)*"
        $said[3] | Should -Be '1'
        $said.Count | Should -Be 4
    }

    It 'the same copy again is no second copy: with -Force, by another spelling of its path, in another runspace' {
        $detour = Join-Path $root 'docs' '..' 'GuardedMap.psd1'
        $said = Invoke-Fresh "
            Import-Module '$Manifest'; Import-Module '$Manifest' -Force; Import-Module '$detour' -Force
            `$ps = [powershell]::Create()
            `$ps.AddScript('Import-Module ''$Manifest'' -ErrorAction Stop; (New-GuardedMap @{ a = 2 }).A').Invoke()
            (New-GuardedMap @{ a = 1 }).A"
        $said | Should -Be '2', '1'
    }

    It 'the same copy through a link to its folder is no second copy' {
        $outside = New-OutsideFolder
        $link = Join-Path $outside 'link'
        $null = New-Item $link -ItemType ($IsWindows ? 'Junction' : 'SymbolicLink') -Target $root
        $linked = Join-Path $link 'GuardedMap.psd1'
        $said = Invoke-Fresh "
            Import-Module '$Manifest'
            try { Import-Module '$linked' -Force -ErrorAction Stop } $report
            (New-GuardedMap @{ a = 1 }).A"
        Remove-OutsideFolder $outside
        $said | Should -Be '1'
    }

    It 'before the first build says to build' {
        $unbuilt = Copy-Checkout unbuilt
        $null = New-Item (Join-Path (Split-Path $unbuilt) 'build.ps1')
        $said = Invoke-Fresh "try { Import-Module '$unbuilt' -ErrorAction Stop; 'imported' } $report; @(Get-Module GuardedMap).Count"
        $said[0] | Should -Be 'ModuleNotLoadable'
        $said[2] | Should -BeLike "GuardedMap cannot be imported: *GuardedMap.PowerShell.dll is missing. Nothing has been built here yet. Run $(Split-Path $unbuilt)*build.ps1, then import the module again."
        $said[3] | Should -Be '0'
        $said.Count | Should -Be 4
    }

    It 'an installation that lacks its assembly says to install it again' {
        $damaged = Copy-Checkout damaged
        $said = Invoke-Fresh "try { Import-Module '$damaged' -ErrorAction Stop; 'imported' } $report"
        $said[2] | Should -BeLike '*is damaged*Install-PSResource GuardedMap -Reinstall'
    }

    It 'leaves no module but itself in the session, and nothing of its check' {
        $said = Invoke-Fresh "
            `$before = (Get-Module).Name + (Get-Variable).Name + (Get-ChildItem Function:).Name
            Import-Module '$Manifest'
            (Get-Module).Name + (Get-Variable).Name + (Get-ChildItem Function:).Name | Where-Object { `$_ -notin `$before -and `$_ -notlike 'Microsoft.PowerShell.*' -and `$_ -ne 'before' }"
        $said | Should -Be 'GuardedMap'
    }
}
