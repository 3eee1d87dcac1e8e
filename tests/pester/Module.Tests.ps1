# The module as a package: what it exports, what it ships, what importing and removing it does.
BeforeAll {
    . $PSScriptRoot/Shared.ps1
    $root = Split-Path $Manifest
    $module = Get-Module GuardedMap
    function Invoke-Fresh { param([string] $Script) Invoke-Pwsh -NoProfile -NonInteractive -Command $Script }
}

Describe 'The module' {
    It 'has a manifest that PowerShell accepts' {
        $problems = $null
        $info = Test-ModuleManifest $Manifest -ErrorVariable problems
        $problems | Should -BeNullOrEmpty
        $info.CompatiblePSEditions | Should -Be 'Core'
        $info.PowerShellVersion | Should -Be '7.4'
        $info.PrivateData.PSData.Tags | Should -Contain 'PSEdition_Core'
        $info.LicenseUri | Should -Not -BeNullOrEmpty
        $info.ProjectUri | Should -Not -BeNullOrEmpty
    }

    It 'exports exactly what the manifest says' {
        $said = (Import-PowerShellDataFile $Manifest).CmdletsToExport | Sort-Object
        @(Get-Command -Module GuardedMap | Sort-Object Name).Name | Should -Be $said
        @($module.ExportedAliases.Count, $module.ExportedFunctions.Count, $module.ExportedVariables.Count) | Should -Be 0, 0, 0
    }

    It 'has a cmdlet class for nothing else' {
        $classes = [GuardedMaps.Shell.ModuleLifetime].Assembly.GetExportedTypes() | Where-Object { -not $_.IsAbstract -and $_.IsSubclassOf([System.Management.Automation.Cmdlet]) }
        @($classes).Count | Should -Be @(Get-Command -Module GuardedMap).Count
        foreach ($class in $classes) { $class.IsSealed | Should -BeTrue -Because $class.Name }
    }

    It 'uses approved verbs and singular nouns' {
        $approved = (Get-Verb).Verb
        foreach ($command in Get-Command -Module GuardedMap) {
            $approved | Should -Contain $command.Verb
            $command.Noun | Should -Not -BeLike '*s'
        }
    }

    It 'has the version of its assembly' {
        $version = [System.Diagnostics.FileVersionInfo]::GetVersionInfo([GuardedMaps.Shell.ModuleLifetime].Assembly.Location).FileVersion
        $version | Should -BeLike "$($module.Version).*"
    }

    It 'ships no assembly of anybody else' {
        (Get-ChildItem (Join-Path $root 'module/GuardedMap/bin') -Filter *.dll).Name | Sort-Object |
            Should -Be 'GuardedMap.Core.dll', 'GuardedMap.Lab.dll', 'GuardedMap.PowerShell.dll'
    }

    It 'tells the syntax of each cmdlet' {
        foreach ($command in Get-Command -Module GuardedMap) {
            $help = Get-Help $command.Name
            $help.Name | Should -Be $command.Name
            "$(($help.syntax | Out-String))" | Should -BeLike "*$($command.Name)*"
            $command.OutputType.Count | Should -BeGreaterThan 0
        }
    }

    It 'can be imported twice and removed without a trace' {
        $said = Invoke-Fresh "
            Import-Module '$Manifest'; Import-Module '$Manifest' -Force
            `$m = New-GuardedMap @{ a = 1 }
            'imported: ' + [guardedmap].FullName + ' ' + ([snapshotmap], [syncmap], [orderedmap]).Name + ', label ' + (`$null -ne [GuardedMaps.MapHost]::ActorLabel)
            Remove-Module GuardedMap
            # PowerShell remembers names it has resolved, so ask its table.
            'removed: ' + ('guardedmap', 'snapshotmap', 'syncmap', 'orderedmap' | Where-Object { [psobject].Assembly.GetType('System.Management.Automation.TypeAccelerators')::Get.ContainsKey(`$_) }).Count + ', label ' + (`$null -ne [GuardedMaps.MapHost]::ActorLabel)
            'still a map: ' + `$m['A']"
        $said | Should -Be 'imported: GuardedMaps.GuardedMap SnapshotMap SyncMap OrderedMap, label True', 'removed: 0, label False', 'still a map: 1'
    }

    It 'stays loaded for a runspace while another removes it' {
        $ps = Invoke-InRunspace 'Remove-Module GuardedMap'
        try { $null = $ps.Invoke() } finally { $ps.Dispose() }
        [GuardedMaps.MapHost]::ActorLabel | Should -Not -BeNullOrEmpty
        [guardedmap].FullName | Should -Be 'GuardedMaps.GuardedMap'
    }

    It 'leaves the name [guardedmap] to whoever had it first' {
        $said = Invoke-Fresh "
            `$table = [psobject].Assembly.GetType('System.Management.Automation.TypeAccelerators')
            `$table::Add('guardedmap', [version])
            Import-Module '$Manifest'
            [guardedmap].FullName
            Remove-Module GuardedMap
            [guardedmap].FullName"
        $said | Should -Be 'System.Version', 'System.Version'
    }

    It 'explains its build script' {
        $help = Get-Help (Join-Path $root 'build.ps1')
        $help.Synopsis | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterThan 1
    }
}
