# The rules as PSScriptAnalyzer loads them. Its contract is tested without it; it itself where it is installed.
BeforeDiscovery {
    $hasAnalyzer = $null -ne (Get-Module PSScriptAnalyzer -ListAvailable)
    $rules = 1001..1008 | ForEach-Object { @{ Id = "GM$_" } }
}

BeforeAll {
    . $PSScriptRoot/Shared.ps1
    $root = Split-Path $Manifest
    $rulePath = Join-Path $root 'module/GuardedMap.Rules'
    Import-Module $rulePath/GuardedMap.Rules.psm1 -Force
    $bad = '$h = @{ a = 1 }
foreach ($k in $h.Keys) { & { $h.Remove($k) } }
$m = New-GuardedMap -Protection None'

    function Get-Ast([string] $Text) { [System.Management.Automation.Language.Parser]::ParseInput($Text, [ref] $null, [ref] $null) }
}

AfterAll { Remove-Module GuardedMap.Rules -ErrorAction Ignore }

Describe 'The rule function Measure-<Id>' -ForEach $rules {
    BeforeAll { $command = Get-Command "Measure-$Id" }

    It 'is what PSScriptAnalyzer looks for' {
        # A function, exported, with a parameter whose name ends with Ast and whose type is a class of the syntax tree.
        $command.Module.Name | Should -Be GuardedMap.Rules
        $command.Parameters['ScriptBlockAst'].ParameterType | Should -Be ([System.Management.Automation.Language.ScriptBlockAst])
        $command.OutputType.Name | Should -BeLike '*DiagnosticRecord*'
        $help = Get-Help "Measure-$Id"
        $help.Synopsis.Trim() | Should -Be ([GuardedMaps.Shell.Rules.RuleCatalogue]::All | Where-Object Id -EQ $Id).Name
        $help.description.Text.Trim() | Should -Be ([GuardedMaps.Shell.Rules.RuleCatalogue]::All | Where-Object Id -EQ $Id).Summary
    }

    It 'finds what the rule''s page says that it finds, and nothing in what it leaves alone' {
        $page = Get-Content (Join-Path $root "docs/rules/$Id.md") -Raw
        $fires, $quiet = [regex]::Matches($page, '(?s)```powershell\n(.*?)\n```') | ForEach-Object { $_.Groups[1].Value }
        @(& $command -ScriptBlockAst (Get-Ast $fires)).Count | Should -Be ([regex]::Matches($fires, "#! $Id").Count)
        & $command -ScriptBlockAst (Get-Ast $quiet) | Should -BeNullOrEmpty
    }
}

Describe 'A record' {
    It 'has message, extent, rule and severity' {
        $record = Measure-GM1001 -ScriptBlockAst (Get-Ast $bad)
        @($record).Count | Should -Be 1
        $record.RuleName, "$($record.Severity)", $record.Extent.StartLineNumber, $record.Extent.Text | Should -Be 'GM1001', 'Error', 2, '$h.Remove($k)'
        $record.Message | Should -BeLike '*Collection was modified*Walk a copy*'
    }

    It 'is given once: for the script, not again for each block in it' {
        $ast = Get-Ast $bad
        $blocks = $ast.FindAll({ $args[0] -is [System.Management.Automation.Language.ScriptBlockAst] }, $true)
        @($blocks).Count | Should -BeGreaterThan 1
        @($blocks | ForEach-Object { Measure-GM1001 -ScriptBlockAst $_ }).Count | Should -Be 1
    }

    It 'is left out where the script answers for it, by comment and by attribute' {
        Measure-GM1008 -ScriptBlockAst (Get-Ast "$bad # GuardedMap: disable GM1008 - a test") | Should -BeNullOrEmpty
        Measure-GM1008 -ScriptBlockAst (Get-Ast "[Diagnostics.CodeAnalysis.SuppressMessageAttribute('GM1008', '')] param()`n$bad") | Should -BeNullOrEmpty
    }
}

Describe 'PSScriptAnalyzer (skipped where it is not installed)' -Skip:(-not $hasAnalyzer) {
    BeforeAll {
        $file = Join-Path $TestDrive 'sample.ps1'
        Set-Content $file $bad
    }

    It 'reports what the rules find, beside its own' {
        $found = @(Invoke-ScriptAnalyzer $file -CustomRulePath $rulePath -IncludeDefaultRules)
        $ours = @($found | Where-Object RuleName -Like *GM1*)
        $ours.RuleName | Sort-Object | Should -Be 'GM1001', 'GM1008'
        ($ours | Where-Object RuleName -EQ GM1001).Line | Should -Be 2
        "$(($ours | Where-Object RuleName -EQ GM1001).Severity)" | Should -Be Error
        @($found | Where-Object RuleName -Like PS*).Count | Should -BeGreaterThan 0
    }

    It 'lists the rules, and runs one of them alone' {
        @(Get-ScriptAnalyzerRule -CustomRulePath $rulePath).Count | Should -Be 8
        @(Invoke-ScriptAnalyzer $file -CustomRulePath $rulePath -IncludeRule Measure-GM1008).RuleName | Should -Be GM1008
        @(Invoke-ScriptAnalyzer -ScriptDefinition $bad -CustomRulePath $rulePath).RuleName | Should -Be 'GM1001', 'GM1008'
    }

    It 'repairs with -Fix what Test-MapUsage repairs' {
        $copy = Join-Path $TestDrive 'fixed.ps1'
        Set-Content $copy $bad
        $null = Invoke-ScriptAnalyzer $copy -CustomRulePath $rulePath -Fix
        Get-Content $copy -Raw | Should -BeLike '*in @($h.Keys))*'
    }
}
