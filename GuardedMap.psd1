@{
    RootModule           = 'module/GuardedMap/bin/GuardedMap.PowerShell.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '93e9b3b6-f475-423c-bd35-fb94ab8c6201'
    Author               = 'The GuardedMap authors'
    CompanyName          = 'The GuardedMap authors'
    Copyright            = 'Copyright (c) 2026 The GuardedMap authors. MIT License.'
    Description          = 'A hashtable that never lets a race pass in silence: overlapping writes, reads and iterations raise an error that names both sides. Works like @{}, is safe to share between runspaces, and brings a lab that shows what happens to other tables.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    NestedModules        = @('module/GuardedMap/Test-Loadable.psm1')
    FormatsToProcess     = @('module/GuardedMap/Views/GuardedMap.Format.ps1xml', 'module/GuardedMap/Views/GuardedMap.Lessons.Format.ps1xml', 'module/GuardedMap/Views/GuardedMap.Rules.Format.ps1xml')
    CmdletsToExport      = @(
        'Export-MapPicture'
        'Export-MapRaceReport'
        'Get-MapEvent'
        'Get-MapLayout'
        'Get-MapLesson'
        'Get-MapRaceResult'
        'Get-MapScenario'
        'Get-MapSnapshot'
        'Get-MapViolation'
        'Install-MapKernel'
        'Invoke-MapIteration'
        'Measure-GuardedMap'
        'Measure-MapChoice'
        'New-GuardedMap'
        'New-MapIterator'
        'Show-MapContract'
        'Show-MapGrowth'
        'Show-MapHash'
        'Show-MapHistogram'
        'Show-MapIterator'
        'Show-MapLayout'
        'Show-MapRace'
        'Start-MapLesson'
        'Start-MapRace'
        'Step-MapIterator'
        'Test-MapExercise'
        'Test-MapUsage'
        'Trace-GuardedMap'
        'Update-MapEntry'
    )
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @(
                'hashtable', 'dictionary', 'concurrency', 'runspace', 'parallel', 'thread-safe', 'race-condition', 'collection',
                'PSEdition_Core', 'Windows', 'Linux', 'MacOS'
            )
            LicenseUri   = 'https://github.com/guardedmap/guardedmap/blob/main/LICENSE'
            ProjectUri   = 'https://github.com/guardedmap/guardedmap'
            ReleaseNotes = 'https://github.com/guardedmap/guardedmap/blob/main/CHANGELOG.md'
        }
    }
}
