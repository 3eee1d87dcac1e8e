# The rules of Test-MapUsage against scripts in which every line that must be found is marked: `#! GM1001` at its end, with a severity where
# that matters. The scripts of tests/corpus, and the examples of the rules' pages. Nothing else may be found.
BeforeDiscovery {
    $root = Join-Path $PSScriptRoot '../..' | Resolve-Path | Select-Object -ExpandProperty Path
    Import-Module (Join-Path $root 'GuardedMap.psd1')
    $corpus = @(Get-ChildItem (Join-Path $root 'tests/corpus') -Recurse -Filter *.ps1 | ForEach-Object { @{ Script = "$($_.Directory.Name)/$($_.Name)"; Path = $_.FullName } })
    $rules = @([GuardedMaps.Shell.Rules.RuleCatalogue]::All | ForEach-Object { @{ Id = $_.Id; Rule = $_ } })
    $samples = @(foreach ($page in Get-ChildItem (Join-Path $root 'docs/rules') -Filter *.md) {
            $text = Get-Content $page -Raw
            foreach ($section in [regex]::Matches($text, '(?ms)^## (?<title>[^\n]+)\n(?<body>.*?)(?=^## |\z)')) {
                foreach ($code in [regex]::Matches($section.Groups['body'].Value, '(?s)```powershell\n(?<code>.*?)\n```')) {
                    @{ Page = $page.Name; Title = $section.Groups['title'].Value; Code = $code.Groups['code'].Value }
                }
            }
        })
}

BeforeAll {
    . $PSScriptRoot/Shared.ps1
    $root = Split-Path $Manifest

    function Get-Expected {
        # What the marks of a script say: line, rule, and severity where it is named.
        param([string] $Text)
        $number = 0
        foreach ($line in $Text -split '\r?\n') {
            $number++
            if ($line -notmatch '#! (?<marks>.+)$') { continue }
            foreach ($mark in [regex]::Matches($Matches.marks, '(?<rule>GM\d{4})( (?<severity>Information|Warning|Error))?')) {
                [pscustomobject] @{ Line = $number; Rule = $mark.Groups['rule'].Value; Severity = $mark.Groups['severity'].Value }
            }
        }
    }

    function Compare-Finding {
        # One line for each mark that nothing was found for, and for each finding that no mark asks for.
        param([string] $Text)
        $left = [System.Collections.Generic.List[object]] @(Test-MapUsage -Text $Text)
        foreach ($mark in Get-Expected $Text) {
            $hit = $left | Where-Object { $_.Line -eq $mark.Line -and $_.Rule -eq $mark.Rule -and (-not $mark.Severity -or "$($_.Severity)" -eq $mark.Severity) } | Select-Object -First 1
            if ($hit) { $null = $left.Remove($hit) } else { "line $($mark.Line): $($mark.Rule) $($mark.Severity) was not found" }
        }
        foreach ($finding in $left) { "line $($finding.Line): $($finding.Severity) $($finding.Rule) was found, and is not marked: $($finding.Message)" }
    }
}

Describe 'The script <Script>' -ForEach $corpus {
    It 'has what is marked found, and nothing else' {
        Compare-Finding (Get-Content $Path -Raw) | Should -BeNullOrEmpty
    }
}

Describe 'The corpus' {
    It 'has cases for each rule, true and false ones, and at least 60 scripts' {
        $files = @(Get-ChildItem (Join-Path $root 'tests/corpus') -Recurse -Filter *.ps1)
        $files.Count | Should -BeGreaterOrEqual 60
        foreach ($rule in [GuardedMaps.Shell.Rules.RuleCatalogue]::All) {
            $own = @($files | Where-Object { $_.Directory.Name -eq $rule.Id })
            @($own | Where-Object { (Get-Content $_ -Raw) -match "#! $($rule.Id)" }).Count | Should -BeGreaterThan 0 -Because "$($rule.Id) needs scripts that it finds"
            @($own | Where-Object { (Get-Content $_ -Raw) -notmatch "#! $($rule.Id)" }).Count | Should -BeGreaterThan 0 -Because "$($rule.Id) needs scripts that it leaves alone"
        }
    }

    It 'is compared by something that notices both kinds of mistakes' {
        Compare-Finding '$h = @{}; foreach ($k in $h.Keys) { $h.Remove($k) }' | Should -BeLike '*is not marked*'
        Compare-Finding '$h = @{} #! GM1003' | Should -BeLike '*was not found'
        Compare-Finding 'foreach ($k in $h.Keys) { $h.Remove($k) } #! GM1001 Error' | Should -HaveCount 2
    }
}

Describe 'The page <Page>: <Title>' -ForEach $samples {
    It 'has what is marked found, and nothing else' {
        Compare-Finding $Code | Should -BeNullOrEmpty
        if ($Title -eq 'Fires') { @(Get-Expected $Code).Rule | Sort-Object -Unique | Should -Be ([System.IO.Path]::GetFileNameWithoutExtension($Page)) }
    }
}

Describe 'The rule <Id>' -ForEach $rules {
    It 'has a page with examples of both kinds, its name and its severity' {
        $page = Get-Content (Join-Path $root "docs/rules/$Id.md") -Raw
        $page | Should -BeLike "# $Id $($Rule.Name)*"
        $page | Should -BeLike "*`*`*$($Rule.Severity).`*`* $($Rule.Summary)*"
        $page | Should -Match '(?s)## Fires.*```powershell.*## Does not fire.*```powershell'
        $Rule.HelpLink | Should -BeLike "https://*/docs/rules/$Id.md"
        Get-Content (Join-Path $root 'docs/rules/README.md') -Raw | Should -BeLike "*| ``[$Id``]($Id.md) | $($Rule.Name) | $($Rule.Severity) | $($Rule.Summary) |*"
    }
}
