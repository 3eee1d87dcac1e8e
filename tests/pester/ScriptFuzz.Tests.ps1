# A short piece of the fuzz run of scripts; the long one is Invoke-ScriptFuzz.ps1 with a count and a seed.
Describe 'Scripts that nobody has written' {
    It 'are checked and repaired, and nothing else happens' {
        $said = & (Join-Path $PSScriptRoot 'Invoke-ScriptFuzz.ps1') -Count 400 -Seed 1
        # That some were repaired says that the repair was tried at all.
        $said | Should -Match '^400 scripts, seed 1, [1-9]\d* findings, [1-9]\d* repaired, 0 faults$'
    }
}
