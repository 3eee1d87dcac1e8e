# Every script of the repository, as PSScriptAnalyzer sees it. It is a tool of its own; where it is missing, this is skipped.
BeforeDiscovery {
    $hasAnalyzer = $null -ne (Get-Module PSScriptAnalyzer -ListAvailable)
    $root = Join-Path $PSScriptRoot '../..' | Resolve-Path | Select-Object -ExpandProperty Path
    $scripts = @(
        Get-Item (Join-Path $root 'build.ps1'), (Join-Path $root 'GuardedMap.psd1')
        Get-ChildItem (Join-Path $root 'module'), (Join-Path $root 'tests'), (Join-Path $root 'bench'), (Join-Path $root 'tools') -Recurse -Include *.ps1, *.psm1, *.psd1 |
            # The corpus is made of mistakes, one script with syntax errors among them.
            Where-Object FullName -NotMatch '[\\/](bin|obj|corpus)[\\/]'
    ) | ForEach-Object { @{ Script = [System.IO.Path]::GetRelativePath($root, $_.FullName); Path = $_.FullName } }
}

Describe 'The script <Script>' -ForEach $scripts {
    It 'parses' {
        $problems = $null
        $null = [System.Management.Automation.Language.Parser]::ParseFile($Path, [ref] $null, [ref] $problems)
        $problems | Should -BeNullOrEmpty
    }

    It 'is clean for PSScriptAnalyzer (skipped where that is not installed)' -Skip:(-not $hasAnalyzer) {
        $rules = @{ Severity = 'Error', 'Warning' }
        if ($Script -match '^tests') {
            $rules.ExcludeRules = @(
                # Pester sets a variable in one block and reads it in another, which the rule cannot see.
                'PSUseDeclaredVarsMoreThanAssignments'
                # Nor that a parameter is read by the script block a helper calls.
                'PSReviewUnusedParameter'
                # A helper of a test is no command that asks before it acts.
                'PSUseShouldProcessForStateChangingFunctions'
                # [hashtable]::new() distinguishes case, and comparing with that is what such tests are about.
                'PSUseLiteralInitializerForHashtable'
            )
        }
        $found = Invoke-ScriptAnalyzer $Path -Settings $rules
        ($found | ForEach-Object { "$($_.RuleName), line $($_.Line): $($_.Message)" }) -join "`n" | Should -BeNullOrEmpty
    }
}
